import type { Schedule } from '../../../contract/schedule.ts';
import type { Absences } from '../../absences/types.ts';
import type { Plan } from '../health.ts';
import type { ScheduleOverride } from '../rules.ts';
import { seatsBetween } from '../shifts.ts';
import { type Interval, intersect, subtract, union } from '../shifts-intervals.ts';
import { isTraining, learningOf, type Seat } from '../shifts-overrides.ts';
import { day, type LocalClock, localClock } from '../shifts-zone.ts';
import { nightsOf } from '../timeline.ts';
import type { Counts, Span } from './search-rules.ts';
import type { OpenTurn } from './turns.ts';

/** What is compared: so much time before the first turn. */
export const PAST_DAYS = 84;
const HOUR = 3_600_000;

export type Person = {
  name: string;
  display_name: string;
  time_zone: string;
  active: boolean;
  mayAnswer: boolean;
  /** When the person came, ms. */
  since: number;
  avoid_weekdays: readonly string[];
  avoid_days: readonly string[];
  prefers_weekends: boolean;
};

/** What is given around the turns that are shared out. */
export type Situation = {
  /** The schedule, and all others, with overrides that reach as far as anybody looks. */
  own: Plan;
  others: readonly Plan[];
  people: readonly Person[];
  absences: Absences;
};

const hours = (intervals: readonly Interval[]) => intervals.reduce((sum, { start, end }) => sum + end - start, 0) / HOUR;
const instantOf = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms);

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** Whole local days of a zone that touch a window and fit. */
const daysThat = (zone: string, from: number, to: number, fits: (date: Temporal.PlainDate) => boolean): Interval[] => {
  const found: Interval[] = [];
  const last = instantOf(to).toZonedDateTimeISO(zone).toPlainDate();
  for (let date = instantOf(from).toZonedDateTimeISO(zone).toPlainDate(); Temporal.PlainDate.compare(date, last) <= 0; ) {
    const next = date.add({ days: 1 });
    if (fits(date))
      found.push({ start: date.toZonedDateTime(zone).epochMilliseconds, end: next.toZonedDateTime(zone).epochMilliseconds });
    date = next;
  }
  return union(found);
};

/** When it is night, weekend, holiday for a person, and when they would rather not be on call; asked for often, so kept. */
export const calendarOf = (person: Person, absences: Absences, from: number, to: number) => {
  const own = absences.get(person.name) ?? [];
  const nights = union(nightsOf(person.time_zone, instantOf(from), instantOf(to)));
  const weekends = daysThat(person.time_zone, from, to, ({ dayOfWeek }) => dayOfWeek > 5);
  const holidays = union(own.filter(({ kind }) => kind === 'holiday'));
  const unwanted = daysThat(
    person.time_zone,
    from,
    to,
    (date) =>
      person.avoid_weekdays.includes(WEEKDAYS[date.dayOfWeek - 1] as string) || person.avoid_days.includes(date.toString()),
  );
  return {
    leave: union(own.filter(({ kind }) => kind === 'leave')),
    counts: (duty: readonly Interval[]): Counts => [
      hours(duty),
      hours(intersect(duty, nights)),
      hours(intersect(duty, weekends)),
      hours(intersect(duty, holidays)),
    ],
    unwanted: (duty: readonly Interval[]) => hours(intersect(duty, unwanted)),
  };
};
export type Calendar = ReturnType<typeof calendarOf>;

/** Hours of the window in which the person was there: not before they came, nor on leave. One who had a turn was there by then. */
export const present = (person: Person, { leave }: Calendar, duty: readonly Interval[], from: number, to: number): number => {
  const since = Math.max(from, Math.min(person.since, duty[0]?.start ?? person.since));
  return since >= to ? 0 : hours(subtract([{ start: since, end: to }], leave));
};

export const counted = ({ schedule, overrides }: Plan, from: number, to: number): Seat[] =>
  seatsBetween(schedule, overrides, from, to).filter((seat) => !seat.shadow);

