import { describe, expect, test } from 'vitest';
import { gaps, nextChange, onCallAt, type ScheduleOverride, shifts } from './rules.ts';
import { instant, makeSchedule, render, times, who } from './shifts-samples.ts';

const amsterdam = 'Europe/Amsterdam';
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
describe('month rotations count from the first handoff', () => {
  test.each([
    [
      'the 31st, leap year',
      '2028-01-31T09:00',
      1,
      ['2028-01-31', '2028-02-29', '2028-03-31', '2028-04-30', '2028-05-31', '2028-06-30'],
    ],
    [
      'the 31st, common year',
      '2027-01-31T09:00',
      1,
      ['2027-01-31', '2027-02-28', '2027-03-31', '2027-04-30', '2027-05-31', '2027-06-30'],
    ],
    ['every third month from the 30th', '2027-11-30T09:00', 3, ['2027-11-30', '2028-02-29', '2028-05-30', '2028-08-30']],
    ['a year from a leap day', '2028-02-29T09:00', 12, ['2028-02-29', '2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29']],
  ])('%s', (_, starts, every, days) => {
    const list = render(amsterdam, [{ starts, rotation: { unit: 'month', every } }], starts, `${days.at(-1)}T09:00`);
    expect(times(list).map((line) => line.slice(0, 16))).toEqual(days.slice(0, -1).map((day) => `${day}T09:00`));
    expect(who(list)).toBe(['ana', 'ben', 'cem', 'ana', 'ben', 'cem'].slice(0, days.length - 1).join(' '));
  });

  test('a far window needs no walk from the start, and agrees with one', () => {
    const schedule = makeSchedule(amsterdam, [{ starts: '1990-01-31T09:00', rotation: { unit: 'month' } }]);
    const people = ['ana', 'ben', 'cem'];
    for (const k of [431, 432, 433]) {
      const at = Temporal.PlainDateTime.from('1990-01-31T09:00').add({ months: k }).toZonedDateTime(amsterdam).toInstant();
      expect(onCallAt(schedule, [], at)[0]).toMatchObject({ person: people[k % 3], since: at });
    }
  });
});

describe('hourly rotations are never cut short', () => {
  test('a year shows every turn', () => {
    const list = shifts(
      makeSchedule('UTC', [{ starts: '2026-01-01T00:00', rotation: { unit: 'hour' } }]),
      [],
      instant('2026-01-01T00:00Z'),
      instant('2027-01-01T00:00Z'),
    );
    expect(list).toHaveLength(8760);
  });

  test('decades after the start the right person is on call', () => {
    const schedule = makeSchedule('UTC', [{ starts: '1971-01-01T00:00', rotation: { unit: 'hour' } }]);
    const at = instant('2026-03-02T03:10Z');
    const hours = Math.floor((at.epochMilliseconds - instant('1971-01-01T00:00Z').epochMilliseconds) / 3_600_000);
    const [entry] = onCallAt(schedule, [], at);
    expect(entry).toMatchObject({
      person: ['ana', 'ben', 'cem'][hours % 3],
      since: instant('2026-03-02T03:00Z'),
      until: instant('2026-03-02T04:00Z'),
    });
  });

  test('a window that begins in a long closed time still finds what comes after it', () => {
    const hourly = {
      starts: '2020-01-01T00:00',
      rotation: { unit: 'hour' as const },
      restrictions: [{ from: 'mon 09:00', to: 'mon 11:00' }],
    };
    expect(times(render('UTC', [hourly], '2026-03-02T12:00', '2026-03-09T12:00'))).toEqual([
      '2026-03-09T09:00+00:00 > 2026-03-09T10:00+00:00',
      '2026-03-09T10:00+00:00 > 2026-03-09T11:00+00:00',
    ]);
    const next = nextChange(makeSchedule('UTC', [hourly]), [], instant('2026-03-02T12:00Z'), instant('2027-01-01T00:00Z'));
    expect(`${next}`).toBe('2026-03-09T09:00:00Z');
  });
});

