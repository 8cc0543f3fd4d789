import { Plus, X } from 'lucide-react';
import type { Hours } from '../../../contract/common.ts';
import { services } from '../../text/services.ts';
import { silences } from '../../text/silences.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Checkbox, TextField } from '../../ui/field.tsx';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const t = services.field;

/** Hours of the week: several windows, each on its days. */
export const HoursFields = ({
  hours,
  onChange,
  errorOf,
}: {
  hours: Hours[];
  onChange: (hours: Hours[]) => void;
  errorOf: (field: string) => string | undefined;
}) => (
  <div className="flex flex-col gap-3">
    {hours.map((window, index) => {
      const change = (part: Partial<Hours>) => onChange(hours.map((one, at) => (at === index ? { ...one, ...part } : one)));
      return (
        <fieldset key={index} aria-label={t.hoursNth(index)} className="flex flex-wrap items-start gap-x-4 gap-y-2">
          <div className="flex flex-wrap gap-x-3 gap-y-1 max-desk:basis-full desk:pt-6">
            {DAYS.map((day) => (
              <Checkbox
                key={day}
                checked={window.days.includes(day)}
                onChange={(on) => change({ days: DAYS.filter((one) => (one === day ? on : window.days.includes(one))) })}
              >
                {silences.days[day]}
              </Checkbox>
            ))}
          </div>
          <div className="w-32">
            <TextField
              label={t.from}
              type="time"
              value={window.from}
              onChange={(event) => change({ from: event.target.value })}
            />
          </div>
          <div className="w-32">
            <TextField
              label={t.to}
              type="time"
              value={window.to}
              error={errorOf(`support_hours.hours.${index}.to`) ?? errorOf(`support_hours.hours.${index}.days`)}
              onChange={(event) => change({ to: event.target.value })}
            />
          </div>
          {hours.length > 1 && (
            <div className="pt-5.5">
              <IconButton look="quiet" label={t.removeHours} onClick={() => onChange(hours.filter((_, at) => at !== index))}>
                <X size={14} aria-hidden="true" />
              </IconButton>
            </div>
          )}
        </fieldset>
      );
    })}
    <div>
      <Button
        size="sm"
        icon={<Plus size={12} aria-hidden="true" />}
        onClick={() => onChange([...hours, { days: ['sat', 'sun'], from: '10:00', to: '16:00' }])}
      >
        {t.addHours}
      </Button>
    </div>
  </div>
);
