import { useQuery } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { compensationRules as t } from '../../text/compensation-rules.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Section } from '../../ui/layout.tsx';
import { Select } from '../../ui/select.tsx';
import { schedulesQuery } from '../schedules/queries.ts';
import type { Rules } from './queries.ts';

/** Whose public holidays count in which schedule. */
export const HolidayFields = ({
  value,
  onChange,
  errorOf,
}: {
  value: Rules['holidays'];
  onChange: (holidays: Rules['holidays']) => void;
  errorOf: (path: string) => string | undefined;
}) => {
  const schedules = useQuery(schedulesQuery).data?.items ?? [];
  const titleOf = (name: string) => schedules.find((one) => one.name === name)?.title || name;
  const rows = Object.entries(value);
  const put = (next: [string, string][]) => onChange(Object.fromEntries(next));
  /** A schedule has one region: those that have one are not offered again. */
  const free = schedules
    .filter(({ name }) => value[name] === undefined)
    .map(({ name }) => ({ value: name, label: titleOf(name) }));
  return (
    <Section
      title={t.holidays}
      padded="page"
      action={
        free[0] && (
          <Button
            size="sm"
            icon={<Plus size={12} aria-hidden="true" />}
            onClick={() => put([...rows, [free[0]?.value ?? '', '']])}
          >
            {t.addSchedule}
          </Button>
        )
      }
    >
      <p className="max-w-160 text-fg-muted">{t.holidaysWhy}</p>
      {rows.map(([schedule, region], at) => (
        <div key={at} className="mt-3 flex max-w-120 items-start gap-2">
          <span className="min-w-0 flex-1">
            <Select
              label={t.schedule}
              value={schedule}
              options={[{ value: schedule, label: titleOf(schedule) }, ...free]}
              onChange={(name) => put(rows.map((one, index) => (index === at ? [name, region] : one)))}
            />
          </span>
          <span className="min-w-0 flex-1">
            <TextField
              label={t.region}
              hint={t.regionHint}
              value={region}
              maxLength={30}
              required
              error={errorOf(schedule)}
              onChange={(event) => put(rows.map((one, index) => (index === at ? [schedule, event.target.value] : one)))}
            />
          </span>
          <span className="pt-5">
            <IconButton
              label={t.removeSchedule(titleOf(schedule))}
              look="quiet"
              onClick={() => put(rows.filter((_, index) => index !== at))}
            >
              <Trash2 size={14} aria-hidden="true" />
            </IconButton>
          </span>
        </div>
      ))}
    </Section>
  );
};
