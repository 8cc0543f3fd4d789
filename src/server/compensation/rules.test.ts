import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compensationRules, DUTY_CLASSES } from '../../contract/compensation.ts';
import { shifts } from '../schedules/rules.ts';
import { oracle } from '../schedules/shifts-oracle.ts';
import { sample } from '../schedules/shifts-samples.ts';
import { csvOf, decimal } from './csv.ts';
import { rangeOf } from './range.ts';
import { agreementOf, atMinute, type Duty, linesOf, rounded } from './rules.ts';
import { slowSum } from './slow-oracle.ts';

/** Clocks that move within a day that exists: where a day is skipped, what a window on it means is said by the schedules’ tests. */
const ZONES = [
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Europe/Amsterdam',
  'America/New_York',
  'America/Sao_Paulo',
  'Europe/Dublin',
];
const QUARTER = 15 * 60_000;
const HOUR = 4 * QUARTER;
const HOLIDAYS = ['2018-02-17', '2018-11-04', '2026-03-08', '2026-03-30', '2026-04-05', '2026-09-27', '2026-10-25', '2026-11-02'];

/** Every time of a sample is a multiple of a quarter of an hour, so one answer holds for a quarter. */
const byQuarter = (ask: (at: Temporal.Instant) => string[]) => {
  const known = new Map<number, string[]>();
  return (at: Temporal.Instant) => {
    const quarter = Math.floor(at.epochMilliseconds / QUARTER);
    const answer = known.get(quarter) ?? ask(Temporal.Instant.fromEpochMilliseconds(quarter * QUARTER));
    known.set(quarter, answer);
    return answer;
  };
};

const cls = fc.constantFrom(...DUTY_CLASSES);
const rate = fc.record(
  {
    per: fc.constantFrom('hour' as const, 'shift' as const, 'page' as const),
    class: cls,
    role: fc.constantFrom('primary' as const, 'secondary' as const),
    amount: fc.constantFrom(0, 1, 333, 2500),
    from: fc.constantFrom(...HOLIDAYS),
  },
  { requiredKeys: ['per', 'amount'] },
);
const rulesSample = fc
  .record({
    clock: fc.constantFrom('person' as const, 'schedule' as const),
    time_zone: fc.constantFrom('UTC', 'America/New_York'),
    overlap: fc.constantFrom('once' as const, 'each' as const),
    order: fc.shuffledSubarray([...DUTY_CLASSES], { minLength: 4 }),
    rounding: fc.constantFrom('half_up' as const, 'half_even' as const, 'up' as const, 'down' as const),
    working_hours: fc.constantFrom(
      [{ from: '09:00', to: '17:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'] }],
      [{ from: '22:00', to: '06:00' }],
      [
        { from: 'mon 08:00', to: 'fri 18:00' },
        { from: '20:00', to: '23:00' },
      ],
      [],
    ),
    weekend: fc.constantFrom([{ from: 'sat 00:00', to: 'mon 00:00' }], [{ from: 'fri 18:00', to: 'mon 07:00' }]),
    holidays: fc.constantFrom({}, { alpha: 'NL' }),
    rates: fc.array(rate, { maxLength: 4 }),
  })
  .map((given) => compensationRules.parse(given));

