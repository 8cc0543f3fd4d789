import { pagesOfStep } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { findAwake } from './mornings.ts';
import { LAST_STEP_SECONDS } from './rules.ts';
import type * as store from './store.ts';
import type { Found } from './targets.ts';

type Person = Found['people'][number];
export const isBehind = (person: Person): boolean => person.behind_seconds !== undefined;
/** How long whoever is asked first has before those behind them are paged; 0: nobody is held back. */
export const heldSeconds = (people: readonly Person[]): number => Math.max(0, ...people.map((one) => one.behind_seconds ?? 0));

/** How long a step waits for an answer; the last of a round leaves at least a moment before everything is asked again. */
export const stepSeconds = ({ steps }: store.RunRow['snapshot'], step: number): number =>
  Math.max(steps[step]?.escalate_after_seconds ?? 0, step === steps.length - 1 ? LAST_STEP_SECONDS : 0);

/** When those behind in the step that runs are paged, or were: the rest of the step is theirs to answer in. */
export const behindAt = (run: store.RunRow): Temporal.Instant | undefined =>
  run.due_at?.subtract({ seconds: stepSeconds(run.snapshot, run.step) });

/** Who is behind somebody who is asked first in the step a run is at, and was not paged in it. */
export const unpagedBehind = async (ctx: Ctx, run: store.RunRow): Promise<Person[]> => {
  const step = run.snapshot.steps[run.step];
  const targets = step?.targets.filter((target) => 'schedule' in target) ?? [];
  if (!step || targets.length === 0) return [];
  const found = await findAwake(ctx, { ...step, targets }, run.urgency, { policy: run.policy, step: run.step }, true);
  const behind = found.people.filter(isBehind);
  if (behind.length === 0) return [];
  const paged = new Set((await pagesOfStep(ctx, run.id, run.round, run.step)).map((page) => page.person_id));
  return behind.filter((one) => !paged.has(one.person_id));
};
