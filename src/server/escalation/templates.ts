import type { z } from 'zod';
import { escalationPolicy } from '../../contract/escalation.ts';
import { type OnCallRole, type Schedule, schedule as scheduleSchema } from '../../contract/schedule.ts';
import type { followTheSunInput, followTheSunResult, tiersInput, tiersResult } from '../../contract/schedule-templates.ts';
import { allTeams, assertPeople } from '../identity/actions.ts';
import { allow } from '../identity/permissions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { AppError, invalid } from '../platform/errors.ts';
import { allSchedules, gapsOfPlan, type ScheduleWarning, saveSchedule } from '../schedules/actions.ts';
import { policyNamed, savePolicy } from './actions.ts';
import { clock, handoffs, localHours, nightHours } from './follow-the-sun.ts';

const HOUR = 3_600_000;
const YEAR = { hours: 24 * 366 };
const shownWarning = (warning: ScheduleWarning) => ({ ...warning, from: warning.from.toString(), to: warning.to.toString() });

/** The Monday on or before now, in a zone. */
const monday = (ctx: Ctx, zone: string): string => {
  const today = ctx.now.toZonedDateTimeISO(zone).toPlainDate();
  return today.subtract({ days: today.dayOfWeek - 1 }).toString();
};

const refuseTaken = async (ctx: Ctx, name: string): Promise<void> => {
  if ((await allSchedules(ctx)).some((one) => one.name === name))
    throw new AppError('conflict', `A schedule named ${name} exists: choose another name`, 'name');
};

const weekly = (name: string, starts: string, participants: string[], more: object = {}) => ({
  name,
  rotation: { every: 1, unit: 'week' },
  starts,
  participants,
  ...more,
});
const made = (value: object): Schedule => scheduleSchema.parse(value);

/** A schedule in which each site has the hours of its day, chosen so that clock changes bring nobody into the night. */
export const followTheSun = async (
  ctx: Ctx,
  input: z.output<typeof followTheSunInput>,
): Promise<z.input<typeof followTheSunResult>> => {
  allow(ctx, 'schedule.write', input.team ?? null);
  await refuseTaken(ctx, input.name);
  const teams = new Map((await allTeams(ctx)).map((team) => [team.name, team.members]));
  const peopleOf = (site: (typeof input.sites)[number], at: number): string[] => {
    const people = site.people ?? teams.get(site.team ?? '');
    if (!people) throw invalid(`there is no team named ${site.team}`, `sites.${at}.team`);
    if (people.length === 0) throw invalid(`the team ${site.team} has no members`, `sites.${at}.team`);
    return people;
  };
  const staffed = input.sites.map((site, at) => ({ ...site, people: peopleOf(site, at), at }));
  for (const { people, at } of staffed) await assertPeople(ctx, people, `sites.${at}.people`);
  const planned = handoffs(staffed, input.time_zone, ctx.now);
  const day = monday(ctx, input.time_zone);
  const schedule = made({
    name: input.name,
    title: input.title,
    ...(input.team ? { team: input.team } : {}),
    time_zone: input.time_zone,
    layers: planned.map(({ site, from, to }) =>
      weekly(site.name, `${day}T${clock(from)}`, site.people, { restrictions: [{ from: clock(from), to: clock(to) }] }),
    ),
  });
  const to = ctx.now.add(YEAR);
  const gaps = gapsOfPlan(schedule, [], ctx.now, to);
  const warnings = input.dry_run ? [] : await saveSchedule(ctx, schedule);
  return {
    schedule,
    saved: !input.dry_run,
    sites: planned.map(({ site, from, to: until }) => ({
      name: site.name,
      from: clock(from),
      to: clock(until),
      local: localHours(input.time_zone, site.time_zone, from, until, ctx.now),
      night_hours: nightHours(input.time_zone, site.time_zone, from, until, ctx.now),
    })),
    gap_hours: gaps.reduce((sum, gap) => sum + (gap.end.epochMilliseconds - gap.start.epochMilliseconds), 0) / HOUR,
    warnings: warnings.map(shownWarning),
  };
};

const TIERS: OnCallRole[] = ['primary', 'secondary', 'tertiary'];

/** A schedule with a first and a second on call (and a third), and the policy that asks one after the other. */
export const tiers = async (ctx: Ctx, input: z.output<typeof tiersInput>): Promise<z.input<typeof tiersResult>> => {
  allow(ctx, 'schedule.write', input.team ?? null);
  await refuseTaken(ctx, input.name);
  const policy = input.policy ?? input.name;
  if (await policyNamed(ctx, policy))
    throw new AppError('conflict', `An escalation policy named ${policy} exists: choose another name`, 'policy');
  const { people } = input;
  if (people.length < input.tiers) throw invalid(`at least ${input.tiers}: nobody is first and second at once`, 'people');
  if (new Set(people).size < people.length) throw invalid('names a person twice', 'people');
  await assertPeople(ctx, people, 'people');
  const day = monday(ctx, input.time_zone);
  const roles = TIERS.slice(0, input.tiers);
  const own = input.team ? { team: input.team } : {};
  const schedule = made({
    name: input.name,
    title: input.title,
    ...own,
    time_zone: input.time_zone,
    // Whoever is next is second until then.
    layers: roles.map((role, at) => weekly(role, `${day}T09:00`, [...people.slice(at), ...people.slice(0, at)], { role })),
  });
  if (input.dry_run) return { schedule, policy, saved: false, warnings: [] };
  const warnings = await saveSchedule(ctx, schedule);
  await savePolicy(
    ctx,
    escalationPolicy.parse({
      name: policy,
      ...(input.title ? { title: input.title } : {}),
      ...own,
      steps: roles.map((role) => ({
        targets: [{ schedule: input.name, role }],
        escalate_after_seconds: input.escalate_after_seconds,
      })),
    }),
  );
  return { schedule, policy, saved: true, warnings: warnings.map(shownWarning) };
};
