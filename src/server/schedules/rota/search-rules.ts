/** Hours on call, of those at night, on weekends and on public holidays: the four counts that are shared out fairly. */
export type Counts = readonly [hours: number, nights: number, weekends: number, holidays: number];
export const COUNTS = 4;

/** Days of the schedule's local clock, since an arbitrary day; `end` is exclusive. */
export type Span = { start: number; end: number };

/** A turn, or a part of one that nobody can have whole. In order of `start`. */
export type Slot = Span & {
  /** Time on call with never a free day between. */
  stretches: Span[];
  /** Parts of one turn share it: between them no rest is asked for. */
  group: number;
  /** Slots, by their place, that a person cannot have at once with this one. */
  overlaps: number[];
};
type Sharer = {
  /** Fair shares of this plan, in hours; see `fairShares`. */
  share: Counts;
  /** Weekend hours above the share are no burden. */
  prefersWeekends: boolean;
  /** Turns that stand, around and within the window. */
  fixed: Span[];
};
export type Problem = {
  slots: Slot[];
  people: Sharer[];
  /** By slot, then person: what the slot would count for that person; null: cannot have it. */
  counts: (Counts | null)[][];
  /** By slot, then person: hours in which the person would rather not. */
  unwanted: number[][];
  /** Days. `consecutive` is never broken; a missing day of `rest` costs more than any unfairness. */
  limits: { consecutive: number; rest: number };
};
/** By slot: the person's place, or -1: a gap. */
export type Assignment = number[];

/** A gap costs more than any lack of rest, and a missing day of rest as much as 10,000 hours of unfairness. */
const GAP = 1e9;
export const REST = 1e4;
/** What an hour weighs beside one above the fair share. */
const WEIGHTS = { night: 0.5, unwanted: 1, weekendOfOthers: 0.25 };
const DAY = 1;
/** Below this a difference is rounding: hours, or days. */
export const NEAR = 1e-4;

const minutes = (days: number) => Math.round(days * 1440) / 1440;

/** The longest time without a free day. Spans in any order. */
export const longestStretch = (spans: readonly Span[]): number => {
  let longest = 0;
  let run: Span | undefined;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    if (run && start - run.end < DAY) run = { start: run.start, end: Math.max(run.end, end) };
    else run = { start, end };
    longest = Math.max(longest, run.end - run.start);
  }
  return minutes(longest);
};

type Turn = Span & { group: number; fixed: boolean };
/** Days of rest that are missing between turns, of which at least one is new. */
const missingRest = (turns: readonly Turn[], least: number): number => {
  let missing = 0;
  let before: Turn | undefined;
  for (const turn of turns) {
    if (before && !(turn.fixed && before.fixed) && turn.group !== before.group)
      missing += Math.max(0, least - Math.max(0, turn.start - before.end));
    if (!before || turn.end >= before.end) before = turn;
  }
  return minutes(missing);
};

/** What a person has by a plan, and what it costs; undefined: the person cannot have that. */
export type Held = { counts: number[]; over: number[]; missing: number; cost: number };
export const held = (problem: Problem, person: number, slots: readonly number[]): Held | undefined => {
  const { share, prefersWeekends, fixed } = problem.people[person]!;
  const counts = [0, 0, 0, 0];
  let cost = 0;
  for (const slot of slots) {
    const own = problem.counts[slot]![person];
    if (!own || problem.slots[slot]!.overlaps.some((other) => slots.includes(other))) return undefined;
    for (let d = 0; d < COUNTS; d++) counts[d]! += own[d]!;
    cost += WEIGHTS.unwanted * problem.unwanted[slot]![person]!;
  }
  const turns: Turn[] = [
    ...slots.map((slot) => ({ ...problem.slots[slot]!, fixed: false })),
    ...fixed.map((span, at) => ({ ...span, group: -1 - at, fixed: true })),
  ].sort((a, b) => a.start - b.start);
  if (slots.length > 0) {
    const stretches = [...slots.flatMap((slot) => problem.slots[slot]!.stretches), ...fixed];
    const before = Math.max(problem.limits.consecutive, longestStretch(fixed));
    if (longestStretch(stretches) > before + NEAR) return undefined;
  }
  const missing = missingRest(turns, problem.limits.rest);
  const over = counts.map((count, d) => (d === 2 && prefersWeekends ? 0 : Math.max(0, count - share[d]!)));
  cost += over.reduce((sum, hours) => sum + hours, 0) + WEIGHTS.night * counts[1]!;
  if (!prefersWeekends && problem.people.some((one) => one.prefersWeekends)) cost += WEIGHTS.weekendOfOthers * counts[2]!;
  return { counts, over, missing, cost };
};

