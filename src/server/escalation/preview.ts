import type { z } from 'zod';
import type { Urgency } from '../../contract/common.ts';
import type { EscalationPolicy, EscalationStep } from '../../contract/escalation.ts';
import type { pagedStep, policyPreview, policyPreviewInput } from '../../contract/trace.ts';
import { type ServiceRow, serviceNamed } from '../catalog/actions.ts';
import { inHours, inSupportHours } from '../catalog/rules.ts';
import { allPeople, allTeams, peopleByIds } from '../identity/actions.ts';
import { lastTests, quietUntil, reachOf, reachProblems, readSettings, ruleSteps, waysFor } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid } from '../platform/errors.ts';
import { schedulesWithTakers } from '../schedules/actions.ts';
import { assertTargets } from './assert.ts';
import { peopleIn, targetsOf } from './counted.ts';
import { findAwake, firstOf, type Sleeper } from './mornings.ts';
import { skipReason } from './rules.ts';
import * as store from './store.ts';
import { type Found, resolveTargets } from './targets.ts';

type Paged = z.input<typeof pagedStep>;
type About = { policy: EscalationPolicy; service: ServiceRow | undefined; urgency: Urgency };

/** Whom a service's incident that began at `ctx.now` would page, step by step, if nobody answered. Touches nothing. */
export const wouldPage = async (ctx: Ctx, service: ServiceRow, urgency: Urgency): Promise<Paged[]> => {
  const policy = service.escalation_policy ? await store.policyByName(ctx, service.escalation_policy) : undefined;
  if (!policy)
    return [
      {
        step: 1,
        after_seconds: 0,
        at: ctx.now.toString(),
        skipped: 'the service has no escalation policy: nobody is paged',
        places: [],
        people: [],
      },
    ];
  return stepsOf(ctx, { policy: policy.definition, service, urgency });
};

/** The first round; where everybody it would page sleeps, the one that begins when the first of them wakes. */
const stepsOf = async (ctx: Ctx, about: About, from = 0): Promise<Paged[]> => {
  const out: Paged[] = [];
  const sleepers: Sleeper[] = [];
  let after = from;
  for (const [index, step] of about.policy.steps.entries()) {
    const { paged, asleep } = await stepAt(ctx, about, step, index, after);
    out.push(paged);
    sleepers.push(...asleep);
    if (!paged.skipped) after += step.escalate_after_seconds;
  }
  const first = firstOf(sleepers);
  if (from > 0 || !first || out.some((one) => !one.skipped)) return out;
  return stepsOf(ctx, about, Math.round((first.until.epochMilliseconds - ctx.now.epochMilliseconds) / 1000));
};

const stepAt = async (
  ctx: Ctx,
  { policy, service, urgency }: About,
  step: EscalationStep,
  index: number,
  after: number,
): Promise<{ paged: Paged; asleep: Sleeper[] }> => {
  const then: Ctx = { ...ctx, now: ctx.now.add({ seconds: after }) };
  const { hours } = step.when;
  const facts = {
    urgency,
    service: service?.name ?? '',
    inSupportHours: service?.support_hours ? inSupportHours(service.support_hours, then.now) : undefined,
  };
  const skipped = skipReason(step, facts, (zone) => hours !== undefined && inHours(hours, then.now.toZonedDateTimeISO(zone)));
  const found = skipped ? undefined : await findAwake(then, step, urgency, { policy: policy.name, step: index }, true);
  const counted = found?.people.filter((one) => !one.shadow) ?? [];
  const nobody =
    found && counted.length === 0 && found.places.length === 0 ? found.empty.join('; ') || 'it names nobody' : undefined;
  const reason = skipped ?? nobody;
  const paged = {
    step: index + 1,
    after_seconds: after,
    at: then.now.toString(),
    ...(reason ? { skipped: reason } : {}),
    places: found?.places.map((place) => place.channel) ?? [],
    people: reason ? [] : await methodsOf(then, found?.people ?? [], urgency),
  };
  return { paged, asleep: found?.asleep ?? [] };
};

