import {
  type Assignment,
  COUNTS,
  type Cost,
  costOf,
  type Held,
  held,
  leastUnfair,
  NEAR,
  type Problem,
  REST,
} from './search-rules.ts';

/** How much is tried. At these sizes the largest plan (400 turns, 60 people) takes a few seconds, the usual one a few tenths. */
export type Effort = { moves: number; nodes: number };
const EFFORT: Effort = { moves: 60_000, nodes: 60_000 };
const MOVES_PER_SLOT = 1500;

export type Found = Cost & {
  assignment: Assignment;
  /** Every plan was looked at, or shown to be no better. */
  proven: boolean;
  /** No plan without more gaps or less rest has less `unfair`. */
  atLeast: number;
};

/** A plan while it is changed: who has what, and what that costs each person. */
class Plan {
  readonly problem: Problem;
  readonly assignment: Assignment;
  readonly slotsOf: number[][];
  readonly held: Held[];
  gaps: number;
  cost: Cost;
  constructor(problem: Problem) {
    this.problem = problem;
    this.assignment = problem.slots.map(() => -1);
    this.slotsOf = problem.people.map(() => []);
    this.held = problem.people.map((_, person) => held(problem, person, []) as Held);
    this.gaps = problem.slots.length;
    this.cost = costOf(this.held, this.gaps);
  }
  /** The cost if these slots went to these people; undefined when a rule forbids it. Changes nothing. */
  tried(changes: readonly (readonly [slot: number, to: number])[]): { cost: Cost; apply: () => void } | undefined {
    const lists = new Map<number, number[]>();
    const listOf = (person: number) => {
      const list = lists.get(person) ?? [...this.slotsOf[person]!];
      lists.set(person, list);
      return list;
    };
    let gaps = this.gaps;
    for (const [slot, to] of changes) {
      const from = this.assignment[slot]!;
      if (from < 0) gaps--;
      else listOf(from).splice(listOf(from).indexOf(slot), 1);
      if (to < 0) gaps++;
      else listOf(to).push(slot);
    }
    const after = [...this.held];
    for (const [person, list] of lists) {
      const one = held(this.problem, person, list);
      if (!one) return undefined;
      after[person] = one;
    }
    const cost = costOf(after, gaps);
    const apply = () => {
      for (const [slot, to] of changes) this.assignment[slot] = to;
      for (const [person, list] of lists) {
        this.slotsOf[person] = list;
        this.held[person] = after[person]!;
      }
      this.gaps = gaps;
      this.cost = cost;
    };
    return { cost, apply };
  }
}

const able = (problem: Problem, slot: number): number[] => problem.counts[slot]!.flatMap((own, person) => (own ? [person] : []));

/** Numbers that look random and are the same each time: the same question has the same answer. */
const randomNumbers = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

/** The scarcest slots first, each to whoever it costs least. */
const greedy = (problem: Problem): Plan => {
  const plan = new Plan(problem);
  const order = problem.slots.map((_, slot) => slot).sort((a, b) => able(problem, a).length - able(problem, b).length || a - b);
  for (const slot of order) {
    let best: ReturnType<Plan['tried']>;
    for (const person of able(problem, slot)) {
      const now = plan.tried([[slot, person]]);
      if (now && (!best || now.cost.total < best.cost.total)) best = now;
    }
    best?.apply();
  }
  return plan;
};

/** Takes single turns and pairs to and fro, at first also for the worse (simulated annealing), and keeps the best that was seen. */
const improve = (plan: Plan, moves: number): { assignment: Assignment; cost: Cost } => {
  const { problem } = plan;
  const count = problem.slots.length;
  const random = randomNumbers(20_260_101);
  const pick = (n: number) => Math.floor(random() * n);
  let best = { assignment: [...plan.assignment], cost: plan.cost };
  // From where a lack of rest, or a turn, is taken for the worse, down to minutes.
  const hot = plan.cost.missing > 0 ? 2 * REST : Math.max(1, ...problem.counts.flatMap((row) => row.map((own) => own?.[0] ?? 0)));
  const cold = 0.05;
  for (let move = 0; move < moves && count > 0; move++) {
    const slot = pick(count);
    const other = pick(count);
    const people = able(problem, slot);
    if (people.length === 0) continue;
    const [mine, theirs] = [plan.assignment[slot]!, plan.assignment[other]!];
    const swap = random() < 0.5 && mine !== theirs;
    const to = people[pick(people.length)]!;
    if (!swap && to === mine) continue;
    const now = plan.tried(
      swap
        ? [
            [slot, theirs],
            [other, mine],
          ]
        : [[slot, to]],
    );
    if (!now) continue;
    const heat = hot * (cold / hot) ** (move / moves);
    const worse = now.cost.total - plan.cost.total;
    if (worse > 0 && random() >= Math.exp(-worse / heat)) continue;
    now.apply();
    if (plan.cost.total < best.cost.total - NEAR) best = { assignment: [...plan.assignment], cost: plan.cost };
  }
  return best;
};