export type Cost = { gaps: number; missing: number; unfair: number; total: number };
/** What a plan costs. The largest excess of each count is added once more, so that it is not one person's. */
export const costOf = (all: readonly Held[], gaps: number): Cost => {
  let unfair = 0;
  let missing = 0;
  for (const one of all) {
    unfair += one.cost;
    missing += one.missing;
  }
  for (let d = 0; d < COUNTS; d++) unfair += Math.max(0, ...all.map((one) => one.over[d]!));
  return { gaps, missing, unfair, total: gaps * GAP + missing * REST + unfair };
};

/**
 * Fair shares: of all that people had in the weeks before and will have, each one's part is as large as their part of the time in
 * which they were there. Whoever had more than that already has none to come, and the others share what is left.
 */
export const fairShares = (past: readonly number[], present: readonly number[], toCome: number): number[] => {
  const isOpen = past.map((_, at) => present[at]! > 0);
  const share = past.map(() => 0);
  for (;;) {
    let time = 0;
    let sum = toCome;
    for (const [at, open] of isOpen.entries())
      if (open) {
        time += present[at]!;
        sum += past[at]!;
      }
    if (time === 0) return share;
    const above = isOpen.flatMap((open, at) => (open && (sum * present[at]!) / time < past[at]! - NEAR ? [at] : []));
    for (const at of above) isOpen[at] = false;
    if (above.length > 0) continue;
    for (const [at, open] of isOpen.entries()) share[at] = open ? (sum * present[at]!) / time - past[at]! : 0;
    return share;
  }
};

/**
 * Hours of unfairness that no plan avoids. For each count: `n` slots of at least `least` hours must go to somebody, and the hours above
 * fair shares grow with each slot a person has, so giving the next always to whoever it costs least is the least there can be.
 */
export const leastUnfair = (problem: Problem, gaps: number): number => {
  let sum = 0;
  for (let d = 0; d < COUNTS; d++) {
    const each = problem.counts.flatMap((row) => {
      const able = row.flatMap((own) => (own ? [own[d]!] : []));
      return able.length > 0 && Math.min(...able) > 0 ? [Math.min(...able)] : [];
    });
    // Whatever the gaps are spared of is left out, too.
    const given = each.sort((a, b) => a - b).slice(0, Math.max(0, each.length - gaps));
    if (given.length === 0) continue;
    if (d === 1) sum += WEIGHTS.night * given.reduce((a, b) => a + b, 0);
    if (d === 2 && problem.people.some((one) => one.prefersWeekends)) continue;
    const least = given[0]!;
    const had = problem.people.map(() => 0);
    const over = problem.people.map(() => 0);
    for (let k = 0; k < given.length; k++) {
      const next = problem.people.map(({ share }, at) => Math.max(0, had[at]! + least - share[d]!));
      let best = 0;
      for (const at of next.keys()) if (next[at]! - over[at]! < next[best]! - over[best]!) best = at;
      had[best]! += least;
      over[best] = next[best]!;
    }
    sum += over.reduce((a, b) => a + b, 0) + largestAtLeast(problem, d, given.length, least);
  }
  return sum;
};
/** The next to whoever has the smallest excess makes the largest as small as can be. */
const largestAtLeast = (problem: Problem, d: number, slots: number, least: number): number => {
  const had = problem.people.map(() => 0);
  let largest = 0;
  for (let k = 0; k < slots; k++) {
    const next = problem.people.map(({ share }, at) => had[at]! + least - share[d]!);
    const best = next.indexOf(Math.min(...next));
    had[best]! += least;
    largest = Math.max(largest, next[best]!);
  }
  return largest;
};
