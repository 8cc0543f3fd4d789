import type { Layer, OnCallRole, Schedule } from '../../../contract/schedule.ts';
import { layerTurns } from '../shifts-calendar.ts';
import { type Interval, subtract, union } from '../shifts-intervals.ts';
import { isTraining, isTurn, type ScheduleOverride } from '../shifts-overrides.ts';
import { turnsOf } from '../shifts-rotation.ts';
import { day, localClock, parseWall } from '../shifts-zone.ts';

/** A turn that is to be given to somebody. */
export type OpenTurn = {
  layer: string;
  role: OnCallRole;
  /** Counts handoffs since the layer's first. */
  turn: number;
  /** The handoff, on the schedule's clock and as an instant (ms). */
  local: string;
  start: number;
  /** When whoever has it is on call: without what other layers or overrides take. May be nothing. */
  duty: Interval[];
  /** Who has it by the layer as it is. */
  now: readonly string[];
};

const UNIT_DAYS = { hour: 1, day: 1, week: 7, month: 31 } as const;

/** Local time of a layer's handoff, as `turnsOf` counts them. */
export const handoffAt = ({ starts, rotation }: Layer, turn: number): string =>
  Temporal.PlainDateTime.from(starts)
    .add({ [`${rotation.unit}s`]: rotation.every * turn })
    .toString({ smallestUnit: 'minute' });

const msOf = (at: Temporal.Instant | string) => Temporal.Instant.from(at).epochMilliseconds;

/** When an override holds, or clears, a whole role. */
const heldByOverrides = (overrides: readonly ScheduleOverride[], role: OnCallRole): Interval[] =>
  union(
    overrides
      .filter(
        (one) =>
          one.kind !== 'add' &&
          !isTraining(one) &&
          !isTurn(one) &&
          one.replaces === undefined &&
          (one.role ?? 'primary') === role,
      )
      .map((one) => ({ start: msOf(one.starts), end: msOf(one.ends) })),
  );

/** The turns of some layers that begin in the window (ms), whole, in order of start. */
export const openTurns = (
  schedule: Schedule,
  overrides: readonly ScheduleOverride[],
  names: readonly string[],
  from: number,
  to: number,
): OpenTurn[] => {
  const clock = localClock(schedule.time_zone);
  const found = schedule.layers.flatMap((layer, at) => {
    if (!names.includes(layer.name)) return [];
    const high = to + (UNIT_DAYS[layer.rotation.unit] * layer.rotation.every + 3) * day;
    const covered = union([
      ...schedule.layers
        .slice(at + 1)
        .filter((other) => other.role === layer.role && !other.shadow)
        .flatMap((other) => layerTurns(other, overrides, clock, from, high)),
      ...heldByOverrides(overrides, layer.role),
    ]);
    const pieces = Map.groupBy(turnsOf(layer, clock, from, high), ({ turn }) => turn);
    return [...pieces].flatMap(([turn, own]): OpenTurn[] => {
      const local = handoffAt(layer, turn);
      const start = clock.toInstant(parseWall(local));
      if (start < from || start >= to) return [];
      const duty = subtract(union(own), covered);
      return [{ layer: layer.name, role: layer.role, turn, local, start, duty, now: own[0]?.people ?? [] }];
    });
  });
  return found.sort((a, b) => a.start - b.start || (a.layer < b.layer ? -1 : 1));
};

/** A turn in parts of a day, for when nobody can have it whole; a turn of a day or less stays one. */
export const inDays = ({ start, duty }: OpenTurn, zone: string): Interval[][] => {
  const clock = localClock(zone);
  const end = duty.at(-1)?.end ?? start;
  const wall = clock.toWall(start);
  const days: Interval[][] = [];
  for (let at = 0; ; at++) {
    const part = { start: clock.toInstant(wall + at * day), end: clock.toInstant(wall + (at + 1) * day) };
    if (part.start >= end) return days;
    const own = duty.flatMap((one) => {
      const cut = { start: Math.max(one.start, part.start), end: Math.min(one.end, part.end) };
      return cut.start < cut.end ? [cut] : [];
    });
    if (own.length > 0) days.push(own);
  }
};