describe('a turn is used up by time on call, not by time passing', () => {
  const daily = { starts: '2026-03-02T00:00', rotation: { unit: 'day' as const } };
  test('a weekend outside the hours passes nobody over', () => {
    const layer = { ...daily, restrictions: [{ from: '09:00', to: '17:00', days: [...weekdays] }] };
    expect(who(render('UTC', [layer], '2026-03-02T00:00', '2026-03-12T00:00'))).toBe('ana ben cem ana ben cem ana ben');
  });

  test('a day cut short by the hours is still a turn', () => {
    const layer = { ...daily, restrictions: [{ from: 'mon 09:00', to: 'fri 01:00' }] };
    const list = render('UTC', [layer], '2026-03-02T00:00', '2026-03-10T00:00');
    expect(who(list)).toBe('ana ben cem ana ben cem');
    expect(times(list)[4]).toBe('2026-03-06T00:00+00:00 > 2026-03-06T01:00+00:00');
  });

  test('hours of a day that are closed pass nobody over; the next morning goes on where the evening stopped', () => {
    const layer = {
      starts: '2026-03-02T09:00',
      rotation: { unit: 'hour' as const, every: 4 },
      restrictions: [{ from: '09:00', to: '17:00' }],
    };
    expect(who(render('UTC', [layer], '2026-03-02T00:00', '2026-03-05T00:00'))).toBe('ana ben cem ana ben cem');
  });

  test('a start in closed time gives the first open time to the first person', () => {
    const layer = { ...daily, starts: '2026-03-07T00:00', restrictions: [{ from: '09:00', to: '17:00', days: [...weekdays] }] };
    expect(who(render('UTC', [layer], '2026-03-07T00:00', '2026-03-12T00:00'))).toBe('ana ben cem');
  });

  test('the order does not depend on where the window begins', () => {
    const layer = {
      starts: '2001-01-01T00:00',
      rotation: { unit: 'day' as const },
      restrictions: [{ from: '09:00', to: '17:00', days: [...weekdays] }],
    };
    // 2026-03-02 is the 6565th weekday after 2001-01-01.
    const weekdaysBefore =
      (instant('2026-03-02T00:00Z').epochMilliseconds - instant('2001-01-01T00:00Z').epochMilliseconds) / 604_800_000;
    const first = ['ana', 'ben', 'cem'][(weekdaysBefore * 5) % 3];
    expect(render('UTC', [layer], '2026-03-02T00:00', '2026-03-03T00:00')[0]).toMatch(new RegExp(`^${first} `));
  });
});

describe('layers', () => {
  const always = (participants: string[], more = {}) => ({ participants, starts: '2026-01-01T00:00', ...more });
  test('a later one of the same role takes precedence only while it is on call', () => {
    const layers = [
      always(['ana']),
      always(['ben'], { restrictions: [{ from: '09:00', to: '17:00' }] }),
      always(['cem'], { role: 'secondary' }),
    ];
    expect(render('UTC', layers, '2026-03-02T00:00', '2026-03-03T00:00')).toEqual([
      'ana primary 2026-03-02T00:00+00:00 2026-03-02T09:00+00:00',
      'cem secondary 2026-03-02T00:00+00:00 2026-03-03T00:00+00:00',
      'ben primary 2026-03-02T09:00+00:00 2026-03-02T17:00+00:00',
      'ana primary 2026-03-02T17:00+00:00 2026-03-03T00:00+00:00',
    ]);
  });

  test('start and end on the local clock; several people come together', () => {
    const layer = { participants: [['ana', 'ben']], starts: '2026-03-29T02:30', ends: '2026-03-29T12:00' };
    expect(render(amsterdam, [layer], '2026-03-29T00:00', '2026-03-30T00:00')).toEqual([
      'ana primary 2026-03-29T03:30+02:00 2026-03-29T12:00+02:00',
      'ben primary 2026-03-29T03:30+02:00 2026-03-29T12:00+02:00',
    ]);
  });

  test('a shadow displaces nobody, covers nothing, and is not told twice when counted as well', () => {
    const layers = [
      always(['ana'], { restrictions: [{ from: '00:00', to: '12:00' }] }),
      always(['ana', 'ben'], { shadow: true, rotation: { unit: 'day' } }),
    ];
    expect(render('UTC', layers, '2026-01-01T00:00', '2026-01-02T12:00')).toEqual([
      'ana primary 2026-01-01T00:00+00:00 2026-01-01T12:00+00:00',
      'ana shadow 2026-01-01T12:00+00:00 2026-01-02T00:00+00:00',
      'ana primary 2026-01-02T00:00+00:00 2026-01-02T12:00+00:00',
      'ben shadow 2026-01-02T00:00+00:00 2026-01-02T12:00+00:00',
    ]);
    const holes = gaps(makeSchedule('UTC', layers), [], instant('2026-01-01T00:00Z'), instant('2026-01-02T12:00Z'));
    expect(holes.map(({ start, end }) => `${start} ${end}`)).toEqual(['2026-01-01T12:00:00Z 2026-01-02T00:00:00Z']);
  });

  test('gaps are of a role, or of all', () => {
    const layers = [
      always(['ana'], { restrictions: [{ from: '00:00', to: '12:00' }] }),
      always(['ben'], { role: 'secondary', restrictions: [{ from: '06:00', to: '18:00' }] }),
    ];
    const of = (role?: 'primary' | 'secondary' | 'tertiary') =>
      gaps(makeSchedule('UTC', layers), [], instant('2026-03-02T00:00Z'), instant('2026-03-03T00:00Z'), role).map(
        ({ start, end }) => `${start} ${end}`,
      );
    expect(of('primary')).toEqual(['2026-03-02T12:00:00Z 2026-03-03T00:00:00Z']);
    expect(of('secondary')).toEqual(['2026-03-02T00:00:00Z 2026-03-02T06:00:00Z', '2026-03-02T18:00:00Z 2026-03-03T00:00:00Z']);
    expect(of('tertiary')).toEqual(['2026-03-02T00:00:00Z 2026-03-03T00:00:00Z']);
    expect(of()).toEqual(['2026-03-02T18:00:00Z 2026-03-03T00:00:00Z']);
  });

  test('a schedule with no layers has nobody, and an empty window nothing', () => {
    expect(shifts(makeSchedule('UTC', []), [], instant('2026-03-02T00:00Z'), instant('2026-03-03T00:00Z'))).toEqual([]);
    expect(onCallAt(makeSchedule('UTC', []), [], instant('2026-03-02T00:00Z'))).toEqual([]);
    expect(render('UTC', [always(['ana'])], '2026-03-03T00:00', '2026-03-02T00:00')).toEqual([]);
  });
});

