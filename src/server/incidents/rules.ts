const RANK = ['info', 'warning', 'error', 'critical'];

/** The worse of two severities. */
export const worse = (a: string, b: string): string => (RANK.indexOf(b) > RANK.indexOf(a) ? b : a);

type State = { status: string; snoozed_until: Temporal.Instant | null; number: string };

/** Whether a step of an incident's life may be taken, and if not, the sentence that says why. */
export const refuseMove = (
  to: 'acknowledge' | 'resolve' | 'close' | 'reopen' | 'snooze' | 'merge' | 'reassign' | 'escalate' | 'unsnooze',
  incident: State,
): string | undefined => {
  const open = incident.status === 'triage' || incident.status === 'acknowledged';
  switch (to) {
    case 'acknowledge':
    case 'snooze':
    case 'merge':
    case 'reassign':
    case 'escalate':
      return open ? undefined : `${incident.number} is ${incident.status}: reopen it first`;
    case 'unsnooze':
      return open && incident.snoozed_until ? undefined : `${incident.number} is not snoozed`;
    case 'resolve':
      return incident.status === 'closed' ? `${incident.number} is closed: reopen it first` : undefined;
    case 'close':
      return incident.status === 'resolved' || incident.status === 'closed'
        ? undefined
        : `${incident.number} is ${incident.status}: resolve it first`;
    case 'reopen':
      return open ? `${incident.number} is open` : undefined;
  }
};

type Position = { id: string; rank?: number };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Where a page of a list ended, as text: the id, which is in the order of time, and before it the rank when sorted by severity. */
export const cursorOf = (sort: string, last: { id: string; severity_rank: number }): string =>
  sort.endsWith('severity') ? `${last.severity_rank}.${last.id}` : last.id;

/** Where the next page begins; `invalid` for a cursor of another sort or of nothing. */
export const positionOf = (sort: string, cursor: string | undefined): Position | undefined | 'invalid' => {
  if (cursor === undefined) return undefined;
  if (!sort.endsWith('severity')) return UUID.test(cursor) ? { id: cursor } : 'invalid';
  const [, rank, id] = /^([1-4])\.(.*)$/.exec(cursor) ?? [];
  return id !== undefined && UUID.test(id) ? { id, rank: Number(rank) } : 'invalid';
};
