import type { Holiday } from '../identity/actions.ts';
import type { Absence } from './types.ts';

/** Whole local days, both inclusive, or between two instants; of the two pairs one is null. */
export type Period = {
  first_day: string | null;
  last_day: string | null;
  starts_at: Temporal.Instant | null;
  ends_at: Temporal.Instant | null;
};

/** Where a local day begins: at midnight, or where the clocks skip it, at the first moment there is. */
const dayBegins = (day: Temporal.PlainDate, zone: string) => day.toZonedDateTime(zone).toInstant();

/** A period's first instant and the first after it, by the person's clocks. */
export const spanOf = (period: Period, zone: string): { starts: Temporal.Instant; ends: Temporal.Instant } =>
  period.starts_at && period.ends_at
    ? { starts: period.starts_at, ends: period.ends_at }
    : {
        starts: dayBegins(Temporal.PlainDate.from(period.first_day as string), zone),
        ends: dayBegins(Temporal.PlainDate.from(period.last_day as string).add({ days: 1 }), zone),
      };

/** What of somebody's leave and holidays touches the window, in order of start. */
export const absencesBetween = (
  periods: readonly Period[],
  holidays: readonly Holiday[],
  zone: string,
  from: Temporal.Instant,
  to: Temporal.Instant,
): Absence[] =>
  [
    ...periods.map((period): Absence => {
      const { starts, ends } = spanOf(period, zone);
      return { kind: 'leave', start: starts.epochMilliseconds, end: ends.epochMilliseconds };
    }),
    ...holidays.map(({ day, days, name }): Absence => {
      const first = Temporal.PlainDate.from(day);
      return {
        kind: 'holiday',
        start: dayBegins(first, zone).epochMilliseconds,
        end: dayBegins(first.add({ days }), zone).epochMilliseconds,
        name,
      };
    }),
  ]
    .filter(({ start, end }) => start < to.epochMilliseconds && end > from.epochMilliseconds)
    .sort((a, b) => a.start - b.start);

/** Of other years nobody can say when their feasts will be, or needs to. */
const KNOWN_YEARS = [1970, 2100] as const;

/** The calendar years that a window touches, anywhere on earth, of those whose holidays are known. */
export const yearsOf = (from: Temporal.Instant, to: Temporal.Instant): number[] => {
  const yearOf = (at: Temporal.Instant, hours: number) => at.add({ hours }).toZonedDateTimeISO('UTC').year;
  const first = Math.max(yearOf(from, -24), KNOWN_YEARS[0]);
  const last = Math.min(yearOf(to, 24), KNOWN_YEARS[1]);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
};

/** `2026-07-01 to 2026-07-14`, or with times in UTC. */
export const told = (period: Period): string => {
  if (period.first_day)
    return period.first_day === period.last_day ? `on ${period.first_day}` : `from ${period.first_day} to ${period.last_day}`;
  return `from ${period.starts_at} to ${period.ends_at}`;
};
