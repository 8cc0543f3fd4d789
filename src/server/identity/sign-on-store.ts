import { sql } from 'kysely';
import type { SignOn } from '../../contract/sign-on.ts';
import type { Ctx, Role } from '../platform/ctx.ts';
import { newId } from '../platform/id.ts';
import type { Discovered } from './sign-on-rules.ts';

type Row = {
  id: string;
  /** Of the row that the sign-in library reads; the journal knows it by that. */
  key: string;
  settings: SignOn;
  discovered: Discovered | null;
  discovered_at: Temporal.Instant | null;
  people: number;
};
const rows = (ctx: Ctx, id?: string) =>
  sql<Row>`
    select s.id, l.id as key, s.settings, s.discovered, s.discovered_at,
      (select count(*)::int from auth_accounts a where a."providerId" = s.id) as people
    from sign_on s join auth_sso_providers l on l."providerId" = s.id where ${id ?? null}::text is null or s.id = ${id ?? null} order by s.id`.execute(
    ctx.tx,
  );
export const all = async (ctx: Ctx): Promise<Row[]> => (await rows(ctx)).rows;
export const one = async (ctx: Ctx, id: string): Promise<Row | undefined> => (await rows(ctx, id)).rows[0];

/** Saves the settings and the row that the sign-in library reads, `config` being its own shape. Returns that row's id. */
export const save = async (
  ctx: Ctx,
  id: string,
  settings: SignOn,
  library: { issuer: string; config: object },
  found: { at: Temporal.Instant; discovered: Discovered } | undefined,
): Promise<string> => {
  const row = {
    settings: JSON.stringify(settings),
    discovered: found ? JSON.stringify(found.discovered) : null,
    discovered_at: found?.at ?? null,
  };
  await ctx.tx
    .insertInto('sign_on')
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
  const provider = { issuer: library.issuer, oidcConfig: JSON.stringify(library.config), samlConfig: null, domain: '' };
  const { id: key } = await ctx.tx
    .insertInto('auth_sso_providers')
    .values({ id: newId(), providerId: id, ...provider })
    .onConflict((conflict) => conflict.column('providerId').doUpdateSet(provider))
    .returning('id')
    .executeTakeFirstOrThrow();
  return key;
};
export const remove = async (ctx: Ctx, id: string): Promise<void> => {
  await ctx.tx.deleteFrom('auth_sso_providers').where('providerId', '=', id).execute();
  await ctx.tx.deleteFrom('sign_on').where('id', '=', id).execute();
};
/** Its subjects mean nothing to another provider of the same name: they are forgotten. Returns how many. */
export const forgetAccounts = async (ctx: Ctx, id: string): Promise<number> =>
  (await ctx.tx.deleteFrom('auth_accounts').where('providerId', '=', id).returning('id').execute()).length;
/** Active administrators who can sign in without this provider. */
export const administratorsWithout = async (ctx: Ctx, id: string): Promise<number> =>
  (
    await sql<{ n: number }>`
      select count(distinct p.id)::int as n from people p join auth_accounts a on a."userId" = p.id
      where p.active and p.role = 'administrator' and a."providerId" <> ${id}`.execute(ctx.tx)
  ).rows[0]?.n ?? 0;

/**
 * One change of who people are at a time, by a directory or by hand, until the transaction ends. Taken before what is changed is read,
 * so that nothing is written back over a change of another, and that of two last administrators one stays.
 */
export const lockDirectory = async (ctx: Ctx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended('people by directory', 0))`.execute(ctx.tx);
};
export const accountHolder = async (ctx: Ctx, providerId: string, accountId: string) =>
  (
    await sql<{ id: string; active: boolean }>`
      select p.id, p.active from auth_accounts a join people p on p.id = a."userId"
      where a."providerId" = ${providerId} and a."accountId" = ${accountId}`.execute(ctx.tx)
  ).rows[0];
export const peopleWithAddress = (ctx: Ctx, email: string) =>
  ctx.tx.selectFrom('people').select(['id', 'active']).where(sql<boolean>`lower(email) = ${email}`).execute();
/** The role that groups gave her last, if they did. */
export const givenRole = async (ctx: Ctx, personId: string): Promise<Role | null> =>
  ((await ctx.tx.selectFrom('directory_roles').select('role').where('person_id', '=', personId).executeTakeFirst())
    ?.role as Role) ?? null;
export const rememberRole = async (ctx: Ctx, personId: string, role: Role | null): Promise<void> => {
  if (role === null) await ctx.tx.deleteFrom('directory_roles').where('person_id', '=', personId).execute();
  else
    await ctx.tx
      .insertInto('directory_roles')
      .values({ person_id: personId, role })
      .onConflict((conflict) => conflict.column('person_id').doUpdateSet({ role }))
      .execute();
};

/** False: she was in it already. */
export const addMember = async (ctx: Ctx, teamId: string, personId: string): Promise<boolean> =>
  (await ctx.tx
    .insertInto('team_members')
    .values({ team_id: teamId, person_id: personId })
    .onConflict((conflict) => conflict.doNothing())
    .returning('team_id')
    .executeTakeFirst()) !== undefined;
export const removeMember = async (ctx: Ctx, teamId: string, personId: string): Promise<boolean> =>
  (await ctx.tx
    .deleteFrom('team_members')
    .where('team_id', '=', teamId)
    .where('person_id', '=', personId)
    .returning('team_id')
    .executeTakeFirst()) !== undefined;
export const setGrant = async (ctx: Ctx, teamId: string, personId: string, role: string | null): Promise<void> => {
  if (role === null)
    await ctx.tx.deleteFrom('team_grants').where('team_id', '=', teamId).where('person_id', '=', personId).execute();
  else
    await ctx.tx
      .insertInto('team_grants')
      .values({ team_id: teamId, person_id: personId, role })
      .onConflict((conflict) => conflict.columns(['team_id', 'person_id']).doUpdateSet({ role }))
      .execute();
};
