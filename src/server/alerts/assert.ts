import type { RoutingRule } from '../../contract/service.ts';
import { serviceNamed } from '../catalog/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid } from '../platform/errors.ts';
import { assertCondition } from '../platform/matching.ts';

/** Refuses an expression that does not compile, two rules of one name, and a service that is not there. */
export const assertRules = async (ctx: Ctx, rules: RoutingRule[], prefix: string): Promise<void> => {
  for (const [index, rule] of rules.entries()) {
    assertCondition(rule.when, `${prefix}${index}.when`);
    if (rules.findIndex((other) => other.name === rule.name) !== index)
      throw invalid(`two rules are named ${rule.name}`, `${prefix}${index}.name`);
    if (rule.set.service) await serviceNamed(ctx, rule.set.service, `${prefix}${index}.set.service`);
  }
};
