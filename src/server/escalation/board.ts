import type { z } from 'zod';
import type { onCallBoard } from '../../contract/on-call.ts';
import { allServices } from '../catalog/actions.ts';
import { allPeople, allTeams } from '../identity/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { gapsOfPlan, nextChange, onCall, plansOf } from '../schedules/actions.ts';
import { targetsOf } from './counted.ts';
import * as store from './store.ts';
import { resolveTargets } from './targets.ts';

type Board = z.input<typeof onCallBoard>;

const LOOK_AHEAD_DAYS = 14;

/** Who is on call now in every schedule, until when, who is next, where nobody will be, and by which services each is paged. */
export const boardOf = async (ctx: Ctx): Promise<Board> => {
  const at = ctx.now;
  const to = at.add({ hours: 24 * LOOK_AHEAD_DAYS });
  const people = new Map((await allPeople(ctx)).map((row) => [row.name, row]));
  const teams = new Map((await allTeams(ctx)).map((team) => [team.name, team.title || team.name]));
  const services = await allServices(ctx);
  const policies = await store.policies(ctx);
  const somebody = (person: string) => ({
    person,
    display_name: people.get(person)?.display_name ?? person,
    time_zone: people.get(person)?.time_zone ?? 'UTC',
  });
  const owner = (team: string | undefined) => ({ team: team ?? null, team_title: team ? (teams.get(team) ?? team) : '' });
  const servicesBy = (names: ReadonlySet<string>) =>
    services
      .filter((one) => one.escalation_policy && names.has(one.escalation_policy))
      .map((one) => ({ name: one.name, title: one.title }));

  const schedules: Board['schedules'] = [];
  for (const { schedule, overrides } of await plansOf(ctx, { from: at, to })) {
    const now = await onCall(ctx, schedule.name, at);
    const change = await nextChange(ctx, schedule.name, at, to);
    const then = change ? (await onCall(ctx, schedule.name, change)).filter((one) => !one.shadow) : [];
    const [gap] = gapsOfPlan(schedule, overrides, at, to);
    const paging = policies.filter(({ definition }) =>
      targetsOf(definition).some((target) => 'schedule' in target && target.schedule === schedule.name),
    );
    schedules.push({
      schedule: schedule.name,
      title: schedule.title || schedule.name,
      ...owner(schedule.team),
      time_zone: schedule.time_zone,
      now: now.map(({ person, role, shadow, since, until, reason }) => ({
        ...somebody(person),
        role,
        shadow,
        since: since.toString(),
        until: until?.toString() ?? null,
        reason,
      })),
      next: change
        ? {
            at: change.toString(),
            people: then
              .filter((one) => !now.some((other) => !other.shadow && other.person === one.person && other.role === one.role))
              .map((one) => ({ ...somebody(one.person), role: one.role })),
          }
        : null,
      gap: gap ? { starts: gap.start.toString(), ends: gap.end.toString() } : null,
      services: servicesBy(new Set(paging.map((row) => row.name))),
    });
  }
  const rows: Board['policies'] = [];
  for (const { name, definition } of policies) {
    const place = { policy: name, step: 0, hours: definition.steps[0]?.when.hours };
    const found = await resolveTargets(ctx, definition.steps[0]?.targets ?? [], place, true);
    rows.push({
      policy: name,
      title: definition.title || name,
      ...owner(definition.team),
      now: found.people.filter((one) => !one.shadow).map((one) => ({ ...somebody(one.name), reason: one.reason })),
      empty: found.empty,
      services: servicesBy(new Set([name])),
    });
  }
  const order = <T extends { team: string | null; team_title: string; title: string }>(list: T[]) =>
    list.sort(
      (a, b) =>
        Number(!a.team) - Number(!b.team) ||
        a.team_title.localeCompare(b.team_title, 'en') ||
        a.title.localeCompare(b.title, 'en'),
    );
  return { at: at.toString(), schedules: order(schedules), policies: order(rows) };
};
