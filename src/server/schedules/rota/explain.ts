import type { RotaResult, RotaTurn } from '../../../contract/rota.ts';
import type { Planned } from './planning.ts';
import type { Found } from './search.ts';
import { costOf, type Held, held, NEAR } from './search-rules.ts';
import { datesOf } from './situation.ts';

const rounded = (hours: number) => (Math.round(hours * 10) / 10).toLocaleString('en');
const inHours = (hours: number) => `${rounded(hours)} h`;
const inDays = (days: number) => `${rounded(days)} ${rounded(days) === '1' ? 'day' : 'days'}`;
const iso = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toString();

/** What each has by the plan, and what another choice would cost. */
const weighing = ({ problem }: Planned, { assignment }: Found) => {
  const slotsOf = problem.people.map((_, person) => assignment.flatMap((to, slot) => (to === person ? [slot] : [])));
  const has = slotsOf.map((slots, person) => held(problem, person, slots) as Held);
  const gaps = assignment.filter((to) => to < 0).length;
  const cost = costOf(has, gaps);
  return {
    has,
    slotsOf,
    /** If the slot were another's; undefined: a rule forbids it. */
    instead: (slot: number, person: number) => {
      const from = assignment[slot] as number;
      const gained = held(problem, person, [...slotsOf[person]!, slot]);
      if (!gained) return undefined;
      const after = has.with(person, gained);
      if (from >= 0)
        after[from] = held(
          problem,
          from,
          slotsOf[from]!.filter((one) => one !== slot),
        ) as Held;
      const now = costOf(after, from < 0 ? gaps - 1 : gaps);
      return { missing: now.missing - cost.missing, unfair: now.unfair - cost.unfair };
    },
  };
};

/** Free days before a slot since the person's turn before it; undefined when none is near. */
const restBefore = ({ problem }: Planned, slots: readonly number[], person: number, slot: number): number | undefined => {
  const { start, group } = problem.slots[slot]!;
  const ends = [
    ...slots.filter((one) => problem.slots[one]!.group !== group).map((one) => problem.slots[one]!),
    ...problem.people[person]!.fixed,
  ]
    .filter((span) => span.start < start)
    .map((span) => span.end);
  return ends.length === 0 ? undefined : Math.max(0, start - Math.max(...ends));
};

const COUNT_NAMES = ['hours', 'night hours', 'weekend hours', 'holiday hours'];

const whyThis = (plan: Planned, weighed: ReturnType<typeof weighing>, slot: number, person: number): string => {
  const { problem } = plan;
  const { has, slotsOf } = weighed;
  const [{ counts }, { share, prefersWeekends }] = [has[person]!, problem.people[person]!];
  const rest = restBefore(plan, slotsOf[person]!, person, slot);
  const own = plan.people[person]!;
  const past = plan.background.get(own.name)?.past[0] ?? 0;
  const unwanted = problem.unwanted[slot]![person]!;
  const weekend = problem.counts[slot]![person]![2];
  const worst = counts.findIndex((count, d) => count > share[d]! + 1);
  return [
    `${own.display_name} has ${inHours(counts[0]!)} in this plan of a fair share of ${inHours(share[0])}, and had ${inHours(past)} in the 12 weeks before.`,
    rest === undefined ? 'No turn shortly before.' : `${inDays(rest)} free before it.`,
    ...(prefersWeekends && weekend > 0 ? ['Prefers weekends.'] : []),
    ...(unwanted > 0 ? [`${inHours(unwanted)} of it against a wish: any other plan found costs others more.`] : []),
    ...(worst > 0
      ? [`More ${COUNT_NAMES[worst]} than a fair share: ${inHours(counts[worst]!)} of ${inHours(share[worst]!)}.`]
      : []),
  ].join(' ');
};