describe('on call since and until', () => {
  const at = instant('2026-03-04T12:00Z');
  test('are not clamped to now, whatever the number of turns and overrides between', () => {
    const layers = [{ participants: ['ana', 'ana', 'ben'], starts: '2026-02-23T09:00' }];
    const cover: ScheduleOverride = {
      id: 'o-1',
      kind: 'replace',
      person: 'ana',
      replaces: 'ben',
      starts: '2026-03-09T09:00:00Z',
      ends: '2026-03-10T00:00:00Z',
    };
    expect(onCallAt(makeSchedule('UTC', layers), [cover], at)).toEqual([
      {
        person: 'ana',
        role: 'primary',
        shadow: false,
        layer: 'layer-0',
        reason: 'Has the turn in layer layer-0.',
        why: { key: 'why.layer', values: { layer: 'layer-0' } },
        since: instant('2026-02-23T09:00Z'),
        until: instant('2026-03-10T00:00Z'),
      },
    ]);
  });

  test('one who is always on call has no end, and the start of the layer for a beginning', () => {
    const [entry] = onCallAt(
      makeSchedule('UTC', [{ participants: ['ana'], starts: '1999-01-01T00:00', rotation: { unit: 'day' } }]),
      [],
      at,
    );
    expect(`${entry!.since}`).toBe('1999-01-01T00:00:00Z');
    expect(entry).not.toHaveProperty('until');
  });

  test('the next change lies after now and at the horizon at the latest', () => {
    const schedule = makeSchedule('UTC', [{ participants: ['ana', 'ben'], starts: '2026-03-02T09:00' }]);
    const next = (after: string, horizon: string) => nextChange(schedule, [], instant(after), instant(horizon))?.toString();
    expect(next('2026-03-01T00:00Z', '2026-03-30T00:00Z')).toBe('2026-03-02T09:00:00Z');
    expect(next('2026-03-02T09:00Z', '2026-03-30T00:00Z')).toBe('2026-03-09T09:00:00Z');
    expect(next('2026-03-02T09:00Z', '2026-03-09T09:00Z')).toBe('2026-03-09T09:00:00Z');
    expect(next('2026-03-02T09:00Z', '2026-03-09T08:59:59Z')).toBeUndefined();
    expect(next('2026-03-02T09:00Z', '2026-03-01T00:00Z')).toBeUndefined();
  });
});
