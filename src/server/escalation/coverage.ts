import type { z } from 'zod';
import type { EscalationPolicy, Target } from '../../contract/escalation.ts';
import type { schedulePreview, schedulePreviewInput } from '../../contract/timeline.ts';
import { allServices } from '../catalog/actions.ts';
import { allPeople, allTeams, teamNamed } from '../identity/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import {
  draftOf,
  gapsOfPlan,
  type Interval,
  intersect,
  type Plan,
  plansOf,
  previewOf,
  subtract,
  timelinesOf,
  type windowOf,
} from '../schedules/actions.ts';
import { targetsOf } from './counted.ts';
import * as store from './store.ts';

type Window = ReturnType<typeof windowOf>;
type World = {
  plans: Map<string, Plan>;
  active: Set<string>;
  teams: { name: string; lead: string | null; members: string[] }[];
  window: Window;
};

const whole = ({ from, to }: Window): Interval[] => [{ start: from.epochMilliseconds, end: to.epochMilliseconds }];

/** When a target means no person, between two instants. */
const emptyTimes = (target: Target, world: World): Interval[] => {
  const unless = (names: readonly string[]) => (names.some((name) => world.active.has(name)) ? [] : whole(world.window));
  if ('person' in target) return unless([target.person]);
  if ('round_robin' in target) return unless(target.round_robin);
  if ('team' in target) {
    const team = world.teams.find((one) => one.name === target.team);
    return unless(target.who === 'lead' ? (team?.lead ? [team.lead] : []) : (team?.members ?? []));
  }
  if (!('schedule' in target)) return whole(world.window);
  const plan = world.plans.get(target.schedule);
  if (!plan) return whole(world.window);
  const { from, to } = world.window;
  return gapsOfPlan(plan.schedule, plan.overrides, from, to, target.role).map(({ start, end }) => ({
    start: start.epochMilliseconds,
    end: end.epochMilliseconds,
  }));
};

/** When no step of a policy, nor its fallback, finds a person, whatever the conditions of its steps. */
const uncoveredTimes = (policy: EscalationPolicy, world: World): Interval[] =>
  targetsOf(policy).reduce((left, target) => intersect(left, emptyTimes(target, world)), whole(world.window));

const MAX_SHOWN = 100;

/** What saving a draft of a schedule would change: for its people, and for the policies that count on it. Touches nothing. */
export const previewSchedule = async (
  ctx: Ctx,
  input: z.output<typeof schedulePreviewInput>,
): Promise<z.input<typeof schedulePreview>> => {
  const draft = await draftOf(ctx, input);
  const { name } = draft.after.schedule;
  const plans = new Map((await plansOf(ctx, draft.window)).map((plan) => [plan.schedule.name, plan]));
  const world: World = {
    plans,
    active: new Set((await allPeople(ctx)).flatMap((person) => (person.active ? [person.name] : []))),
    teams: await allTeams(ctx),
    window: draft.window,
  };
  const then: World = { ...world, plans: new Map([...plans, [name, draft.after]]) };
  const services = await allServices(ctx);
  const left = (await store.policies(ctx))
    .filter((row) => targetsOf(row.definition).some((target) => 'schedule' in target && target.schedule === name))
    .flatMap((row) =>
      subtract(uncoveredTimes(row.definition, then), uncoveredTimes(row.definition, world)).map(({ start, end }) => ({
        policy: row.name,
        services: services.filter((service) => service.escalation_policy === row.name).map((service) => service.name),
        starts: Temporal.Instant.fromEpochMilliseconds(start).toString(),
        ends: Temporal.Instant.fromEpochMilliseconds(end).toString(),
      })),
    );
  return { ...(await previewOf(ctx, draft)), left_with_nobody: left.slice(0, MAX_SHOWN) };
};

/** Schedules side by side: all of them, or those that a team owns, its services are paged by or its members take turns in. */
export const teamTimeline = async (ctx: Ctx, team: string | undefined, window: Window) => {
  const plans = await plansOf(ctx, window);
  const chosen = team === undefined ? plans : await ofTeam(ctx, team, plans);
  return timelinesOf(ctx, chosen, window);
};

const ofTeam = async (ctx: Ctx, name: string, plans: Plan[]): Promise<Plan[]> => {
  const { members, lead } = await teamNamed(ctx, name);
  const people = new Set([...members, ...(lead ? [lead] : [])]);
  const policies = new Set((await allServices(ctx)).flatMap((one) => (one.team === name ? [one.escalation_policy] : [])));
  const paged = new Set(
    (await store.policies(ctx))
      .filter((row) => policies.has(row.name))
      .flatMap((row) => targetsOf(row.definition))
      .flatMap((target) => ('schedule' in target ? [target.schedule] : [])),
  );
  return plans.filter(
    ({ schedule, overrides }) =>
      schedule.team === name ||
      paged.has(schedule.name) ||
      schedule.layers.some((layer) => layer.participants.flat().some((person) => people.has(person))) ||
      overrides.some((one) => one.person !== undefined && people.has(one.person)),
  );
};
