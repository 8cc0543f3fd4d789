import { sql } from 'kysely';
import type { Ctx } from '../platform/ctx.ts';

// The tables of the sign-in library, as far as we read and write them ourselves.

/** The library's row of a person; made when she is first let in, kept in step with hers. */
export const upsertUser = (ctx: Ctx, row: { id: string; email: string; name: string }) =>
  ctx.tx
    .insertInto('auth_users')
    .values({ ...row, emailVerified: true, createdAt: ctx.now, updatedAt: ctx.now })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ email: row.email, name: row.name, updatedAt: ctx.now }))
    .execute();
export const userById = (ctx: Ctx, id: string) =>
  ctx.tx.selectFrom('auth_users').selectAll().where('id', '=', id).executeTakeFirst();
export const userByEmail = (ctx: Ctx, email: string) =>
  ctx.tx.selectFrom('auth_users').select('id').where('email', '=', email).executeTakeFirst();
/** Takes all away by which a person signs in: passwords, accounts of providers, passkeys, second factor, sessions. */
export const forgetUser = (ctx: Ctx, id: string) => ctx.tx.deleteFrom('auth_users').where('id', '=', id).execute();

export const setPassword = async (ctx: Ctx, personId: string, hash: string, id: string): Promise<void> => {
  const changed = await ctx.tx
    .updateTable('auth_accounts')
    .set({ password: hash, updatedAt: ctx.now })
    .where('userId', '=', personId)
    .where('providerId', '=', 'credential')
    .returning('id')
    .executeTakeFirst();
  if (changed) return;
  await ctx.tx
    .insertInto('auth_accounts')
    .values({
      id,
      userId: personId,
      providerId: 'credential',
      accountId: personId,
      password: hash,
      createdAt: ctx.now,
      updatedAt: ctx.now,
    })
    .execute();
};

export const sessions = (ctx: Ctx, personId: string) =>
  ctx.tx
    .selectFrom('auth_sessions')
    .select(['id', 'createdAt', 'updatedAt', 'expiresAt', 'ipAddress', 'userAgent'])
    .where('userId', '=', personId)
    .where('expiresAt', '>', sql<Temporal.Instant>`now()`)
    .orderBy('updatedAt', 'desc')
    .execute();
export const endSession = async (ctx: Ctx, personId: string, id: string): Promise<boolean> =>
  (await ctx.tx
    .deleteFrom('auth_sessions')
    .where('userId', '=', personId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()) !== undefined;
/** Ends all of a person's sessions, but for one if given. Returns how many. */
export const endSessions = async (ctx: Ctx, personId: string, but?: string): Promise<number> => {
  let query = ctx.tx.deleteFrom('auth_sessions').where('userId', '=', personId);
  if (but) query = query.where('id', '!=', but);
  return (await query.returning('id').execute()).length;
};

export const security = async (ctx: Ctx, personId: string) => {
  const accounts = await ctx.tx.selectFrom('auth_accounts').select('providerId').where('userId', '=', personId).execute();
  const passkeys = await ctx.tx
    .selectFrom('auth_passkeys')
    .select(['id', 'name', 'createdAt'])
    .where('userId', '=', personId)
    .orderBy('createdAt')
    .execute();
  return { accounts: accounts.map((row) => row.providerId), passkeys, user: await userById(ctx, personId) };
};

export type AccessRow = {
  name: string;
  active: boolean;
  accounts: string[];
  passkeys: number;
  two_factor: boolean;
  directory: boolean;
  last_seen_at: Temporal.Instant | null;
  invited_until: Temporal.Instant | null;
};
export const access = async (ctx: Ctx): Promise<AccessRow[]> =>
  (
    await sql<AccessRow>`
      select p.name, p.active, coalesce(u."twoFactorEnabled", false) as two_factor,
        exists (select 1 from directory_users d where d.person_id = p.id) as directory,
        array(select a."providerId" from auth_accounts a where a."userId" = p.id order by 1) as accounts,
        (select count(*) from auth_passkeys k where k."userId" = p.id)::int as passkeys,
        (select max(s."updatedAt") from auth_sessions s where s."userId" = p.id) as last_seen_at,
        (select max(i.expires_at) from invitations i where i.person_id = p.id and i.used_at is null and i.expires_at > ${ctx.now}) as invited_until
      from people p left join auth_users u on u.id = p.id order by p.name`.execute(ctx.tx)
  ).rows;

/** Active administrators who can sign in, other than one. */
export const otherAdministrators = async (ctx: Ctx, personId: string | null): Promise<number> =>
  Number(
    (
      await sql<{ n: string }>`
        select count(distinct p.id) as n from people p join auth_accounts a on a."userId" = p.id
        where p.active and p.role = 'administrator' and p.id is distinct from ${personId}::uuid`.execute(ctx.tx)
    ).rows[0]?.n,
  );
/** Can she sign in? */
export const hasAccount = async (ctx: Ctx, personId: string): Promise<boolean> =>
  (await ctx.tx.selectFrom('auth_accounts').select('id').where('userId', '=', personId).limit(1).executeTakeFirst()) !==
  undefined;

export const insertInvitation = (
  ctx: Ctx,
  row: { person_id: string; purpose: 'invitation' | 'reset'; created_by: string; expires_at: Temporal.Instant },
) =>
  ctx.tx
    .insertInto('invitations')
    .values({ ...row, created_at: ctx.now })
    .returning('id')
    .executeTakeFirstOrThrow();
export const invitation = (ctx: Ctx, id: string) =>
  ctx.tx
    .selectFrom('invitations')
    .innerJoin('people', 'people.id', 'invitations.person_id')
    .selectAll('invitations')
    .select(['people.display_name', 'people.email', 'people.name', 'people.active', 'people.time_zone'])
    .where('invitations.id', '=', id)
    .executeTakeFirst();
/** Takes it, and every other one of the person, out of use; false when it was used or is over. */
export const useInvitation = async (ctx: Ctx, id: string, personId: string): Promise<boolean> => {
  const used = await ctx.tx
    .updateTable('invitations')
    .set({ used_at: ctx.now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', ctx.now)
    .returning('id')
    .executeTakeFirst();
  if (!used) return false;
  await endInvitations(ctx, personId);
  return true;
};
/** Takes every open link of a person out of use. */
export const endInvitations = (ctx: Ctx, personId: string) =>
  ctx.tx
    .updateTable('invitations')
    .set({ used_at: ctx.now })
    .where('person_id', '=', personId)
    .where('used_at', 'is', null)
    .execute();
/** Links a person asked for herself lately. */
export const recentInvitations = async (ctx: Ctx, personId: string, since: Temporal.Instant): Promise<number> =>
  (
    await ctx.tx
      .selectFrom('invitations')
      .select('id')
      .where('person_id', '=', personId)
      .where('created_at', '>', since)
      .execute()
  ).length;

/** Her teams with the role she was given in each, if any. */
export const teamRoles = async (ctx: Ctx, personId: string) =>
  (
    await sql<{ id: string; name: string; member: boolean; role: string | null }>`
      select t.id, t.name, (m.person_id is not null or t.lead_id = ${personId}) as member, g.role from teams t
      left join team_members m on m.team_id = t.id and m.person_id = ${personId}
      left join team_grants g on g.team_id = t.id and g.person_id = ${personId}
      where m.person_id is not null or g.person_id is not null or t.lead_id = ${personId}`.execute(ctx.tx)
  ).rows;
