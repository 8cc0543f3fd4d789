import { expect, test } from 'vitest';
import { healthLimits } from '../../contract/on-call-health.ts';
import { measure, nightOf, outcomeOf, pagesOf, passedIn, shareOf, weekToTell } from './rules.ts';
import type { Duty, Fate } from './types.ts';

const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds;
const limits = healthLimits.parse({});
const day = (text: string) => Temporal.PlainDate.from(text);

test.each<[string, [incident: string, at: string, disturbs?: boolean][], [at: string, incidents: number, disturbs: boolean][]]>([
  [
    'one incident that asks by three rounds is one page',
    [
      ['a', '02:00'],
      ['a', '02:05'],
      ['a', '02:10'],
    ],
    [['02:00', 1, true]],
  ],
  [
    'half an hour of silence ends a page',
    [
      ['a', '02:00'],
      ['a', '02:29'],
      ['a', '02:59'],
    ],
    [
      ['02:00', 1, true],
      ['02:59', 1, true],
    ],
  ],
  [
    'two incidents are two',
    [
      ['a', '02:00'],
      ['b', '02:01'],
      ['a', '02:02'],
    ],
    [
      ['02:00', 1, true],
      ['02:01', 1, true],
    ],
  ],
  [
    'one message about three incidents is one',
    [
      ['a', '02:00'],
      ['b', '02:00'],
      ['c', '02:00'],
    ],
    [['02:00', 3, true]],
  ],
  [
    'by mail alone, then by phone: it disturbs',
    [
      ['a', '02:00', false],
      ['a', '02:05'],
    ],
    [['02:00', 1, true]],
  ],
  ['by mail alone', [['a', '02:00', false]], [['02:00', 1, false]]],
  ['none', [], []],
])('%s', (_, sent, pages) => {
  const moment = (time: string) => at(`2026-03-03T${time}:00Z`);
  expect(
    pagesOf(sent.map(([incident_id, time, disturbs = true]) => ({ incident_id, at: moment(time), disturbs }))).map((page) => [
      page.at,
      page.incidents.length,
      page.disturbs,
    ]),
  ).toEqual(pages.map(([time, ...rest]) => [moment(time), ...rest]));
});

test.each([
  ['2026-03-02T21:59:59Z', 'UTC', undefined],
  ['2026-03-02T22:00:00Z', 'UTC', '2026-03-02'],
  ['2026-03-03T06:59:59Z', 'UTC', '2026-03-02'],
  ['2026-03-03T07:00:00Z', 'UTC', undefined],
  // The same moment is day in Amsterdam's winter and night in its summer, and night in New York.
  ['2026-01-15T06:30:00Z', 'Europe/Amsterdam', undefined],
  ['2026-07-15T04:30:00Z', 'Europe/Amsterdam', '2026-07-14'],
  ['2026-07-15T06:30:00Z', 'America/New_York', '2026-07-14'],
  // Half-hour zone: 22:00 in Kolkata.
  ['2026-03-02T16:29:00Z', 'Asia/Kolkata', undefined],
  ['2026-03-02T16:30:00Z', 'Asia/Kolkata', '2026-03-02'],
])('%s in %s lies in the night of %s', (moment, zone, night) => {
  expect(nightOf(at(moment), zone, limits.night)?.toString()).toBe(night);
});

const fate = (change: Partial<Fate>): Fate => ({
  status: 'resolved',
  flapping: false,
  merged: false,
  acknowledged_by_person: true,
  resolved_by: 'person',
  ...change,
});
test.each([
  [fate({}), 'acted'],
  [fate({ acknowledged_by_person: false }), 'acted'],
  [fate({ flapping: true }), 'acted'],
  [fate({ resolved_by: 'alerts', acknowledged_by_person: false }), 'passed'],
  [fate({ resolved_by: 'alerts', flapping: true }), 'passed'],
  [fate({ resolved_by: 'alerts' }), 'unknown'],
  [fate({ resolved_by: 'other', acknowledged_by_person: false }), 'unknown'],
  [fate({ resolved_by: null, status: 'triage', acknowledged_by_person: false }), 'unknown'],
  [fate({ merged: true }), 'unknown'],
] as const)('%j is %s', (given, outcome) => {
  expect(outcomeOf(given)).toBe(outcome);
});

