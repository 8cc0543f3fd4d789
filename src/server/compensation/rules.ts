import { type CompensationRate, type CompensationRules, DUTY_CLASSES, type DutyClass } from '../../contract/compensation.ts';
import type { OnCallRole } from '../../contract/schedule.ts';
import { complement, type Interval, intersect, subtract, union, windowsBetween } from '../schedules/actions.ts';

/** What holidays and clocks somebody's time is judged by. */
export type Home = { zone: string; region: string | null };
/** Somebody on call in a schedule and role; shadows are none. Milliseconds, at whole minutes. */
export type Duty = Interval & Home & { person: string; schedule: string; role: OnCallRole };
type Cell = Duty & { class: DutyClass; era: number };
type Page = { person: string; at: number };

export type Question = {
  rules: CompensationRules;
  window: Interval;
  /** From as long before the window as a shift that runs into it began. */
  duties: readonly Duty[];
  /** Within the window. */
  pages: readonly Page[];
  homeOf: (person: string) => Home;
  holidaysOf: (home: Home) => Interval[];
};
type ByClass = Record<DutyClass, number>;
export type Sums = { minutes: ByClass; counted_minutes: number; shifts: number; pages: number; amount: number };
export type Line = Sums & {
  person: string;
  /** null: paged while on call nowhere. */
  schedule: string | null;
  scheduled_minutes: number;
  elsewhere_minutes: number;
  items: { rate: number; quantity: number; amount: number }[];
};

const MINUTE = 60_000;
/** A minute belongs to whoever has it at its end, so that what two shifts share is neither lost nor counted twice. */
export const atMinute = (ms: number): number => Math.floor(ms / MINUTE) * MINUTE;
const minutesOf = (intervals: readonly Interval[]) => intervals.reduce((sum, { start, end }) => sum + end - start, 0) / MINUTE;
const byStart = (a: Interval, b: Interval) => a.start - b.start;

const ROLES: readonly OnCallRole[] = ['primary', 'secondary', 'tertiary'];
const rank = ({ role, schedule }: Duty) => `${ROLES.indexOf(role)} ${schedule}`;

