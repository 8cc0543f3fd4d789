import type { z } from 'zod';
import type { Hours } from '../../contract/common.ts';
import type { firstAdministrator, Me, saveMe } from '../../contract/sign-in.ts';
import { journal, THE_ONLY } from '../journal/actions.ts';
import type { Actor, Ctx, Role } from '../platform/ctx.ts';
import { AppError, invalid, notFound } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import { readLink, signLink } from '../platform/links.ts';
import { assertHolidays } from './holidays.ts';
import { personNamed, savePerson } from './people.ts';
import { allow, lesserRole, offered } from './permissions.ts';
import { refuseOwned } from './scim/owned.ts';
import * as store from './sign-in-store.ts';
import * as signOn from './sign-on-store.ts';
import * as people from './store.ts';

const INVITATION_LIFE = { hours: 24 * 7 };
const RESET_LIFE = { hours: 2 };
/** Links one person may ask for in an hour. */
const RESETS_AN_HOUR = 3;

/** Her role in each team, by the team's name and id: what she was given there, and as a member what she is everywhere. */
const teamsOf = async (ctx: Ctx, personId: string, role: Role): Promise<Record<string, Role>> => {
  const out: Record<string, Role> = {};
  for (const team of await store.teamRoles(ctx, personId)) {
    const given = (team.role ?? role) as Role;
    const effective = team.member && lesserRole(given, role) === given ? role : given;
    out[team.name] = effective;
    out[team.id] = effective;
  }
  return out;
};

/** The person as an actor; undefined when she has left. */
export const actorOfPerson = async (ctx: Ctx, personId: string): Promise<Extract<Actor, { kind: 'person' }> | undefined> => {
  const [row] = await people.peopleByIds(ctx, [personId]);
  if (!row?.active) return undefined;
  const role = row.role as Role;
  return { kind: 'person', id: row.id, name: row.name, role, teams: await teamsOf(ctx, row.id, role) };
};

/** Why a person may not begin a session; undefined: she may. */
export const refusalOf = async (ctx: Ctx, personId: string): Promise<string | undefined> => {
  const [row] = await people.peopleByIds(ctx, [personId]);
  if (!row) return 'There is no such person here';
  return row.active ? undefined : 'You have been deactivated here. Ask an administrator';
};

/** Nobody can sign in as administrator yet: the first start's token may make one. */
const isFirstRun = async (ctx: Ctx): Promise<boolean> => (await store.otherAdministrators(ctx, null)) === 0;

/** How one may sign in here; `canMail` says whether a link can be mailed. */
export const stateOf = async (ctx: Ctx, canMail: (ctx: Ctx) => Promise<boolean>) => ({
  first_run: await isFirstRun(ctx),
  providers: (await signOn.all(ctx)).map((row) => ({ id: row.id, title: row.settings.title })),
  mail: await canMail(ctx),
});

/** Makes the first administrator, or lets one that a process file made sign in. `token` is the one the first start printed. */
export const makeFirstAdministrator = async (
  ctx: Ctx,
  input: z.output<typeof firstAdministrator>,
  hash: string,
): Promise<void> => {
  if (!(await isFirstRun(ctx)))
    throw new AppError('conflict', 'An administrator can sign in already: this installation has been set up');
  const token = await people.tokenByHash(ctx, people.hashToken(input.token.trim()));
  const expired = token?.expires_at && Temporal.Instant.compare(token.expires_at, ctx.now) <= 0;
  if (!token || token.revoked_at || token.role !== 'administrator' || token.person_id || expired)
    throw invalid('is not the token that the server printed at its first start', 'token');
  const known = await people.personByName(ctx, input.name);
  const id = await savePerson(ctx, {
    name: input.name,
    display_name: input.display_name,
    email: input.email,
    role: 'administrator',
    time_zone: input.time_zone,
    locale: known?.locale ?? 'en',
    active: true,
    ...(known?.quiet_hours ? { quiet_hours: known.quiet_hours } : {}),
    ...(known?.holidays ? { holidays: known.holidays } : {}),
  });
  await letIn(ctx, id, hash);
  await journal(ctx, {
    type: 'person.first_administrator',
    subject: { type: 'person', id },
    text: `${input.display_name} set up this installation`,
  });
};

/** Gives a person an account with this password (its hash), or a new password. */
const letIn = async (ctx: Ctx, personId: string, hash: string): Promise<void> => {
  await makeUser(ctx, personId);
  await store.setPassword(ctx, personId, hash, newId());
};

