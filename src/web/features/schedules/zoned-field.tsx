import type { ReactNode } from 'react';
import { schedules as t } from '../../text/schedules.ts';
import { clock, day } from '../../time.ts';
import { Field, inputClass } from '../../ui/field.tsx';
import { cityOf, instantOf, localOf } from './zone.ts';

/** An instant (ISO), typed on the clocks of the zone the timeline shows, with UTC below. */
export const ZonedField = ({
  label,
  value,
  onChange,
  zone,
  error,
}: {
  label: ReactNode;
  value: string | undefined;
  onChange: (instant: string | undefined) => void;
  zone: string;
  error?: string | undefined;
}) => (
  <Field
    label={label}
    error={error}
    hint={`${t.form.inZone(cityOf(zone))}${value && zone !== 'UTC' ? `; ${t.form.utc(`${day(value, 'UTC')} ${clock(value, 'UTC')}`)}` : ''}`}
  >
    {(wired) => (
      <input
        type="datetime-local"
        className={inputClass}
        {...wired}
        value={value ? localOf(Date.parse(value), zone) : ''}
        onChange={(event) => {
          const at = instantOf(event.target.value, zone);
          onChange(at === undefined ? undefined : new Date(at).toISOString());
        }}
      />
    )}
  </Field>
);