const whyNot = (plan: Planned, weighed: ReturnType<typeof weighing>, slot: number, person: number): string => {
  const barred = plan.barred[slot]![person];
  if (barred) return barred;
  const { problem } = plan;
  const { overlaps } = problem.slots[slot]!;
  if (overlaps.some((other) => weighed.slotsOf[person]!.includes(other))) return 'Has another turn at that time.';
  const instead = weighed.instead(slot, person);
  if (!instead) return `Would be on call more than ${inDays(problem.limits.consecutive)} without a free day.`;
  if (instead.missing > NEAR) return `Would have ${inDays(instead.missing)} less rest than the policy asks for.`;
  if (instead.unfair > 0.05) return `Would make it less fair by ${inHours(instead.unfair)}.`;
  return 'As good: the choice between equals is arbitrary.';
};

/** Each turn with its reasons, and what could not be kept. */
export const explained = (plan: Planned, found: Found): Pick<RotaResult, 'turns' | 'relaxed' | 'quality'> => {
  const weighed = weighing(plan, found);
  const { problem, people, schedule } = plan;
  const zone = schedule.time_zone;
  const turns = plan.parts.map(({ at, duty }, slot): RotaTurn & { at: number } => {
    const turn = plan.turns[at]!;
    const person = found.assignment[slot] as number;
    const isPart = plan.parts.filter((one) => one.at === at).length > 1;
    const others = people.flatMap((one, index) =>
      index === person || plan.barred[slot]![index] === 'Takes no turns in this layer.'
        ? []
        : [{ person: one.name, display_name: one.display_name, reason: whyNot(plan, weighed, slot, index) }],
    );
    const reason =
      person < 0
        ? `Nobody can have it: ${others.map((one) => `${one.display_name}: ${one.reason}`).join(' ') || 'nobody takes turns here.'}`
        : whyThis(plan, weighed, slot, person);
    return {
      at,
      layer: turn.layer,
      role: turn.role,
      starts: iso(duty[0]!.start),
      ends: iso(duty.at(-1)!.end),
      person: people[person]?.name ?? null,
      display_name: people[person]?.display_name ?? null,
      reason: isPart && person >= 0 ? `Nobody can have the whole turn, so it is split by days. ${reason}` : reason,
      others,
      now_has: [...turn.now],
    };
  });
  const longest = problem.limits.consecutive;
  const most = schedule.policies.max_consecutive_days;
  const short = plan.parts.flatMap(({ duty }, slot): string[] => {
    const person = found.assignment[slot] as number;
    if (person < 0) return [];
    const rest = restBefore(plan, weighed.slotsOf[person]!, person, slot);
    if (rest === undefined || rest > problem.limits.rest - NEAR) return [];
    const why = found.proven ? 'no plan without gaps misses fewer days of rest' : 'no plan that was tried misses fewer';
    return [
      `${people[person]!.display_name} has ${inDays(rest)} free before ${datesOf(zone, { start: duty[0]!.start, end: duty.at(-1)!.end })}, and ${inDays(problem.limits.rest)} are asked for: ${why}.`,
    ];
  });
  return {
    turns: merged(turns),
    relaxed: [
      ...(longest > most + NEAR
        ? [
            `A turn alone lasts ${inDays(longest)}, so the limit of ${inDays(most)} in a row cannot be kept: nobody has more than one turn in a row.`,
          ]
        : []),
      ...short,
    ],
    quality: {
      proven: found.proven,
      unfair: Math.max(0, found.unfair),
      at_least: Math.max(0, Math.min(found.atLeast, found.unfair)),
    },
  };
};

/** Days of one turn that follow each other and are one person's are told as one. */
const merged = (parts: readonly (RotaTurn & { at: number })[]): RotaTurn[] => {
  const found: (RotaTurn & { at: number })[] = [];
  for (const part of parts) {
    const last = found.findLast((one) => one.at === part.at);
    if (last && last.person === part.person && last.ends === part.starts) last.ends = part.ends;
    else found.push({ ...part });
  }
  return found.map(({ at: _, ...turn }) => turn);
};