test('the lines equal a sum made minute by minute, over two schedules, overrides, gaps and days of 23 and 25 hours', () => {
  fc.assert(
    fc.property(
      sample.filter(({ zone }) => ZONES.includes(zone)),
      rulesSample,
      fc.integer({ min: -90, max: 40 }),
      fc.integer({ min: 1, max: 110 }),
      fc.array(fc.tuple(fc.constantFrom('ana', 'ben', 'cem'), fc.nat(1649)), { maxLength: 3 }),
      ({ zone, moment, schedule, overrides }, rules, from, length, paged) => {
        const half = Math.ceil(schedule.layers.length / 2);
        const plans = [
          { schedule: { ...schedule, name: 'alpha', layers: schedule.layers.slice(0, half) }, overrides },
          {
            schedule: { ...schedule, name: 'beta', time_zone: 'Europe/Dublin', layers: schedule.layers.slice(half) },
            overrides: [],
          },
        ];
        const zoneOf = (name: string) => plans.find((one) => one.schedule.name === name)?.schedule.time_zone ?? zone;
        const homeOf = (person: string, name: string) => ({
          zone: rules.clock === 'schedule' && name ? zoneOf(name) : person === 'ben' ? 'America/New_York' : zone,
          region: rules.holidays[name] ?? (person === 'ana' ? 'NL' : null),
        });
        const start = atMinute(moment.epochMilliseconds) + from * QUARTER;
        const window = { start, end: start + length * QUARTER };
        const low = start - 6 * HOUR;
        const instantOf = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms);
        const duties = plans.flatMap((plan): Duty[] =>
          shifts(plan.schedule, plan.overrides, instantOf(low), instantOf(window.end))
            .filter((shift) => !shift.shadow)
            .map(({ person, role, start, end }) => ({
              person,
              role,
              schedule: plan.schedule.name,
              start: start.epochMilliseconds,
              end: end.epochMilliseconds,
              ...homeOf(person, plan.schedule.name),
            })),
        );
        const pages = paged.map(([person, at]) => ({ person, at: start + at * 60_000 })).filter(({ at }) => at < window.end);
        const dayOf = (text: string, at: string) => Temporal.PlainDate.from(text).toZonedDateTime(at).epochMilliseconds;
        const lines = linesOf({
          rules,
          window,
          duties,
          pages,
          homeOf: (person) => homeOf(person, ''),
          holidaysOf: (home) =>
            home.region === 'NL'
              ? HOLIDAYS.map((text) => ({
                  start: dayOf(text, home.zone),
                  end: dayOf(Temporal.PlainDate.from(text).add({ days: 1 }).toString(), home.zone),
                }))
              : [],
        });
        const onCall = Object.fromEntries(
          plans.map((plan) => [plan.schedule.name, byQuarter(oracle(plan.schedule, plan.overrides))]),
        );
        const slow = slowSum({ rules, low, ...window, onCall, homeOf, holidays: { NL: HOLIDAYS }, pages });
        expect(
          Object.fromEntries(
            lines.map((line) => [
              `${line.person} ${line.schedule}`,
              {
                scheduled: line.scheduled_minutes,
                ...line.minutes,
                shifts: line.shifts,
                pages: line.pages,
                ...Object.fromEntries(line.items.map((item) => [`rate ${item.rate}`, item.quantity])),
              },
            ]),
          ),
        ).toEqual(slow);
        for (const line of lines) {
          const exact = (item: (typeof line.items)[number]) => {
            const { per, amount } = rules.rates[item.rate] as { per: string; amount: number };
            return per === 'hour' ? (amount * item.quantity) / 60 : amount * item.quantity;
          };
          for (const item of line.items) expect(Math.abs(item.amount - exact(item))).toBeLessThan(1);
          expect(line.amount).toBe(line.items.reduce((sum, { amount }) => sum + amount, 0));
        }
        for (const { schedule: one } of plans) {
          const of = (row: { schedule: string | null }) => row.schedule === one.name;
          const agreed = agreementOf(duties.filter(of), lines.filter(of), window);
          expect(agreed.shift_minutes).toBe(agreed.counted_minutes + agreed.elsewhere_minutes + agreed.twice_minutes);
        }
      },
    ),
    { numRuns: 25 },
  );
});

test('a range cut in two comes to the same hours, shifts and pages', () => {
  const rules = compensationRules.parse({
    rates: [
      { per: 'shift', class: 'weekend', amount: 1 },
      { per: 'shift', amount: 1 },
    ],
  });
  const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds;
  const duty = { person: 'ana', schedule: 'rota', role: 'primary' as const, zone: 'Europe/Amsterdam', region: null };
  const duties = [
    { ...duty, start: at('2026-10-19T07:00Z'), end: at('2026-10-26T08:00Z') },
    { ...duty, start: at('2026-10-26T08:00Z'), end: at('2026-11-02T08:00Z') },
  ];
  const sum = (start: string, end: string) => {
    const [line] = linesOf({
      rules,
      window: { start: at(start), end: at(end) },
      duties,
      pages: [],
      homeOf: () => duty,
      holidaysOf: () => [],
    });
    return [line?.counted_minutes ?? 0, line?.minutes.weekend ?? 0, line?.shifts ?? 0, line?.amount ?? 0];
  };
  // Two weeks of 169 and 168 hours that touch are one shift; its first weekend has 49 hours.
  expect(sum('2026-10-01T00:00Z', '2026-12-01T00:00Z')).toEqual([337 * 60, (49 + 48) * 60, 1, 2]);
  for (const cut of ['2026-10-20T00:00Z', '2026-10-24T22:00Z', '2026-10-26T08:00Z', '2026-10-31T12:34Z']) {
    const [first, second] = [sum('2026-10-01T00:00Z', cut), sum(cut, '2026-12-01T00:00Z')];
    expect(
      first.map((n, index) => n + (second[index] ?? 0)),
      cut,
    ).toEqual([337 * 60, (49 + 48) * 60, 1, 2]);
  }
});

