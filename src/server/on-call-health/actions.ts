import type { HealthLimits, HealthRange, PersonHealth, TeamHealth } from '../../contract/on-call-health.ts';
import { allTeams, nameOf, type PersonRow, peopleNamed, personNamed, teamNamed } from '../identity/actions.ts';
import { allow, decide } from '../identity/permissions.ts';
import { changesOf, journal, THE_ONLY } from '../journal/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { AppError } from '../platform/errors.ts';
import { isIn, type Team } from './leads.ts';
import { type Measured, measureAll, readLimits, windowOf } from './measure.ts';
import { shareOf } from './rules.ts';
import * as store from './store.ts';

export { readLimits } from './measure.ts';
export { watch } from './watch.ts';

/** A team of fewer people hides nobody: what is of all is easily told apart. */
const LEAST_PEOPLE = 3;

/** Whether the actor may read about each person of a team: its lead, its managers, administrators. A machine only as an administrator. */
const mayReadAll = (ctx: Ctx, team: Team): boolean => {
  const { actor } = ctx;
  if (!('role' in actor) || (actor.kind === 'token' && actor.role !== 'administrator')) return false;
  if (decide(actor, 'health.read', team.name).ok) return true;
  return actor.kind === 'person' && !actor.scopes && team.lead === actor.name;
};

/** Everybody may read about themselves; else who leads one of the person's teams, and administrators. */
const allowReading = async (ctx: Ctx, asked: string): Promise<PersonRow> => {
  const name = nameOf(ctx, asked, 'name') as string;
  if (ctx.actor.kind === 'person' && ctx.actor.name === name) return personNamed(ctx, name);
  const teams = (await allTeams(ctx)).filter((team) => isIn(team, name));
  if (!teams.some((team) => mayReadAll(ctx, team)) && !mayReadEverybody(ctx))
    throw new AppError(
      'forbidden',
      'On-call health is for the person, those who lead one of the person’s teams, and administrators',
    );
  return personNamed(ctx, name);
};
const mayReadEverybody = ({ actor }: Ctx): boolean =>
  'role' in actor && actor.role === 'administrator' && decide(actor, 'health.read', null).ok;

const shown = ({ outcomes: _outcomes, measured: _measured, ...health }: Measured): PersonHealth => health;

/** What being on call asked of a person (`me` for oneself) in a range of their own calendar. */
export const healthOf = async (ctx: Ctx, asked: string, range: HealthRange): Promise<PersonHealth> => {
  const row = await allowReading(ctx, asked);
  const limits = await readLimits(ctx);
  const [found] = await measureAll(ctx, [row], (person) => windowOf(range, ctx.now, person.time_zone), limits);
  return shown(found as Measured);
};

/** What it asked of a team: together for everybody, of each person for those who lead it. */
export const healthOfTeam = async (ctx: Ctx, name: string, range: HealthRange): Promise<TeamHealth> => {
  allow(ctx, 'configuration.read');
  const team = await teamNamed(ctx, name);
  const people = (await peopleNamed(ctx, [...new Set([...(team.lead ? [team.lead] : []), ...team.members])])).filter(
    (person) => person.active,
  );
  const all = mayReadAll(ctx, team);
  const window = windowOf(range, ctx.now, 'UTC');
  const fixed = { from: window.from.toString(), to: window.to.toString() };
  const few = !all && people.length < LEAST_PEOPLE;
  const found = few
    ? []
    : await measureAll(ctx, people, (person) => windowOf(range, ctx.now, person.time_zone), await readLimits(ctx));
  const sum = (of: (one: Measured) => number) => found.reduce((total, one) => total + of(one), 0);
  // An incident that paged several of them is one incident.
  const outcomes = [...new Map(found.flatMap((one) => one.outcomes)).values()];
  return {
    team: team.name,
    title: team.title,
    ...fixed,
    people: people.length,
    together: few
      ? null
      : {
          pages: sum((one) => one.pages),
          pages_a_week:
            found.length > 0
              ? Math.round((sum((one) => one.pages) / (window.from.until(window.to).days + 1) / found.length) * 70) / 10
              : 0,
          night_pages: sum((one) => one.night_pages),
          interrupted_hours: sum((one) => one.interrupted_hours),
          rest_owed: sum((one) => one.rest.length),
          actionable: shareOf(outcomes),
        },
    hidden: few
      ? `with fewer than ${LEAST_PEOPLE} people it would tell about each of them`
      : all
        ? null
        : 'what is of each person is for that person, for those who lead the team, and for administrators',
    members: all ? found.map(shown).sort((a, b) => a.display_name.localeCompare(b.display_name)) : null,
  };
};

/** Changes what everybody's load is measured against, from now on and for the past. */
export const saveLimits = async (ctx: Ctx, limits: HealthLimits): Promise<void> => {
  allow(ctx, 'settings.write');
  const before = await readLimits(ctx);
  await store.saveLimits(ctx, limits);
  await journal(ctx, {
    type: 'settings.health_limits_saved',
    subject: { type: 'settings', id: THE_ONLY },
    text: `Limits of on-call health were saved: ${limits.pages_a_night} pages a night, ${limits.pages_a_week} a week, ${limits.consecutive_days} days in a row`,
    data: { changes: changesOf(before, limits) },
  });
};
