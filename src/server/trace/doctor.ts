import type { z } from 'zod';
import type { EscalationPolicy } from '../../contract/escalation.ts';
import type { doctor } from '../../contract/trace.ts';
import { allServices } from '../catalog/actions.ts';
import { allPolicies, resolveTargets } from '../escalation/actions.ts';
import { allPeople, allTeams } from '../identity/actions.ts';
import { providerHealth, reachOf, readSettings } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { allSchedules, gaps } from '../schedules/actions.ts';

type Report = z.input<typeof doctor>;
type Problem = Report['problems'][number];

const LOOK_AHEAD = { hours: 24 * 30 };
const targetsOf = (policy: EscalationPolicy) => [
  ...policy.steps.flatMap((step) => step.targets),
  ...(policy.fallback ? [policy.fallback] : []),
];

/** What would keep a page from arriving, worst first, each with what to do about it. */
export const examine = async (ctx: Ctx): Promise<Report> => {
  const problems: Problem[] = [];
  const say = (level: Problem['level'], subject: string, problem: string, remedy: string) =>
    problems.push({ level, subject, problem, remedy });
  const settings = await readSettings(ctx);
  const people = (await allPeople(ctx)).filter((person) => person.active);
  const teams = await allTeams(ctx);
  const policies = await allPolicies(ctx);
  const schedules = await allSchedules(ctx);

  for (const service of await allServices(ctx))
    if (!service.escalation_policy)
      say(
        'error',
        `service ${service.name}`,
        'has no escalation policy: its incidents page nobody',
        'give it an escalation_policy',
      );

  for (const policy of policies)
    for (const [index, step] of policy.steps.entries()) {
      const found = await resolveTargets(ctx, step.targets, { policy: policy.name, step: index }, true);
      const where = `policy ${policy.name}, step ${index + 1}`;
      if (found.people.filter((one) => !one.shadow).length === 0 && found.places.length === 0)
        say(
          index === 0 ? 'error' : 'warning',
          where,
          `pages nobody now: ${found.empty.join('; ') || 'it names nobody'}`,
          'fill the schedule or name a person; the step is skipped until then',
        );
    }

  const used = new Set(policies.flatMap(targetsOf).flatMap((target) => ('schedule' in target ? [target.schedule] : [])));
  for (const schedule of schedules.filter((one) => used.has(one.name))) {
    const holes = await gaps(ctx, schedule.name, ctx.now, ctx.now.add(LOOK_AHEAD));
    const [first] = holes;
    if (!first) continue;
    const local = (at: Temporal.Instant) =>
      at.toZonedDateTimeISO(schedule.time_zone).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
    say(
      'warning',
      `schedule ${schedule.name}`,
      `nobody is on call from ${local(first.start)} to ${local(first.end)} ${schedule.time_zone}${holes.length > 1 ? `, and ${holes.length - 1} more gaps within 30 days` : ''}`,
      'add a layer or an override',
    );
  }

  const counted = new Set<string>();
  for (const target of policies.flatMap(targetsOf)) {
    if ('person' in target) counted.add(target.person);
    else if ('round_robin' in target) for (const name of target.round_robin) counted.add(name);
    else if ('team' in target)
      for (const name of teams.find((team) => team.name === target.team)?.members ?? []) counted.add(name);
    else if ('schedule' in target)
      for (const name of schedules
        .find((one) => one.name === target.schedule)
        ?.layers.flatMap((layer) => layer.participants.flat()) ?? [])
        counted.add(name);
  }
  const reaches = await reachOf(
    ctx,
    people.map((person) => person.id),
  );
  for (const person of people.filter((one) => counted.has(one.name))) {
    const reach = reaches.get(person.id);
    const methods = reach?.contact_methods ?? [];
    for (const problem of reach?.problems ?? [])
      say('warning', `person ${person.name}`, problem, 'correct the address and verify it again');
    const channels = methods.length > 0 ? methods.map((method) => method.channel) : (['email'] as const);
    const working = channels.filter((channel) => settings.channels[channel]);
    if (working.length === 0)
      say(
        'error',
        `person ${person.name}`,
        `none of her channels has a provider (${[...new Set(channels)].join(', ')})`,
        'set one up under channels in the settings',
      );
    else if (!methods.some((method) => method.verified))
      say(
        'warning',
        `person ${person.name}`,
        methods.length === 0
          ? 'has no contact method: only her mail address is used'
          : 'has no verified contact method: unverified ones are used',
        'send a code and confirm it',
      );
    if (new Set(channels).size === 1 && working.length > 0)
      say(
        'warning',
        `person ${person.name}`,
        `can be reached by ${channels[0]} only`,
        'add a second way, for when that provider is down',
      );
  }

  for (const row of await providerHealth(ctx))
    if (row.problem)
      say(
        'error',
        `channel ${row.channel}`,
        `its provider cannot be reached (${row.problem}), asked at ${row.checked_at}`,
        'check the address, the network and the provider',
      );
  if (!settings.dead_man_url)
    say(
      'warning',
      'dead-man switch',
      'nothing outside notices when Allclear itself stops',
      'set dead_man_url to a heartbeat monitor somewhere else',
    );

  return { server_time: ctx.now.toString(), problems: problems.sort((a, b) => a.level.localeCompare(b.level)) };
};
