import { expect, test } from 'vitest';
import { awakeAt } from '../paging/actions.ts';
import { digestDue, isDay, lastOf, nextOf, testDue } from './rules.ts';

const at = (text: string) => Temporal.Instant.from(text);

test.each([
  ['every', 'wed', '2026-03-04', true],
  ['every', 'wed', '2026-03-05', false],
  ['first', 'mon', '2026-03-02', true],
  ['first', 'mon', '2026-03-09', false],
  ['first', 'sun', '2026-03-01', true],
  ['second', 'mon', '2026-03-09', true],
  ['fourth', 'mon', '2026-03-23', true],
  ['last', 'mon', '2026-03-23', false],
  ['last', 'mon', '2026-03-30', true],
  ['last', 'sat', '2026-02-28', true],
] as const)('%s %s of the month is %s: %s', (week, day, date, is) => {
  expect(isDay({ week, day }, Temporal.PlainDate.from(date))).toBe(is);
});

const SUNDAYS = { week: 'last', day: 'sun' } as const;
test.each([
  // Clocks go forward at 01:00 UTC on 29 March: 02:30 is not there in Amsterdam, and 10:00 is 08:00 UTC.
  ['02:30', 'Europe/Amsterdam', '2026-03-29T12:00:00Z', '2026-03-29T01:30:00Z', '2026-04-26T00:30:00Z'],
  ['10:00', 'Europe/Amsterdam', '2026-03-29T07:59:59Z', '2026-02-22T09:00:00Z', '2026-03-29T08:00:00Z'],
  ['10:00', 'Asia/Tokyo', '2026-03-29T01:00:00Z', '2026-03-29T01:00:00Z', '2026-04-26T01:00:00Z'],
])('the last Sunday at %s in %s, seen at %s: it was at %s and is again at %s', (time, zone, now, last, next) => {
  const when = { ...SUNDAYS, at: time };
  expect(lastOf(when, zone, at(now))?.at.toString()).toBe(last);
  expect(nextOf(when, zone, at(now))?.at.toString()).toBe(next);
});

test.each([
  ['2026-03-02T09:59:00Z', undefined],
  ['2026-03-02T10:00:00Z', '2026-03-02'],
  ['2026-03-04T09:59:00Z', '2026-03-02'],
  ['2026-03-04T10:00:00Z', undefined],
])('a test of Monday at 10:00 is due at %s: %s', (now, on) => {
  const plan = { week: 'first', day: 'mon', at: '10:00' } as const;
  expect(testDue({ ...plan, since: at('2026-03-01T00:00:00Z') }, 'UTC', at(now))).toBe(on);
  expect(testDue({ ...plan, since: at('2026-03-02T10:00:01Z') }, 'UTC', at(now))).toBeUndefined();
  expect(digestDue({ ...plan, since: at('2026-03-01T00:00:00Z') }, 'UTC', at('2026-03-08T09:59:00Z'))).toBe('2026-03-02');
  expect(digestDue({ ...plan, since: at('2026-03-01T00:00:00Z') }, 'UTC', at('2026-03-08T10:00:00Z'))).toBeUndefined();
});

const quiet = (from: string, to: string) => ({ from, to, days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as 'mon'[] });
test.each([
  ['by day', null, '2026-03-02T12:00:00Z', '2026-03-02T12:00:00Z'],
  ['at night', null, '2026-03-02T22:00:00Z', '2026-03-03T07:00:00Z'],
  ['before morning', null, '2026-03-29T02:00:00Z', '2026-03-29T06:00:00Z'],
  ['in quiet hours', quiet('22:00', '11:00'), '2026-03-02T03:00:00Z', '2026-03-02T10:00:00Z'],
  ['in an evening of quiet', quiet('18:00', '09:30'), '2026-03-02T18:00:00Z', '2026-03-03T08:30:00Z'],
  ['with no hour left', quiet('08:00', '07:59'), '2026-03-02T12:00:00Z', undefined],
])('%s, in Amsterdam, a test of %s waits from %s to %s', (_, quiet_hours, from, to) => {
  expect(awakeAt({ time_zone: 'Europe/Amsterdam', quiet_hours }, at(from))?.toString()).toBe(to);
});