/** What stands in the schedule around and between the turns that are shared out, by person. */
export type Standing = Map<string, { duty: Interval[]; turns: Span[] }>;
export const standingIn = (
  actual: Plan,
  /** Without the layers that the new plan takes the place of. */
  base: Plan,
  open: readonly OpenTurn[],
  [from, first, to]: [number, number, number],
): Standing => {
  const isOpen = new Set(open.map(({ layer, turn }) => `${layer} ${turn}`));
  const seats = [
    ...counted(actual, from, first).map((seat) => ({ seat, layers: actual.schedule.layers })),
    ...counted(base, first, to).map((seat) => ({ seat, layers: base.schedule.layers })),
  ].flatMap(({ seat, layers }) => {
    const layer = seat.layer === undefined ? undefined : layers[seat.layer]!.name;
    if (layer !== undefined && seat.start >= first && isOpen.has(`${layer} ${seat.turn}`)) return [];
    return [{ ...seat, turn: layer === undefined ? `override ${seat.override}` : `${layer} ${seat.turn}` }];
  });
  const clock = localClock(base.schedule.time_zone);
  return new Map(
    [...Map.groupBy(seats, ({ person }) => person)].map(([person, own]) => {
      const turns = [...Map.groupBy(own, ({ turn }) => turn).values()].map((pieces) => inDaysOf(clock, spanOf(pieces)));
      return [person, { duty: union(own), turns }];
    }),
  );
};

export const spanOf = (pieces: readonly Interval[]): Interval => ({
  start: Math.min(...pieces.map(({ start }) => start)),
  end: Math.max(...pieces.map(({ end }) => end)),
});
/** On the local clock, in days. */
export const inDaysOf = (clock: LocalClock, { start, end }: Interval): Span => ({
  start: clock.toWall(start) / day,
  end: clock.toWall(end) / day,
});

const localDate = (ms: number, zone: string) =>
  instantOf(ms).toZonedDateTimeISO(zone).toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
/** `Thu 24 Dec to Sun 27 Dec`, the last day included. */
export const datesOf = (zone: string, { start, end }: Interval): string => {
  const [first, last] = [localDate(start, zone), localDate(end - 1, zone)];
  return first === last ? first : `${first} to ${last}`;
};

/** Why somebody cannot have this duty, in a sentence; undefined when they can. */
export const obstacleTo = (
  duty: readonly Interval[],
  person: Person,
  of: {
    calendar: Calendar;
    elsewhere: readonly { title: string; duty: readonly Interval[] }[];
    standing: Standing;
    overrides: readonly ScheduleOverride[];
    schedule: Schedule;
  },
): string | undefined => {
  const zone = of.schedule.time_zone;
  if (!person.active) return 'Deactivated.';
  if (!person.mayAnswer) return 'May not answer pages.';
  const [away] = intersect(of.calendar.leave, duty);
  if (away) return `Away ${datesOf(zone, away)}.`;
  for (const { title, duty: theirs } of of.elsewhere) {
    const [clash] = intersect(theirs, duty);
    if (clash) return `On call in ${title} ${datesOf(zone, clash)}.`;
  }
  const [busy] = intersect(of.standing.get(person.name)?.duty ?? [], duty);
  if (busy) return `On call here already ${datesOf(zone, busy)}.`;
  const [learns] = intersect(learningOf(person.name, of.overrides), duty);
  if (learns) return 'In training: has turns of their own once somebody signs that they are ready.';
  const off = of.overrides
    .filter((one) => one.replaces === person.name && !isTraining(one))
    .map((one) => ({
      start: Temporal.Instant.from(one.starts).epochMilliseconds,
      end: Temporal.Instant.from(one.ends).epochMilliseconds,
    }));
  const [taken] = intersect(union(off), duty);
  return taken ? `Taken off call by an override ${datesOf(zone, taken)}.` : undefined;
};
