import { escalation as t } from '../../text/escalation.ts';
import type { Step, Target } from './queries.ts';

/** How the things a policy names are called. */
export type Names = { person: (name: string) => string; schedule: (name: string) => string; team: (name: string) => string };

export type Kind = keyof typeof t.kinds;
export const kindOf = (target: Target): Kind => {
  if ('schedule' in target) return 'schedule';
  if ('person' in target) return 'person';
  if ('team' in target) return 'team';
  if ('round_robin' in target) return 'round_robin';
  return 'webhook' in target ? 'webhook' : 'channel';
};

/** A target as it stands in a sentence: "Commerce primary", "everyone in Commerce". */
export const targetWords = (target: Target, names: Names): string => {
  if ('person' in target) return names.person(target.person);
  if ('schedule' in target) return t.words.onCall(names.schedule(target.schedule), target.role);
  if ('team' in target) return (target.who === 'lead' ? t.words.lead : t.words.everyone)(names.team(target.team));
  if ('round_robin' in target) return t.words.inTurn(target.round_robin.map(names.person));
  if ('webhook' in target) return t.words.webhook(URL.canParse(target.webhook) ? new URL(target.webhook).host : target.webhook);
  return t.words.address(target.channel, target.address);
};

/** The conditions of a step: "always", "only for high urgency, outside support hours", and whether low urgency waits. */
export const conditionWords = ({ when, low_urgency_hours: low }: Pick<Step, 'when' | 'low_urgency_hours'>): string => {
  const parts = [
    when.urgency && t.says.urgency(when.urgency),
    when.support_hours && t.says.support(when.support_hours),
    when.hours &&
      t.says.hours(when.hours.from, when.hours.to, (when.hours.days ?? []).map((one) => t.days[one]).join(', ')) +
        (when.hours.time_zone ? ` ${when.hours.time_zone}` : ''),
    when.services && t.says.services(when.services),
  ].filter(Boolean);
  const only = parts.length > 0 ? `${t.says.only} ${parts.join(', ')}` : t.always;
  if (!low) return only;
  return `${only}, ${t.says.low(low.from, low.to, (low.days ?? []).map((one) => t.days[one]).join(', '))}`;
};

/** The whole policy in one line, for the list. */
export const policyWords = (steps: Step[], names: Names): string =>
  steps
    .map((step, index) => {
      const who = step.targets.map((target) => targetWords(target, names)).join(` ${t.and} `);
      const before = steps[index - 1];
      return before ? `${t.minutes(before.escalate_after_seconds)}: ${who}` : who;
    })
    .join(' → ');

/** A stable name from what a thing is called: "Ärzte, Nacht" is `arzte-nacht`. */
export const slugOf = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);

export const moved = <T>(list: T[], from: number, to: number): T[] => {
  const next = [...list];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
};
