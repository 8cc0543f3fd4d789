import { Combobox as Base } from '@base-ui/react/combobox';
import { Select as BaseSelect } from '@base-ui/react/select';
import { Check, ChevronDown, X } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { ui } from '../text/ui.ts';
import { inputClass } from './field.tsx';
import { MarkIcon } from './marks.tsx';

export type Option = { value: string; label: string; hint?: string };

const POPUP =
  'fade max-h-(--available-height) min-w-(--anchor-width) max-w-96 overflow-auto rounded border border-line-strong bg-raised p-1 shadow-overlay outline-none';
const ITEM =
  'flex min-h-7 cursor-default items-center gap-2 rounded-sm px-2 py-1 outline-none select-none data-highlighted:bg-hover data-selected:font-strong data-selected:text-accent-fg max-desk:min-h-11';

/** One of a fixed list. For long lists or several, `Combobox`. */
export const Select = ({
  label,
  value,
  onChange,
  options,
  hint,
  error,
  labelHidden,
  disabled,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: Option[];
  hint?: ReactNode;
  error?: string | undefined;
  labelHidden?: boolean;
  disabled?: boolean;
}) => {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span id={`${id}-label`} className={labelHidden ? 'vh' : 'text-meta text-fg-muted'}>
        {label}
      </span>
      <BaseSelect.Root
        items={options}
        value={value}
        onValueChange={(next) => next !== null && onChange(next)}
        disabled={disabled ?? false}
      >
        <BaseSelect.Trigger
          aria-labelledby={`${id}-label ${id}-value`}
          aria-describedby={error ? `${id}-error` : hint ? `${id}-hint` : undefined}
          aria-invalid={error ? true : undefined}
          className={`${inputClass} cursor-pointer justify-between`}
        >
          <span id={`${id}-value`} className="truncate">
            <BaseSelect.Value />
          </span>
          <ChevronDown size={12} aria-hidden="true" className="text-fg-subtle" />
        </BaseSelect.Trigger>
        <BaseSelect.Portal>
          <BaseSelect.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
            <BaseSelect.Popup className={POPUP}>
              {options.map((option) => (
                <BaseSelect.Item key={option.value} value={option.value} className={ITEM}>
                  <span className="inline-block w-3.25">
                    <BaseSelect.ItemIndicator>
                      <Check size={13} aria-hidden="true" />
                    </BaseSelect.ItemIndicator>
                  </span>
                  <BaseSelect.ItemText>{option.label}</BaseSelect.ItemText>
                  {option.hint && <span className="ml-auto pl-3 text-12 font-text text-fg-subtle">{option.hint}</span>}
                </BaseSelect.Item>
              ))}
            </BaseSelect.Popup>
          </BaseSelect.Positioner>
        </BaseSelect.Portal>
      </BaseSelect.Root>
      <Below id={id} error={error} hint={hint} />
    </div>
  );
};

const Below = ({ id, error, hint }: { id: string; error?: string | undefined; hint?: ReactNode }) => (
  <>
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
  </>
);

/** Several of a long list, found by typing: people, services, teams. */
export const Combobox = ({
  label,
  value,
  onChange,
  options,
  hint,
  error,
  placeholder,
  labelHidden,
}: {
  label: string;
  labelHidden?: boolean;
  value: string[];
  onChange: (value: string[]) => void;
  options: Option[];
  hint?: ReactNode;
  error?: string | undefined;
  placeholder?: string;
}) => {
  const id = useId();
  // In the order they were chosen, which may matter.
  const chosen = value.flatMap((one) => options.find((option) => option.value === one) ?? []);
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className={labelHidden ? 'vh' : 'text-meta text-fg-muted'}>
        {label}
      </label>
      <Base.Root
        multiple
        items={options}
        value={chosen}
        onValueChange={(next: Option[]) => onChange(next.map((one) => one.value))}
      >
        <Base.InputGroup className="min-h-(--ctl) rounded border border-control bg-surface px-1 py-0.5 focus-within:border-focus focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-focus">
          <Base.Chips className="flex flex-wrap items-center gap-1">
            <Base.Value>
              {(chips: Option[]) => (
                <>
                  {chips.map((chip) => (
                    <Base.Chip
                      key={chip.value}
                      aria-label={chip.label}
                      className="inline-flex h-5.5 items-center gap-1 rounded-sm bg-accent-tint pr-1 pl-2 text-12 font-strong text-accent-fg"
                    >
                      {chip.label}
                      <Base.ChipRemove
                        aria-label={ui.remove(chip.label)}
                        className="grid size-6 -my-1 place-items-center rounded-sm"
                      >
                        <X size={11} aria-hidden="true" />
                      </Base.ChipRemove>
                    </Base.Chip>
                  ))}
                  <Base.Input
                    id={id}
                    placeholder={chips.length === 0 ? placeholder : undefined}
                    aria-describedby={error ? `${id}-error` : hint ? `${id}-hint` : undefined}
                    aria-invalid={error ? true : undefined}
                    className="h-5.5 min-w-24 flex-1 px-1 outline-none max-desk:h-9"
                  />
                </>
              )}
            </Base.Value>
          </Base.Chips>
        </Base.InputGroup>
        <Base.Portal>
          <Base.Positioner sideOffset={4} className="z-50">
            <Base.Popup className={POPUP}>
              <Base.Empty className="px-2 text-fg-subtle not-empty:py-1.5">{ui.nothingFound}</Base.Empty>
              <Base.List>
                {(option: Option) => (
                  <Base.Item key={option.value} value={option} className={ITEM}>
                    <span className="inline-block w-3.25">
                      <Base.ItemIndicator>
                        <Check size={13} aria-hidden="true" />
                      </Base.ItemIndicator>
                    </span>
                    {option.label}
                    {option.hint && <span className="ml-auto pl-3 text-12 text-fg-subtle">{option.hint}</span>}
                  </Base.Item>
                )}
              </Base.List>
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
      <Below id={id} error={error} hint={hint} />
    </div>
  );
};
