import { type ReactNode, useEffect, useState } from 'react';
import { ApiProblem } from '../api/client.ts';
import { ui } from '../text/ui.ts';
import { MarkIcon, type State } from './marks.tsx';

/** Title 20 px, one grey fact, actions on the right with the main one last. The heading takes the focus after a change of page. */
export const PageHead = ({
  title,
  fact,
  before,
  children,
}: {
  title: ReactNode;
  fact?: ReactNode;
  /** A severity badge or the like, in front of the title. */
  before?: ReactNode;
  children?: ReactNode;
}) => (
  <header className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 px-(--pad) pt-3.5 pb-3">
    {before}
    <h1
      tabIndex={-1}
      data-page-title=""
      className={`min-w-0 text-20 tracking-[-0.012em] wrap-break-word ${before ? 'max-desk:order-1 max-desk:basis-full' : ''}`}
    >
      {title}
    </h1>
    {fact && <span className="text-fg-muted">{fact}</span>}
    {children && <div className="ml-auto flex flex-wrap items-center gap-2">{children}</div>}
  </header>
);

/**
 * Content in the middle, a pane on the right; each scrolls on its own. Below 1000 px the pane comes under it.
 * What scrolls is `relative`: else what is only read, which is placed absolutely, would make the whole page scroll.
 */
export const SplitPane = ({
  children,
  side,
  sideLabel,
  sideIsRead,
  own,
  sideFirst,
}: {
  children: ReactNode;
  side?: ReactNode;
  sideLabel?: string;
  /** Nothing in the pane takes the focus: then the pane does, so that the keyboard can scroll it. */
  sideIsRead?: boolean;
  /** What is in the middle scrolls by itself, as lists do. */
  own?: boolean;
  /** The pane is where one begins, as a form is: on the left, and above where it is narrow. */
  sideFirst?: boolean;
}) => (
  <div
    className={`relative flex min-h-0 flex-1 border-t border-line max-split:flex-col ${own ? '' : 'max-split:overflow-y-auto'}`}
  >
    <div className={`relative flex min-h-0 min-w-0 flex-1 flex-col ${own ? '' : 'split:overflow-y-auto max-split:flex-none'}`}>
      {children}
    </div>
    {side && (
      <aside
        aria-label={sideLabel}
        tabIndex={sideIsRead ? 0 : undefined}
        className={`relative w-96 shrink-0 border-line split:overflow-y-auto max-split:w-auto ${sideFirst ? 'order-first split:border-r max-split:border-b' : 'split:border-l max-split:max-h-full max-split:overflow-y-auto max-split:border-t'}`}
      >
        {side}
      </aside>
    )}
  </div>
);

/** A part of a page or pane with its heading; parts meet at a hairline. */
export const Section = ({
  title,
  fact,
  action,
  children,
  padded = 'pane',
}: {
  title: ReactNode;
  fact?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
  /** `page`: as wide as the page's padding. */
  padded?: 'pane' | 'page';
}) => (
  <section className={`border-b border-line pt-4 pb-3 last:border-b-0 ${padded === 'page' ? 'px-(--pad)' : 'px-4'}`}>
    <div className="mb-2 flex min-h-6 items-center gap-2">
      <h2>{title}</h2>
      {fact && <span className="text-meta text-fg-subtle">{fact}</span>}
      {action && <span className="ml-auto text-meta">{action}</span>}
    </div>
    {children}
  </section>
);

/** Label over value, cells split by hairlines: timers and key figures. */
export const FactsRow = ({ facts }: { facts: { label: ReactNode; value: ReactNode; note?: ReactNode }[] }) => (
  <dl className="flex flex-wrap border-t border-line max-desk:grid max-desk:grid-cols-2">
    {facts.map((fact, index) => (
      <div
        key={index}
        className="min-w-0 flex-1 border-l border-line px-4 py-2.5 first:border-l-0 desk:first:pl-(--pad) max-desk:border-b max-desk:odd:border-l-0 max-desk:last:odd:col-span-2"
      >
        <dt className="text-meta text-fg-subtle">{fact.label}</dt>
        <dd className="flex flex-wrap items-baseline gap-x-1.5 text-16 font-strong">
          {fact.value}
          {fact.note && <span className="text-meta font-text text-fg-muted">{fact.note}</span>}
        </dd>
      </div>
    ))}
  </dl>
);

/** What is wrong with this page, full-bleed under its head; at most one. `error` for what failed, with the next step. */
export const Strip = ({ state = 'unknown', children, action }: { state?: State; children: ReactNode; action?: ReactNode }) => (
  <div
    role={state === 'critical' ? 'alert' : 'status'}
    className={`s-${state} state-tint flex min-h-8 shrink-0 items-center gap-2 border-b px-(--pad) py-1 text-meta text-fg`}
  >
    <span className="state-fg">
      <MarkIcon state={state} size={13} />
    </span>
    <span className="min-w-0 flex-1">{children}</span>
    {action}
  </div>
);

/** Why something failed, in words for a person; the request id is there for whoever runs Allclear. */
export const problemText = (error: unknown): string => {
  if (!(error instanceof ApiProblem)) return error instanceof Error ? error.message : String(error);
  if (error.status === 0) return error.unanswered ? ui.problem.unanswered : ui.problem.unreachable;
  if (error.status === 401) return ui.problem.signedOut;
  return error.message;
};
export const ProblemStrip = ({ error, action }: { error: unknown; action?: ReactNode }) =>
  error ? (
    <Strip state="critical" action={action}>
      {problemText(error)}
      {error instanceof ApiProblem && error.requestId && (
        <span className="text-fg-muted"> {ui.failed.request(error.requestId)}</span>
      )}
    </Strip>
  ) : null;

/** What is missing, why, and one action. */
export const Empty = ({ title, children, action }: { title: ReactNode; children?: ReactNode; action?: ReactNode }) => (
  <div className="flex flex-col items-center gap-1 px-(--pad) py-10 text-center">
    <p className="font-strong">{title}</p>
    {children && <p className="max-w-110 text-fg-muted">{children}</p>}
    {action && <div className="mt-2">{action}</div>}
  </div>
);

/** Rows of the real height, after 200 ms: what is faster shows nothing in between. */
export const SkeletonRows = ({ rows = 8 }: { rows?: number }) => {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div role="status" aria-label={ui.loading}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="flex h-(--row) items-center gap-6 border-b border-line px-(--pad)">
          <span className="h-2.5 w-16 rounded-sm bg-line" />
          <span className="h-2.5 w-24 rounded-sm bg-line" />
          <span className="h-2.5 flex-1 rounded-sm bg-line" />
        </div>
      ))}
    </div>
  );
};

/** A thing's facts, one a line: label on the left. */
export const Details = ({ items }: { items: { label: ReactNode; value: ReactNode }[] }) => (
  <dl className="grid grid-cols-[112px_minmax(0,1fr)] gap-y-1.5">
    {items.map((item, index) => (
      <div key={index} className="contents">
        <dt className="text-fg-muted">{item.label}</dt>
        <dd className="min-w-0 wrap-break-word">{item.value}</dd>
      </div>
    ))}
  </dl>
);

/** On a phone, what the thumb needs: fixed at the foot, never scrolled away. On a desk nothing: there the head has the actions. */
export const PhoneFoot = ({ children }: { children: ReactNode }) => (
  <div className="z-10 shrink-0 border-t border-line bg-surface px-4 py-3 desk:hidden">{children}</div>
);
