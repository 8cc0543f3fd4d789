import { describe, expect, test } from 'vitest';
import type { Hours } from '../../contract/common.ts';
import { decideUrgency, inHours, inSupportHours } from './rules.ts';

const at = (text: string) => Temporal.Instant.from(text);

describe('inHours', () => {
  // 2 March 2026 is a Monday.
  const local = (time: string) => Temporal.ZonedDateTime.from(`${time}[Europe/Amsterdam]`);
  test.each([
    [{ from: '09:00', to: '17:00' }, '2026-03-02T09:00', true],
    [{ from: '09:00', to: '17:00' }, '2026-03-02T08:59:59', false],
    [{ from: '09:00', to: '17:00' }, '2026-03-02T16:59:59', true],
    [{ from: '09:00', to: '17:00' }, '2026-03-02T17:00', false],
    [{ from: '09:00', to: '17:00', days: ['tue'] }, '2026-03-02T12:00', false],
    [{ from: '22:00', to: '06:00', days: ['mon'] }, '2026-03-02T23:00', true],
    [{ from: '22:00', to: '06:00', days: ['mon'] }, '2026-03-03T05:59', true],
    [{ from: '22:00', to: '06:00', days: ['mon'] }, '2026-03-03T06:00', false],
    [{ from: '22:00', to: '06:00', days: ['mon'] }, '2026-03-02T05:00', false],
    [{ from: '22:00', to: '06:00', days: ['sun'] }, '2026-03-02T05:00', true],
    [{ from: '22:00', to: '06:00', days: ['mon'] }, '2026-03-03T23:00', false],
    [{ from: '02:30', to: '03:30', days: ['sun'] }, '2026-03-29T03:15', true],
  ])('%j at %s: %s', (window, time, inside) => {
    expect(inHours(window, local(time))).toBe(inside);
  });
});

const office: { time_zone: string; hours: Hours[]; urgency_outside: 'high' | 'low' } = {
  time_zone: 'America/New_York',
  hours: [
    { from: '09:00', to: '12:00', days: ['mon'] },
    { from: '13:00', to: '17:00', days: ['mon'] },
  ],
  urgency_outside: 'low',
};
test.each([
  ['2026-03-02T14:00:00Z', true],
  ['2026-03-02T13:59:00Z', false],
  ['2026-03-02T17:30:00Z', false],
  ['2026-03-02T18:00:00Z', true],
  // A week later New York has summer time.
  ['2026-03-09T13:00:00Z', true],
  ['2026-03-09T21:00:00Z', false],
])('support hours in New York at %s: %s', (time, inside) => {
  expect(inSupportHours(office, at(time))).toBe(inside);
});

test.each([
  ['by_severity', null, 'critical', 'high', 'severity critical'],
  ['by_severity', null, 'error', 'high', 'severity error'],
  ['by_severity', null, 'warning', 'low', 'severity warning'],
  ['by_severity', null, 'info', 'low', 'severity info'],
  ['high', null, 'info', 'high', 'the service is always high'],
  ['low', null, 'critical', 'low', 'the service is always low'],
  ['high', office, 'critical', 'low', 'outside support hours (America/New_York)'],
  ['low', { ...office, urgency_outside: 'high' }, 'info', 'high', 'outside support hours (America/New_York)'],
] as const)('urgency %s, %j, %s: %s because %s', (urgency, support_hours, severity, decided, why) => {
  expect(decideUrgency({ urgency, support_hours }, severity, at('2026-03-03T12:00:00Z'))).toEqual({ urgency: decided, why });
});
