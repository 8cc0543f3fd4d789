import type { Schedule } from '../../../contract/schedule.ts';
import type { Plan } from '../health.ts';
import { union } from '../shifts-intervals.ts';
import { day, localClock } from '../shifts-zone.ts';
import { type Counts, longestStretch, type Problem, type Slot } from './search-rules.ts';
import { type Background, backgrounds, sharesOf } from './shares.ts';
import { inDaysOf, obstacleTo, type Person, type Situation, type Standing, spanOf, standingIn } from './situation.ts';
import { inDays, type OpenTurn, openTurns } from './turns.ts';

/** What is asked of the search, and what its answer is read with. */
export type Planned = {
  schedule: Schedule;
  turns: OpenTurn[];
  /** Turns, or parts of them, in the order of the problem's slots. `at`: which turn. */
  parts: { at: number; duty: { start: number; end: number }[] }[];
  people: Person[];
  background: Map<string, Background>;
  standing: Standing;
  /** By part, then person: why not; undefined: could have it. */
  barred: (string | undefined)[][];
  problem: Problem;
  first: number;
  last: number;
};

/** How far beside the window turns are looked at that limit it. */
export const marginDays = ({ policies }: Schedule): number =>
  2 * (Math.max(policies.max_consecutive_days, policies.min_gap_days) + 2);

const NOT_OF_LAYER = 'Takes no turns in this layer.';

/**
 * The question of who has which turn. `base`: the schedule without layers of earlier plans. `named`: who shares the turns; none:
 * whoever takes turns in a layer shares those of that layer.
 */
export const planned = (
  situation: Situation & { base: Schedule },
  layers: readonly string[],
  named: readonly string[] | undefined,
  from: number,
  to: number,
): Planned | undefined => {
  const { base, own } = situation;
  const basePlan: Plan = { schedule: base, overrides: own.overrides };
  const turns = openTurns(base, own.overrides, layers, from, to);
  if (turns.every(({ duty }) => duty.length === 0)) return undefined;
  const zone = base.time_zone;
  const clock = localClock(zone);
  const first = turns[0]!.start;
  const last = Math.max(...turns.map(({ duty, start }) => duty.at(-1)?.end ?? start));
  const margin = marginDays(base) * day;
  const takers = new Map(base.layers.map((layer) => [layer.name, new Set(layer.participants.flat())]));
  const takes = (person: string, layer: string) => (named ? named.includes(person) : takers.get(layer)?.has(person) === true);
  const people = situation.people.filter((person) => layers.some((layer) => takes(person.name, layer)));

  const standing = standingIn(own, basePlan, turns, [first - margin, first, last + margin]);
  const inWindow = new Map(
    [...standing].map(([name, { duty }]) => [name, duty.filter(({ start, end }) => start < last && end > first)]),
  );
  const background = backgrounds(situation, people, first, last, inWindow);
  const backgroundOf = (person: Person) => background.get(person.name) as Background;
  const why = (duty: OpenTurn['duty'], layer: string) =>
    people.map((person) => {
      const { calendar, elsewhere } = backgroundOf(person);
      return takes(person.name, layer)
        ? obstacleTo(duty, person, { calendar, elsewhere, standing, overrides: own.overrides, schedule: base })
        : NOT_OF_LAYER;
    });

  const parts: Planned['parts'] = [];
  const barred: Planned['barred'] = [];
  for (const [at, turn] of turns.entries()) {
    if (turn.duty.length === 0) continue;
    const whole = why(turn.duty, turn.layer);
    const pieces = whole.some((one) => one === undefined) ? [turn.duty] : inDays(turn, zone);
    for (const duty of pieces) {
      parts.push({ at, duty });
      barred.push(pieces.length === 1 ? whole : why(duty, turn.layer));
    }
  }

  const counts = parts.map(({ duty }, part) =>
    people.map((person, at): Counts | null =>
      barred[part]![at] === undefined ? backgroundOf(person).calendar.counts(duty) : null,
    ),
  );
  const toCome = [0, 1, 2, 3].map((d) =>
    counts.reduce((sum, row) => {
      const able = row.flatMap((one) => (one ? [one[d]!] : []));
      return sum + (able.length > 0 ? able.reduce((a, b) => a + b, 0) / able.length : 0);
    }, 0),
  );
  const shares = sharesOf(people.map(backgroundOf), toCome);
  const touches = (a: number, b: number) =>
    parts[a]!.duty.some((x) => parts[b]!.duty.some((y) => x.start < y.end && x.end > y.start));
  const slots = parts.map(({ at, duty }, part): Slot => {
    const span = spanOf(duty);
    return {
      ...inDaysOf(clock, span),
      stretches: union(duty).map((one) => inDaysOf(clock, one)),
      group: at,
      overlaps: parts.flatMap((other, index) => {
        const theirs = spanOf(other.duty);
        return index !== part && theirs.start < span.end && theirs.end > span.start && touches(part, index) ? [index] : [];
      }),
    };
  });
  const { max_consecutive_days: most, min_gap_days: rest } = base.policies;
  return {
    schedule: base,
    turns,
    parts,
    people,
    background,
    standing,
    barred,
    first,
    last,
    problem: {
      slots,
      people: people.map((person, at) => ({
        share: shares[at] as unknown as Counts,
        prefersWeekends: person.prefers_weekends,
        fixed: standing.get(person.name)?.turns ?? [],
      })),
      counts,
      unwanted: parts.map(({ duty }) => people.map((person) => backgroundOf(person).calendar.unwanted(duty))),
      limits: { consecutive: Math.max(most, ...slots.map(({ stretches }) => longestStretch(stretches))), rest },
    },
  };
};
