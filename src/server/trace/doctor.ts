import type { z } from 'zod';
import type { doctor } from '../../contract/trace.ts';
import { allServices } from '../catalog/actions.ts';
import { allPolicies, peopleIn, resolveTargets, targetsOf } from '../escalation/actions.ts';
import { allPeople, allTeams } from '../identity/actions.ts';
import { providerHealth, reachOf, reachProblems, readSettings } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { allSchedules, gaps } from '../schedules/actions.ts';

type Report = z.input<typeof doctor>;
type Problem = Report['problems'][number];

const LOOK_AHEAD = { hours: 24 * 30 };
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

  const counted = peopleIn(policies.flatMap(targetsOf), teams, schedules);
  const reaches = await reachOf(
    ctx,
    people.map((person) => person.id),
  );
  for (const person of people.filter((one) => counted.has(one.name))) {
    for (const { level, problem, remedy } of reachProblems(reaches.get(person.id), settings))
      say(level, `person ${person.name}`, problem, remedy);
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
