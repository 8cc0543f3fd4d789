/** Milliseconds. A *wall* is a local date and time written as if it were UTC; an instant is Unix time. */
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
export const week = 7 * day;

/** No zone ever moved its clock by more than a day and some seconds (Samoa 2011, Kiritimati 1994, Manila 1844). */
export const largestClockChange = 2 * day;

export type LocalClock = {
  /** Instant of a wall. One that a gap skips moves forward by the gap; of one that occurs twice, the first ('compatible'). */
  toInstant: (wall: number) => number;
  toWall: (instant: number) => number;
};

/** What a zone's clock does between two instants. `offset[i]` holds before `at[i]`, the last one after all of them. */
type Transitions = { from: number; to: number; at: number[]; offset: number[]; wallAt: number[] };

const farthest = 8.64e15;
const padding = 400 * day;
const known = new Map<string, Transitions>();

function readTransitions(zone: string, from: number, to: number): Transitions {
  const start = Math.max(from - padding, -farthest);
  const end = Math.min(to + padding, farthest);
  let moment: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(zone);
  const table: Transitions = { from: start, to: end, at: [], offset: [moment.offsetNanoseconds / 1e6], wallAt: [] };
  for (;;) {
    moment = moment.getTimeZoneTransition('next');
    if (!moment || moment.epochMilliseconds > end) return table;
    const before = table.offset.at(-1)!;
    const after = moment.offsetNanoseconds / 1e6;
    table.at.push(moment.epochMilliseconds);
    table.offset.push(after);
    // Below this wall the old offset counts: up to the end of a gap, or up to the end of what occurs twice.
    table.wallAt.push(moment.epochMilliseconds + Math.max(before, after));
  }
}

/** How many of the ascending `edges` are at or before `value`. */
function countUpTo(edges: number[], value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The clock of an IANA zone, by a table of its transitions. Asking Temporal for each conversion costs about
 * a microsecond; a year of hourly turns in ten layers needs a hundred thousand of them.
 */
export function localClock(zone: string): LocalClock {
  let table = known.get(zone);
  const covering = (from: number, to: number): Transitions => {
    if (!table || from < table.from || to > table.to) {
      table = readTransitions(zone, Math.min(from, table?.from ?? from), Math.max(to, table?.to ?? to));
      known.set(zone, table);
    }
    return table;
  };
  return {
    toInstant: (wall) => {
      const { offset, wallAt } =
        table && wall - day > table.from && wall + day < table.to
          ? table
          : covering(wall - largestClockChange, wall + largestClockChange);
      return wall - offset[countUpTo(wallAt, wall)]!;
    },
    toWall: (instant) => {
      const { at, offset } = covering(instant, instant);
      return instant + offset[countUpTo(at, instant)]!;
    },
  };
}

/** The wall of `YYYY-MM-DDTHH:mm`. */
export const parseWall = (local: string): number => Temporal.PlainDateTime.from(local).toZonedDateTime('UTC').epochMilliseconds;