test('the share is of what is known, and none where nothing is', () => {
  expect(shareOf(['acted', 'passed', 'passed', 'unknown'])).toEqual({ acted: 1, passed: 2, unknown: 1, share: 0.33 });
  expect(shareOf(['unknown'])).toMatchObject({ share: null });
});

const health = (
  zone: string,
  sent: string[],
  given: { from?: string; to?: string; now?: string; duty?: [string, string][] } = {},
) =>
  measure({
    zone,
    window: { from: day(given.from ?? '2026-03-02'), to: day(given.to ?? '2026-03-29') },
    now: at(given.now ?? '2026-04-30T00:00:00Z'),
    limits,
    sent: sent.map((moment, n) => ({ incident_id: `incident-${n}`, at: at(moment), disturbs: true })),
    duty: (given.duty ?? []).map(([start, end]): Duty => ({ schedule: 'rota', title: 'Rota', start: at(start), end: at(end) })),
  });

test.each<[string, string, string[], number, { night: string; pages: number; hours: number; over: boolean }[]]>([
  [
    'three pages in one night are over the limit; two in one clock hour interrupt one hour',
    'UTC',
    ['2026-03-02T23:10:00Z', '2026-03-02T23:50:00Z', '2026-03-03T03:00:00Z'],
    3,
    [{ night: '2026-03-02', pages: 3, hours: 2, over: true }],
  ],
  [
    'what is day there is no night here: two zones of the same moments',
    'Asia/Tokyo',
    ['2026-03-02T23:10:00Z', '2026-03-03T14:00:00Z'],
    2,
    [{ night: '2026-03-03', pages: 1, hours: 1, over: false }],
  ],
  [
    // In Amsterdam 02:00 to 03:00 is skipped on the 29th: 00:30Z is 01:30, 01:30Z is 03:30.
    'the hour that spring skips is none',
    'Europe/Amsterdam',
    ['2026-03-29T00:30:00Z', '2026-03-29T01:30:00Z'],
    2,
    [{ night: '2026-03-28', pages: 2, hours: 2, over: false }],
  ],
  [
    'a page before the first midnight of the person is of the days before',
    'America/New_York',
    ['2026-03-02T04:30:00Z', '2026-03-02T05:30:00Z'],
    1,
    [{ night: '2026-03-01', pages: 1, hours: 1, over: false }],
  ],
])('%s', (_, zone, sent, pages, nights) => {
  const found = health(zone, sent);
  expect([found.pages, found.nights]).toEqual([
    pages,
    nights.map(({ hours, ...night }) => ({ ...night, interrupted_hours: hours })),
  ]);
});

test('an hour that autumn has twice is two interrupted hours', () => {
  // 00:30Z and 01:30Z are both 02:30 in Amsterdam on 25 October.
  const found = health('Europe/Amsterdam', ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'], {
    from: '2026-10-19',
    to: '2026-10-26',
  });
  expect(found.nights).toEqual([{ night: '2026-10-24', pages: 2, interrupted_hours: 2, over: false }]);
});

test('weeks begin on the Monday of the person, and four weeks are averaged', () => {
  // Sunday 23:30 in New York is Monday in UTC.
  const sent = ['2026-03-09T03:30:00Z', '2026-03-09T15:00:00Z', '2026-03-10T15:00:00Z', '2026-03-11T15:00:00Z'];
  const found = health('America/New_York', sent);
  expect(found.weeks.map(({ week, pages, over }) => [week, pages, over])).toEqual([
    ['2026-03-02', 1, false],
    ['2026-03-09', 3, true],
    ['2026-03-16', 0, false],
    ['2026-03-23', 0, false],
  ]);
  expect(found).toMatchObject({ pages: 4, pages_a_week: 1 });
});

