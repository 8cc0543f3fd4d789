import type { Restriction } from '../../contract/restriction.ts';
import type { Layer } from '../../contract/schedule.ts';
import { type Interval, intersect, union } from './shifts-intervals.ts';
import { day, hour, type LocalClock, largestClockChange, localClock, minute, week } from './shifts-zone.ts';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** Unix time began on a Thursday; the Monday before it is where weeks are counted from. */
const monday = -3 * day;

const timeOf = (edge: string): number => Number(edge.slice(-5, -3)) * hour + Number(edge.slice(-2)) * minute;

/** One window of a week, as milliseconds since Monday 00:00 local; `end` may lie in the next week. */
function windowsOfWeek(restrictions: readonly Restriction[]): Interval[] {
  return restrictions
    .flatMap(({ from, to, days }) => {
      if (from.length > 5) {
        const at = (edge: string) => weekdays.findIndex((name) => edge.startsWith(name)) * day + timeOf(edge);
        return [{ start: at(from), end: at(to) <= at(from) ? at(to) + week : at(to) }];
      }
      const length = timeOf(to) - timeOf(from) + (to <= from ? day : 0);
      return (days ?? weekdays).map((name) => {
        const start = weekdays.indexOf(name) * day + timeOf(from);
        return { start, end: start + length };
      });
    })
    .toSorted((a, b) => a.start - b.start);
}

/**
 * When a layer's restrictions let it be on call, between two instants. Both edges of every window are local times made
 * instants on their own date, so a window next to another always meets it; one whose edges a clock change swaps is empty that night.
 */
export function allowedTimes(restrictions: readonly Restriction[], clock: LocalClock, from: number, to: number): Interval[] {
  const windows = windowsOfWeek(restrictions);
  const last = clock.toWall(to) + largestClockChange;
  const found: Interval[] = [];
  const first = clock.toWall(from) - largestClockChange - 2 * week;
  for (let start = monday + Math.floor((first - monday) / week) * week; start < last; start += week)
    for (const window of windows) {
      const open = clock.toInstant(start + window.start);
      const close = clock.toInstant(start + window.end);
      if (open < to && close > from && open < close) found.push({ start: Math.max(open, from), end: Math.min(close, to) });
    }
  return union(found);
}

/** As `allowedTimes`, on the clocks of a zone. */
export const windowsBetween = (restrictions: readonly Restriction[], zone: string, from: number, to: number): Interval[] =>
  allowedTimes(restrictions, localClock(zone), from, to);

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/**
 * How many of a layer's first `n` periods (the time between two handoffs) its restrictions leave open, at least in part.
 * Only these count as turns: a weekend outside the hours of a weekday rotation passes nobody over, a Friday that is cut short
 * is still a turn. Judged on the local calendar alone, so that a clock change never alters whose turn it is, and there the
 * pattern repeats after the least common multiple of period and week: at most 168 periods answer for any `n`.
 */
export function openPeriods({ restrictions, rotation: { every, unit } }: Layer, startWall: number): (n: number) => number {
  if (!restrictions?.length || unit === 'week' || unit === 'month') return (n) => n;
  const period = every * (unit === 'hour' ? hour : day);
  const cycle = week / gcd(period, week);
  const windows = union(
    windowsOfWeek(restrictions).flatMap(({ start, end }) => [-week, 0, week].map((by) => ({ start: start + by, end: end + by }))),
  );
  const before = [0];
  for (let k = 0; k < cycle; k++) {
    const start = (((startWall + k * period - monday) % week) + week) % week;
    const open = period >= week || intersect([{ start, end: start + period }], windows).length > 0;
    before.push(before[k]! + (open ? 1 : 0));
  }
  return (n) => Math.floor(n / cycle) * before[cycle]! + before[n % cycle]!;
}
