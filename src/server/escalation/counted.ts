import type { EscalationPolicy, Target } from '../../contract/escalation.ts';
import type { Schedule } from '../../contract/schedule.ts';

/** Everything a policy may page: its steps in order, then its fallback. */
export const targetsOf = (policy: EscalationPolicy): Target[] => [
  ...policy.steps.flatMap((step) => step.targets),
  ...(policy.fallback ? [policy.fallback] : []),
];

/** Everybody these targets may mean at some time, by name. */
export const peopleIn = (
  targets: readonly Target[],
  teams: readonly { name: string; lead: string | null; members: string[] }[],
  schedules: readonly Schedule[],
): Set<string> =>
  new Set(
    targets.flatMap((target) => {
      if ('person' in target) return [target.person];
      if ('round_robin' in target) return target.round_robin;
      if ('team' in target) {
        const team = teams.find((one) => one.name === target.team);
        return target.who === 'lead' ? (team?.lead ? [team.lead] : []) : (team?.members ?? []);
      }
      if (!('schedule' in target)) return [];
      const layers = schedules.find((one) => one.name === target.schedule)?.layers ?? [];
      return layers
        .filter((layer) => !layer.shadow && (!target.role || layer.role === target.role))
        .flatMap((layer) => layer.participants.flat());
    }),
  );

/** Whether a target names her, herself or in a round robin. */
export const namesPerson = (target: Target, name: string): boolean =>
  ('person' in target && target.person === name) || ('round_robin' in target && target.round_robin.includes(name));

/** The policy with one person in another's place; the very same when it does not name her. A round robin names nobody twice. */
export const withPerson = (policy: EscalationPolicy, from: string, to: string): EscalationPolicy => {
  if (!targetsOf(policy).some((target) => namesPerson(target, from))) return policy;
  const swap = (target: Target): Target => {
    if ('person' in target) return target.person === from ? { person: to } : target;
    if (!('round_robin' in target)) return target;
    return { round_robin: [...new Set(target.round_robin.map((name) => (name === from ? to : name)))] };
  };
  return {
    ...policy,
    steps: policy.steps.map((step) => ({ ...step, targets: step.targets.map(swap) })),
    ...(policy.fallback ? { fallback: swap(policy.fallback) } : {}),
  };
};
