import { describe, expect, test } from 'vitest';
import { render, times } from './shifts-samples.ts';

const amsterdam = 'Europe/Amsterdam';

describe('windows', () => {
  const alone = { participants: ['ana'], starts: '2026-01-05T00:00' };
  test.each([
    [
      'over midnight',
      { from: '22:00', to: '06:00' },
      ['2026-03-03T00:00+01:00 > 2026-03-03T06:00+01:00', '2026-03-03T22:00+01:00 > 2026-03-04T00:00+01:00'],
    ],
    [
      'over midnight, begun on a named day',
      { from: '22:00', to: '06:00', days: ['mon' as const] },
      ['2026-03-03T00:00+01:00 > 2026-03-03T06:00+01:00'],
    ],
    ['over the end of the week', { from: 'sun 12:00', to: 'tue 01:00' }, ['2026-03-03T00:00+01:00 > 2026-03-03T01:00+01:00']],
    [
      'all week but an hour',
      { from: 'tue 10:00', to: 'tue 09:00' },
      ['2026-03-03T00:00+01:00 > 2026-03-03T09:00+01:00', '2026-03-03T10:00+01:00 > 2026-03-04T00:00+01:00'],
    ],
  ])('%s', (_, restriction, expected) => {
    expect(times(render(amsterdam, [{ ...alone, restrictions: [restriction] }], '2026-03-03T00:00', '2026-03-04T00:00'))).toEqual(
      expected,
    );
  });

  test('that overlap or meet make one shift', () => {
    const restrictions = [
      { from: 'fri 17:00', to: 'mon 09:00' },
      { from: 'sat 00:00', to: 'sun 00:00' },
      { from: 'mon 09:00', to: 'mon 10:00' },
    ];
    expect(times(render(amsterdam, [{ ...alone, restrictions }], '2026-03-02T12:00', '2026-03-10T00:00'))).toEqual([
      '2026-03-06T17:00+01:00 > 2026-03-09T10:00+01:00',
    ]);
  });

  test.each([
    ['overnight into summer time', '22:00', '06:00', '2026-03-28T12:00', '2026-03-28T22:00+01:00 > 2026-03-29T06:00+02:00'],
    ['overnight into winter time', '22:00', '06:00', '2026-10-24T12:00', '2026-10-24T22:00+02:00 > 2026-10-25T06:00+01:00'],
    ['that begins in the hour skipped', '02:30', '06:00', '2026-03-28T12:00', '2026-03-29T03:30+02:00 > 2026-03-29T06:00+02:00'],
    ['that ends in the hour skipped', '22:00', '02:30', '2026-03-28T12:00', '2026-03-28T22:00+01:00 > 2026-03-29T03:30+02:00'],
    [
      'that ends in the hour that comes twice',
      '22:00',
      '02:30',
      '2026-10-24T12:00',
      '2026-10-24T22:00+02:00 > 2026-10-25T02:30+02:00',
    ],
    [
      'that begins in the hour that comes twice',
      '02:30',
      '06:00',
      '2026-10-24T12:00',
      '2026-10-25T02:30+02:00 > 2026-10-25T06:00+01:00',
    ],
  ])('%s', (_, from, to, noon, expected) => {
    const next = Temporal.PlainDateTime.from(noon).add({ days: 1 }).toString();
    expect(times(render(amsterdam, [{ ...alone, restrictions: [{ from, to }] }], noon, next))).toEqual([expected]);
  });

  test.each([
    ['Pacific/Auckland', '+13:00'],
    ['America/Los_Angeles', '-08:00'],
  ])('name the weekday of %s, not of UTC', (zone, offset) => {
    const days: ['mon'] = ['mon'];
    const restrictions = [
      { from: '06:00', to: '08:00', days },
      { from: '20:00', to: '22:00', days },
    ];
    expect(times(render(zone, [{ ...alone, restrictions }], '2026-02-28T00:00', '2026-03-07T00:00'))).toEqual([
      `2026-03-02T06:00${offset} > 2026-03-02T08:00${offset}`,
      `2026-03-02T20:00${offset} > 2026-03-02T22:00${offset}`,
    ]);
  });

  test('whose edges the clock change swaps is empty that night, never all day', () => {
    const restrictions = [{ from: '02:30', to: '03:15' }];
    expect(render(amsterdam, [{ ...alone, restrictions }], '2026-03-28T12:00', '2026-03-29T12:00')).toEqual([]);
    expect(render(amsterdam, [{ ...alone, restrictions }], '2026-03-27T12:00', '2026-03-28T12:00')).toHaveLength(1);
  });

  test('on the week’s edge keep their local times on both sides of a clock change', () => {
    const restrictions = [{ from: 'sun 01:00', to: 'mon 01:00' }];
    expect(times(render(amsterdam, [{ ...alone, restrictions }], '2026-03-20T00:00', '2026-04-07T00:00'))).toEqual([
      '2026-03-22T01:00+01:00 > 2026-03-23T01:00+01:00',
      '2026-03-29T01:00+01:00 > 2026-03-30T01:00+02:00',
      '2026-04-05T01:00+02:00 > 2026-04-06T01:00+02:00',
    ]);
  });
});

