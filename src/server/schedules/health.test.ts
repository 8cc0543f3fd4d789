import { describe, expect, test } from 'vitest';
import type { Absence } from '../absences/types.ts';
import { absenceWarnings, healthWarnings, twoPlaces } from './health.ts';
import type { ScheduleOverride } from './rules.ts';
import { instant, makeSchedule } from './shifts-samples.ts';

const zone = 'Europe/Amsterdam';
const from = instant('2026-03-01T00:00Z');
const to = instant('2026-06-01T00:00Z');
const messages = (...given: Parameters<typeof healthWarnings>) =>
  healthWarnings(...given).map(({ policy, message }) => `${policy}: ${message}`);
const four = ['ana', 'ben', 'cem', 'dua'];

describe('policies of a schedule', () => {
  test.each([
    ['a weekly rotation of four', { participants: four }],
    ['a weekly rotation of four over office hours', { participants: four, restrictions: [{ from: '09:00', to: '17:00' }] }],
    [
      'weekdays only: the weekend between two days of one turn is no gap between turns',
      {
        participants: four,
        rotation: { unit: 'week' as const },
        restrictions: [
          { from: '09:00', to: '17:00', days: ['mon' as const, 'tue' as const, 'wed' as const, 'thu' as const, 'fri' as const] },
        ],
      },
    ],
    ['a layer that ended before', { participants: ['ana'], ends: '2026-02-01T09:00' }],
    ['a shadow rotation, however hard on its people', { participants: ['ana'], shadow: true }],
  ])('%s breaks none', (_, layer) => {
    expect(messages(makeSchedule(zone, [layer]), [], from, to)).toEqual([]);
  });

  test('a week of seven days across the clock change is not more than seven', () => {
    const around = [instant('2026-10-20T00:00Z'), instant('2026-10-27T00:00Z')] as const;
    expect(messages(makeSchedule(zone, [{ participants: four }]), [], ...around)).toEqual([]);
  });

  test('two people who alternate by week are too few and too soon back, told with local dates', () => {
    expect(messages(makeSchedule(zone, [{ participants: ['ana', 'ben'] }]), [], from, to)).toEqual([
      'min_rotation_size: Layer layer-0 rotates among 2 people (ana, ben) from 2026-03-01 01:00 to 2026-06-01 02:00 (Europe/Amsterdam); at least 4 are wanted.',
      'min_gap_days: ana has 7 days between turns, from 2026-02-23 09:00 to 2026-03-02 09:00 (Europe/Amsterdam), and 14 days is the least; 6 more later.',
      'min_gap_days: ben has 7 days between turns, from 2026-03-02 09:00 to 2026-03-09 09:00 (Europe/Amsterdam), and 14 days is the least; 6 more later.',
    ]);
  });

  test('an override that gives a second week in a row is told with its whole stretch, though the window cuts it', () => {
    const cover: ScheduleOverride = {
      id: 'o-1',
      kind: 'replace',
      person: 'ana',
      replaces: 'ben',
      starts: '2026-03-09T08:00:00Z',
      ends: '2026-03-11T08:00:00Z',
    };
    const schedule = makeSchedule(zone, [{ participants: four, starts: '2026-03-02T09:00' }]);
    const day = [instant('2026-03-10T00:00Z'), instant('2026-03-10T12:00Z')] as const;
    expect(messages(schedule, [cover], ...day)).toEqual([
      'max_consecutive_days: ana is on call 9 days without a free day, from 2026-03-02 09:00 to 2026-03-11 09:00 (Europe/Amsterdam), and 7 days is the most.',
    ]);
    expect(messages(schedule, [], ...day)).toEqual([]);
  });

  test('every night for a fortnight is consecutive, though each day is free', () => {
    const nights = {
      participants: four,
      rotation: { unit: 'week' as const, every: 2 },
      restrictions: [{ from: '22:00', to: '06:00' }],
    };
    const found = healthWarnings(
      makeSchedule(zone, [nights], { min_gap_days: 0 }),
      [],
      instant('2026-03-02T12:00Z'),
      instant('2026-03-03T12:00Z'),
    );
    expect(found.map(({ policy, person, from, to }) => `${policy} ${person} ${from} ${to}`)).toEqual([
      'max_consecutive_days ana 2026-03-02T21:00:00Z 2026-03-16T05:00:00Z',
    ]);
  });

  test('someone who is never off call is told as far as was looked', () => {
    const found = messages(makeSchedule(zone, [{ participants: ['ana'] }], { min_rotation_size: 1 }), [], from, to);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^max_consecutive_days: ana is on call at least 1\d\d days without a free day/);
  });

  test('primary and secondary at once is two places', () => {
    const layers = [{ participants: four }, { participants: ['dua', 'ana', 'ben', 'ana'], role: 'secondary' as const }];
    const found = messages(
      makeSchedule(zone, layers, { min_gap_days: 0, max_consecutive_days: 99, min_rotation_size: 1 }),
      [],
      instant('2026-01-05T00:00Z'),
      to,
    );
    expect(found).toEqual([]);
    const swapped = [{ participants: four }, { participants: ['ben', 'ana', 'dua', 'dua'], role: 'secondary' as const }];
    const twice = messages(
      makeSchedule(zone, swapped, { min_gap_days: 0, max_consecutive_days: 99, min_rotation_size: 1 }),
      [],
      instant('2026-01-05T00:00Z'),
      instant('2026-03-01T00:00Z'),
    );
    expect(twice).toEqual([
      'two_places: dua is primary and secondary of main at once from 2026-01-26 09:00 to 2026-02-02 09:00 (Europe/Amsterdam); 1 more later.',
    ]);
  });

  test('limits are the schedule’s own', () => {
    const easy = { max_consecutive_days: 30, min_gap_days: 7, min_rotation_size: 2 };
    expect(messages(makeSchedule(zone, [{ participants: ['ana', 'ben'] }], easy), [], from, to)).toEqual([]);
  });
});

