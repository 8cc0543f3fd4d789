import { expect, test } from 'vitest';
import type { Absence } from '../absences/types.ts';
import { type CoverQuestion, proposeCover } from './fairness.ts';
import { instant, makeSchedule } from './shifts-samples.ts';

const zone = 'Europe/Amsterdam';
const HOUR = 3600;
const people = ['ana', 'ben', 'cem', 'dua', 'eli'];
/** Weeks of ana, ben, cem, dua, eli from Monday 5 January, 09:00: ana has the week of 16 March. */
const weeks = makeSchedule(zone, [{ participants: people }], { min_gap_days: 7 });
const plan = { schedule: weeks, overrides: [] };
const absence = (from: string, to: string, kind: Absence['kind'] = 'leave', name?: string): Absence => ({
  kind,
  start: instant(from).epochMilliseconds,
  end: instant(to).epochMilliseconds,
  ...(name ? { name } : {}),
});
const ask = (given: Partial<CoverQuestion> = {}) =>
  proposeCover({
    plan,
    others: [],
    person: 'ana',
    from: instant('2026-03-18T00:00Z'),
    to: instant('2026-03-19T00:00Z'),
    people: people.map((name) => ({ name, active: true, mayAnswer: true })),
    absences: new Map(),
    load: new Map(),
    ...given,
  });
const order = (given: Partial<CoverQuestion>) => ask(given).candidates.map(({ person }) => person);
const out = (given: Partial<CoverQuestion>) => ask(given).excluded.map(({ person, reason }) => `${person}: ${reason}`);

test('who has the week, and whose weeks are near', () => {
  const answer = ask();
  expect(answer.needed).toEqual([
    { start: instant('2026-03-18T00:00Z').epochMilliseconds, end: instant('2026-03-19T00:00Z').epochMilliseconds },
  ]);
  expect(answer.excluded).toEqual([]);
  expect(answer.candidates.map(({ person, breaks }) => [person, ...breaks])).toEqual([
    ['cem'],
    ['dua'],
    ['ben', 'min_gap_days'],
    ['eli', 'min_gap_days'],
  ]);
  expect(answer.candidates[2]?.reason).toBe(
    'Free. Not on call in the last 90 days. Then has 4.3 days between turns, from 2026-03-19 01:00 to 2026-03-23 09:00 (Europe/Amsterdam), and 7 days is the least.',
  );
});

test.each<[string, Partial<CoverQuestion>, string[]]>([
  [
    'by name, when all are equal',
    { plan: { ...plan, schedule: { ...weeks, policies: { ...weeks.policies, min_gap_days: 0 } } } },
    ['ben', 'cem', 'dua', 'eli'],
  ],
  [
    'the least on call first; a night hour counts twice',
    {
      load: new Map([
        ['cem', { seconds: 30 * HOUR, night_seconds: 20 * HOUR }],
        ['dua', { seconds: 40 * HOUR, night_seconds: 0 }],
      ]),
    },
    ['dua', 'cem', 'ben', 'eli'],
  ],
  [
    'who has a public holiday comes after who breaks nothing',
    { absences: new Map([['cem', [absence('2026-03-17T23:00Z', '2026-03-18T23:00Z', 'holiday', 'A feast')]]]) },
    ['dua', 'ben', 'cem', 'eli'],
  ],
  [
    'whoever needs cover is not asked, nor who is not considered',
    { people: [{ name: 'ana', active: true, mayAnswer: true }] },
    [],
  ],
])('order: %s', (_, given, expected) => {
  expect(order(given)).toEqual(expected);
});

test.each<[string, Partial<CoverQuestion>, string[]]>([
  [
    'away, told in local time',
    { absences: new Map([['cem', [absence('2026-03-18T20:00Z', '2026-03-20T00:00Z')]]]) },
    ['cem: Away from 2026-03-18 21:00 to 2026-03-19 01:00 (Europe/Amsterdam).'],
  ],
  [
    'away just before and after',
    {
      absences: new Map([
        ['cem', [absence('2026-03-17T00:00Z', '2026-03-18T00:00Z'), absence('2026-03-19T00:00Z', '2026-03-20T00:00Z')]],
      ]),
    },
    [],
  ],
  [
    'on call in another schedule',
    { others: [{ schedule: { ...makeSchedule(zone, [{ participants: ['dua'] }]), title: 'Search' }, overrides: [] }] },
    ['dua: On call in Search from 2026-03-18 01:00 to 2026-03-19 01:00 (Europe/Amsterdam).'],
  ],
  [
    'shadowing elsewhere hinders nobody',
    { others: [{ schedule: makeSchedule(zone, [{ participants: ['dua'], shadow: true }]), overrides: [] }] },
    [],
  ],
  [
    'in another role here',
    { plan: { ...plan, schedule: makeSchedule(zone, [{ participants: people }, { participants: ['eli'], role: 'secondary' }]) } },
    ['eli: On call in main from 2026-03-18 01:00 to 2026-03-19 01:00 (Europe/Amsterdam).'],
  ],
  [
    'deactivated, or may not answer',
    {
      people: [
        { name: 'ben', active: false, mayAnswer: true },
        { name: 'cem', active: true, mayAnswer: false },
      ],
    },
    ['ben: Deactivated.', 'cem: May not answer pages.'],
  ],
  [
    'without a person, whoever is primary then',
    { person: undefined },
    ['ana: On call in main from 2026-03-18 01:00 to 2026-03-19 01:00 (Europe/Amsterdam).'],
  ],
])('out: %s', (_, given, expected) => {
  expect(out(given)).toEqual(expected);
});

test('only the turns of the person are to be covered; a second week in a row is too many days', () => {
  const nights = makeSchedule(zone, [{ participants: people, restrictions: [{ from: '22:00', to: '06:00' }] }]);
  const night = ask({
    plan: { schedule: nights, overrides: [] },
    from: instant('2026-03-28T12:00Z'),
    to: instant('2026-03-29T12:00Z'),
    person: 'ben',
  });
  // The clocks go forward: seven hours.
  expect(night.needed.map(({ start, end }) => (end - start) / 3_600_000)).toEqual([7]);
  const week = ask({ from: instant('2026-03-16T08:00Z'), to: instant('2026-03-23T08:00Z') });
  expect(week.candidates.find(({ person }) => person === 'ben')?.breaks).toContain('max_consecutive_days');
});
