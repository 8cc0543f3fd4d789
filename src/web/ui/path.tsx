import { Children, isValidElement, type ReactNode } from 'react';
import { MarkIcon, type State } from './marks.tsx';
import { Time } from './text.tsx';

/** Decisions in their order, numbered, one under the other: what happened, or what would. */
export const DecisionPath = ({ children, label }: { children: ReactNode; label: string }) => (
  <ol aria-label={label} className="flex flex-col">
    {Children.toArray(children)
      .filter(isValidElement)
      .map((child, index) => (
        <li
          key={child.key}
          className="relative grid grid-cols-[24px_minmax(0,1fr)] gap-x-3 before:absolute before:top-6 before:bottom-0 before:left-[11.5px] before:w-px before:bg-line-strong last:before:hidden last:[&>div]:border-b-0"
        >
          <span
            aria-hidden="true"
            className="relative z-1 grid size-6 place-items-center rounded-full border border-line-strong bg-surface text-12 font-strong"
          >
            {index + 1}
          </span>
          {child}
        </li>
      ))}
  </ol>
);

/** The server tells decisions in words that also stand within sentences. */
export const sentence = (words: ReactNode): ReactNode =>
  typeof words === 'string' ? words.replace(/^./u, (letter) => letter.toUpperCase()) : words;

/** One of them: what kind of decision, what came of it, why; what else belongs to it stands under that. */
export const Decision = ({
  step,
  result,
  state,
  at,
  when,
  children,
  more,
}: {
  step: string;
  result: ReactNode;
  /** Of what decided the outcome: its mark before the words. */
  state?: State | undefined;
  at?: string | undefined;
  /** Instead of the clock: "after 5 min". */
  when?: ReactNode;
  /** Why. */
  children?: ReactNode;
  more?: ReactNode;
}) => (
  <div className="mb-3 grid min-w-0 grid-cols-[88px_minmax(0,1fr)_auto] gap-x-3 border-b border-line pt-0.5 pb-3 max-desk:grid-cols-[minmax(0,1fr)_auto]">
    <span className="text-fg-subtle max-desk:text-meta">{step}</span>
    <span className="col-start-2 row-span-2 min-w-0 max-desk:col-span-2 max-desk:col-start-1 max-desk:row-span-1 max-desk:row-start-2">
      <span className="flex items-baseline gap-1.5 text-prose font-strong wrap-break-word">
        {state && (
          <span className={`s-${state} state-fg self-center`}>
            <MarkIcon state={state} />
          </span>
        )}
        <span className="min-w-0 wrap-break-word">{sentence(result)}</span>
      </span>
      {children && <span className="block wrap-break-word text-fg-muted">{sentence(children)}</span>}
      {more && <span className="mt-2 block">{more}</span>}
    </span>
    <span className="col-start-3 row-start-1 text-right text-meta whitespace-nowrap text-fg-subtle max-desk:col-start-2">
      {when ?? (at && <Time at={at} />)}
    </span>
  </div>
);