test.each([
  [5, 2, 'half_up', 3],
  [5, 2, 'half_even', 2],
  [7, 2, 'half_even', 4],
  [5, 2, 'up', 3],
  [5, 2, 'down', 2],
  [61, 60, 'half_up', 1],
  [61, 60, 'up', 2],
  [91, 60, 'half_even', 2],
  [120, 60, 'up', 2],
] as const)('%i / %i rounded %s is %i', (n, d, how, is) => expect(rounded(n, d, how)).toBe(is));

test.each([
  [{ month: '2026-11' }, '2026-10-31T23:00:00Z 2026-11-30T23:00:00Z'],
  [{}, '2026-10-31T23:00:00Z 2026-11-30T23:00:00Z'],
  [{ month: '2026-03' }, '2026-02-28T23:00:00Z 2026-03-31T22:00:00Z'],
  [{ from: '2026-03-29', to: '2026-03-30' }, '2026-03-28T23:00:00Z 2026-03-29T22:00:00Z'],
  [{ from: '2026-03-29T10:00:59Z', to: '2026-03-30' }, '2026-03-29T10:00:00Z 2026-03-29T22:00:00Z'],
  [{ month: '2026-11', from: '2026-11-01' }, 'month'],
  [{ from: '2026-11-01' }, 'to'],
  [{ to: '2026-11-01' }, 'from'],
  [{ from: '2026-11-02', to: '2026-11-02' }, 'to'],
  [{ from: '2025-01-01', to: '2026-11-02' }, 'to'],
])('%j is the range, or refused at the field: %s', (asked, is) => {
  const read = () => rangeOf(asked, 'Europe/Amsterdam', Temporal.Instant.from('2026-11-26T09:00Z'));
  if (!is.includes(' ')) return expect(read).toThrow(expect.objectContaining({ field: is }));
  const { start, end } = read();
  expect([start, end].map((ms) => Temporal.Instant.fromEpochMilliseconds(ms).toString()).join(' ')).toBe(is);
});

test('amounts are decimal text by the digits of the currency; a name that looks like a formula stays text', () => {
  expect([decimal(1250, 2), decimal(5, 2), decimal(0, 2), decimal(1250, 0), decimal(1, 3)]).toEqual([
    '12.50',
    '0.05',
    '0.00',
    '1250',
    '0.001',
  ]);
  const minutes = { holiday: 0, weekend: 0, after_hours: 61, working_hours: 0 };
  const sums = { minutes, counted_minutes: 61, shifts: 1, pages: 2, amount: 1250 };
  const line = {
    person: 'eve',
    display_name: '=HYPERLINK("x")',
    schedule: null,
    title: '',
    team: null,
    scheduled_minutes: 61,
    elsewhere_minutes: 0,
    items: [],
    ...sums,
  };
  const text = csvOf({
    from: '2026-11-01T00:00:00Z',
    to: '2026-12-01T00:00:00Z',
    time_zone: 'UTC',
    rules: compensationRules.parse({}),
    fraction_digits: 2,
    lines: [line],
    people: [],
    schedules: [],
    notes: [],
  });
  expect(text.split('\r\n')[1]).toBe(
    `"eve","'=HYPERLINK(""x"")","","","2026-11-01T00:00:00Z","2026-12-01T00:00:00Z","1:01","0:00","0:00","1:01","0:00","61","0","0","61","0","61","0","1","2","12.50","EUR"`,
  );
});
