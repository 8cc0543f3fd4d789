import type { Schedule } from '../../../contract/schedule.ts';
import { seatsBetween } from '../shifts.ts';
import { type Interval, intersect } from '../shifts-intervals.ts';
import { isTraining, learningOf, type ScheduleOverride } from '../shifts-overrides.ts';
import { day } from '../shifts-zone.ts';

/** Less of a turn than this is none. */
const LEAST_MS = 3_600_000;
/** A turn of a month is over within so many days. */
const LONGEST_DAYS = 32;

/**
 * How many turns somebody shadowed, and in how many they were asked first, between two instants (ms): turns that are over and of
 * which they had an hour or more. The pieces into which office hours cut a turn are one turn. Shadow layers count as well.
 */
export const turnsDone = (
  schedule: Schedule,
  overrides: readonly ScheduleOverride[],
  person: string,
  since: number,
  now: number,
): { shadow: number; reverse_shadow: number } => {
  const learning = learningOf(person, overrides);
  const done = { shadow: new Map<string, Interval[]>(), reverse_shadow: new Map<string, Interval[]>() };
  for (const seat of seatsBetween(schedule, overrides, since, now + LONGEST_DAYS * day)) {
    if (!seat.shadow || seat.person !== person) continue;
    const by = overrides[seat.override];
    // A layer that has them shadow goes on beside the training.
    if (by === undefined && intersect([seat], learning).length === 0) continue;
    const of = done[by && isTraining(by) && by.kind === 'reverse_shadow' ? 'reverse_shadow' : 'shadow'];
    const turn = seat.layer === undefined ? `${seat.start}` : `${seat.layer} ${seat.turn}`;
    of.set(turn, [...(of.get(turn) ?? []), seat]);
  }
  const count = (turns: Map<string, Interval[]>) =>
    [...turns.values()].filter(
      (pieces) =>
        pieces.every(({ end }) => end <= now) && pieces.reduce((sum, { start, end }) => sum + end - start, 0) >= LEAST_MS,
    ).length;
  return { shadow: count(done.shadow), reverse_shadow: count(done.reverse_shadow) };
};