describe('one person in two schedules', () => {
  const schedule = (name: string, participants: string[], shadow = false) => ({
    schedule: { ...makeSchedule(zone, [{ participants, shadow }]), name },
    overrides: [],
  });
  const window = [instant('2026-01-05T12:00Z'), instant('2026-01-19T12:00Z')] as const;

  test('is told with both names and the first time', () => {
    const plans = [schedule('checkout', ['ana', 'ben']), schedule('search', ['ben', 'cem']), schedule('mail', ['ana', 'ben'])];
    expect(twoPlaces(plans, ...window).map(({ person, from, to, message }) => `${person} ${from} ${to} ${message}`)).toEqual([
      'ana 2026-01-05T12:00:00Z 2026-01-12T08:00:00Z ana is on call in checkout and mail at once from 2026-01-05 13:00 to 2026-01-12 09:00 (Europe/Amsterdam); 1 more later.',
      'ben 2026-01-12T08:00:00Z 2026-01-19T08:00:00Z ben is on call in checkout and mail at once from 2026-01-12 09:00 to 2026-01-19 09:00 (Europe/Amsterdam).',
    ]);
  });

  test('is nothing when one of the places is only watched', () => {
    expect(twoPlaces([schedule('checkout', ['ana']), schedule('search', ['ana'], true)], ...window)).toEqual([]);
  });
});

describe('leave and public holidays', () => {
  const weekly = makeSchedule(zone, [{ participants: four, starts: '2026-03-02T09:00' }]);
  const off = (person: string, kind: Absence['kind'], start: string, end: string, name?: string) =>
    new Map([
      [
        person,
        [{ kind, start: instant(start).epochMilliseconds, end: instant(end).epochMilliseconds, ...(name ? { name } : {}) }],
      ],
    ]);
  const warned = (absences: ReadonlyMap<string, Absence[]>, schedule = weekly) =>
    absenceWarnings(schedule, [], absences, from, to).map(({ policy, message }) => `${policy}: ${message}`);

  test.each<[string, ReturnType<typeof off>, string[]]>([
    ['leave between turns', off('ana', 'leave', '2026-03-09T08:00Z', '2026-03-30T07:00Z'), []],
    [
      'leave that begins within a turn, told in local time across the clock change',
      off('dua', 'leave', '2026-03-28T23:00Z', '2026-04-12T22:00Z'),
      ['on_leave: dua is away and on call from 2026-03-29 00:00 to 2026-03-30 09:00 (Europe/Amsterdam).'],
    ],
    [
      'leave over two turns',
      off('ana', 'leave', '2026-03-01T00:00Z', '2026-04-03T00:00Z'),
      ['on_leave: ana is away and on call from 2026-03-02 09:00 to 2026-03-09 09:00 (Europe/Amsterdam); 1 more later.'],
    ],
    [
      'a holiday within a turn',
      off('ana', 'holiday', '2026-04-02T22:00Z', '2026-04-03T22:00Z', 'Good Friday'),
      [
        'public_holiday: ana has a public holiday (Good Friday) and is on call from 2026-04-03 00:00 to 2026-04-04 00:00 (Europe/Amsterdam).',
      ],
    ],
    ['a holiday of somebody else', off('ben', 'holiday', '2026-04-02T22:00Z', '2026-04-03T22:00Z', 'Good Friday'), []],
    ['of nobody here', off('zoe', 'leave', '2026-03-01T00:00Z', '2026-05-01T00:00Z'), []],
  ])('%s', (_, absences, expected) => {
    expect(warned(absences)).toEqual(expected);
  });

  test('a holiday during leave is told once; a shadow is not warned of', () => {
    const [leave] = off('ana', 'leave', '2026-03-30T00:00Z', '2026-04-06T22:00Z').get('ana') ?? [];
    const [holiday] = off('ana', 'holiday', '2026-04-02T22:00Z', '2026-04-03T22:00Z', 'Good Friday').get('ana') ?? [];
    const both = new Map([['ana', [leave, holiday] as Absence[]]]);
    expect(warned(both)).toEqual([expect.stringMatching(/^on_leave: /)]);
    expect(warned(both, makeSchedule(zone, [{ participants: ['ana'], shadow: true }]))).toEqual([]);
  });
});
