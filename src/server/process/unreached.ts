import type { ProcessDocument, Remark } from '../../contract/process.ts';
import { peopleIn, targetsOf } from '../escalation/actions.ts';
import { peopleNamed } from '../identity/actions.ts';
import { lastTests, reachOf, reachProblems } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { remark } from './source.ts';
import type { Where } from './types.ts';

/**
 * Policies that would count on somebody who has no way that works, each with who and why. Nothing while no channel is set up at all:
 * it would be said of everybody.
 */
export const unreached = async (ctx: Ctx, document: ProcessDocument, where: Where): Promise<Remark[]> => {
  const channels = document.settings?.channels ?? {};
  if (Object.keys(channels).length === 0) return [];
  const known = await peopleNamed(
    ctx,
    document.people.map((person) => person.name),
  );
  const ids = known.map((row) => row.id);
  const [reaches, tests] = [await reachOf(ctx, ids), await lastTests(ctx, ids)];
  const why = new Map<string, string>();
  for (const person of document.people.filter((one) => one.active)) {
    const id = known.find((row) => row.name === person.name)?.id ?? '';
    const before = reaches.get(id);
    // What is known of a way counts for as long as it leads to the same address.
    const same = (label: string) =>
      before?.contact_methods.find((one) => one.label === label)?.address ===
      person.contact_methods.find((one) => one.label === label)?.address;
    const problems = (before?.problems ?? []).filter((problem) => same(problem.slice(0, problem.indexOf(': '))));
    const [error] = reachProblems({ contact_methods: person.contact_methods, problems }, { channels }, tests.get(id)).filter(
      (one) => one.level === 'error',
    );
    if (error) why.set(person.name, error.problem);
  }
  return document.escalation_policies.flatMap((policy) =>
    [
      ...peopleIn(
        targetsOf(policy),
        document.teams.map((team) => ({ ...team, lead: team.lead ?? null })),
        document.schedules,
      ),
    ]
      .filter((name) => why.has(name))
      .map((name) =>
        remark(
          where('escalation_policies', policy.name),
          `escalation policy ${policy.name} counts on ${name}, who has no way that works: ${why.get(name)}`,
        ),
      ),
  );
};