describe('handoffs keep the local time', () => {
  test.each([
    [
      'weekly, Amsterdam',
      amsterdam,
      'week',
      '2026-03-23T09:00',
      '2026-04-06T09:00',
      ['2026-03-23T09:00+01:00 > 2026-03-30T09:00+02:00', '2026-03-30T09:00+02:00 > 2026-04-06T09:00+02:00'],
    ],
    [
      'daily in the hour skipped, Amsterdam',
      amsterdam,
      'day',
      '2026-03-28T02:30',
      '2026-03-30T02:30',
      ['2026-03-28T02:30+01:00 > 2026-03-29T03:30+02:00', '2026-03-29T03:30+02:00 > 2026-03-30T02:30+02:00'],
    ],
    [
      'daily in the hour that comes twice, New York',
      'America/New_York',
      'day',
      '2026-10-31T01:30',
      '2026-11-02T01:30',
      ['2026-10-31T01:30-04:00 > 2026-11-01T01:30-04:00', '2026-11-01T01:30-04:00 > 2026-11-02T01:30-05:00'],
    ],
    [
      'daily at midnight that does not exist, São Paulo',
      'America/Sao_Paulo',
      'day',
      '2018-11-03T00:00',
      '2018-11-05T00:00',
      ['2018-11-03T00:00-03:00 > 2018-11-04T01:00-02:00', '2018-11-04T01:00-02:00 > 2018-11-05T00:00-02:00'],
    ],
    [
      'daily, half an hour, Lord Howe',
      'Australia/Lord_Howe',
      'day',
      '2026-10-03T02:15',
      '2026-10-05T02:15',
      ['2026-10-03T02:15+10:30 > 2026-10-04T02:45+11:00', '2026-10-04T02:45+11:00 > 2026-10-05T02:15+11:00'],
    ],
    [
      'daily, two hours, Troll',
      'Antarctica/Troll',
      'day',
      '2026-03-28T01:30',
      '2026-03-30T01:30',
      ['2026-03-28T01:30+00:00 > 2026-03-29T03:30+02:00', '2026-03-29T03:30+02:00 > 2026-03-30T01:30+02:00'],
    ],
    [
      'daily in Ramadan, Casablanca',
      'Africa/Casablanca',
      'day',
      '2026-02-14T09:00',
      '2026-02-16T09:00',
      ['2026-02-14T09:00+01:00 > 2026-02-15T09:00+00:00', '2026-02-15T09:00+00:00 > 2026-02-16T09:00+00:00'],
    ],
    [
      'every twelve hours, Chatham',
      'Pacific/Chatham',
      'hour',
      '2026-04-04T21:00',
      '2026-04-05T21:00',
      ['2026-04-04T21:00+13:45 > 2026-04-05T09:00+12:45', '2026-04-05T09:00+12:45 > 2026-04-05T21:00+12:45'],
    ],
  ] as const)('%s', (_, zone, unit, starts, to, expected) => {
    expect(times(render(zone, [{ starts, rotation: { unit, every: unit === 'hour' ? 12 : 1 } }], starts, to))).toEqual(expected);
  });

  test('the turn of the day Samoa skipped is skipped with it', () => {
    expect(
      render('Pacific/Apia', [{ starts: '2011-12-28T09:00', rotation: { unit: 'day' } }], '2011-12-28T09:00', '2012-01-01T09:00'),
    ).toEqual([
      'ana primary 2011-12-28T09:00-10:00 2011-12-29T09:00-10:00',
      'ben primary 2011-12-29T09:00-10:00 2011-12-31T09:00+14:00',
      'ana primary 2011-12-31T09:00+14:00 2012-01-01T09:00+14:00',
    ]);
  });

  test('hourly turns that a two-hour jump would put after later ones have no time', () => {
    const participants = ['ana', 'ben', 'cem', 'dua', 'eli'];
    const layer = { starts: '2026-03-28T23:30', rotation: { unit: 'hour' as const }, participants };
    const list = render('Antarctica/Troll', [layer], '2026-03-29T00:00', '2026-03-29T05:30');
    expect(list.map((line) => line.slice(0, 28))).toEqual([
      'ana primary 2026-03-29T00:00',
      'ben primary 2026-03-29T00:30',
      'eli primary 2026-03-29T03:30',
      'ana primary 2026-03-29T04:30',
    ]);
  });

  test('hourly turns where the hour comes twice: the earlier lasts both', () => {
    const list = render(
      amsterdam,
      [{ starts: '2026-10-25T00:00', rotation: { unit: 'hour' } }],
      '2026-10-25T01:00',
      '2026-10-25T04:00',
    );
    expect(times(list)).toEqual([
      '2026-10-25T01:00+02:00 > 2026-10-25T02:00+02:00',
      '2026-10-25T02:00+02:00 > 2026-10-25T03:00+01:00',
      '2026-10-25T03:00+01:00 > 2026-10-25T04:00+01:00',
    ]);
  });
});
