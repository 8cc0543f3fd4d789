import type { Layer } from '../../contract/schedule.ts';
import { type Interval, intersect } from './shifts-intervals.ts';
import { isTurn, type ScheduleOverride } from './shifts-overrides.ts';
import { allowedTimes } from './shifts-restrictions.ts';
import { type Turn, turnsOf } from './shifts-rotation.ts';
import { type LocalClock, parseWall } from './shifts-zone.ts';

const milliseconds = (at: Temporal.Instant | string) => Temporal.Instant.from(at).epochMilliseconds;

/** The part of the window in which a layer counts. */
const lifeOf = (layer: Layer, clock: LocalClock, from: number, to: number): Interval => ({
  start: Math.max(from, clock.toInstant(parseWall(layer.starts))),
  end: layer.ends === undefined ? to : Math.min(to, clock.toInstant(parseWall(layer.ends))),
});

/**
 * The turns of a layer that were read from a calendar, cut to the window, in order of start. Those of different people may overlap:
 * they are on call together. A turn's number is the moment it begins.
 */
const calendarTurns = (
  layer: Layer,
  overrides: readonly ScheduleOverride[],
  clock: LocalClock,
  from: number,
  to: number,
): Turn[] => {
  const { start: first, end: last } = lifeOf(layer, clock, from, to);
  const turns = overrides
    .flatMap((one): Turn[] => {
      if (!isTurn(one) || one.layer !== layer.name || one.person === undefined) return [];
      const [start, end] = [milliseconds(one.starts), milliseconds(one.ends)];
      return [{ start: Math.max(start, first), end: Math.min(end, last), turn: start, people: [one.person] }];
    })
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
  const restrictions = layer.restrictions ?? [];
  return restrictions.length === 0 || turns.length === 0
    ? turns
    : intersect(turns, allowedTimes(restrictions, clock, first, last));
};

/** The turns of a layer, of its own rotation or of its calendar. */
export const layerTurns = (
  layer: Layer,
  overrides: readonly ScheduleOverride[],
  clock: LocalClock,
  from: number,
  to: number,
): Turn[] => (layer.calendar ? calendarTurns(layer, overrides, clock, from, to) : turnsOf(layer, clock, from, to));

/** When somebody should be on call by a layer. A calendar that leaves out hours it is not restricted from has a gap there. */
export const meantBy = (layer: Layer, clock: LocalClock, from: number, to: number): Interval[] => {
  if (!layer.calendar) return turnsOf(layer, clock, from, to);
  const life = lifeOf(layer, clock, from, to);
  if (life.start >= life.end) return [];
  return layer.restrictions?.length ? allowedTimes(layer.restrictions, clock, life.start, life.end) : [life];
};
