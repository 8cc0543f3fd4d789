import { useState } from 'react';
import { services as t } from '../../text/services.ts';
import { TextField } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';

const SECONDS = { s: 1, min: 60, h: 3600, d: 86_400 };
type Unit = keyof typeof SECONDS;
const unitOf = (seconds: number): Unit =>
  (['d', 'h', 'min'] as const).find((unit) => seconds > 0 && seconds % SECONDS[unit] === 0) ?? (seconds === 0 ? 'min' : 's');

/** A length of time in seconds, typed as a number of a unit. */
export const DurationField = ({
  label,
  seconds,
  onChange,
  hint,
  error,
}: {
  label: string;
  seconds: number;
  onChange: (seconds: number) => void;
  hint?: string | undefined;
  error?: string | undefined;
}) => {
  const [unit, setUnit] = useState<Unit>(unitOf(seconds));
  const shown = seconds / SECONDS[unit];
  return (
    <div className="grid grid-cols-[110px_130px] content-start gap-x-2 gap-y-1">
      <div className="col-span-2">
        <span className="text-meta text-fg-muted" aria-hidden="true">
          {label}
        </span>
      </div>
      <TextField
        label={label}
        labelHidden
        type="number"
        min={0}
        inputMode="decimal"
        step="any"
        value={Number.isFinite(shown) ? Number(shown.toFixed(2)) : ''}
        onChange={(event) => onChange(Math.round(Number(event.target.value) * SECONDS[unit]))}
        aria-invalid={error ? true : undefined}
      />
      <Select
        label={`${label}: ${t.unit}`}
        labelHidden
        value={unit}
        onChange={(next) => {
          setUnit(next as Unit);
          onChange(Math.round(shown * SECONDS[next as Unit]));
        }}
        options={(['s', 'min', 'h', 'd'] as const).map((value) => ({ value, label: t.units[value] }))}
      />
      {(error ?? hint) && <p className={`col-span-2 text-meta ${error ? 'font-strong' : 'text-fg-subtle'}`}>{error ?? hint}</p>}
    </div>
  );
};
