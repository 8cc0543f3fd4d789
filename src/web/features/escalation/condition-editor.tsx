import { useQuery } from '@tanstack/react-query';
import { escalation as t } from '../../text/escalation.ts';
import { Checkbox, TextField } from '../../ui/field.tsx';
import { Combobox, Select } from '../../ui/select.tsx';
import { servicesQuery } from '../incidents/queries.ts';
import type { Step } from './queries.ts';

type When = Step['when'];
type Hours = NonNullable<When['hours']>;
type Day = keyof typeof t.days;
const DAYS = Object.keys(t.days) as Day[];
const NIGHT: Hours = { from: '22:00', to: '06:00' };

/** Under which conditions a step counts; all must hold. */
export const ConditionEditor = ({ when, onChange }: { when: When; onChange: (when: When) => void }) => {
  const services = useQuery(servicesQuery).data?.items ?? [];
  const { urgency: _, ...anyUrgency } = when;
  const { support_hours: __, ...anySupport } = when;
  const { services: ___, ...anyService } = when;
  const { hours, ...anyHours } = when;
  const setHours = (change: Partial<Hours>) => onChange({ ...when, hours: { ...NIGHT, ...hours, ...change } });
  const days = hours?.days ?? DAYS;
  return (
    <div className="flex flex-col gap-3">
      <Select
        label={t.conditions.urgency}
        value={when.urgency ?? ''}
        onChange={(value) => onChange(value === 'high' || value === 'low' ? { ...when, urgency: value } : anyUrgency)}
        options={[
          { value: '', label: t.conditions.anyUrgency },
          { value: 'high', label: t.conditions.high },
          { value: 'low', label: t.conditions.low },
        ]}
      />
      <Select
        label={t.conditions.support}
        value={when.support_hours ?? ''}
        onChange={(value) => onChange(value === 'inside' || value === 'outside' ? { ...when, support_hours: value } : anySupport)}
        options={[
          { value: '', label: t.conditions.anySupport },
          { value: 'inside', label: t.conditions.inside },
          { value: 'outside', label: t.conditions.outside },
        ]}
      />
      <Checkbox checked={hours !== undefined} onChange={(on) => onChange(on ? { ...when, hours: NIGHT } : anyHours)}>
        {t.conditions.hours}
      </Checkbox>
      {hours && (
        <>
          <div className="grid grid-cols-2 gap-2">
            <TextField
              label={t.conditions.from}
              type="time"
              value={hours.from}
              onChange={(event) => setHours({ from: event.target.value })}
            />
            <TextField
              label={t.conditions.to}
              type="time"
              value={hours.to}
              onChange={(event) => setHours({ to: event.target.value })}
            />
          </div>
          <fieldset className="grid grid-cols-4 gap-1">
            <legend className="text-meta text-fg-muted">{t.conditions.days}</legend>
            {DAYS.map((one) => (
              <Checkbox
                key={one}
                checked={days.includes(one)}
                // A step on no day would be none: the last day stays.
                disabled={days.length === 1 && days[0] === one}
                onChange={(on) => setHours({ days: DAYS.filter((day) => (day === one ? on : days.includes(day))) })}
              >
                {t.days[one]}
              </Checkbox>
            ))}
          </fieldset>
          <TextField
            label={t.conditions.zone}
            placeholder={t.conditions.zoneOwn}
            value={hours.time_zone ?? ''}
            onChange={(event) => {
              const { time_zone: ____, ...own } = hours;
              const zone = event.target.value.trim();
              onChange({ ...when, hours: zone ? { ...own, time_zone: zone } : own });
            }}
          />
        </>
      )}
      <Combobox
        label={t.conditions.services}
        hint={t.conditions.servicesHint}
        value={when.services ?? []}
        onChange={(chosen) => onChange(chosen.length > 0 ? { ...when, services: chosen } : anyService)}
        options={services.map((one) => ({ value: one.name, label: one.title || one.name }))}
      />
    </div>
  );
};

const MORNING = { from: '08:00', to: '22:00' };
const WORKING: Day[] = ['mon', 'tue', 'wed', 'thu', 'fri'];

/** Whether low urgency waits until somebody's day begins. */
export const MorningEditor = ({ step, onChange }: { step: Step; onChange: (step: Step) => void }) => {
  const { low_urgency_hours: hours, ...without } = step;
  const set = (change: Partial<typeof MORNING>) => onChange({ ...step, low_urgency_hours: { ...MORNING, ...hours, ...change } });
  return (
    <>
      <Checkbox checked={hours !== undefined} onChange={(on) => onChange(on ? { ...step, low_urgency_hours: MORNING } : without)}>
        {t.conditions.morning}
      </Checkbox>
      {hours && (
        <>
          <p className="text-meta text-fg-muted">{t.conditions.morningHint}</p>
          <div className="grid grid-cols-2 gap-2">
            <TextField
              label={t.conditions.dayFrom}
              type="time"
              value={hours.from}
              onChange={(event) => set({ from: event.target.value })}
            />
            <TextField
              label={t.conditions.dayTo}
              type="time"
              value={hours.to}
              onChange={(event) => set({ to: event.target.value })}
            />
          </div>
          <Checkbox
            checked={hours.days !== undefined}
            onChange={(on) => {
              const { days: _, ...every } = hours;
              onChange({ ...step, low_urgency_hours: on ? { ...every, days: WORKING } : every });
            }}
          >
            {t.conditions.workingDays}
          </Checkbox>
        </>
      )}
    </>
  );
};