/** Of duties of one person every moment is kept by the first in rank alone. */
const highestOnly = (own: readonly Duty[]): Duty[] => {
  const groups = [...Map.groupBy(own, rank)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  let taken: Interval[] = [];
  return groups.flatMap(([, group]) => {
    const kept = subtract(group.toSorted(byStart), taken);
    taken = union([...taken, ...group]);
    return kept;
  });
};
const perKey = (duties: readonly Duty[], keyOf: (duty: Duty) => string) =>
  [...Map.groupBy(duties, keyOf).values()].flatMap(highestOnly);

/** When days begin on which a rate comes or goes: between them the same rates count. */
const erasOf = ({ rates, time_zone }: CompensationRules): Interval[] => {
  const days = rates.flatMap(({ from, until }) => [from ?? [], until ?? []].flat());
  const edges = [...new Set(days)].sort().map((day) => dayBegins(day, time_zone));
  return [Number.NEGATIVE_INFINITY, ...edges].map((start, at) => ({ start, end: edges[at] ?? Number.POSITIVE_INFINITY }));
};
export const dayBegins = (day: string, zone: string): number =>
  Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;

const countsIn = (rate: CompensationRate, era: Interval, zone: string) =>
  (!rate.from || dayBegins(rate.from, zone) <= era.start) && (!rate.until || era.start < dayBegins(rate.until, zone));

/** Pieces of time cut where their class or the rates change, each with its class: the first of the order that it is. */
const classified = (pieces: readonly Duty[], { rules, holidaysOf }: Question, eras: readonly Interval[]): Cell[] =>
  [...Map.groupBy(pieces, ({ zone, region }) => `${zone} ${region}`).values()].flatMap((group) => {
    const [{ zone, region }] = group as [Duty];
    const low = Math.min(...group.map(({ start }) => start));
    const high = Math.max(...group.map(({ end }) => end));
    const working = windowsBetween(rules.working_hours, zone, low, high);
    const times: Record<DutyClass, Interval[]> = {
      holiday: union(holidaysOf({ zone, region })),
      weekend: windowsBetween(rules.weekend, zone, low, high),
      working_hours: working,
      after_hours: complement(working, low, high),
    };
    let left: Duty[] = group.toSorted(byStart);
    const found = rules.order.flatMap((name) => {
      const hit = intersect(left, times[name]).map((piece) => ({ ...piece, class: name }));
      left = subtract(left, times[name]).sort(byStart);
      return hit;
    });
    found.sort(byStart);
    return eras.flatMap((era, at) => intersect(found, [era]).map((piece) => ({ ...piece, era: at })));
  });

/** `n / d` to a whole number; both are whole and not negative. */
export const rounded = (n: number, d: number, rounding: CompensationRules['rounding']): number => {
  const rest = n % d;
  const whole = (n - rest) / d;
  if (rest === 0 || rounding === 'down') return whole;
  if (rounding === 'up' || rest * 2 > d) return whole + 1;
  if (rest * 2 < d) return whole;
  return rounding === 'half_up' ? whole + 1 : whole + (whole % 2);
};

type What = 'minutes' | 'begun' | 'touched' | 'page';
/** So much of something that is paid alike. */
type Tally = { what: What; n: number; class: DutyClass; role: OnCallRole | undefined; era: number };

/** What a rate is paid for. */
const WHAT = {
  hour: () => 'minutes',
  page: () => 'page',
  shift: (rate) => (rate.class ? 'touched' : 'begun'),
} as const satisfies Record<CompensationRate['per'], (rate: CompensationRate) => What>;

const noMinutes = (): ByClass => ({ holiday: 0, weekend: 0, after_hours: 0, working_hours: 0 });
const noLine = (person: string, schedule: string | null): Line => ({
  person,
  schedule,
  scheduled_minutes: 0,
  elsewhere_minutes: 0,
  minutes: noMinutes(),
  counted_minutes: 0,
  shifts: 0,
  pages: 0,
  items: [],
  amount: 0,
});

const itemsOf = (tallies: readonly Tally[], rules: CompensationRules, eras: readonly Interval[]): Line['items'] =>
  rules.rates.flatMap((rate, index) => {
    const quantity = tallies
      .filter(
        (one) =>
          one.what === WHAT[rate.per](rate) &&
          (!rate.class || rate.class === one.class) &&
          (!rate.role || rate.role === one.role) &&
          countsIn(rate, eras[one.era] as Interval, rules.time_zone),
      )
      .reduce((sum, { n }) => sum + n, 0);
    if (quantity === 0) return [];
    const amount = rate.per === 'hour' ? rounded(rate.amount * quantity, 60, rules.rounding) : rate.amount * quantity;
    return [{ rate: index, quantity, amount }];
  });

/**
 * Shifts that begin in the window, and the first time of each class of every shift, where that is in the window. A shift is one
 * unbroken stretch on call, also where some of its time counts elsewhere; one whose every minute does is none.
 */
const shiftTallies = (cells: readonly Cell[], scheduled: readonly Duty[], { start, end }: Interval): Tally[] => {
  const isIn = (at: number) => at >= start && at < end;
  return [...Map.groupBy(cells, (cell) => cell.role)].flatMap(([role, own]) => {
    const stretches = union(scheduled.filter((duty) => duty.role === role));
    let at = 0;
    let seen = new Set<DutyClass>();
    return own.toSorted(byStart).flatMap((cell): Tally[] => {
      for (; (stretches[at]?.end ?? Number.POSITIVE_INFINITY) <= cell.start; at++) seen = new Set();
      const tally = { n: 1, class: cell.class, role, era: cell.era };
      const [begins, isNew] = [seen.size === 0, !seen.has(cell.class)];
      seen.add(cell.class);
      if (!isIn(cell.start)) return [];
      return [
        ...(begins ? [{ ...tally, what: 'begun' as const }] : []),
        ...(isNew ? [{ ...tally, what: 'touched' as const }] : []),
      ];
    });
  });
};

const keyOf = (person: string, schedule: string | null) => `${person} ${schedule ?? ''}`;

/** What being on call in a window comes to: a line for each person and schedule, by person, then schedule. */
export const linesOf = (question: Question): Line[] => {
  const { rules, window, duties, pages } = question;
  const eras = erasOf(rules);
  const scheduled = perKey(duties, ({ person, schedule }) => keyOf(person, schedule));
  const counted = rules.overlap === 'once' ? perKey(scheduled, ({ person }) => person) : scheduled;
  const cells = classified(counted, question, eras);

  const lines = new Map<string, Line>();
  const tallies = new Map<string, Tally[]>();
  const lineOf = (person: string, schedule: string | null): Line => {
    const key = keyOf(person, schedule);
    const line = lines.get(key) ?? noLine(person, schedule);
    lines.set(key, line);
    return line;
  };
  const add = (line: Line, more: Tally[]) => {
    const key = keyOf(line.person, line.schedule);
    tallies.set(key, [...(tallies.get(key) ?? []), ...more]);
  };

  for (const duty of intersect(scheduled.toSorted(byStart), [window]))
    lineOf(duty.person, duty.schedule).scheduled_minutes += minutesOf([duty]);
  const scheduledOf = Map.groupBy(scheduled, ({ person, schedule }) => keyOf(person, schedule));
  const cellsOfPerson = Map.groupBy(cells, ({ person }) => person);
  for (const own of Map.groupBy(cells, ({ person, schedule }) => keyOf(person, schedule)).values()) {
    const here = intersect(own.toSorted(byStart), [window]);
    const [first] = here;
    if (!first) continue;
    const line = lineOf(first.person, first.schedule);
    for (const cell of here) line.minutes[cell.class] += minutesOf([cell]);
    line.counted_minutes = minutesOf(here);
    const more = shiftTallies(own, scheduledOf.get(keyOf(first.person, first.schedule)) ?? [], window);
    line.shifts = more.filter(({ what }) => what === 'begun').length;
    add(line, more);
    add(
      line,
      here.map((cell): Tally => ({ what: 'minutes', n: minutesOf([cell]), class: cell.class, role: cell.role, era: cell.era })),
    );
  }
  for (const { person, at } of pages) {
    const cell = (cellsOfPerson.get(person) ?? [])
      .filter(({ start, end }) => start <= at && at < end)
      .toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))[0];
    const found = cell ?? offDuty(question, person, at, eras);
    const line = lineOf(person, cell ? cell.schedule : null);
    line.pages += 1;
    add(line, [{ what: 'page', n: 1, class: found.class, role: cell?.role, era: found.era }]);
  }
  for (const [key, line] of lines) {
    line.elsewhere_minutes = line.scheduled_minutes - line.counted_minutes;
    line.items = itemsOf(tallies.get(key) ?? [], rules, eras);
    line.amount = line.items.reduce((sum, { amount }) => sum + amount, 0);
  }
  return [...lines.values()].sort(
    (a, b) =>
      a.person.localeCompare(b.person, 'en') ||
      Number(!a.schedule) - Number(!b.schedule) ||
      (a.schedule ?? '').localeCompare(b.schedule ?? '', 'en'),
  );
};

