/** Schedules, overrides and awkward moments for this folder's tests. Every time is a multiple of a quarter of an hour. */
import * as fc from 'fast-check';
import { type Layer, layer as layerSchema, type Schedule, schedule as scheduleSchema } from '../../contract/schedule.ts';
import { type ScheduleOverride, shifts } from './rules.ts';

export const instant = (text: string) => Temporal.Instant.from(text);

type LayerInput = Partial<Omit<Layer, 'rotation'>> & { rotation?: { unit: Layer['rotation']['unit']; every?: number } };

export function makeSchedule(timeZone: string, layers: LayerInput[], policies?: Partial<Schedule['policies']>): Schedule {
  const defaults = { starts: '2026-01-05T09:00', participants: ['ana', 'ben', 'cem'], rotation: { unit: 'week' } };
  return scheduleSchema.parse({
    name: 'main',
    time_zone: timeZone,
    layers: layers.map((given, at) => ({ name: `layer-${at}`, ...defaults, ...given })),
    ...(policies && { policies }),
  });
}

/** The shifts between two local times of a zone, in its own clock: `ana primary 2026-03-02T09:00+01:00 2026-03-09T09:00+01:00`. */
export function render(zone: string, layers: LayerInput[], from: string, to: string): string[] {
  const at = (local: string) => Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toInstant();
  const local = (when: Temporal.Instant) =>
    when.toZonedDateTimeISO(zone).toString({ smallestUnit: 'minute', timeZoneName: 'never' });
  return shifts(makeSchedule(zone, layers), [], at(from), at(to)).map(
    ({ person, role, shadow, start, end }) => `${person} ${shadow ? 'shadow' : role} ${local(start)} ${local(end)}`,
  );
}

export const who = (list: string[]) => list.map((line) => line.split(' ')[0]).join(' ');
export const times = (list: string[]) => list.map((line) => line.split(' ').slice(2).join(' > '));

/** Clocks that move by half an hour, by two hours, at midnight, over a whole day, around Ramadan, backwards in winter; and a leap day. */
export const awkwardMoments = [
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Pacific/Kwajalein', '1993-08-21T12:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00Z'],
  ['Africa/Casablanca', '2026-03-22T02:00Z'],
  ['Pacific/Chatham', '2026-04-04T14:00Z'],
  ['Pacific/Chatham', '2026-09-26T14:00Z'],
  ['Antarctica/Troll', '2026-03-29T01:00Z'],
  ['Antarctica/Troll', '2026-10-25T01:00Z'],
  ['Europe/Amsterdam', '2026-03-29T01:00Z'],
  ['Europe/Amsterdam', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-03-08T07:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00Z'],
  ['Europe/Dublin', '2026-10-25T01:00Z'],
  ['Asia/Pyongyang', '2018-05-04T15:00Z'],
  ['Asia/Kathmandu', '2028-02-28T18:15Z'],
  ['UTC', '2028-02-29T00:00Z'],
] as const;

const people = ['ana', 'ben', 'cem', 'dua', 'eli'];
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const quarter = { minutes: 15 };

const clock = fc.nat(95).map((n) => new Temporal.PlainTime().add({ minutes: n * 15 }).toString({ smallestUnit: 'minute' }));
const weekdays = fc.subarray([...days], { minLength: 1 });
const daily = fc.record({ from: clock, to: clock, days: weekdays }, { requiredKeys: ['from', 'to'] });
const weekEdge = fc.tuple(fc.constantFrom(...days), clock).map(([name, time]) => `${name} ${time}`);
const weekly = fc.record({ from: weekEdge, to: weekEdge });
const restriction = fc.oneof(daily, weekly).filter(({ from, to }) => from !== to);
const role = fc.constantFrom('primary' as const, 'primary' as const, 'secondary' as const);
const person = fc.constantFrom(...people);
const seat = fc.oneof(
  { weight: 4, arbitrary: person },
  { weight: 1, arbitrary: fc.subarray(people, { minLength: 1, maxLength: 3 }) },
);
const rotation = fc.oneof(
  fc.record({ unit: fc.constant('hour' as const), every: fc.constantFrom(1, 2, 5, 12, 36) }),
  fc.record({ unit: fc.constant('day' as const), every: fc.constantFrom(1, 2, 3, 10) }),
  fc.record({ unit: fc.constantFrom('week' as const, 'month' as const), every: fc.constantFrom(1, 2) }),
);

/** A layer whose first handoff is up to sixty days before the local time, or a day after. */
const layerNear = (zone: string, moment: Temporal.Instant) => {
  const local = moment.toZonedDateTimeISO(zone).toPlainDateTime();
  const at = (quarters: number) => local.add({ minutes: quarters * 15 }).toString({ smallestUnit: 'minute' });
  return fc
    .record(
      {
        role,
        shadow: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
        rotation,
        starts: fc.oneof(fc.integer({ min: -60 * 96, max: 96 }), fc.integer({ min: -24, max: 24 })).map(at),
        ends: fc.integer({ min: 100, max: 400 }).map(at),
        participants: fc.array(seat, { minLength: 1, maxLength: 4 }),
        restrictions: fc.array(restriction, { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: ['role', 'rotation', 'starts', 'participants'] },
    )
    .map((given) => layerSchema.parse({ name: 'unnamed', ...given }));
};

const overrideNear = (moment: Temporal.Instant): fc.Arbitrary<ScheduleOverride> =>
  fc
    .record(
      {
        kind: fc.constantFrom('replace' as const, 'replace' as const, 'add' as const, 'remove' as const),
        person,
        replaces: person,
        role,
        from: fc.integer({ min: -160, max: 160 }),
        length: fc.integer({ min: 1, max: 200 }),
      },
      { requiredKeys: ['kind', 'person', 'from', 'length'] },
    )
    .map(({ kind, person: comes, replaces, from, length, ...rest }) => {
      const starts = moment.add({ minutes: from * 15 });
      return {
        id: 'unnamed',
        kind,
        ...rest,
        ...(kind !== 'remove' && { person: comes }),
        ...(kind !== 'add' && replaces !== undefined && replaces !== comes && { replaces }),
        starts,
        ends: starts.add({ minutes: length * 15 }),
      };
    });

export type Sample = { zone: string; moment: Temporal.Instant; schedule: Schedule; overrides: ScheduleOverride[] };

export const sample: fc.Arbitrary<Sample> = fc.constantFrom(...awkwardMoments).chain(([zone, at]) => {
  const moment = instant(at);
  return fc
    .record({
      layers: fc.array(layerNear(zone, moment), { minLength: 1, maxLength: 4 }),
      overrides: fc.array(overrideNear(moment), { maxLength: 4 }),
    })
    .map(({ layers, overrides }) => ({
      zone,
      moment,
      schedule: scheduleSchema.parse({
        name: 'main',
        time_zone: zone,
        layers: layers.map((one, n) => ({ ...one, name: `layer-${n}` })),
      }),
      overrides: overrides.map((one, n) => ({ ...one, id: `o-${n}` })),
    }));
});

/** Every quarter of an hour of the window. */
export function* quarters(from: Temporal.Instant, to: Temporal.Instant): Generator<Temporal.Instant> {
  for (let at = from; Temporal.Instant.compare(at, to) < 0; at = at.add(quarter)) yield at;
}