/** Changes turns one by one and two by two while that makes it better: in the end no such change does. */
const settle = (plan: Plan, assignment: Assignment): { assignment: Assignment; cost: Cost } => {
  const { problem } = plan;
  const cheaper = (changes: [number, number][]) => {
    const now = plan.tried(changes);
    if (!now || now.cost.total >= plan.cost.total - NEAR) return false;
    now.apply();
    return true;
  };
  plan.tried(assignment.flatMap((to, slot) => (to === plan.assignment[slot] ? [] : [[slot, to] as const])))?.apply();
  for (let isBetter = true; isBetter; ) {
    isBetter = false;
    for (const slot of problem.slots.keys()) {
      for (const to of able(problem, slot)) if (to !== plan.assignment[slot] && cheaper([[slot, to]])) isBetter = true;
      for (let other = slot + 1; other < problem.slots.length; other++) {
        const [mine, theirs] = [plan.assignment[slot]!, plan.assignment[other]!];
        if (
          mine !== theirs &&
          cheaper([
            [slot, theirs],
            [other, mine],
          ])
        )
          isBetter = true;
      }
    }
  }
  return { assignment: [...plan.assignment], cost: plan.cost };
};

/**
 * Looks through all plans in order of time, and leaves a branch where what is given away costs no less than the best known: a
 * person's cost never falls with another slot, and what is left of each count must fit beneath the shares or lie above them.
 * Ends early when `nodes` are used up; then nothing is proven.
 */
const prove = (problem: Problem, known: { assignment: Assignment; cost: Cost }, nodes: number) => {
  let best = known;
  let left = nodes;
  const plan = new Plan(problem);
  // A slot that is not reached yet is no gap.
  plan.gaps = 0;
  const lists = problem.people.map((): number[] => []);
  const ahead = problem.slots.map(() => [0, 0, 0, 0]);
  for (let slot = problem.slots.length - 1; slot >= 0; slot--)
    for (let d = 0; d < COUNTS; d++) {
      const least = Math.min(...problem.counts[slot]!.flatMap((own) => (own ? [own[d]!] : [])));
      ahead[slot]![d] = (ahead[slot + 1]?.[d] ?? 0) + (Number.isFinite(least) ? least : 0);
    }
  const boundAt = (slot: number, cost: Cost, had: readonly Held[]): number => {
    let more = 0;
    for (let d = 0; d < COUNTS && slot < problem.slots.length; d++) {
      if (d === 2 && problem.people.some((one) => one.prefersWeekends)) continue;
      const room = had.reduce((sum, one, at) => sum + Math.max(0, problem.people[at]!.share[d]! - one.counts[d]!), 0);
      more += Math.max(0, ahead[slot]![d]! - room);
    }
    return cost.total + more;
  };
  const visit = (slot: number, had: Held[], gaps: number): boolean => {
    if (left-- <= 0) return false;
    const cost = costOf(had, gaps);
    if (boundAt(slot, cost, had) >= best.cost.total - NEAR) return true;
    if (slot === problem.slots.length) {
      best = { assignment: [...plan.assignment], cost };
      return true;
    }
    const options: { person: number; one: Held; total: number }[] = [];
    for (const person of able(problem, slot)) {
      const one = held(problem, person, [...lists[person]!, slot]);
      if (one) options.push({ person, one, total: costOf(had.with(person, one), gaps).total });
    }
    options.sort((a, b) => a.total - b.total || a.person - b.person);
    for (const { person, one } of options) {
      plan.assignment[slot] = person;
      lists[person]!.push(slot);
      const done = visit(slot + 1, had.with(person, one), gaps);
      lists[person]!.pop();
      if (!done) return false;
    }
    plan.assignment[slot] = -1;
    return visit(slot + 1, had, gaps + 1);
  };
  const proven = visit(0, plan.held, 0);
  return { best, proven };
};

/** The best plan that is found, and how good it is known to be. The same problem has the same answer. */
export const search = (problem: Problem, effort: Effort = EFFORT): Found => {
  const start = greedy(problem);
  const better = improve(start, Math.min(effort.moves, MOVES_PER_SLOT * problem.slots.length));
  const settled = settle(start, better.assignment);
  const { best, proven } = prove(problem, settled, effort.nodes);
  return {
    ...best.cost,
    assignment: best.assignment,
    proven,
    atLeast: proven ? best.cost.unfair : Math.min(best.cost.unfair, leastUnfair(problem, best.cost.gaps)),
  };
};
