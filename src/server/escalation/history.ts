import type { EscalationPolicy, EscalationStep, Target } from '../../contract/escalation.ts';
import { changesOf } from '../journal/actions.ts';
import { historyOf, sentenceOf, versionAt } from '../journal/versions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { notFound } from '../platform/errors.ts';
import { versionsOf } from './history-store.ts';

const versionsKept = async (ctx: Ctx, name: string) => {
  const versions = await versionsOf(ctx, name);
  if (versions.length === 0) throw notFound(`Escalation policy ${name}`);
  return versions;
};

/** What a policy said at a moment, also one that is removed since. */
export const policyAt = async (ctx: Ctx, name: string, at: Temporal.Instant): Promise<EscalationPolicy> =>
  versionAt(await versionsKept(ctx, name), at, `Escalation policy ${name}`).definition;

/** Every version of a policy, and who put it in force, newest first. */
export const policyHistory = async (ctx: Ctx, name: string) =>
  historyOf(name, 'escalation_policy', await versionsKept(ctx, name), wordsOf);

const FIELD: Record<string, string> = { title: 'Title', team: 'Team', repeat: 'Rounds after the first' };

const called = (target: Target): string => {
  if ('person' in target) return target.person;
  if ('schedule' in target) return `${target.role ?? 'everyone'} of ${target.schedule}`;
  if ('team' in target) return target.who === 'lead' ? `the lead of ${target.team}` : `everyone of team ${target.team}`;
  if ('round_robin' in target) return `${target.round_robin.join(', ')} in turn`;
  // Its address may hold a secret.
  return 'webhook' in target ? `a webhook of ${new URL(target.webhook).host}` : `${target.channel} ${target.address}`;
};
const pages = (step: EscalationStep) => step.targets.map(called).join(' and ');
const minutes = (seconds: number) => (seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`);

const stepWords = (n: number, before: EscalationStep, after: EscalationStep): string[] => {
  const { targets: was, escalate_after_seconds: waited, ...rest } = before;
  const { targets: is, escalate_after_seconds: waits, ...now } = after;
  const same = JSON.stringify(was) === JSON.stringify(is);
  const [one, other] = [pages(before), pages(after)];
  return [
    ...(same ? [] : [one === other ? `Step ${n}: the address it tells is another.` : `Step ${n} pages ${other}, was ${one}.`]),
    ...(waited === waits ? [] : [`Step ${n} waits ${minutes(waits)}, was ${minutes(waited)}.`]),
    ...changesOf(rest, now).map((change) => sentenceOf(change, `Step ${n}, ${change.field.replaceAll('_', ' ')}`)),
  ];
};

/** What is different between two versions of a policy, a sentence each. */
const wordsOf = (before: EscalationPolicy, after: EscalationPolicy): string[] => {
  const { steps: was, fallback: last, ...rest } = before;
  const { steps: is, fallback, ...now } = after;
  return [
    ...changesOf(rest, now).map((change) => sentenceOf(change, FIELD[change.field])),
    ...is.flatMap((step, index) => {
      const old = was[index];
      return old
        ? stepWords(index + 1, old, step)
        : [`Step ${index + 1} is new: pages ${pages(step)}, waits ${minutes(step.escalate_after_seconds)}.`];
    }),
    ...was.slice(is.length).map((step, index) => `Step ${is.length + index + 1} is gone: it paged ${pages(step)}.`),
    ...(JSON.stringify(last) === JSON.stringify(fallback)
      ? []
      : [`At the end: ${fallback ? called(fallback) : 'nobody'}, was ${last ? called(last) : 'nobody'}.`]),
  ];
};
