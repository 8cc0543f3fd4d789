import type { EscalationPolicy, EscalationStep } from '../../contract/escalation.ts';
import { inHours } from '../catalog/rules.ts';

export type Position = { round: number; step: number };

/** The position after this one, or undefined when every step of every round is used up. */
export const nextPosition = (policy: EscalationPolicy, at: Position): Position | undefined => {
  if (at.step + 1 < policy.steps.length) return { round: at.round, step: at.step + 1 };
  return at.round < policy.repeat ? { round: at.round + 1, step: 0 } : undefined;
};

type Run = { id: string; state: string; round: number; step: number; snapshot: { steps: unknown[] } };
/**
 * Whether escalation has left the step that a page was sent for: to ask for the next one once more would skip somebody. A run that
 * was stopped waits where it is, for whoever has it to ask for help.
 */
export const hasLeft = (run: Run | undefined, page: { run_id: string | null; round: number | null; step: number | null }) => {
  if (!run || !page.run_id) return false;
  if (run.id !== page.run_id) return true;
  if (run.state === 'stopped') return false;
  const step = run.state === 'exhausted' ? run.snapshot.steps.length : run.step;
  return page.round !== run.round || page.step !== step;
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

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** When somebody's next morning is, on their own clocks, if a page of this step waits for it; undefined: it goes now. */
export const wakesAt = (
  hours: EscalationStep['low_urgency_hours'],
  urgency: string,
  timeZone: string,
  now: Temporal.Instant,
): Temporal.Instant | undefined => {
  if (!hours || urgency === 'high') return undefined;
  const local = now.toZonedDateTimeISO(timeZone);
  if (inHours(hours, local)) return undefined;
  const today = local.toPlainDate();
  // A week on is the same day again: by then it has begun once more.
  for (let ahead = 0; ahead <= 7; ahead += 1) {
    const date = today.add({ days: ahead });
    if (hours.days && !hours.days.includes(DAYS[date.dayOfWeek - 1] as (typeof DAYS)[number])) continue;
    const begins = date.toZonedDateTime({ timeZone, plainTime: hours.from }).toInstant();
    if (Temporal.Instant.compare(begins, now) > 0) return begins;
  }
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
