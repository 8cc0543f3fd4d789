import { describe, expect, test } from 'vitest';
import { addDays, hoursOf, instantOf, localOf, mondayOf, move, offsetAt, offsetName, snap, spanOf, startOf } from './zone.ts';

const AMS = 'Europe/Amsterdam';
const at = (iso: string) => Date.parse(iso);
const HOUR = 3_600_000;

test.each([
  [AMS, '2026-01-15T12:00Z', 1],
  [AMS, '2026-07-15T12:00Z', 2],
  ['Asia/Kathmandu', '2026-07-15T12:00Z', 5.75],
  ['America/St_Johns', '2026-01-15T12:00Z', -3.5],
  ['UTC', '2026-01-15T12:00Z', 0],
])('%s is ahead of UTC at %s by %d h', (zone, when, hours) => expect(offsetAt(at(when), zone) / HOUR).toBe(hours));

describe('a local time is an instant', () => {
  test.each([
    ['plain', AMS, '2026-11-15T09:00', '2026-11-15T08:00Z'],
    ['skipped by the clocks: as much later', AMS, '2026-03-29T02:30', '2026-03-29T01:30Z'],
    ['comes twice: the first', AMS, '2026-10-25T02:30', '2026-10-25T00:30Z'],
    ['just before the change', AMS, '2026-03-29T01:59', '2026-03-29T00:59Z'],
    ['just after the change', AMS, '2026-03-29T03:00', '2026-03-29T01:00Z'],
    ['half an hour of summer time', 'Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:45Z'],
    ['far west', 'Pacific/Pago_Pago', '2026-01-01T00:00', '2026-01-01T11:00Z'],
    ['far east', 'Pacific/Kiritimati', '2026-01-01T00:00', '2025-12-31T10:00Z'],
    ['a midnight that is skipped', 'Africa/Cairo', '2026-04-24T00:00', '2026-04-23T22:00Z'],
  ])('%s', (_, zone, local, instant) => expect(new Date(instantOf(local, zone) ?? 0)).toEqual(new Date(instant)));

  test('what is no local time is none', () => expect(instantOf('2026-13-01T00:00', AMS)).toBeUndefined());

  test('and back, whatever the zone, each hour of a year', () => {
    for (const zone of [AMS, 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'])
      for (let when = at('2026-01-01T00:00Z'); when < at('2027-01-01T00:00Z'); when += 7 * HOUR) {
        const back = instantOf(localOf(when, zone), zone) as number;
        // Of a time that comes twice the first is meant.
        expect([when, when - HOUR, when - HOUR / 2]).toContain(back);
      }
  });
});

describe('views', () => {
  test('a day has the hours it has', () => {
    const hours = (date: string) => {
      const { days } = spanOf('day', date, AMS);
      return hoursOf(days[0]!, AMS).map((hour) => localOf(hour, AMS).slice(11, 13));
    };
    expect(hours('2026-11-15')).toHaveLength(24);
    expect(hours('2026-03-29')).toHaveLength(23);
    expect(hours('2026-03-29')).not.toContain('02');
    expect(hours('2026-10-25')).toHaveLength(25);
    expect(hours('2026-10-25').filter((hour) => hour === '02')).toHaveLength(2);
  });
  test('two weeks begin on Monday; the day of the change is an hour shorter', () => {
    const span = spanOf('fortnight', '2026-03-25', AMS);
    expect([span.first, span.days.length]).toEqual(['2026-03-23', 14]);
    expect(span.days.map(({ from, to }) => (to - from) / HOUR)).toEqual([24, 24, 24, 24, 24, 24, 23, 24, 24, 24, 24, 24, 24, 24]);
    expect(new Date(span.to)).toEqual(new Date('2026-04-05T22:00Z'));
  });
  test.each([
    ['month', '2026-02-11', '2026-02-01', 28, '2026-03-01', '2026-01-01'],
    ['month', '2026-12-31', '2026-12-01', 31, '2027-01-01', '2026-11-01'],
    ['week', '2026-11-15', '2026-11-09', 7, '2026-11-16', '2026-11-02'],
    ['day', '2026-01-01', '2026-01-01', 1, '2026-01-02', '2025-12-31'],
  ] as const)('a %s of %s', (view, date, first, days, next, before) => {
    const span = spanOf(view, date, AMS);
    expect([span.first, span.days.length, move(span, 1), move(span, -1)]).toEqual([first, days, next, before]);
  });
  test('Monday of a Monday and of a Sunday', () => {
    expect(mondayOf('2026-11-09')).toBe('2026-11-09');
    expect(mondayOf('2026-11-15')).toBe('2026-11-09');
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
  });
});

describe('a drag ends at', () => {
  const span = spanOf('fortnight', '2026-10-25', AMS);
  test.each([
    ['the full hour', '2026-10-20T08:40Z', [], '2026-10-20T09:00Z'],
    ['an edge of a shift that is near', '2026-10-20T08:40Z', ['2026-10-20T08:20Z'], '2026-10-20T08:20Z'],
    ['not at one that is far', '2026-10-20T08:40Z', ['2026-10-20T06:00Z'], '2026-10-20T09:00Z'],
    ['midnight, not beyond it', '2026-10-25T22:59Z', [], '2026-10-25T23:00Z'],
  ])('%s', (_, when, edges, snapped) =>
    expect(new Date(snap(at(when), span, edges.map(at), HOUR / 2))).toEqual(new Date(snapped)),
  );
});

test('offsets by name', () => {
  expect(offsetName(at('2026-01-15T12:00Z'), AMS)).toBe('UTC+1');
  expect(offsetName(at('2026-01-15T12:00Z'), 'America/St_Johns')).toBe('UTC-3:30');
  expect(offsetName(startOf('2026-01-15', 'UTC'), 'UTC')).toBe('UTC');
});
