import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { ui } from '../text/ui.ts';
import { MarkIcon } from './marks.tsx';

export type StepState = 'done' | 'next' | 'waiting' | 'failed' | 'later';

const DISC = 'grid size-5 shrink-0 place-items-center rounded-full border-[1.5px]';
const StepMark = ({ state, open }: { state: StepState; open: boolean }) => {
  if (state === 'done')
    return (
      <span className={`${DISC} border-accent bg-accent text-on-accent`}>
        <Check size={13} strokeWidth={2.5} aria-hidden="true" />
      </span>
    );
  if (state === 'failed')
    return (
      <span className="s-high state-fg grid size-5 shrink-0 place-items-center">
        <MarkIcon state="high" size={18} />
      </span>
    );
  return (
    <span className={`${DISC} ${open ? 'border-accent' : 'border-control'}`}>
      {open && <span className="size-2.5 rounded-full bg-accent" />}
    </span>
  );
};

/** Steps in their order, each with its state, what is so, and, when it is open, what to do. */
export const Steps = ({ children, label }: { children: ReactNode; label: string }) => (
  <ol aria-label={label} className="border-b border-line">
    {children}
  </ol>
);
export const Step = ({
  id,
  title,
  state,
  text,
  warning,
  open,
  action,
  children,
}: {
  /** Of its heading, so that it can be brought into sight and take the focus. */
  id: string;
  title: string;
  state: StepState;
  text: string;
  warning?: string | null;
  open: boolean;
  action?: ReactNode;
  children?: ReactNode;
}) => (
  <li
    className="flex items-start gap-3 border-t border-line py-2.75"
    aria-current={open && state !== 'done' ? 'step' : undefined}
  >
    <span aria-hidden="true" className="mt-px">
      <StepMark state={state} open={open} />
    </span>
    <div className="min-w-0 flex-1">
      <div className="flex min-h-6 items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 id={id} tabIndex={-1} className={`text-prose ${state === 'done' ? 'font-strong text-fg-muted' : ''}`}>
            {title}
            <span className="vh"> ({ui.step[state]})</span>
          </h2>
          <p className="text-fg-muted wrap-anywhere" aria-live="polite">
            {state === 'waiting' && (
              <span className="mr-1.5 inline-block align-[-2px] text-fg-subtle">
                <MarkIcon state="unknown" size={13} />
              </span>
            )}
            {text}
          </p>
          {warning && (
            <p className="s-medium flex gap-1.5 text-meta text-fg-muted wrap-anywhere">
              <span className="state-fg pt-0.75">
                <MarkIcon state="medium" size={12} />
              </span>
              {warning}
            </p>
          )}
        </div>
        {action && <span className="shrink-0">{action}</span>}
      </div>
      {open && children && <div className="pt-3 pb-1">{children}</div>}
    </div>
  </li>
);

/** How much of it is done, as a bar with its words. */
export const Progress = ({ done, of, label }: { done: number; of: number; label: string }) => (
  <div className="flex items-center gap-2">
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={done}
      aria-valuemin={0}
      aria-valuemax={of}
      className="h-0.75 w-60 max-w-[50vw] rounded-sm bg-line-strong"
    >
      <div className="h-full rounded-sm bg-accent" style={{ width: `${Math.round((done / Math.max(1, of)) * 100)}%` }} />
    </div>
    <span className="text-meta text-fg-subtle">{label}</span>
  </div>
);

/** One of a few, all in sight. Without `hint` in a grid, with it one under the other. */
export const Choices = <T extends string>({
  label,
  name,
  value,
  onChange,
  options,
}: {
  label: string;
  name: string;
  value: T | undefined;
  onChange: (value: T) => void;
  options: { value: T; label: string; hint?: ReactNode }[];
}) => {
  const tall = options.some((option) => option.hint !== undefined);
  return (
    <fieldset className="overflow-hidden rounded border border-line-strong">
      <legend className="vh">{label}</legend>
      <div className={`-mr-px -mb-px grid ${tall ? '' : 'grid-cols-2 desk:grid-cols-3'}`}>
        {options.map((option) => (
          <label
            key={option.value}
            className="flex min-h-8.5 cursor-pointer items-start gap-2 border-r border-b border-line px-2.5 py-1.75 hover:bg-hover has-checked:bg-accent-tint has-focus-visible:outline-2 has-focus-visible:outline-offset-[-2px] has-focus-visible:outline-focus max-desk:min-h-11 max-desk:items-center"
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="mt-0.75 shrink-0 accent-accent outline-none"
            />
            <span className="min-w-0">
              <span className={option.value === value || option.hint !== undefined ? 'font-strong' : ''}>{option.label}</span>
              {option.hint !== undefined && <span className="block text-meta text-fg-muted">{option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
};