/** The class and era of a minute in which somebody is on call nowhere, by that person's own clocks. */
const offDuty = (question: Question, person: string, at: number, eras: readonly Interval[]): Pick<Cell, 'class' | 'era'> => {
  const moment: Duty = { ...question.homeOf(person), person, schedule: '', role: 'primary', start: at, end: at + MINUTE };
  return classified([moment], question, eras)[0] as Cell;
};

/** Lines of one person added up. */
export const totalOf = (lines: readonly Line[]): Sums => {
  const minutes = noMinutes();
  for (const line of lines) for (const name of DUTY_CLASSES) minutes[name] += line.minutes[name];
  const sum = (of: (line: Line) => number) => lines.reduce((total, line) => total + of(line), 0);
  return {
    minutes,
    counted_minutes: sum((line) => line.counted_minutes),
    shifts: sum((line) => line.shifts),
    pages: sum((line) => line.pages),
    amount: sum((line) => line.amount),
  };
};

/** How the lines of a schedule agree with its shifts: shift = counted + elsewhere + twice. */
export const agreementOf = (duties: readonly Duty[], lines: readonly Line[], window: Interval) => {
  const here = intersect(duties.toSorted(byStart), [window]);
  const people = [...Map.groupBy(here, ({ person }) => person).values()];
  const sum = (of: (line: Line) => number) => lines.reduce((total, line) => total + of(line), 0);
  return {
    window_minutes: minutesOf([window]),
    gap_minutes: minutesOf(complement(union(here), window.start, window.end)),
    shift_minutes: minutesOf(here),
    twice_minutes: people.reduce((total, own) => total + minutesOf(own) - minutesOf(union(own)), 0),
    elsewhere_minutes: sum((line) => line.elsewhere_minutes),
    counted_minutes: sum((line) => line.counted_minutes),
  };
};
