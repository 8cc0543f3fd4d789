import { randomBytes } from 'node:crypto';
import type { Person, Team } from '../../contract/people.ts';
import { changesOf, journal } from '../journal/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { AppError, invalid, notFound } from '../platform/errors.ts';
import { assertHolidays } from './holidays.ts';
import { allow } from './permissions.ts';
import { refuseOwned } from './scim/owned.ts';
import * as signIn from './sign-in-store.ts';
import { lockDirectory } from './sign-on-store.ts';
import * as store from './store.ts';
import './types.ts';

export type { PersonRow } from './store.ts';

/**
 * Creates a person or brings one to this state; who becomes inactive is let go as `removePerson` does, unless something counts on
 * her. How to reach her is paging's to save. Returns her id.
 */
export const savePerson = async (ctx: Ctx, person: Omit<Person, 'contact_methods' | 'notification_rules'>): Promise<string> => {
  allow(ctx, 'people.write');
  await lockDirectory(ctx);
  const before = await store.personByName(ctx, person.name);
  if (person.holidays !== before?.holidays) await assertHolidays(person.holidays, ctx.now);
  if (before) await refuseOwned(ctx, before, { ...person, email: person.email.toLowerCase() });
  if (before?.active && !person.active) await ctx.emit('person.removing', { id: before.id, name: person.name });
  if (before && (person.role !== 'administrator' || !person.active)) await refuseLastAdministrator(ctx, before);
  const { id } = await store.upsertPerson(ctx, {
    name: person.name,
    display_name: person.display_name,
    email: person.email.toLowerCase(),
    role: person.role,
    time_zone: person.time_zone,
    locale: person.locale,
    quiet_hours: person.quiet_hours ? JSON.stringify(person.quiet_hours) : null,
    holidays: person.holidays ?? null,
    active: person.active,
    left_at: person.active ? null : ctx.now,
    calendar_secret: `cal_${randomBytes(24).toString('base64url')}`,
  });
  await followInSignIn(ctx, id, person);
  await journal(ctx, {
    type: 'person.saved',
    subject: { type: 'person', id },
    text: `${person.display_name} was saved`,
    data: {
      name: person.name,
      role: person.role,
      active: person.active,
      changes: changesOf(before && plainOf(before), plainOf({ ...person, email: person.email.toLowerCase() })),
    },
  });
  if (before && !before.active && person.active)
    await ctx.emit('person.returned', { id, name: person.name, left_at: before.left_at });
  return id;
};

type Plain = Pick<store.PersonRow, 'name' | 'display_name' | 'email' | 'role' | 'time_zone' | 'locale' | 'active'> & {
  quiet_hours?: unknown;
  holidays?: string | null | undefined;
};
const plainOf = (one: Plain) => ({
  name: one.name,
  display_name: one.display_name,
  email: one.email,
  role: one.role,
  time_zone: one.time_zone,
  locale: one.locale,
  quiet_hours: one.quiet_hours ?? null,
  holidays: one.holidays ?? null,
  active: one.active,
});

/** Somebody must be left who can let others in. */
const refuseLastAdministrator = async (ctx: Ctx, row: store.PersonRow): Promise<void> => {
  if (row.role !== 'administrator' || !row.active || !(await signIn.hasAccount(ctx, row.id))) return;
  if ((await signIn.otherAdministrators(ctx, row.id)) === 0)
    throw invalid(`${row.name} is the only administrator who can sign in: make another one first`, 'role');
};

/** What the sign-in library knows of her follows; who is deactivated is signed out at once. */
const followInSignIn = async (
  ctx: Ctx,
  id: string,
  person: { email: string; display_name: string; active: boolean },
): Promise<void> => {
  if (!person.active) await signIn.endSessions(ctx, id);
  if (!(await signIn.userById(ctx, id))) return;
  const email = person.email.toLowerCase();
  const holder = await signIn.userByEmail(ctx, email);
  if (holder && holder.id !== id) throw invalid('somebody else signs in with this address', 'email');
  await signIn.upsertUser(ctx, { id, email, name: person.display_name });
};

export const personNamed = async (ctx: Ctx, name: string, field?: string): Promise<store.PersonRow> => {
  const row = await store.personByName(ctx, name);
  if (!row) throw field ? invalid(`there is no person named ${name}`, field) : notFound(`Person ${name}`);
  return row;
};
/** The name somebody is asked for by, `me` put in words. */
export const nameOf = (ctx: Ctx, who: string | undefined, field: string): string | undefined => {
  if (who !== 'me') return who;
  if (ctx.actor.kind !== 'person') throw invalid('`me` needs a person, and this token acts for nobody', field);
  return ctx.actor.name;
};
export const peopleNamed = store.peopleByNames;
export const peopleByIds = store.peopleByIds;
export const allPeople = store.people;
export const personByCalendarSecret = store.personByCalendarSecret;

/** Refuses names of people who are not here, saying which and where. */
export const assertPeople = async (ctx: Ctx, names: string[], field: string): Promise<void> => {
  const found = new Set((await store.peopleByNames(ctx, [...new Set(names)])).map((row) => row.name));
  const missing = names.find((name) => !found.has(name));
  if (missing !== undefined) throw invalid(`there is no person named ${missing}`, field);
};

/** Refuses a team that is not here. */
export const assertTeam = async (ctx: Ctx, name: string, field: string): Promise<void> => {
  if (!(await store.teamByName(ctx, name))) throw invalid(`there is no team named ${name}`, field);
};