test.each<[string, [string, string][], string, number, boolean]>([
  ['a week is seven days', [['2026-03-02T09:00:00Z', '2026-03-09T09:00:00Z']], '2026-04-30T00:00:00Z', 7, false],
  // Clocks go forward on 29 March: an hour is missing, the week is one all the same.
  ['a week with a short day too', [['2026-03-23T08:00:00Z', '2026-03-30T07:00:00Z']], '2026-04-30T00:00:00Z', 7, false],
  [
    'less than a day free does not part two turns',
    [
      ['2026-03-02T08:00:00Z', '2026-03-06T08:00:00Z'],
      ['2026-03-07T07:00:00Z', '2026-03-11T08:00:00Z'],
    ],
    '2026-04-30T00:00:00Z',
    9,
    true,
  ],
  [
    'a day free does',
    [
      ['2026-03-02T08:00:00Z', '2026-03-06T08:00:00Z'],
      ['2026-03-07T08:00:00Z', '2026-03-11T08:00:00Z'],
    ],
    '2026-04-30T00:00:00Z',
    4,
    false,
  ],
  [
    'one that began before the range counts whole',
    [['2026-02-24T08:00:00Z', '2026-03-04T20:00:00Z']],
    '2026-04-30T00:00:00Z',
    8.5,
    true,
  ],
  ['what is to come does not count', [['2026-03-02T08:00:00Z', '2026-03-20T08:00:00Z']], '2026-03-05T20:00:00Z', 3.5, false],
])('consecutive days: %s', (_, duty, now, days, over) => {
  expect(health('Europe/Amsterdam', [], { duty, now, to: '2026-04-05' })).toMatchObject({
    consecutive_days: days,
    consecutive_over: over,
  });
});

test('nights on call are counted where some of the night was on call, and nothing is divided by none', () => {
  const duty: [string, string][] = [['2026-03-02T08:00:00Z', '2026-03-05T22:30:00Z']];
  expect(health('UTC', ['2026-03-03T02:00:00Z'], { duty })).toMatchObject({
    nights_on_call: 4,
    night_pages: 1,
    pages_a_night: 0.3,
  });
  expect(health('UTC', ['2026-03-03T02:00:00Z'])).toMatchObject({ nights_on_call: 0, pages_a_night: null });
});

test('who is paged in the small hours is owed that morning; only turns still to come are to be covered', () => {
  const duty: [string, string][] = [['2026-03-02T08:00:00Z', '2026-03-04T08:00:00Z']];
  const given = { duty, now: '2026-03-04T07:00:00Z' };
  // 03:00 and 04:00 of the 3rd, 23:30 of the 3rd, 05:59 of the 4th, all in Amsterdam.
  const sent = ['2026-03-03T02:00:00Z', '2026-03-03T03:00:00Z', '2026-03-03T22:30:00Z', '2026-03-04T04:59:00Z'];
  expect(health('Europe/Amsterdam', sent, given).rest).toEqual([
    {
      paged_at: '2026-03-04T04:59:00Z',
      starts: '2026-03-04T05:00:00Z',
      ends: '2026-03-04T12:00:00Z',
      on_call_seconds: 3 * 3600,
      cover: [{ schedule: 'rota', title: 'Rota', starts: '2026-03-04T07:00:00Z', ends: '2026-03-04T08:00:00Z' }],
    },
    {
      paged_at: '2026-03-03T02:00:00Z',
      starts: '2026-03-03T05:00:00Z',
      ends: '2026-03-03T12:00:00Z',
      on_call_seconds: 7 * 3600,
      cover: [],
    },
  ]);
});

test('what is told of a week is of that week', () => {
  // The night of Sunday the 8th reaches into Monday: it is of the week it began in, its pages are of the next.
  const sent = ['2026-03-09T01:00:00Z', '2026-03-09T02:00:00Z', '2026-03-09T03:00:00Z'];
  const found = health('UTC', sent);
  expect(passedIn(day('2026-03-02'), found, limits)).toEqual([{ limit: 'night', night: '2026-03-08', pages: 3, most: 2 }]);
  expect(passedIn(day('2026-03-09'), found, limits)).toEqual([{ limit: 'week', pages: 3, most: 2 }]);
  expect(passedIn(day('2026-03-16'), found, limits)).toEqual([]);
});

test.each([
  ['2026-03-09T08:59:00Z', 'UTC', undefined],
  // On Monday morning it is the week before.
  ['2026-03-09T09:00:00Z', 'UTC', '2026-03-02'],
  ['2026-03-10T11:59:00Z', 'UTC', '2026-03-09'],
  ['2026-03-10T12:00:00Z', 'UTC', undefined],
  ['2026-03-10T00:30:00Z', 'Asia/Tokyo', '2026-03-09'],
])('at %s in %s the week of %s is told of', (now, zone, week) => {
  expect(weekToTell(Temporal.Instant.from(now), zone)?.toString()).toBe(week);
});