const methodsOf = async (ctx: Ctx, people: Found['people'], asked: Urgency) => {
  const ids = people.map((one) => one.person_id);
  const reaches = await reachOf(ctx, ids);
  const rows = await peopleByIds(ctx, ids);
  return people.map((one) => {
    const row = rows.find((candidate) => candidate.id === one.person_id);
    const reach = reaches.get(one.person_id);
    const methods = (reach?.contact_methods ?? []).map((method) => ({
      id: null,
      label: method.label,
      channel: method.channel,
      address: method.address,
      verified: method.verified,
      disabled_reason: null,
    }));
    const urgency = one.told === 'quiet' ? 'low' : asked;
    const shadow = one.told === 'quiet' || one.told === 'loud';
    const ways = waysFor({ shadow, urgency }, methods, row?.email ?? '');
    const steps = ruleSteps(reach?.notification_rules[urgency] ?? [], ways, urgency);
    const quiet = row ? quietUntil(row.quiet_hours, row.time_zone, urgency, ctx.now) : undefined;
    return {
      name: one.name,
      reason: one.reason,
      ...(quiet ? { waits: `quiet hours until ${quiet.toString({ smallestUnit: 'minute' })}` } : {}),
      methods: steps.flatMap((step, index) =>
        step.methods.map((method) => ({
          channel: method.channel,
          label: method.label,
          after_seconds: (index === 0 ? 0 : step.after_seconds) + (one.behind_seconds ?? 0),
        })),
      ),
    };
  });
};

/** What a policy, saved or drafted, would do at a moment, and what would keep its pages from arriving. Touches nothing. */
export const previewPolicy = async (
  ctx: Ctx,
  input: z.output<typeof policyPreviewInput>,
): Promise<z.input<typeof policyPreview>> => {
  const saved = input.name ? await store.policyByName(ctx, input.name) : undefined;
  const policy = input.policy ?? saved?.definition;
  if (!policy) throw invalid(`there is no escalation policy named ${input.name}`, 'name');
  if (input.policy) await assertTargets(ctx, policy, 'policy.');
  const service = input.service ? await serviceNamed(ctx, input.service, 'service') : undefined;
  const then: Ctx = { ...ctx, now: input.at ? Temporal.Instant.from(input.at) : ctx.now };
  const about = { policy, service, urgency: input.urgency };
  const steps = await stepsOf(then, about);
  const rounds = policy.repeat + 1;
  const length = steps.reduce(
    (sum, one, index) => sum + (one.skipped ? 0 : (policy.steps[index]?.escalate_after_seconds ?? 0)),
    0,
  );
  const fallback = policy.fallback
    ? (
        await stepAt(
          then,
          about,
          { targets: [policy.fallback], escalate_after_seconds: 0, when: {} },
          policy.steps.length,
          (steps[0]?.after_seconds ?? 0) + length * rounds,
        )
      ).paged
    : null;
  return {
    policy: policy.name,
    at: then.now.toString(),
    urgency: input.urgency,
    steps,
    rounds,
    fallback,
    readiness: await readinessOf(then, policy, steps),
  };
};

type Readiness = z.input<typeof policyPreview>['readiness'];
const readinessOf = async (ctx: Ctx, policy: EscalationPolicy, steps: Paged[]): Promise<Readiness> => {
  const out: Readiness = [];
  const [teams, schedules, people, settings] = [
    await allTeams(ctx),
    await schedulesWithTakers(ctx),
    await allPeople(ctx),
    await readSettings(ctx),
  ];
  for (const [index, step] of policy.steps.entries()) {
    const skipped = steps[index]?.skipped;
    const found = await resolveTargets(ctx, step.targets, { policy: policy.name, step: index }, true);
    const nobody = found.people.every((one) => one.shadow);
    if (nobody && found.places.length === 0)
      out.push({
        level: index === 0 ? 'error' : 'warning',
        problem: `pages nobody at this time: ${skipped ?? (found.empty.join('; ') || 'it names nobody')}`,
        remedy: 'fill the schedule or name a person; the step is skipped until then',
        step: index + 1,
        person: null,
      });
    const told = new Set<string>();
    for (const name of peopleIn(step.targets, teams, schedules)) {
      if (told.has(name)) continue;
      told.add(name);
      const person = people.find((one) => one.name === name);
      if (!person?.active) {
        out.push({
          level: 'error',
          problem: `${name} is ${person ? 'deactivated' : 'not here'} and is not paged`,
          remedy: 'put someone in their place',
          step: index + 1,
          person: name,
        });
        continue;
      }
      const reach = (await reachOf(ctx, [person.id])).get(person.id);
      const test = (await lastTests(ctx, [person.id])).get(person.id);
      for (const one of reachProblems(reach, settings, test))
        out.push({ level: one.level, problem: `${name} ${one.problem}`, remedy: one.remedy, step: index + 1, person: name });
    }
  }
  if (!policy.fallback)
    out.push({
      level: 'warning',
      problem: 'has no fallback: when every round is used up nobody is left to page',
      remedy: 'name a manager, a team or a shared address as the fallback',
      step: null,
      person: null,
    });
  const counted = peopleIn(targetsOf(policy), teams, schedules);
  if (counted.size === 1)
    out.push({
      level: 'warning',
      problem: `counts on one person alone: ${[...counted].join('')}`,
      remedy: 'add a step that pages somebody else',
      step: null,
      person: [...counted][0] ?? null,
    });
  return out.sort((a, b) => a.level.localeCompare(b.level));
};
