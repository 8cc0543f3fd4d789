import { serviceById } from '../catalog/actions.ts';
import { inHours, inSupportHours } from '../catalog/rules.ts';
import type { Ctx } from '../platform/ctx.ts';
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
  const policy = run.snapshot;
  const then: Ctx = { ...ctx, now: Temporal.Instant.compare(due, ctx.now) > 0 ? due : ctx.now };
  const service = await serviceById(ctx, run.service_id);
  const facts = {
    urgency: run.urgency,
    service: service?.name ?? '',
    inSupportHours: service?.support_hours ? inSupportHours(service.support_hours, then.now) : undefined,
  };
  const skipped: Upcoming['skipped'] = [];
  let at: Position | undefined = run.state === 'exhausted' ? { round: run.round, step: 0 } : nextPosition(policy, run);
  for (let looked = 0; at && looked < policy.steps.length; looked += 1, at = nextPosition(policy, at)) {
    const step = policy.steps[at.step];
    if (!step) break;
    const { hours } = step.when;
    const not = skipReason(step, facts, (zone) => hours !== undefined && inHours(hours, then.now.toZonedDateTimeISO(zone)));
    const found = not ? undefined : await resolveTargets(then, step.targets, { policy: run.policy, step: at.step, hours }, true);
    if (found && (found.people.some((one) => !one.shadow) || found.places.length > 0))
      return { at: due, ...at, people: found.people, places: found.places, skipped };
    skipped.push({ step: at.step, why: not ?? (found?.empty.join('; ') || 'it names nobody') });
  }
  const { fallback } = policy;
  const found = fallback
    ? await resolveTargets(then, [fallback], { policy: run.policy, step: policy.steps.length }, true)
    : undefined;
  return { at: due, step: 'fallback', round: run.round, people: found?.people ?? [], places: found?.places ?? [], skipped };
};
