import { inHours } from '../catalog/rules.ts';
import type { Ctx } from '../platform/ctx.ts';
import { behindAt, unpagedBehind } from './behind.ts';
import { factsOf, findAwake, firstOf, type Sleeper } from './mornings.ts';
import { nextPosition, type Position, skipReason } from './rules.ts';
import * as store from './store.ts';
import { type Found, resolveTargets } from './targets.ts';

export type Upcoming = {
  at: Temporal.Instant;
  /** Counted from 0; `fallback`: every step and round is used up by then. */
  step: number | 'fallback';
  round: number;
  people: Found['people'];
  places: Found['places'];
  /** Steps that will be passed over, and why. */
  skipped: { step: number; why: string }[];
};

/** Whom the incident's escalation pages next if nobody answers: the first step from then on that finds somebody, as things stand now. Takes no turn. */
export const upcoming = async (ctx: Ctx, incidentId: string): Promise<Upcoming | undefined> => {
  const run = (await store.runsOf(ctx, [incidentId])).findLast((one) => one.state !== 'stopped');
  if (!run?.due_at) return undefined;
  const due = run.due_at;
  const behind = run.state === 'running' ? await unpagedBehind(ctx, run) : [];
  const at = behindAt(run);
  if (behind.length > 0 && at) return { at, step: run.step, round: run.round, people: behind, places: [], skipped: [] };
  const then: Ctx = { ...ctx, now: Temporal.Instant.compare(due, ctx.now) > 0 ? due : ctx.now };
  const { found, asleep, skipped } = await stepFrom(then, run);
  if (found) return { ...found, at: due, skipped };
  const first = firstOf(asleep);
  if (first) {
    const woken = await stepFrom({ ...ctx, now: first.until }, run);
    if (woken.found) return { ...woken.found, at: first.until, skipped: woken.skipped };
  }
  const { fallback, steps } = run.snapshot;
  const last = fallback ? await resolveTargets(then, [fallback], { policy: run.policy, step: steps.length }, true) : undefined;
  return { at: due, step: 'fallback', round: run.round, people: last?.people ?? [], places: last?.places ?? [], skipped };
};

/** The first step a run would page by at `ctx.now`, what it would pass over before, and whose morning that would wait for. */
const stepFrom = async (ctx: Ctx, run: store.RunRow) => {
  const policy = run.snapshot;
  const facts = await factsOf(ctx, run.service_id, run.urgency);
  const asleep: Sleeper[] = [];
  const skipped: Upcoming['skipped'] = [];
  let at: Position | undefined =
    run.state === 'exhausted' ? { round: run.round, step: 0 } : run.state === 'waiting' ? run : nextPosition(policy, run);
  for (let looked = 0; at && looked < policy.steps.length; looked += 1, at = nextPosition(policy, at)) {
    const step = policy.steps[at.step];
    if (!step) break;
    const { hours } = step.when;
    const not = skipReason(step, facts, (zone) => hours !== undefined && inHours(hours, ctx.now.toZonedDateTimeISO(zone)));
    const found = not ? undefined : await findAwake(ctx, step, run.urgency, { policy: run.policy, step: at.step }, true);
    if (found && (found.people.some((one) => !one.shadow) || found.places.length > 0))
      return { found: { round: at.round, step: at.step, people: found.people, places: found.places }, asleep, skipped };
    asleep.push(...(found?.asleep ?? []));
    skipped.push({ step: at.step, why: not ?? (found?.empty.join('; ') || 'it names nobody') });
  }
  return { found: undefined, asleep, skipped };
};
