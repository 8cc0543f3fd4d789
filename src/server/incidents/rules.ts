const RANK = ['info', 'warning', 'error', 'critical'];

/** The worse of two severities. */
export const worse = (a: string, b: string): string => (RANK.indexOf(b) > RANK.indexOf(a) ? b : a);

type State = { status: string; snoozed_until: Temporal.Instant | null; number: string };

/** Whether a step of an incident's life may be taken, and if not, the sentence that says why. */
export const refuseMove = (
  to: 'acknowledge' | 'resolve' | 'close' | 'reopen' | 'snooze' | 'merge' | 'reassign' | 'escalate',
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
