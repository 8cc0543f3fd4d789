import type { ReactNode } from 'react';
import { ui } from '../text/ui.ts';

export type State = 'critical' | 'high' | 'medium' | 'low' | 'ok' | 'maint' | 'unknown';

const GROUND = 'var(--mk, var(--surface))';
const SHAPES: Record<State, ReactNode> = {
  critical: (
    <>
      <path fill="currentColor" d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" />
      <path stroke={GROUND} strokeWidth="1.9" strokeLinecap="round" d="M8 4.4v4" />
      <circle cx="8" cy="11.3" r="1.1" fill={GROUND} />
    </>
  ),
  high: (
    <>
      <path fill="currentColor" stroke="currentColor" strokeWidth="1.6" strokeLinejoin="round" d="M8 2.2 14.6 13.6H1.4z" />
      <path stroke={GROUND} strokeWidth="1.8" strokeLinecap="round" d="M8 6.2v3.2" />
      <circle cx="8" cy="11.9" r="1" fill={GROUND} />
    </>
  ),
  medium: (
    <>
      <path stroke="currentColor" strokeWidth="1.7" strokeLinejoin="round" d="M8 1.4 14.6 8 8 14.6 1.4 8z" />
      <path stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" d="M8 5.2v3" />
      <circle cx="8" cy="10.7" r="1" fill="currentColor" />
    </>
  ),
  low: (
    <>
      <circle cx="8" cy="8" r="6.1" stroke="currentColor" strokeWidth="1.7" />
      <path stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" d="m5.6 7.2 2.4 2.4 2.4-2.4" />
    </>
  ),
  ok: (
    <>
      <circle cx="8" cy="8" r="6.1" stroke="currentColor" strokeWidth="1.7" />
      <path stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" d="m5.2 8.2 2 2 3.7-4" />
    </>
  ),
  maint: (
    <>
      <rect x="1.9" y="1.9" width="12.2" height="12.2" rx="2" stroke="currentColor" strokeWidth="1.7" />
      <path stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" d="M6.2 5.4v5.2M9.8 5.4v5.2" />
    </>
  ),
  unknown: (
    <>
      <circle cx="8" cy="8" r="6.1" stroke="currentColor" strokeWidth="1.7" strokeDasharray="2.6 2.2" />
      <circle cx="8" cy="8" r="1.2" fill="currentColor" />
    </>
  ),
};

export const MarkIcon = ({ state, size = 14 }: { state: State; size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 16 16" fill="none" aria-hidden="true">
    {SHAPES[state]}
  </svg>
);

/** Shape and word of a state: `<Mark state="ok">Delivered</Mark>`. `quiet` for what is over: shape and word without colour. */
export const Mark = ({ state, quiet, children }: { state: State; quiet?: boolean | undefined; children: ReactNode }) => (
  <span
    className={`inline-flex items-center gap-1.5 align-middle font-strong whitespace-nowrap ${quiet ? 'text-fg-muted' : `s-${state} state-fg`}`}
  >
    <MarkIcon state={state} />
    {children}
  </span>
);

/** The same in a box, for heads of pages. Without a state: a plain label such as "Draft". */
export const Badge = ({ state, children }: { state?: State | undefined; children: ReactNode }) => (
  <span
    className={`inline-flex h-5 items-center gap-1 rounded-sm border align-middle text-12 font-strong whitespace-nowrap ${state ? `s-${state} state-fg state-tint pr-1.75 pl-1.25` : 'border-line-strong px-1.5 text-fg-muted'}`}
  >
    {state && <MarkIcon state={state} size={12} />}
    {children}
  </span>
);

/** What monitoring tools call severity → our four shapes. */
const SEVERITY: Record<string, State> = { critical: 'critical', error: 'high', warning: 'medium', info: 'low' };
export const severityState = (severity: string): State => SEVERITY[severity] ?? 'unknown';
export const severityWord = (severity: string): string => ui.severity[severity as keyof typeof ui.severity] ?? severity;

/** Severity of an incident or alert. `over` once it is resolved or closed: colour is for now. */
export const Severity = ({
  severity,
  over,
  badge,
  wordless,
}: {
  severity: string;
  over?: boolean;
  badge?: boolean;
  /** In narrow panes: the word is only read. */
  wordless?: boolean;
}) =>
  wordless ? (
    <Mark state={severityState(severity)} quiet={over}>
      <span className="vh">{severityWord(severity)}</span>
    </Mark>
  ) : badge && !over ? (
    <Badge state={severityState(severity)}>{severityWord(severity)}</Badge>
  ) : (
    <Mark state={severityState(severity)} quiet={over}>
      {severityWord(severity)}
    </Mark>
  );

export type IncidentStatus = 'triage' | 'acknowledged' | 'resolved' | 'closed';
const DIALS: Record<IncidentStatus, ReactNode> = {
  triage: <circle cx="8" cy="8" r="6" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.2 1.9" />,
  acknowledged: (
    <>
      <circle cx="8" cy="8" r="6" stroke="currentColor" strokeWidth="1.5" />
      <path fill="currentColor" d="M8 8V4.4A3.6 3.6 0 1 1 8 11.6z" />
    </>
  ),
  resolved: (
    <>
      <circle cx="8" cy="8" r="6.8" fill="currentColor" />
      <path d="m5 8.2 2.1 2.1L11 6.2" stroke="var(--surface)" strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round" />
    </>
  ),
  closed: (
    <>
      <rect x="1.6" y="1.6" width="12.8" height="12.8" rx="3" fill="currentColor" />
      <path d="m5 8.2 2.1 2.1L11 6.2" stroke="var(--surface)" strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round" />
    </>
  ),
};
export const StatusDial = ({ status }: { status: IncidentStatus }) => (
  <svg width="14" height="14" viewBox="0 0 16 16" fill="none" aria-hidden="true">
    {DIALS[status]}
  </svg>
);
/** Status of an incident: its dial and its word. */
export const Status = ({ status }: { status: IncidentStatus }) => (
  <span className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap text-fg-muted">
    <StatusDial status={status} />
    {ui.status[status]}
  </span>
);

export const Logo = ({ size = 18 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 18 18" fill="none" aria-hidden="true" className="text-accent-fg">
    <path d="M4.5 1.5v15M2 16.5h5" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
    <path d="M4.5 8.4 14 2.6l2 3.3-9.5 5.8z" fill="currentColor" />
  </svg>
);
