import { expect, test } from 'vitest';
import { absencesBetween, spanOf, yearsOf } from './rules.ts';

const at = (text: string) => Temporal.Instant.from(text);
const days = (first_day: string, last_day = first_day) => ({ first_day, last_day, starts_at: null, ends_at: null });
const hours = ({ starts, ends }: ReturnType<typeof spanOf>) => starts.until(ends).total('hours');

test.each([
  ['an ordinary day', 'Europe/Amsterdam', days('2026-07-01'), '2026-06-30T22:00:00Z', 24],
  ['the day the clocks go forward', 'Europe/Amsterdam', days('2026-03-29'), '2026-03-28T23:00:00Z', 23],
  ['the day they go back', 'Europe/Amsterdam', days('2026-10-25'), '2026-10-24T22:00:00Z', 25],
  ['a week across it', 'Europe/Amsterdam', days('2026-10-19', '2026-10-25'), '2026-10-18T22:00:00Z', 169],
  ['a day without a midnight', 'America/Sao_Paulo', days('2018-11-04'), '2018-11-04T03:00:00Z', 23],
  ['half an hour of summer', 'Australia/Lord_Howe', days('2026-10-04'), '2026-10-03T13:30:00Z', 23.5],
  ['the far side of the date line', 'Pacific/Kiritimati', days('2026-01-01'), '2025-12-31T10:00:00Z', 24],
  [
    'moments are what they are',
    'Asia/Tokyo',
    { first_day: null, last_day: null, starts_at: at('2026-03-02T12:00Z'), ends_at: at('2026-03-02T13:30Z') },
    '2026-03-02T12:00:00Z',
    1.5,
  ],
])('leave: %s', (_, zone, period, starts, length) => {
  const span = spanOf(period, zone);
  expect([span.starts.toString(), hours(span)]).toEqual([starts, length]);
});

test('what touches a window, half-open, leave and holidays in order; a holiday is a day of the person', () => {
  const king = { day: '2026-04-27', days: 1, name: "King's Day" };
  const eid = { day: '2026-03-20', days: 3, name: 'Eid' };
  const told = (zone: string, from: string, to: string) =>
    absencesBetween([days('2026-04-28')], [king, eid], zone, at(from), at(to)).map(
      ({ kind, start, end, name }) =>
        `${kind} ${name ?? ''} ${Temporal.Instant.fromEpochMilliseconds(start)} ${(end - start) / 3_600_000}`,
    );
  expect(told('Europe/Amsterdam', '2026-04-26T00:00Z', '2026-05-01T00:00Z')).toEqual([
    "holiday King's Day 2026-04-26T22:00:00Z 24",
    'leave  2026-04-27T22:00:00Z 24',
  ]);
  expect(told('Europe/Amsterdam', '2026-04-28T22:00Z', '2026-05-01T00:00Z')).toEqual([]);
  expect(told('America/New_York', '2026-04-26T00:00Z', '2026-04-27T04:00Z')).toEqual([]);
  expect(told('UTC', '2026-03-22T23:59Z', '2026-03-24T00:00Z')).toEqual(['holiday Eid 2026-03-20T00:00:00Z 72']);
});

test('the years of a window, on either side of the new year anywhere', () => {
  expect(yearsOf(at('2026-03-01T00:00Z'), at('2026-05-01T00:00Z'))).toEqual([2026]);
  expect(yearsOf(at('9998-03-01T00:00Z'), at('9999-05-01T00:00Z'))).toEqual([]);
  expect(yearsOf(at('2026-12-31T12:00Z'), at('2026-12-31T13:00Z'))).toEqual([2026, 2027]);
  expect(yearsOf(at('2026-01-01T00:00Z'), at('2026-05-01T00:00Z'))).toEqual([2025, 2026]);
});
