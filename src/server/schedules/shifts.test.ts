import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gaps, nextChange, onCallAt, type Shift, shifts, wholeShifts } from './rules.ts';
import { oracle } from './shifts-oracle.ts';
import { awkwardMoments, instant, makeSchedule, quarters, type Sample, sample } from './shifts-samples.ts';
import { localClock } from './shifts-zone.ts';

const before = (a: Temporal.Instant, b: Temporal.Instant) => Temporal.Instant.compare(a, b) < 0;
const windowOf = ({ moment }: Sample) => [moment.subtract({ hours: 40 }), moment.add({ hours: 40 })] as const;
type Span = { start: number; end: number; name: string };
const spans = new WeakMap<readonly Shift[], Span[]>();
/** Asked for thousands of moments of one list, which is read once. */
const namesAt = (list: readonly Shift[], at: Temporal.Instant): string[] => {
  const known =
    spans.get(list) ??
    list.map(({ start, end, person, role, shadow }) => ({
      start: start.epochMilliseconds,
      end: end.epochMilliseconds,
      name: `${person} ${role}${shadow ? ' shadow' : ''}`,
    }));
  spans.set(list, known);
  const ms = at.epochMilliseconds;
  return known
    .filter(({ start, end }) => start <= ms && ms < end)
    .map(({ name }) => name)
    .toSorted();
};

function cut(list: readonly Shift[], from: Temporal.Instant, to: Temporal.Instant): Shift[] {
  return list
    .filter(({ start, end }) => before(start, to) && before(from, end))
    .map((shift) => ({
      ...shift,
      start: before(shift.start, from) ? from : shift.start,
      end: before(to, shift.end) ? to : shift.end,
    }));
}

const plain = (list: readonly Shift[]) => list.map((shift) => ({ ...shift, start: `${shift.start}`, end: `${shift.end}` }));
const ordered = (list: readonly Shift[]) => plain(list).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

