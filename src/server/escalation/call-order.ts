import type { Urgency } from '../../contract/common.ts';
import type { ServiceRow } from '../catalog/actions.ts';
import { inHours } from '../catalog/rules.ts';
import type { Ctx } from '../platform/ctx.ts';
import { factsOf, findAwake } from './mornings.ts';
import { skipReason } from './rules.ts';
import * as store from './store.ts';
import type { Found } from './targets.ts';

/**
 * Whom the service's policy means at this moment, in the order of its steps, each person once and nobody who only shadows; the
 * fallback comes last. `notes`: one sentence for each step that means nobody. Takes no turn of a round robin.
 */
export const callOrder = async (
  ctx: Ctx,
  service: ServiceRow,
  urgency: Urgency,
): Promise<{ people: (Found['people'][number] & { step: number })[]; notes: string[] }> => {
  const policy = service.escalation_policy ? (await store.policyByName(ctx, service.escalation_policy))?.definition : undefined;
  if (!policy) return { people: [], notes: ['the service has no escalation policy'] };
  const people = new Map<string, Found['people'][number] & { step: number }>();
  const notes: string[] = [];
  const facts = await factsOf(ctx, service.id, urgency);
  const steps = [
    ...policy.steps,
    ...(policy.fallback ? [{ targets: [policy.fallback], escalate_after_seconds: 60, when: {} }] : []),
  ];
  for (const [index, step] of steps.entries()) {
    const { hours } = step.when;
    const skipped = skipReason(step, facts, (zone) => hours !== undefined && inHours(hours, ctx.now.toZonedDateTimeISO(zone)));
    if (skipped) {
      notes.push(`step ${index + 1}: ${skipped}`);
      continue;
    }
    const found = await findAwake(ctx, step, urgency, { policy: policy.name, step: index }, true);
    const counted = found.people.filter((one) => !one.shadow);
    for (const one of counted) if (!people.has(one.person_id)) people.set(one.person_id, { ...one, step: index + 1 });
    if (counted.length === 0) notes.push(`step ${index + 1}: ${found.empty.join('; ') || 'it names nobody to ring'}`);
  }
  return { people: [...people.values()], notes };
};
