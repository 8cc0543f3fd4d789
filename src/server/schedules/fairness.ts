import type { Absences } from '../absences/types.ts';
import { absenceWarnings, healthWarnings, type Plan } from './health.ts';
import type { ScheduleOverride } from './rules.ts';
import { seatsBetween } from './shifts.ts';
import { type Interval, intersect, union } from './shifts-intervals.ts';
import { learningOf } from './shifts-overrides.ts';
import type { Load } from './timeline.ts';

/** An hour on call at night counts as this many. */
const NIGHT_COUNTS = 2;

type Broken = 'max_consecutive_days' | 'min_gap_days' | 'public_holiday';
export type CoverQuestion = {
  /** The schedule that needs cover, and all others; overrides reach as far around the window as the policies look. */
  plan: Plan;
  others: readonly Plan[];
  /** Who needs cover; without, whoever is primary then. */
  person: string | undefined;
  from: Temporal.Instant;
  to: Temporal.Instant;
  /** Whom to consider. `mayAnswer`: the role lets the person answer a page. */
  people: readonly { name: string; active: boolean; mayAnswer: boolean }[];
  absences: Absences;
  /** What each was on call in the time that is compared. */
  load: ReadonlyMap<string, Load>;
};
type CoverCandidate = Load & { person: string; breaks: Broken[]; reason: string };
export type CoverAnswer = {
  /** When somebody else would be on call. */
  needed: Interval[];
  /** The fairest first. */
  candidates: CoverCandidate[];
  excluded: { person: string; reason: string }[];
};

const localTime = (ms: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(ms)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
    .replace('T', ' ');
const spanIn = (zone: string, { start, end }: Interval) => `from ${localTime(start, zone)} to ${localTime(end, zone)} (${zone})`;

const hours = (seconds: number) => `${(Math.round(seconds / 360) / 10).toLocaleString('en')} h`;
const duties = ({ schedule, overrides }: Plan, from: number, to: number) =>
  seatsBetween(schedule, overrides, from, to).filter((seat) => !seat.shadow);

/** The time that is to be covered: the person's turns in the window, or all of it where there are none. */
const neededOf = ({ plan, person, from, to }: CoverQuestion): { needed: Interval[]; seated: boolean } => {
  const window = { start: from.epochMilliseconds, end: to.epochMilliseconds };
  const own = union(duties(plan, window.start, window.end).filter((seat) => seat.person === person));
  return own.length > 0 ? { needed: own, seated: true } : { needed: [window], seated: false };
};

/** Why somebody cannot cover, in a sentence; undefined when she can. */
const obstacle = (
  question: CoverQuestion,
  needed: readonly Interval[],
  { name, active, mayAnswer }: CoverQuestion['people'][number],
): string | undefined => {
  const zone = question.plan.schedule.time_zone;
  if (!active) return 'Deactivated.';
  if (!mayAnswer) return 'May not answer pages.';
  if (intersect(learningOf(name, question.plan.overrides), needed).length > 0) return 'In training: not signed off for solo.';
  const away = union((question.absences.get(name) ?? []).filter((one) => one.kind === 'leave'));
  const [leave] = intersect(away, needed);
  if (leave) return `Away ${spanIn(zone, leave)}.`;
  for (const plan of [question.plan, ...question.others]) {
    const seats = duties(plan, question.from.epochMilliseconds, question.to.epochMilliseconds);
    const [clash] = intersect(union(seats.filter((seat) => seat.person === name)), needed);
    if (clash) return `On call in ${plan.schedule.title || plan.schedule.name} ${spanIn(zone, clash)}.`;
  }
  return undefined;
};

/** What the schedule would break about somebody who covers: policies judged over whole turns, on either side of the window. */
const broken = (question: CoverQuestion, seated: boolean, name: string): { policy: Broken; message: string }[] => {
  const { plan, person, from, to, absences } = question;
  const cover: ScheduleOverride = {
    id: 'cover',
    kind: seated || person === undefined ? 'replace' : 'add',
    person: name,
    ...(seated && person ? { replaces: person } : {}),
    starts: from,
    ends: to,
  };
  const overrides = [...plan.overrides, cover];
  // A rest that ends where the cover begins counts too.
  const [before, after] = [from.subtract({ milliseconds: 1 }), to.add({ milliseconds: 1 })];
  return [
    ...healthWarnings(plan.schedule, overrides, before, after),
    ...absenceWarnings(plan.schedule, overrides, absences, from, to),
  ].flatMap(({ policy, person: whom, message }) =>
    whom === name && (policy === 'max_consecutive_days' || policy === 'min_gap_days' || policy === 'public_holiday')
      ? [{ policy, message }]
      : [],
  );
};

/** The sentence of a warning, about somebody who is named beside it. */
const then = (name: string, message: string) =>
  `Then ${message.startsWith(`${name} `) ? message.slice(name.length + 1) : message}`;

const weighted = ({ seconds, night_seconds }: Load) => seconds + (NIGHT_COUNTS - 1) * night_seconds;

/**
 * Who would cover a stretch of a schedule the most fairly. Whoever is away, on call then, deactivated or may not answer is out. Of the
 * others those come first whose cover breaks the fewest policies, then those who were on call the least, a night hour counting twice.
 */
export const proposeCover = (question: CoverQuestion): CoverAnswer => {
  const { needed, seated } = neededOf(question);
  const candidates: CoverCandidate[] = [];
  const excluded: CoverAnswer['excluded'] = [];
  for (const one of question.people) {
    if (one.name === question.person) continue;
    const why = obstacle(question, needed, one);
    if (why) {
      excluded.push({ person: one.name, reason: why });
      continue;
    }
    const load = question.load.get(one.name) ?? { seconds: 0, night_seconds: 0 };
    const breaks = broken(question, seated, one.name);
    const had =
      load.seconds === 0
        ? 'Not on call in the last 90 days.'
        : `${hours(load.seconds)} on call in the last 90 days, ${hours(load.night_seconds)} of it at night.`;
    candidates.push({
      person: one.name,
      ...load,
      breaks: breaks.map(({ policy }) => policy),
      reason: ['Free.', had, ...breaks.map(({ message }) => then(one.name, message))].join(' '),
    });
  }
  const byName = (a: { person: string }, b: { person: string }) => (a.person < b.person ? -1 : 1);
  candidates.sort((a, b) => a.breaks.length - b.breaks.length || weighted(a) - weighted(b) || byName(a, b));
  return { needed, candidates, excluded: excluded.sort(byName) };
};
