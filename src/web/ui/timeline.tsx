import type { ReactNode } from 'react';
import { Time } from './text.tsx';

/** Things that happened, one under the other along a line. */
export const TimelineList = ({ children, label }: { children: ReactNode; label: string }) => (
  <ol aria-label={label} className="flex flex-col">
    {children}
  </ol>
);

/** One of them: a grey line with its icon, or, with `note`, what somebody wrote, in a box. */
export const TimelineEntry = ({
  at,
  icon,
  children,
  note,
  pending,
}: {
  at: string;
  icon: ReactNode;
  children: ReactNode;
  /** What was written; `children` then says by whom. */
  note?: string | undefined;
  pending?: boolean;
}) => (
  <li
    className="relative grid grid-cols-[44px_20px_minmax(0,1fr)] gap-x-2.5 py-1.75 before:absolute before:top-0 before:bottom-0 before:left-[63.5px] before:w-px before:bg-line first:before:top-3.5 last:before:bottom-auto last:before:h-3.5"
    aria-busy={pending}
  >
    <span className="text-right text-12 leading-5 text-fg-subtle">
      <Time at={at} clockOnly />
    </span>
    <span className="relative z-1 grid size-5 place-items-center bg-surface text-fg-subtle">{icon}</span>
    {note === undefined ? (
      <p className="min-w-0 leading-5 wrap-break-word text-fg-muted">{children}</p>
    ) : (
      <div className={`min-w-0 rounded border px-3 py-1.75 ${pending ? 'border-dashed border-line-strong' : 'border-line'}`}>
        <p className="text-12 text-fg-subtle">{children}</p>
        <p className="text-prose wrap-break-word whitespace-pre-wrap">{note}</p>
      </div>
    )}
  </li>
);

/** The life of a thing: what is done, where it stands, what is to come. */
export const Path = ({
  label,
  steps,
}: {
  label: string;
  steps: {
    key: string;
    mark: ReactNode;
    word: ReactNode;
    when?: ReactNode;
    plainWhen?: string;
    state: 'done' | 'now' | 'later';
  }[];
}) => (
  <>
    <ol aria-label={label} className="flex">
      {steps.map((step) => (
        <li
          key={step.key}
          aria-current={step.state === 'now' ? 'step' : undefined}
          className={`flex min-w-0 flex-1 flex-col gap-1.5 pr-1 text-meta before:h-0.75 before:rounded-sm ${step.state === 'now' ? 'font-strong text-fg before:bg-accent' : step.state === 'done' ? 'text-fg-muted before:bg-fg-subtle' : 'text-fg-subtle before:bg-line-strong'}`}
        >
          <span className={`flex flex-wrap items-center gap-x-1.5 max-desk:vh`}>
            {step.mark}
            {step.word}
            {step.when && <span className="font-text text-fg-subtle">{step.when}</span>}
          </span>
        </li>
      ))}
    </ol>

    {/* On a phone there is room for one word. */}
    {steps
      .filter((step) => step.state === 'now')
      .map((step) => (
        <p key={step.key} aria-hidden="true" className="mt-1.5 flex items-center gap-1.5 font-strong desk:hidden">
          {step.mark}
          {step.word}
          <span className="font-text text-fg-subtle">{step.plainWhen}</span>
        </p>
      ))}
  </>
);
