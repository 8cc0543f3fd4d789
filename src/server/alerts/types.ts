/** What a sender asks for. Severity words are mapped by the parser; unknown words become `error`. */
export type AlertSeverity = 'critical' | 'error' | 'warning' | 'info';

export type Link = { href: string; text?: string };
export type Image = { src: string; href?: string; alt?: string };

/**
 * One inbound message, whatever the tool: the only thing an intake parser produces and the only
 * thing `alerts.receive` accepts.
 *
 * - `trigger` opens an alert or repeats the open one with the same key; `update` repeats an open one
 *   without counting it as a new occurrence; `acknowledge` and `resolve` act on an open one and are
 *   dropped, with the reason, when there is none.
 * - `dedupKey` is scoped to the integration. Parsers make one where the tool sent none.
 * - `endsAt`: an alert not sent again before this instant resolves by itself (Prometheus).
 * - `raw` is the part of the request this signal came from; it is kept as the alert's latest payload.
 */
export type Signal = {
  integrationId: string;
  action: 'trigger' | 'acknowledge' | 'resolve';
  dedupKey: string;
  summary: string;
  severity: AlertSeverity;
  source: string;
  labels: Record<string, string>;
  links: Link[];
  images: Image[];
  startsAt?: Temporal.Instant;
  endsAt?: Temporal.Instant;
  /** Who acted, for acknowledge and resolve, as the sender names them. */
  by?: string;
  raw: unknown;
};

/** What became of a signal, and why. */
export type Outcome = {
  result: 'opened' | 'joined' | 'repeated' | 'silenced' | 'dropped' | 'resolved' | 'acknowledged' | 'ignored';
  alertId?: string | undefined;
  incidentId?: string | null;
  why: string;
};

/** Something was deployed or changed: kept on the service's journal, pages nobody. */
export type ChangeNote = { integrationId: string; summary: string; source: string; data: Record<string, unknown> };