/** Her row in the sign-in library. Refuses an address that somebody else signs in with. */
export const makeUser = async (ctx: Ctx, personId: string): Promise<void> => {
  const [row] = await people.peopleByIds(ctx, [personId]);
  if (!row) throw notFound('Person');
  const email = row.email.toLowerCase();
  const holder = await store.userByEmail(ctx, email);
  if (holder && holder.id !== personId) throw invalid('somebody else signs in with this address', 'email');
  await store.upsertUser(ctx, { id: personId, email, name: row.display_name });
};

/** A link with which a person sets her first password, or a new one. It is mailed when mail is set up, and returned to who asks. */
export const invite = async (ctx: Ctx, name: string) => {
  allow(ctx, 'people.write');
  const row = await personNamed(ctx, name);
  if (!row.active) throw new AppError('conflict', `${row.display_name} is deactivated: activate her first`);
  await makeUser(ctx, row.id);
  const purpose = (await store.hasAccount(ctx, row.id)) ? ('reset' as const) : ('invitation' as const);
  return sendLink(ctx, row, purpose);
};

const sendLink = async (ctx: Ctx, row: people.PersonRow, purpose: 'invitation' | 'reset') => {
  const expires_at = ctx.now.add(purpose === 'invitation' ? INVITATION_LIFE : RESET_LIFE);
  const { id } = await store.insertInvitation(ctx, { person_id: row.id, purpose, created_by: ctx.actor.name, expires_at });
  await journal(ctx, {
    type: purpose === 'invitation' ? 'person.invited' : 'person.password_link',
    subject: { type: 'person', id: row.id },
    text:
      purpose === 'invitation'
        ? `${ctx.actor.name} invited ${row.display_name}`
        : `${ctx.actor.name} asked for a new password for ${row.display_name}`,
  });
  await ctx.emit('person.invited', { invitation_id: id });
  return { id, url: linkOf(ctx, id, expires_at), expires_at };
};
const linkOf = (ctx: Ctx, id: string, expires: Temporal.Instant): string =>
  `${ctx.publicUrl}/join/${signLink(ctx.secret, 'invitation', id, expires)}`;

/** What an invitation's mail says; undefined when it is no longer open. */
export const invitationMail = async (ctx: Ctx, id: string) => {
  const row = await store.invitation(ctx, id);
  if (!row || row.used_at || !row.active) return undefined;
  return { ...row, url: linkOf(ctx, row.id, row.expires_at) };
};

/** Mails a link to whoever signs in with this address; says nothing of whether anybody does. */
export const forgot = async (ctx: Ctx, email: string): Promise<void> => {
  const user = await store.userByEmail(ctx, email.trim().toLowerCase());
  const [row] = user ? await people.peopleByIds(ctx, [user.id]) : [];
  if (!row?.active) return;
  if ((await store.recentInvitations(ctx, row.id, ctx.now.subtract({ hours: 1 }))) >= RESETS_AN_HOUR) return;
  await sendLink({ ...ctx, actor: { kind: 'person', id: row.id, name: row.name, role: row.role as Role } }, row, 'reset');
};

/** The open invitation behind a link, or why there is none. */
export const invitationOf = async (ctx: Ctx, token: string) => {
  const link = readLink(ctx.secret, 'invitation', token, ctx.now);
  const row = link ? await store.invitation(ctx, link.id) : undefined;
  if (!row?.active) throw new AppError('not_found', 'This link is not one of ours, or its person has left');
  if (row.used_at) throw new AppError('conflict', 'This link has been used. Sign in, or ask for a new one');
  if (link?.expired) throw new AppError('conflict', `This link ended at ${row.expires_at}. Ask for a new one`);
  return row;
};

/** She followed the link and chose a password (its hash): all her sessions end, and she signs in with it. */
export const acceptInvitation = async (ctx: Ctx, token: string, hash: string): Promise<void> => {
  const row = await invitationOf(ctx, token);
  if (!(await store.useInvitation(ctx, row.id, row.person_id)))
    throw new AppError('conflict', 'This link has been used. Sign in, or ask for a new one');
  await letIn(ctx, row.person_id, hash);
  await store.endSessions(ctx, row.person_id);
  await journal(ctx, {
    type: 'person.password_set',
    subject: { type: 'person', id: row.person_id },
    text: `${row.display_name} chose a password by the link that ${row.created_by} asked for`,
  });
};

