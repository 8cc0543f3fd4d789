import { expect, test } from 'vitest';
import { refuseMove, worse } from './rules.ts';

const MOVES = ['acknowledge', 'resolve', 'close', 'reopen', 'snooze', 'merge', 'reassign', 'escalate'] as const;
/** Which moves each status allows. */
const ALLOWED: Record<string, (typeof MOVES)[number][]> = {
  triage: ['acknowledge', 'resolve', 'snooze', 'merge', 'reassign', 'escalate'],
  acknowledged: ['acknowledge', 'resolve', 'snooze', 'merge', 'reassign', 'escalate'],
  resolved: ['resolve', 'close', 'reopen'],
  closed: ['close', 'reopen'],
};
test.each(Object.entries(ALLOWED))('%s allows %j', (status, allowed) => {
  for (const move of MOVES) {
    const refused = refuseMove(move, { status, snoozed_until: null, number: 'INC-2026-0001' });
    if (allowed.includes(move)) expect(refused, move).toBeUndefined();
    else expect(refused, move).toMatch(/^INC-2026-0001 is \w+/);
  }
});

test('the worse of two severities, whichever comes first', () => {
  const order = ['info', 'warning', 'error', 'critical'];
  for (const [i, a] of order.entries()) for (const [j, b] of order.entries()) expect(worse(a, b)).toBe(order[Math.max(i, j)]);
});
