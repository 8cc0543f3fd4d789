import { Plus, Trash2 } from 'lucide-react';
import { schedules as t } from '../../text/schedules.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Checkbox, TextField } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { isWeekly, restrictionText, weekdays } from './describe.ts';
import type { Restriction } from './queries.ts';

const DAYS = weekdays.map((value) => ({ value, label: t.days[value] }));
const edgeOf = (text: string) => ({ day: text.slice(0, 3), time: text.slice(-5) });

/** Local hours, such as those a layer is limited to: daily ones with their days, or a stretch of the week. */
export const RestrictionFields = ({
  value,
  onChange,
  errorOf,
  legend = t.edit.restrictions,
  none = t.edit.always,
}: {
  value: Restriction[];
  onChange: (value: Restriction[]) => void;
  errorOf: (path: string) => string | undefined;
  /** What they are, and what it means that there are none. */
  legend?: string;
  none?: string;
}) => {
  const put = (at: number, next: Restriction) => onChange(value.map((one, index) => (index === at ? next : one)));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-meta text-fg-muted">{legend}</legend>
      {value.length === 0 && <p className="text-fg-muted">{none}</p>}
      {value.map((window, index) => (
        <div key={index} className="flex flex-wrap items-end gap-2">
          {isWeekly(window) ? (
            <WeeklyFields window={window} onChange={(next) => put(index, next)} errorOf={(path) => errorOf(`${index}.${path}`)} />
          ) : (
            <DailyFields window={window} onChange={(next) => put(index, next)} errorOf={(path) => errorOf(`${index}.${path}`)} />
          )}
          <IconButton
            label={t.edit.drop(restrictionText(window))}
            look="quiet"
            onClick={() => onChange(value.filter((_, at) => at !== index))}
          >
            <Trash2 size={14} aria-hidden="true" />
          </IconButton>
        </div>
      ))}
      <div className="flex flex-wrap gap-2">
        <Button
          size="sm"
          icon={<Plus size={12} aria-hidden="true" />}
          onClick={() => onChange([...value, { from: '09:00', to: '17:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'] }])}
        >
          {t.edit.addDaily}
        </Button>
        <Button
          size="sm"
          icon={<Plus size={12} aria-hidden="true" />}
          onClick={() => onChange([...value, { from: 'fri 17:00', to: 'mon 09:00' }])}
        >
          {t.edit.addWeekly}
        </Button>
      </div>
    </fieldset>
  );
};

type Fields = { window: Restriction; onChange: (window: Restriction) => void; errorOf: (path: string) => string | undefined };

const DailyFields = ({ window, onChange, errorOf }: Fields) => {
  const days = window.days ?? [...weekdays];
  const toggle = (day: (typeof weekdays)[number], on: boolean) => {
    const next = weekdays.filter((one) => (one === day ? on : days.includes(one)));
    const { days: _, ...rest } = window;
    onChange(next.length === 7 ? rest : { ...rest, days: next });
  };
  return (
    <>
      <span className="w-26">
        <TextField
          label={t.edit.from}
          type="time"
          value={window.from}
          error={errorOf('from')}
          onChange={(event) => onChange({ ...window, from: event.target.value })}
        />
      </span>
      <span className="w-26">
        <TextField
          label={t.edit.to}
          type="time"
          value={window.to}
          error={errorOf('to')}
          onChange={(event) => onChange({ ...window, to: event.target.value })}
        />
      </span>
      <fieldset className="flex min-h-(--ctl) flex-wrap items-center gap-x-3">
        <legend className="vh">{t.edit.on}</legend>
        {DAYS.map(({ value: day, label }) => (
          <Checkbox key={day} checked={days.includes(day)} onChange={(on) => toggle(day, on)}>
            {label}
          </Checkbox>
        ))}
      </fieldset>
      {errorOf('days') && <p className="text-meta">{errorOf('days')}</p>}
    </>
  );
};

const WeeklyFields = ({ window, onChange, errorOf }: Fields) => {
  const [from, to] = [edgeOf(window.from), edgeOf(window.to)];
  return (
    <>
      <span className="w-22">
        <Select
          label={t.edit.fromDay}
          value={from.day}
          options={DAYS}
          onChange={(day) => onChange({ ...window, from: `${day} ${from.time}` })}
        />
      </span>
      <span className="w-26">
        <TextField
          label={t.edit.from}
          type="time"
          value={from.time}
          error={errorOf('from')}
          onChange={(event) => onChange({ ...window, from: `${from.day} ${event.target.value}` })}
        />
      </span>
      <span className="w-22">
        <Select
          label={t.edit.toDay}
          value={to.day}
          options={DAYS}
          onChange={(day) => onChange({ ...window, to: `${day} ${to.time}` })}
        />
      </span>
      <span className="w-26">
        <TextField
          label={t.edit.to}
          type="time"
          value={to.time}
          error={errorOf('to')}
          onChange={(event) => onChange({ ...window, to: `${to.day} ${event.target.value}` })}
        />
      </span>
    </>
  );
};