/** Something of sign-in that belongs on record: `type` such as `person.signed_in`. Nobody known: the subject is the installation. */
export const noteSignIn = async (
  ctx: Ctx,
  about: {
    personId?: string | undefined;
    email?: string | undefined;
    type: string;
    text: string;
    data?: Record<string, unknown>;
  },
): Promise<void> => {
  const id = about.personId ?? (about.email ? (await store.userByEmail(ctx, about.email.toLowerCase()))?.id : undefined);
  const [row] = id ? await people.peopleByIds(ctx, [id]) : [];
  const actor: Actor = row ? { kind: 'person', id: row.id, name: row.name, role: row.role as Role } : ctx.actor;
  await journal(
    { ...ctx, actor },
    {
      type: about.type,
      subject: { type: 'person', id: row?.id ?? THE_ONLY },
      text: `${row?.display_name ?? about.email ?? 'Somebody'} ${about.text}`,
      data: { ...about.data, ...(row ? {} : { email: about.email }) },
    },
  );
};

/** Who asks, and what she may. */
export const meOf = async (ctx: Ctx, sessionId: string | undefined): Promise<Me> => {
  const { actor } = ctx;
  if (!('role' in actor)) throw new AppError('forbidden', 'This is for people and keys');
  const [row] = actor.kind === 'person' ? await people.peopleByIds(ctx, [actor.id]) : [];
  const names = new Set((await people.teams(ctx)).map((team) => team.name));
  return {
    person: row
      ? {
          name: row.name,
          display_name: row.display_name,
          email: row.email,
          role: row.role as Role,
          time_zone: row.time_zone,
          locale: row.locale,
          ...(row.quiet_hours ? { quiet_hours: row.quiet_hours as Hours } : {}),
          ...(row.holidays ? { holidays: row.holidays } : {}),
        }
      : null,
    role: actor.role,
    permissions: offered(actor),
    teams: Object.fromEntries(Object.entries(actor.teams ?? {}).filter(([team]) => names.has(team))),
    session: sessionId !== undefined,
  };
};

const herself = (ctx: Ctx): Extract<Actor, { kind: 'person' }> => {
  if (ctx.actor.kind !== 'person') throw new AppError('forbidden', 'This is for people: the key of a machine has no such thing');
  return ctx.actor;
};

/** Everyone may change how she is called, her zone, language, quiet hours and public holidays. */
export const saveOwn = async (ctx: Ctx, input: z.output<typeof saveMe>): Promise<void> => {
  await signOn.lockDirectory(ctx);
  const row = await personNamed(ctx, herself(ctx).name);
  await refuseOwned(ctx, row, { ...row, display_name: input.display_name });
  if (input.holidays !== row.holidays) await assertHolidays(input.holidays, ctx.now);
  await people.updateOwn(ctx, row.id, {
    display_name: input.display_name,
    time_zone: input.time_zone,
    locale: input.locale,
    quiet_hours: input.quiet_hours ? JSON.stringify(input.quiet_hours) : null,
    holidays: input.holidays ?? null,
  });
  await journal(ctx, {
    type: 'person.saved',
    subject: { type: 'person', id: row.id },
    text: `${input.display_name} changed her own details`,
    data: { ...input },
  });
};

export const ownSessions = (ctx: Ctx) => store.sessions(ctx, herself(ctx).id);
/** Somebody else's session is as unknown as one that never was. */
export const endOwnSession = async (ctx: Ctx, id: string): Promise<void> => {
  const { id: personId, name } = herself(ctx);
  if (!(await store.endSession(ctx, personId, id))) throw notFound('Session');
  await journal(ctx, {
    type: 'person.session_ended',
    subject: { type: 'person', id: personId },
    text: `${name} ended a session of hers`,
  });
};
export const endOtherSessions = async (ctx: Ctx, current: string | undefined): Promise<{ ended: number }> => {
  const { id, name } = herself(ctx);
  const ended = await store.endSessions(ctx, id, current);
  await journal(ctx, {
    type: 'person.session_ended',
    subject: { type: 'person', id },
    text: `${name} ended her other sessions (${ended})`,
  });
  return { ended };
};
/** Signs a person out everywhere. */
export const endSessionsOf = async (ctx: Ctx, name: string): Promise<{ ended: number }> => {
  allow(ctx, 'people.write');
  const row = await personNamed(ctx, name);
  const ended = await store.endSessions(ctx, row.id);
  await journal(ctx, {
    type: 'person.session_ended',
    subject: { type: 'person', id: row.id },
    text: `${ctx.actor.name} signed ${row.display_name} out everywhere (${ended})`,
  });
  return { ended };
};
export const ownSecurity = (ctx: Ctx) => store.security(ctx, herself(ctx).id);
export const accessOfAll = store.access;