describe('any schedule near an awkward moment', () => {
  test('says at every quarter of an hour what the slow oracle says', () => {
    fc.assert(
      fc.property(sample, (given) => {
        const [from, to] = windowOf(given);
        const list = shifts(given.schedule, given.overrides, from, to);
        const ask = oracle(given.schedule, given.overrides);
        const points = [...quarters(from, to)];
        expect(points.map((at) => `${at} ${namesAt(list, at)}`)).toEqual(points.map((at) => `${at} ${ask(at)}`));
      }),
      { numRuns: 40 },
    );
  });

  test('a window is the cut of a larger one, whatever its edges', () => {
    fc.assert(
      fc.property(sample, fc.integer({ min: -3000, max: 3000 }), fc.integer({ min: 1, max: 3000 }), (given, offset, length) => {
        const from = given.moment.add({ minutes: offset });
        const to = from.add({ minutes: length });
        const large = shifts(given.schedule, given.overrides, from.subtract({ hours: 24 * 40 }), to.add({ hours: 24 * 40 }));
        expect(ordered(shifts(given.schedule, given.overrides, from, to))).toEqual(ordered(cut(large, from, to)));
      }),
      { numRuns: 300 },
    );
  });

  test('shifts are in order, have length, and never show one person twice in a role', () => {
    fc.assert(
      fc.property(sample, (given) => {
        const list = shifts(given.schedule, given.overrides, ...windowOf(given));
        for (const [at, shift] of list.entries()) {
          expect(before(shift.start, shift.end)).toBe(true);
          if (at > 0) expect(before(shift.start, list[at - 1]!.start)).toBe(false);
          const twice = list.slice(at + 1).filter((other) => {
            if (shift.person !== other.person || shift.role !== other.role) return false;
            const overlaps = before(shift.start, other.end) && before(other.start, shift.end);
            const touches = shift.end.equals(other.start) || other.end.equals(shift.start);
            const same = shift.layer === other.layer && shift.override_id === other.override_id && shift.shadow === other.shadow;
            return overlaps || (touches && same);
          });
          expect(twice).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a whole shift contains its cut and ends where the person stops', () => {
    fc.assert(
      fc.property(sample, fc.integer({ min: -2000, max: 2000 }), (given, offset) => {
        const from = given.moment.add({ minutes: offset });
        const to = from.add({ minutes: 90 });
        const whole = wholeShifts(given.schedule, given.overrides, from, to);
        expect(ordered(cut(whole, from, to))).toEqual(ordered(shifts(given.schedule, given.overrides, from, to)));
        const minute = { minutes: 1 };
        for (const shift of whole) {
          const origin = ({ person, role, shadow, layer, override_id }: Shift) =>
            `${person} ${role} ${shadow} ${layer} ${override_id}`;
          const isSame = (other: Shift) => origin(other) === origin(shift);
          if (before(shift.end, to.add({ hours: 24 * 365 })))
            expect(shifts(given.schedule, given.overrides, shift.end, shift.end.add(minute)).some(isSame)).toBe(false);
          expect(shifts(given.schedule, given.overrides, shift.start.subtract(minute), shift.start).some(isSame)).toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('since, until, the next change and the gaps agree with the shifts', () => {
    fc.assert(
      fc.property(sample, fc.integer({ min: -2000, max: 2000 }), (given, offset) => {
        const { schedule, overrides } = given;
        const at = given.moment.add({ minutes: offset });
        const horizon = at.add({ hours: 24 * 20 });
        const list = shifts(schedule, overrides, at, horizon.add({ minutes: 1 }));
        const entries = onCallAt(schedule, overrides, at);
        const names = entries.map(({ person, role, shadow }) => `${person} ${role}${shadow ? ' shadow' : ''}`).toSorted();
        expect(names).toEqual(namesAt(list, at));
        const minute = { minutes: 1 };
        for (const entry of entries) {
          const name = `${entry.person} ${entry.role}${entry.shadow ? ' shadow' : ''}`;
          expect(before(at, entry.since)).toBe(false);
          expect(
            namesAt(shifts(schedule, overrides, entry.since.subtract(minute), entry.since), entry.since.subtract(minute)),
          ).not.toContain(name);
          if (entry.until)
            expect(namesAt(shifts(schedule, overrides, entry.until, entry.until.add(minute)), entry.until)).not.toContain(name);
        }
        const edges = list.flatMap(({ start, end }) => [start, end]).filter((edge) => before(at, edge) && !before(horizon, edge));
        const changes = edges.filter(
          (edge) => namesAt(list, edge).join() !== namesAt(list, edge.subtract({ milliseconds: 1 })).join(),
        );
        const expected = changes.toSorted(Temporal.Instant.compare)[0];
        expect(`${nextChange(schedule, overrides, at, horizon)}`).toBe(`${expected}`);

        const holes = gaps(schedule, overrides, at, horizon, 'primary');
        const wrong = [...quarters(at, at.add({ hours: 48 }))].filter((point) => {
          const isHole = holes.some(({ start, end }) => !before(point, start) && before(point, end));
          return isHole === namesAt(list, point).some((name) => name.endsWith('primary'));
        });
        expect(wrong).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });
});

describe('a rotation without restrictions', () => {
  const units = fc.constantFrom('hour' as const, 'day' as const, 'week' as const, 'month' as const);
  test('hands over at the stated local time on every side of every clock change, with no gap and no overlap', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...awkwardMoments),
        units,
        fc.integer({ min: 1, max: 3 }),
        fc.nat(95),
        fc.nat(30),
        (moment, unit, every, quarter, age) => {
          const [zone, at] = moment;
          const start = instant(at)
            .subtract({ hours: 24 * age })
            .toZonedDateTimeISO(zone)
            .toPlainDate()
            .toPlainDateTime()
            .add({ minutes: quarter * 15 });
          const schedule = makeSchedule(zone, [
            { rotation: { unit, every }, starts: start.toString({ smallestUnit: 'minute' }) },
          ]);
          const from = instant(at).add({ hours: 24 });
          const to = from.add({ hours: 24 * 70 });
          const list = shifts(schedule, [], from, to);
          expect(list[0]!.start.equals(from)).toBe(true);
          expect(list.at(-1)!.end.equals(to)).toBe(true);
          const handoffs = new Set<string>();
          for (let k = 0; ; k++) {
            const handoff = start
              .add({ [`${unit}s`]: k * every })
              .toZonedDateTime(zone)
              .toInstant();
            if (before(to, handoff)) break;
            handoffs.add(`${handoff}`);
          }
          const starts = list.slice(1).map((shift) => `${shift.start}`);
          expect(starts).toEqual(list.slice(0, -1).map((shift) => `${shift.end}`));
          expect(starts.filter((start) => !handoffs.has(start))).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the clock of a zone', () => {
  const zones = fc.constantFrom(...new Set(awkwardMoments.map(([zone]) => zone)), 'America/St_Johns', 'Asia/Manila', 'Asia/Gaza');
  test('is that of Temporal', () => {
    const span = {
      min: Temporal.Instant.from('1950-01-01T00:00Z').epochMilliseconds,
      max: Temporal.Instant.from('2090-01-01T00:00Z').epochMilliseconds,
    };
    const nearChange = fc.tuple(fc.constantFrom(...awkwardMoments), fc.integer({ min: -180_000_000, max: 180_000_000 }));
    const anywhere = fc.tuple(zones, fc.integer(span));
    const point = fc.oneof(
      anywhere,
      nearChange.map(([[zone, at], by]) => [zone, instant(at).epochMilliseconds + by] as const),
    );
    fc.assert(
      fc.property(point, ([zone, ms]) => {
        const clock = localClock(zone);
        const asUtc = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO('UTC').toPlainDateTime();
        expect(clock.toInstant(ms)).toBe(asUtc.toZonedDateTime(zone).epochMilliseconds);
        const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDateTime();
        expect(clock.toWall(ms)).toBe(local.toZonedDateTime('UTC').epochMilliseconds);
      }),
      { numRuns: 3000 },
    );
  });
});
