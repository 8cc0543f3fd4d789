import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { newToken, Person, Team } from '../../contract/people.ts';
import { journal } from '../journal/actions.ts';
import type { Actor, Ctx, Role } from '../platform/ctx.ts';
import { invalid, notFound } from '../platform/errors.ts';
import { allow } from './permissions.ts';
import * as store from './store.ts';
import './types.ts';

export type { PersonRow } from './store.ts';

const token = (prefix: string): string => `${prefix}_${randomBytes(24).toString('base64url')}`;

/**
 * Creates a person or brings one to this state; who becomes inactive is let go as `removePerson` does, unless something counts on
 * her. How to reach her is paging's to save. Returns her id.
 */
export const savePerson = async (ctx: Ctx, person: Omit<Person, 'contact_methods' | 'notification_rules'>): Promise<string> => {
  allow(ctx, 'people.write');
  const before = await store.personByName(ctx, person.name);
  if (before?.active && !person.active) await ctx.emit('person.removing', { id: before.id, name: person.name });
  const { id } = await store.upsertPerson(ctx, {
    name: person.name,
    display_name: person.display_name,
    email: person.email.toLowerCase(),
    role: person.role,
    time_zone: person.time_zone,
    locale: person.locale,
    quiet_hours: person.quiet_hours ? JSON.stringify(person.quiet_hours) : null,
    active: person.active,
    calendar_secret: token('cal'),
  });
  await journal(ctx, {
    type: 'person.saved',
    subject: { type: 'person', id },
    text: `${person.display_name} was saved`,
    data: { name: person.name, role: person.role, active: person.active },
  });
  return id;
};

export const personNamed = async (ctx: Ctx, name: string, field?: string): Promise<store.PersonRow> => {
  const row = await store.personByName(ctx, name);
  if (!row) throw field ? invalid(`there is no person named ${name}`, field) : notFound(`Person ${name}`);
  return row;
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

/** Removes someone nothing counts on; otherwise the listeners of `person.removing` refuse, saying what does. */
export const removePerson = async (ctx: Ctx, name: string): Promise<void> => {
  allow(ctx, 'people.write');
  const row = await personNamed(ctx, name);
  await ctx.emit('person.removing', { id: row.id, name });
  const usedBy = (await store.teams(ctx)).filter((team) => team.lead === name || team.members.includes(name));
  if (usedBy.length > 0)
    throw invalid(`${name} is in team ${usedBy.map((team) => team.name).join(', ')}: take them out first`, 'name');
  await store.upsertPerson(ctx, { ...row, quiet_hours: row.quiet_hours ? JSON.stringify(row.quiet_hours) : null, active: false });
  await journal(ctx, {
    type: 'person.removed',
    subject: { type: 'person', id: row.id },
    text: `${row.display_name} was deactivated`,
  });
};

export const saveTeam = async (ctx: Ctx, team: Team): Promise<string> => {
  allow(ctx, 'team.write');
  const members = await store.peopleByNames(ctx, [...team.members, ...(team.lead ? [team.lead] : [])]);
  const idOf = (name: string, field: string) => {
    const row = members.find((member) => member.name === name);
    if (!row) throw invalid(`there is no person named ${name}`, field);
    return row.id;
  };
  const memberIds = [...new Set(team.members)].map((name) => idOf(name, `members.${team.members.indexOf(name)}`));
  const id = await store.upsertTeam(
    ctx,
    { name: team.name, title: team.title, lead_id: team.lead ? idOf(team.lead, 'lead') : null },
    memberIds,
  );
  await journal(ctx, {
    type: 'team.saved',
    subject: { type: 'team', id },
    text: `Team ${team.name} was saved`,
    data: { members: team.members, lead: team.lead },
  });
  return id;
};
export const allTeams = store.teams;
export const teamNamed = async (ctx: Ctx, name: string) => {
  const team = (await store.teams(ctx)).find((one) => one.name === name);
  if (!team) throw notFound(`Team ${name}`);
  return team;
};

/** Refused while something counts on it (`team.removing`). */
export const removeTeam = async (ctx: Ctx, name: string): Promise<void> => {
  allow(ctx, 'team.write');
  await ctx.emit('team.removing', { name });
  const id = await store.deleteTeam(ctx, name);
  await journal(ctx, { type: 'team.removed', subject: { type: 'team', id }, text: `Team ${name} was removed` });
};

/** The actor behind a bearer token, or undefined when it is unknown, expired, revoked or its person left. */
export const authenticate = async (ctx: Ctx, bearer: string): Promise<Actor | undefined> => {
  const row = await store.tokenByHash(ctx, store.hashToken(bearer));
  if (
    !row ||
    row.revoked_at ||
    (row.expires_at && Temporal.Instant.compare(row.expires_at, ctx.now) <= 0) ||
    row.person_active === false
  )
    return undefined;
  const minuteAgo = ctx.now.subtract({ minutes: 1 });
  if (!row.last_used_at || Temporal.Instant.compare(row.last_used_at, minuteAgo) < 0) await store.touchToken(ctx, row.id);
  const role = row.role as Role;
  return row.person_id && row.person_name
    ? { kind: 'person', id: row.person_id, name: row.person_name, role }
    : { kind: 'token', id: row.id, name: row.name, role };
};

/** Makes a token and returns its text, which is shown this once and kept only as a hash. */
export const createToken = async (
  ctx: Ctx,
  input: z.output<typeof newToken>,
  given?: string,
): Promise<{ name: string; token: string }> => {
  allow(ctx, 'tokens.write');
  const text = given ?? token('alc');
  const person = input.person ? await personNamed(ctx, input.person, 'person') : undefined;
  const { id } = await store.insertToken(ctx, {
    name: input.name,
    sha256: store.hashToken(text),
    role: input.role,
    person_id: person?.id ?? null,
    expires_at: input.expires_at ? Temporal.Instant.from(input.expires_at) : null,
  });
  await journal(ctx, {
    type: 'token.created',
    subject: { type: 'token', id },
    text: `Token ${input.name} was made`,
    data: { role: input.role, person: input.person },
  });
  return { name: input.name, token: text };
};
export const revokeToken = async (ctx: Ctx, name: string): Promise<void> => {
  allow(ctx, 'tokens.write');
  const row = await store.revokeToken(ctx, name);
  if (!row) throw notFound(`Token ${name}`);
  await journal(ctx, { type: 'token.revoked', subject: { type: 'token', id: row.id }, text: `Token ${name} was revoked` });
};
export const allTokens = store.tokens;

/**
 * The administrator token of a first run, to be shown this once; undefined on a later one. A token given in the
 * environment always works: that is also the way back in for whoever lost theirs.
 */
export const firstToken = async (ctx: Ctx, given: string | undefined): Promise<string | undefined> => {
  if (given) {
    if (!(await store.tokenByHash(ctx, store.hashToken(given))))
      await createToken(
        ctx,
        { name: `environment-${store.hashToken(given).toString('hex').slice(0, 8)}`, role: 'administrator' },
        given,
      );
    return undefined;
  }
  return (await store.countTokens(ctx)) > 0
    ? undefined
    : (await createToken(ctx, { name: 'first-run', role: 'administrator' })).token;
};
