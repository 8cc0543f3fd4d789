import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escalationPolicy } from '../../contract/escalation.ts';
import { hasLeft, nextPosition, type Position, type StepFacts, skipReason } from './rules.ts';

const policy = (steps: number, repeat: number) =>
  escalationPolicy.parse({ name: 'p', repeat, steps: Array.from({ length: steps }, () => ({ targets: [{ person: 'ana' }] })) });

test('every step of every round comes once, in order, and then no more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 5 }), (steps, repeat) => {
      const seen: Position[] = [];
      for (
        let at: Position | undefined = { round: 0, step: 0 };
        at && seen.length < 100;
        at = nextPosition(policy(steps, repeat), at)
      )
        seen.push(at);
      expect(seen).toEqual(
        Array.from({ length: steps * (repeat + 1) }, (_, n) => ({ round: Math.floor(n / steps), step: n % steps })),
      );
    }),
  );
});

const FACTS: StepFacts = { urgency: 'high', service: 'db', inSupportHours: true };
test.each([
  [{}, FACTS, undefined],
  [{ urgency: 'high' }, FACTS, undefined],
  [{ urgency: 'low' }, FACTS, 'only for low urgency, this is high'],
  [{ services: ['web', 'db'] }, FACTS, undefined],
  [{ services: ['web', 'app'] }, FACTS, 'only for web, app'],
  [{ support_hours: 'inside' }, FACTS, undefined],
  [{ support_hours: 'outside' }, FACTS, 'only outside support hours'],
  [{ support_hours: 'outside' }, { ...FACTS, inSupportHours: false }, undefined],
  [{ support_hours: 'inside' }, { ...FACTS, inSupportHours: false }, 'only inside support hours'],
  [{ support_hours: 'outside' }, { ...FACTS, inSupportHours: undefined }, 'only outside support hours, and the service has none'],
  [{ hours: { from: '09:00', to: '17:00' } }, FACTS, undefined],
  [{ hours: { from: '09:00', to: '17:00', time_zone: 'Asia/Tokyo' } }, FACTS, 'only from 09:00 to 17:00 Asia/Tokyo'],
  [{ hours: { from: '09:00', to: '17:00', time_zone: 'UTC' } }, FACTS, undefined],
  [{ urgency: 'high', services: ['db'], support_hours: 'outside' }, FACTS, 'only outside support hours'],
] as [object, StepFacts, string | undefined][])('%j given %j: %s', (when, facts, reason) => {
  const [step] = escalationPolicy.parse({ name: 'p', steps: [{ targets: [{ person: 'ana' }], when }] }).steps;
  expect(step && skipReason(step, facts, (zone) => zone === 'UTC')).toBe(reason);
});

const page = (run_id: string | null, round: number | null, step: number | null) => ({ run_id, round, step });
test.each([
  ['the step it was sent for', 'running', page('a', 0, 1), false],
  ['a step before', 'running', page('a', 0, 0), true],
  ['the same step of a round before', 'running', page('a', -1, 1), true],
  ['a run before, of an incident that was opened again', 'running', page('z', 0, 1), true],
  ['nobody’s run: somebody was paged by hand', 'running', page(null, null, null), false],
  ['a step before, of a run that an answer stopped', 'stopped', page('a', 0, 0), false],
  ['every step is used up', 'exhausted', page('a', 0, 1), true],
  ['the fallback, once every step is used up', 'exhausted', page('a', 0, 2), false],
])('escalation has left it: %s', (_what, state, sent, left) => {
  expect(hasLeft({ id: 'a', state, round: 0, step: state === 'exhausted' ? 0 : 1, snapshot: { steps: [1, 2] } }, sent)).toBe(
    left,
  );
});
