import type { EscalationPolicy, Target } from '../../contract/escalation.ts';
import { channels } from '../channels/registry.ts';
import { allTeams, assertPeople } from '../identity/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid, messageOf } from '../platform/errors.ts';
import { allSchedules } from '../schedules/actions.ts';

/** Refuses a policy whose targets are not here, naming the field below `prefix`. */
export const assertTargets = async (ctx: Ctx, policy: EscalationPolicy, prefix: string): Promise<void> => {
  for (const [index, step] of policy.steps.entries())
    for (const [number, target] of step.targets.entries())
      await assertTarget(ctx, target, `${prefix}steps.${index}.targets.${number}`);
  if (policy.fallback) await assertTarget(ctx, policy.fallback, `${prefix}fallback`);
};

const assertTarget = async (ctx: Ctx, target: Target, field: string): Promise<void> => {
  if ('person' in target) await assertPeople(ctx, [target.person], `${field}.person`);
  else if ('round_robin' in target) await assertPeople(ctx, target.round_robin, `${field}.round_robin`);
  else if ('schedule' in target) {
    if (!(await allSchedules(ctx)).some((one) => one.name === target.schedule))
      throw invalid(`there is no schedule named ${target.schedule}`, `${field}.schedule`);
  } else if ('team' in target && !(await allTeams(ctx)).some((one) => one.name === target.team))
    throw invalid(`there is no team named ${target.team}`, `${field}.team`);
  else if ('channel' in target) {
    try {
      channels[target.channel].normalizeAddress(target.address);
    } catch (thrown) {
      throw invalid(messageOf(thrown), `${field}.address`);
    }
  }
};