/** Removes someone nothing counts on; otherwise the listeners of `person.removing` refuse, saying what does. */
export const removePerson = async (ctx: Ctx, name: string): Promise<void> => {
  allow(ctx, 'people.write');
  await lockDirectory(ctx);
  const row = await personNamed(ctx, name);
  await refuseOwned(ctx, row, { ...row, active: false });
  await refuseLastAdministrator(ctx, row);
  await ctx.emit('person.removing', { id: row.id, name });
  const usedBy = (await store.teams(ctx)).filter((team) => team.lead === name || team.members.includes(name));
  if (usedBy.length > 0)
    throw invalid(`${name} is in team ${usedBy.map((team) => team.name).join(', ')}: take them out first`, 'name');
  await deactivate(ctx, row);
  await signIn.endSessions(ctx, row.id);
  await journal(ctx, {
    type: 'person.removed',
    subject: { type: 'person', id: row.id },
    text: `${row.display_name} was deactivated`,
    data: { changes: changesOf({ active: row.active }, { active: false }) },
  });
};

const deactivate = (ctx: Ctx, row: store.PersonRow) =>
  store.upsertPerson(ctx, {
    ...row,
    quiet_hours: row.quiet_hours ? JSON.stringify(row.quiet_hours) : null,
    active: false,
    left_at: ctx.now,
  });

/**
 * Somebody leaves because a directory says so: nothing is asked, whatever counts on her. Her sessions, keys and open links end at once;
 * what waits for her goes on to others (`person.left`). Whoever calls holds the directory's lock. Only the last administrator who can sign in is not let go: AppError `conflict`.
 */
export const letLeave = async (ctx: Ctx, id: string): Promise<void> => {
  const [row] = await store.peopleByIds(ctx, [id]);
  if (!row?.active) return;
  if (row.role === 'administrator' && (await signIn.hasAccount(ctx, id)) && (await signIn.otherAdministrators(ctx, id)) === 0)
    throw new AppError(
      'conflict',
      `${row.display_name} is the only administrator who can sign in, and stays active so that nobody is locked out: make another one, then send this again`,
    );
  await deactivate(ctx, row);
  const sessions = await signIn.endSessions(ctx, id);
  await signIn.endInvitations(ctx, id);
  const keys = await store.revokeTokensOf(ctx, id);
  await journal(ctx, {
    type: 'person.left',
    subject: { type: 'person', id },
    text: `${row.display_name} was deactivated by the directory`,
    data: { sessions_ended: sessions, keys_revoked: keys, changes: changesOf({ active: true }, { active: false }) },
  });
  await ctx.emit('person.left', { id, name: row.name, keys });
};

export const saveTeam = async (ctx: Ctx, team: Team): Promise<string> => {
  // A new team is an administrator's to make: its manager would have to be in it before it is there.
  allow(ctx, 'team.write', team.name);
  const members = await store.peopleByNames(ctx, [
    ...team.members,
    ...(team.lead ? [team.lead] : []),
    ...team.grants.map((grant) => grant.person),
  ]);
  const idOf = (name: string, field: string) => {
    const row = members.find((member) => member.name === name);
    if (!row) throw invalid(`there is no person named ${name}`, field);
    return row.id;
  };
  const memberIds = [...new Set(team.members)].map((name) => idOf(name, `members.${team.members.indexOf(name)}`));
  const grants = team.grants.map((grant, index) => ({
    person_id: idOf(grant.person, `grants.${index}.person`),
    role: grant.role,
  }));
  const twice = grants.findIndex((grant, index) => grants.findIndex((other) => other.person_id === grant.person_id) !== index);
  if (twice >= 0) throw invalid(`${team.grants[twice]?.person} has two roles`, `grants.${twice}.person`);
  const before = (await store.teams(ctx)).find((one) => one.name === team.name);
  const id = await store.upsertTeam(
    ctx,
    { name: team.name, title: team.title, lead_id: team.lead ? idOf(team.lead, 'lead') : null },
    memberIds,
    grants,
  );
  await journal(ctx, {
    type: 'team.saved',
    subject: { type: 'team', id },
    text: `Team ${team.name} was saved`,
    data: {
      members: team.members,
      lead: team.lead,
      grants: team.grants,
      changes: changesOf(before && plainTeam(before), plainTeam(team)),
    },
  });
  return id;
};
const plainTeam = (team: {
  name: string;
  title: string;
  lead?: string | null | undefined;
  members: string[];
  grants: Team['grants'];
}) => ({
  name: team.name,
  title: team.title,
  lead: team.lead ?? null,
  members: team.members.toSorted(),
  grants: Object.fromEntries(team.grants.map(({ person, role }) => [person, role])),
});
export const allTeams = store.teams;
export const teamNamed = async (ctx: Ctx, name: string) => {
  const team = (await store.teams(ctx)).find((one) => one.name === name);
  if (!team) throw notFound(`Team ${name}`);
  return team;
};

/** Refused while something counts on it (`team.removing`). */
export const removeTeam = async (ctx: Ctx, name: string): Promise<void> => {
  allow(ctx, 'team.write', name);
  await ctx.emit('team.removing', { name });
  const before = await teamNamed(ctx, name);
  const id = await store.deleteTeam(ctx, name);
  await journal(ctx, {
    type: 'team.removed',
    subject: { type: 'team', id },
    text: `Team ${name} was removed`,
    data: { changes: changesOf(plainTeam(before), undefined) },
  });
};
