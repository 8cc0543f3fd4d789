import type { EscalationPolicy, EscalationStep } from '../../contract/escalation.ts';

export type Position = { round: number; step: number };

/** The position after this one, or undefined when every step of every round is used up. */
export const nextPosition = (policy: EscalationPolicy, at: Position): Position | undefined => {
  if (at.step + 1 < policy.steps.length) return { round: at.round, step: at.step + 1 };
  return at.round < policy.repeat ? { round: at.round + 1, step: 0 } : undefined;
};

export type StepFacts = { urgency: string; service: string; inSupportHours: boolean | undefined };

/** Why a step does not apply to this incident, or undefined when it does. Hours in a responder's own zone are asked per person. */
export const skipReason = (step: EscalationStep, facts: StepFacts, inHours: (zone: string) => boolean): string | undefined => {
  const { when } = step;
  if (when.urgency && when.urgency !== facts.urgency) return `only for ${when.urgency} urgency, this is ${facts.urgency}`;
  if (when.services && !when.services.includes(facts.service)) return `only for ${when.services.join(', ')}`;
  if (when.support_hours) {
    if (facts.inSupportHours === undefined) return `only ${when.support_hours} support hours, and the service has none`;
    if (facts.inSupportHours !== (when.support_hours === 'inside')) return `only ${when.support_hours} support hours`;
  }
  if (when.hours?.time_zone && !inHours(when.hours.time_zone))
    return `only from ${when.hours.from} to ${when.hours.to} ${when.hours.time_zone}`;
  return undefined;
};

/** Once nobody has answered through every round: how long until the whole policy is tried again. */
export const AGAIN_AFTER_SECONDS = 30 * 60;
/** When a step found nobody to page at all: how soon to look again whether someone is on call now. */
export const LOOK_AGAIN_SECONDS = 60;

/** How long the last step of a round has at least. */
export const LAST_STEP_SECONDS = 10;

/** After a pass in which no message reached anybody: each minute at first, every five once it has lasted. */
export const lookAgainSeconds = (policy: EscalationPolicy, round: number): number =>
  round <= policy.repeat + 10 ? LOOK_AGAIN_SECONDS : 5 * LOOK_AGAIN_SECONDS;
