import type { Layer } from '../../contract/schedule.ts';
import { type Interval, intersect } from './shifts-intervals.ts';
import { allowedTimes, openPeriods } from './shifts-restrictions.ts';
import { day, hour, type LocalClock, largestClockChange, parseWall, week } from './shifts-zone.ts';

/** A stretch of one turn: `turn` counts handoffs since the layer's first, `people` have it. */
export type Turn = Interval & { turn: number; people: readonly string[] };

const fixedUnits = { hour, day, week };

type Handoffs = { wallOf: (k: number) => number; lastBefore: (wall: number) => number };

/**
 * Wall of the k-th handoff, and the number of a handoff at or before a wall. Months are counted from the first
 * handoff each time and cut to the length of the month (31 January, 28 February, 31 March), never stepped one from another.
 */
function handoffsOf({ starts, rotation: { every, unit } }: Layer, startWall: number): Handoffs {
  if (unit !== 'month') {
    const period = every * fixedUnits[unit];
    return { wallOf: (k) => startWall + k * period, lastBefore: (wall) => Math.floor((wall - startWall) / period) };
  }
  const first = Temporal.PlainDateTime.from(starts);
  const averageMonth = 30.436875 * day;
  const wallOf = (k: number) => first.add({ months: k * every }).toZonedDateTime('UTC').epochMilliseconds;
  return {
    wallOf,
    lastBefore: (wall) => {
      if (wall < startWall) return -1;
      // No date lies half a month from where average months put it, so one more than they say is never too few.
      let k = Math.floor((wall - startWall) / (averageMonth * every)) + 1;
      while (wallOf(k) > wall) k--;
      return k;
    },
  };
}

/**
 * The turns of a layer between two instants, cut to them, in order, without gap or overlap but for the restrictions.
 * Of a layer whose turns come from a calendar there is none here.
 * At any instant the turn is that of the latest handoff passed. A clock change longer than a turn can put a handoff on a time
 * that does not exist after the next one; the earlier then has no time at all. Cost is that of the window, however old the layer.
 */
export function turnsOf(layer: Layer, clock: LocalClock, from: number, to: number): Turn[] {
  const startWall = parseWall(layer.starts);
  const end = layer.ends === undefined ? to : Math.min(to, clock.toInstant(parseWall(layer.ends)));
  if (from >= end || layer.participants.length === 0) return [];
  const seats = layer.participants.map((people) => (typeof people === 'string' ? [people] : people));
  const turns = everyTurn(layer, clock, startWall, seats, from, end);
  const restrictions = layer.restrictions ?? [];
  return restrictions.length === 0 ? turns : intersect(turns, allowedTimes(restrictions, clock, from, end));
}

function everyTurn(layer: Layer, clock: LocalClock, startWall: number, seats: string[][], from: number, to: number): Turn[] {
  const { wallOf, lastBefore } = handoffsOf(layer, startWall);
  const first = Math.max(0, lastBefore(clock.toWall(from) - largestClockChange));
  const lastWall = clock.toWall(to) + largestClockChange;
  if (startWall > lastWall) return [];
  const last = lastBefore(lastWall) + 1;
  const open = openPeriods(layer, startWall);
  const turns: Turn[] = [];
  let until = Number.POSITIVE_INFINITY;
  // Backwards, so that a handoff which a later one overtakes is known to have no time.
  for (let k = last; k >= first && until > from; k--) {
    const start = Math.min(until, clock.toInstant(wallOf(k)));
    if (start < until && start < to)
      turns.push({
        start: Math.max(start, from),
        end: Math.min(until, to),
        turn: k,
        people: seats[Math.max(0, open(k + 1) - 1) % seats.length]!,
      });
    until = start;
  }
  return turns.reverse();
}
