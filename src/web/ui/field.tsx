import { Checkbox as BaseCheckbox } from '@base-ui/react/checkbox';
import { Switch as BaseSwitch } from '@base-ui/react/switch';
import { Check } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { ui } from '../text/ui.ts';
import { clock, day, fromLocalInput, toLocalInput } from '../time.ts';
import { MarkIcon } from './marks.tsx';

export const inputClass =
  'flex h-(--ctl) w-full min-w-0 items-center gap-1.5 rounded border border-control bg-surface px-2 outline-offset-[-1px] focus-visible:border-focus disabled:bg-sunken disabled:text-fg-subtle aria-invalid:border-critical';

type Frame = {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong and the way out. */
  error?: string | undefined;
  /** The label is read but not shown, where the place says it already. */
  labelHidden?: boolean | undefined;
};
type Wired = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined };

/** Label above, hint below, error below with its mark. `children` gets the ids to wire up. */
export const Field = ({ label, hint, error, labelHidden, children }: Frame & { children: (wired: Wired) => ReactNode }) => {
  const id = useId();
  const described = [error ? `${id}-error` : '', hint ? `${id}-hint` : ''].filter(Boolean).join(' ');
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className={labelHidden ? 'vh' : 'text-meta text-fg-muted'}>
        {label}
      </label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {error && (
        <p id={`${id}-error`} className="flex items-center gap-1.25 text-meta text-critical">
          <MarkIcon state="critical" size={12} />
          {error}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="text-meta text-fg-subtle">
          {hint}
        </p>
      )}
    </div>
  );
};

export const TextField = ({
  label,
  hint,
  error,
  labelHidden,
  ...rest
}: Frame & Omit<ComponentProps<'input'>, 'className' | 'id'>) => (
  <Field label={label} hint={hint} error={error} labelHidden={labelHidden}>
    {(wired) => <input className={inputClass} autoComplete="off" {...wired} {...rest} />}
  </Field>
);

export const TextArea = ({
  label,
  hint,
  error,
  labelHidden,
  code,
  ...rest
}: Frame &
  Omit<ComponentProps<'textarea'>, 'className' | 'id'> & { /** YAML and the like, in even letters. */ code?: boolean }) => (
  <Field label={label} hint={hint} error={error} labelHidden={labelHidden}>
    {(wired) => (
      <textarea
        rows={3}
        className={`${inputClass} h-auto! resize-y py-1.5 ${code ? 'font-mono text-12 leading-relaxed' : ''}`}
        {...wired}
        {...rest}
      />
    )}
  </Field>
);

/** An instant, entered in the device's zone with UTC shown below. `value` and `onChange` are ISO instants. */
export const DateTimeField = ({
  value,
  onChange,
  label,
  hint,
  error,
  labelHidden,
  ...rest
}: Frame & { value: string | undefined; onChange: (instant: string | undefined) => void; required?: boolean; min?: string }) => (
  <Field
    label={label}
    hint={
      <>
        {hint} {value && ui.utc(`${day(value, 'UTC')} ${clock(value, 'UTC')}`)}
      </>
    }
    error={error}
    labelHidden={labelHidden}
  >
    {(wired) => (
      <input
        type="datetime-local"
        className={inputClass}
        {...wired}
        {...rest}
        value={value ? toLocalInput(value) : ''}
        onChange={(event) => onChange(fromLocalInput(event.target.value))}
      />
    )}
  </Field>
);

export const Checkbox = ({
  checked,
  onChange,
  children,
  disabled,
  labelHidden,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
  disabled?: boolean;
  labelHidden?: boolean;
}) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: Base UI puts the input inside
  <label className="inline-flex min-h-6 cursor-pointer items-center gap-2">
    <BaseCheckbox.Root
      checked={checked}
      onCheckedChange={(next) => onChange(next)}
      disabled={disabled ?? false}
      className="inline-grid size-3.5 shrink-0 place-items-center rounded-[3px] border border-control bg-surface text-on-accent data-checked:border-accent data-checked:bg-accent"
    >
      <BaseCheckbox.Indicator>
        <Check size={10} strokeWidth={3.5} aria-hidden="true" />
      </BaseCheckbox.Indicator>
    </BaseCheckbox.Root>
    <span className={labelHidden ? 'vh' : ''}>{children}</span>
  </label>
);

export const Switch = ({
  checked,
  onChange,
  children,
  disabled,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
  disabled?: boolean;
}) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: Base UI puts the input inside
  <label className="inline-flex min-h-6 cursor-pointer items-center gap-2">
    <BaseSwitch.Root
      checked={checked}
      onCheckedChange={(next) => onChange(next)}
      disabled={disabled ?? false}
      className="relative inline-block h-4 w-7 shrink-0 rounded-full border border-control bg-surface data-checked:border-accent data-checked:bg-accent"
    >
      <BaseSwitch.Thumb className="absolute top-0.5 left-0.5 size-2.5 rounded-full bg-control transition-[left] duration-(--fast) data-checked:left-3.5 data-checked:bg-on-accent" />
    </BaseSwitch.Root>
    {children}
  </label>
);

/** A choice of two to five, all in sight. */
export const Segmented = <T extends string>({
  label,
  value,
  onChange,
  options,
}: {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: { value: T; label: ReactNode }[];
}) => (
  <fieldset className="inline-flex w-fit overflow-hidden rounded border border-line-strong bg-surface">
    <legend className="vh">{label}</legend>
    {options.map((option) => (
      <button
        key={option.value}
        type="button"
        aria-pressed={option.value === value}
        onClick={() => onChange(option.value)}
        className="inline-flex h-[calc(var(--ctl)-2px)] items-center gap-1.25 border-r border-line px-2.5 text-fg-muted outline-offset-[-2px] last:border-r-0 hover:bg-hover aria-pressed:bg-accent-tint aria-pressed:font-strong aria-pressed:text-accent-fg"
      >
        {option.label}
      </button>
    ))}
  </fieldset>
);
