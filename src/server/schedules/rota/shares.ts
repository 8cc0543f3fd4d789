import type { Plan } from '../health.ts';
import { type Interval, union } from '../shifts-intervals.ts';
import { day } from '../shifts-zone.ts';
import { COUNTS, fairShares } from './search-rules.ts';
import { type Calendar, calendarOf, counted, PAST_DAYS, type Person, present, type Situation } from './situation.ts';

/** What somebody has in a window, and around it, whatever is shared out. */
export type Background = {
  calendar: Calendar;
  /** In every schedule, in the weeks before; with what stands in the window, from where it counts as a share already had. */
  past: readonly number[];
  had: readonly number[];
  presentHours: number;
  /** Per other schedule, in the window. */
  elsewhere: { title: string; duty: Interval[] }[];
};

/** By person. `standing`: what each has of the schedule itself in the window, that is not shared out. */
export const backgrounds = (
  { own, others, absences }: Pick<Situation, 'own' | 'others' | 'absences'>,
  people: readonly Person[],
  from: number,
  to: number,
  standing: ReadonlyMap<string, readonly Interval[]>,
): Map<string, Background> => {
  const since = from - PAST_DAYS * day;
  const dutiesIn = (plan: Plan, start: number, end: number) => Map.groupBy(counted(plan, start, end), (seat) => seat.person);
  const past = [own, ...others].map((plan) => dutiesIn(plan, since, from));
  const now = others.map(({ schedule, overrides }) => ({
    title: schedule.title || schedule.name,
    by: dutiesIn({ schedule, overrides }, from, to),
  }));
  return new Map(
    people.map((person): [string, Background] => {
      const calendar = calendarOf(person, absences, since, to);
      const before = union(past.flatMap((by) => by.get(person.name) ?? []));
      const elsewhere = now.map(({ title, by }) => ({ title, duty: union(by.get(person.name) ?? []) }));
      const beside = union([...elsewhere.flatMap(({ duty }) => duty), ...(standing.get(person.name) ?? [])]);
      return [
        person.name,
        {
          calendar,
          past: calendar.counts(before),
          had: calendar.counts(union([...before, ...beside])),
          presentHours: present(person, calendar, before, since, to),
          elsewhere: elsewhere.filter(({ duty }) => duty.length > 0),
        },
      ];
    }),
  );
};

/** Fair shares of what is to come, by person, for each of the counts. */
export const sharesOf = (people: readonly Background[], toCome: readonly number[]): number[][] => {
  const present = people.map((one) => one.presentHours);
  const by = Array.from({ length: COUNTS }, (_, d) =>
    fairShares(
      people.map((one) => one.had[d] as number),
      present,
      toCome[d] as number,
    ),
  );
  return people.map((_, at) => by.map((share) => share[at] as number));
};
