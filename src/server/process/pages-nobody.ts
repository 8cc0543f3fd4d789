import type { EscalationStep, Target } from '../../contract/escalation.ts';
import type { ProcessDocument } from '../../contract/process.ts';
import type { Service } from '../../contract/service.ts';

/** Why no escalation of a service could ever reach an active person; undefined when one could. */
export const whyPagesNobody = (service: Service, document: ProcessDocument, now: Temporal.Instant): string | undefined => {
  if (!service.escalation_policy) return 'it has no escalation_policy';
  const policy = document.escalation_policies.find((one) => one.name === service.escalation_policy);
  if (!policy) return `escalation policy ${service.escalation_policy} is not there`;
  const reasons: string[] = [];
  for (const [index, step] of policy.steps.entries()) {
    const never = neverApplies(step, service);
    const why = never ?? whyNobody(step.targets, document, now);
    if (why === undefined) return undefined;
    reasons.push(`step ${index + 1}: ${why}`);
  }
  const fallback = policy.fallback ? whyNobody([policy.fallback], document, now) : 'there is none';
  if (fallback === undefined) return undefined;
  return `no step of escalation policy ${policy.name} can reach an active person (${[...reasons, `fallback: ${fallback}`].join('; ')})`;
};

const neverApplies = ({ when }: EscalationStep, service: Service): string | undefined => {
  if (when.services && !when.services.includes(service.name)) return `only for ${when.services.join(', ')}`;
  if (when.support_hours && !service.support_hours) return `only ${when.support_hours} support hours, and the service has none`;
  return undefined;
};

const whyNobody = (targets: readonly Target[], document: ProcessDocument, now: Temporal.Instant): string | undefined => {
  const reasons = targets.map((target) => whyTarget(target, document, now));
  return reasons.includes(undefined) ? undefined : reasons.join(', ');
};

const whyTarget = (target: Target, document: ProcessDocument, now: Temporal.Instant): string | undefined => {
  if ('webhook' in target) return 'a webhook pages no person';
  if ('channel' in target) return 'a shared address pages no person';
  if ('person' in target) return whyPeople([target.person], document, '');
  if ('round_robin' in target) return whyPeople(target.round_robin, document, '');
  if ('team' in target) {
    const team = document.teams.find((one) => one.name === target.team);
    if (!team) return `team ${target.team} is not there`;
    if (target.who === 'lead')
      return team.lead ? whyPeople([team.lead], document, `lead of team ${team.name}: `) : `team ${team.name} has no lead`;
    return team.members.length > 0
      ? whyPeople(team.members, document, `team ${team.name}: `)
      : `team ${team.name} has no members`;
  }
  const schedule = document.schedules.find((one) => one.name === target.schedule);
  if (!schedule) return `schedule ${target.schedule} is not there`;
  const local = now.toZonedDateTimeISO(schedule.time_zone).toPlainDateTime();
  const layers = schedule.layers.filter((layer) => !layer.shadow && (!target.role || layer.role === target.role));
  const asked = `schedule ${target.schedule}${target.role ? ` as ${target.role}` : ''}`;
  if (layers.length === 0) return `${asked} has no layer that counts`;
  const living = layers.filter((layer) => !layer.ends || Temporal.PlainDateTime.compare(layer.ends, local) > 0);
  if (living.length === 0) return `${asked} ended`;
  // Whom a calendar names is not in the document.
  if (living.some((layer) => layer.calendar)) return undefined;
  return whyPeople(
    living.flatMap((layer) => layer.participants.flat()),
    document,
    `${asked}: `,
  );
};

const whyPeople = (names: string[], document: ProcessDocument, prefix: string): string | undefined => {
  const found = names.map((name) => ({ name, person: document.people.find((one) => one.name === name) }));
  if (found.some(({ person }) => person?.active)) return undefined;
  return `${prefix}${[...new Set(found.map(({ name, person }) => `${name} is ${person ? 'not active' : 'not there'}`))].join(', ')}`;
};
