import { sql } from 'kysely';
import type { ScimSettings } from '../../../contract/scim.ts';
import type { Ctx } from '../../platform/ctx.ts';
import type { UserAttributes } from './shapes.ts';

export type UserRow = {
  id: string;
  name: string;
  role: string;
  email: string;
  display_name: string;
  active: boolean;
  user_name: string;
  external_id: string | null;
  attributes: UserAttributes;
  created_at: Temporal.Instant;
  changed_at: Temporal.Instant;
};
const users = (ctx: Ctx) =>
  ctx.tx
    .selectFrom('directory_users as d')
    .innerJoin('people as p', 'p.id', 'd.person_id')
    .select([
      'p.id',
      'p.name',
      'p.role',
      'p.email',
      'p.display_name',
      'p.active',
      'd.user_name',
      'd.external_id',
      'd.attributes',
      'd.created_at',
      'd.changed_at',
    ])
    .$castTo<UserRow>();

export const user = (ctx: Ctx, id: string) => users(ctx).where('p.id', '=', id).executeTakeFirst();
export const allUsers = (ctx: Ctx) => users(ctx).orderBy('d.created_at').orderBy('p.id').execute();
export const userNamed = (ctx: Ctx, userName: string) =>
  users(ctx).where(sql<boolean>`lower(d.user_name) = lower(${userName})`).executeTakeFirst();
/** Those with this value, oldest first. */
export const usersWith = (ctx: Ctx, attribute: string, value: string): Promise<UserRow[]> => {
  const query = users(ctx).orderBy('d.created_at').limit(1000);
  switch (attribute) {
    case 'id':
      return query.where(sql<boolean>`p.id::text = ${value.toLowerCase()}`).execute();
    case 'userName':
      return query.where(sql<boolean>`lower(d.user_name) = lower(${value})`).execute();
    case 'externalId':
      return query.where('d.external_id', '=', value).execute();
    case 'displayName':
      return query
        .where(sql<boolean>`lower(coalesce(d.attributes ->> 'displayName', p.display_name)) = lower(${value})`)
        .execute();
    default:
      return query
        .where(
          sql<boolean>`lower(p.email) = lower(${value}) or exists (
            select 1 from jsonb_array_elements(coalesce(d.attributes -> 'emails', '[]')) e where lower(e ->> 'value') = lower(${value}))`,
        )
        .execute();
  }
};
export const userPage = (ctx: Ctx, offset: number, limit: number) =>
  users(ctx).orderBy('d.created_at').orderBy('p.id').offset(offset).limit(limit).execute();
export const countUsers = async (ctx: Ctx): Promise<number> =>
  Number(
    (
      await ctx.tx
        .selectFrom('directory_users')
        .select((eb) => eb.fn.countAll().as('n'))
        .executeTakeFirstOrThrow()
    ).n,
  );

export const saveUser = (
  ctx: Ctx,
  id: string,
  row: { user_name: string; external_id: string | null; attributes: UserAttributes },
) => {
  const values = { ...row, attributes: JSON.stringify(row.attributes), changed_at: ctx.now };
  return ctx.tx
    .insertInto('directory_users')
    .values({ person_id: id, created_at: ctx.now, ...values })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(values))
    .execute();
};
export const removeUser = (ctx: Ctx, id: string) => ctx.tx.deleteFrom('directory_users').where('person_id', '=', id).execute();
/** What the directory called somebody whom it took out, if it did. */
export const leftAs = async (ctx: Ctx, personId: string): Promise<string | undefined> =>
  (await ctx.tx.selectFrom('directory_left').select('external_id').where('person_id', '=', personId).executeTakeFirst())
    ?.external_id;
export const rememberLeft = (ctx: Ctx, personId: string, externalId: string) =>
  ctx.tx
    .insertInto('directory_left')
    .values({ person_id: personId, external_id: externalId })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet({ external_id: externalId }))
    .execute();
export const forgetLeft = (ctx: Ctx, personId: string) =>
  ctx.tx.deleteFrom('directory_left').where('person_id', '=', personId).execute();
/** Whether the directory decides who this is: it brought the person, and a key lets it speak. */
export const decides = async (ctx: Ctx, personId: string): Promise<boolean> =>
  (
    await sql<{ yes: boolean }>`
      select exists (select 1 from directory_users where person_id = ${personId}::uuid)
        and exists (select 1 from tokens where 'scim' = any (scopes) and revoked_at is null and (expires_at is null or expires_at > ${ctx.now})) as yes`.execute(
      ctx.tx,
    )
  ).rows[0]?.yes === true;

export type GroupRow = {
  id: string;
  display_name: string;
  external_id: string | null;
  created_at: Temporal.Instant;
  changed_at: Temporal.Instant;
};
export const group = (ctx: Ctx, id: string): Promise<GroupRow | undefined> =>
  ctx.tx.selectFrom('directory_groups').selectAll().where('id', '=', id).executeTakeFirst();
export const groupNamed = (ctx: Ctx, name: string): Promise<GroupRow | undefined> =>
  ctx.tx.selectFrom('directory_groups').selectAll().where(sql<boolean>`lower(display_name) = lower(${name})`).executeTakeFirst();
export const groups = (ctx: Ctx): Promise<GroupRow[]> =>
  ctx.tx.selectFrom('directory_groups').selectAll().orderBy('created_at').orderBy('id').execute();
/** Creates it without an id, or brings one to this state. */
export const saveGroup = (ctx: Ctx, id: string | undefined, row: { display_name: string; external_id: string | null }) => {
  const values = { ...row, changed_at: ctx.now };
  return id
    ? ctx.tx.updateTable('directory_groups').set(values).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
    : ctx.tx
        .insertInto('directory_groups')
        .values({ created_at: ctx.now, ...values })
        .returningAll()
        .executeTakeFirstOrThrow();
};
export const removeGroup = (ctx: Ctx, id: string) => ctx.tx.deleteFrom('directory_groups').where('id', '=', id).execute();

export type MemberRow = { group_id: string; person_id: string; display_name: string; group: string };
const memberships = (ctx: Ctx) =>
  ctx.tx
    .selectFrom('directory_members as m')
    .innerJoin('people as p', 'p.id', 'm.person_id')
    .innerJoin('directory_groups as g', 'g.id', 'm.group_id')
    .select(['m.group_id', 'm.person_id', 'p.display_name', 'g.display_name as group'])
    .orderBy('p.name')
    .orderBy('g.display_name');
export const membersOf = (ctx: Ctx, groupIds: string[]): Promise<MemberRow[]> =>
  groupIds.length === 0 ? Promise.resolve([]) : memberships(ctx).where('m.group_id', 'in', groupIds).execute();
export const memberCounts = async (ctx: Ctx): Promise<Map<string, number>> =>
  new Map(
    (
      await ctx.tx
        .selectFrom('directory_members')
        .select((eb) => ['group_id', eb.fn.countAll<string>().as('n')])
        .groupBy('group_id')
        .execute()
    ).map((row) => [row.group_id, Number(row.n)]),
  );
/** Everybody who is in a group of the directory, or has a role that one gave: also who was taken out of it since, or left. */
export const followedIds = async (ctx: Ctx): Promise<string[]> =>
  (
    await sql<{ person_id: string }>`
      select person_id from directory_members
      union
      select r.person_id from directory_roles r join people p on p.id = r.person_id
      where not p.active or r.person_id in (select person_id from directory_users)
      order by person_id`.execute(ctx.tx)
  ).rows.map((row) => row.person_id);
export const groupsOf = (ctx: Ctx, personIds: string[]): Promise<MemberRow[]> =>
  personIds.length === 0 ? Promise.resolve([]) : memberships(ctx).where('m.person_id', 'in', personIds).execute();
/** What the mapping may name somebody's groups by: their names, and what the directory itself calls them. */
export const groupWordsOf = async (ctx: Ctx, personId: string): Promise<string[]> =>
  (
    await ctx.tx
      .selectFrom('directory_members as m')
      .innerJoin('directory_groups as g', 'g.id', 'm.group_id')
      .select(['g.display_name', 'g.external_id'])
      .where('m.person_id', '=', personId)
      .orderBy('g.display_name')
      .execute()
  ).flatMap((row) => [row.display_name, ...(row.external_id ? [row.external_id] : [])]);
export const userIdsAmong = async (ctx: Ctx, ids: string[]): Promise<string[]> =>
  ids.length === 0
    ? []
    : (await ctx.tx.selectFrom('directory_users').select('person_id').where('person_id', 'in', ids).execute()).map(
        (row) => row.person_id,
      );
/** Returns those who were not in it. */
export const addMembers = async (ctx: Ctx, groupId: string, ids: string[]): Promise<string[]> =>
  ids.length === 0
    ? []
    : (
        await ctx.tx
          .insertInto('directory_members')
          .values(ids.map((person_id) => ({ group_id: groupId, person_id })))
          .onConflict((conflict) => conflict.doNothing())
          .returning('person_id')
          .execute()
      ).map((row) => row.person_id);
/** Returns those who were in it. */
export const removeMembers = async (ctx: Ctx, groupId: string, ids: string[]): Promise<string[]> =>
  ids.length === 0
    ? []
    : (
        await ctx.tx
          .deleteFrom('directory_members')
          .where('group_id', '=', groupId)
          .where('person_id', 'in', ids)
          .returning('person_id')
          .execute()
      ).map((row) => row.person_id);

export const settings = async (ctx: Ctx): Promise<ScimSettings | undefined> =>
  (await ctx.tx.selectFrom('directory_settings').select('settings').executeTakeFirst())?.settings as ScimSettings | undefined;
export const saveSettings = (ctx: Ctx, settings: ScimSettings) => {
  const row = { settings: JSON.stringify(settings) };
  return ctx.tx
    .insertInto('directory_settings')
    .values({ id: true, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
};

/** Refused requests that are kept. */
const KEPT_REFUSED = 200;
export const addRefused = async (
  ctx: Ctx,
  row: { key: string | null; method: string; path: string; status: number; reason: string },
): Promise<void> => {
  await ctx.tx
    .insertInto('directory_refused')
    .values({ ...row, at: ctx.now })
    .execute();
  await sql`delete from directory_refused where id in (select id from directory_refused order by id desc offset ${KEPT_REFUSED})`.execute(
    ctx.tx,
  );
};
/** When a request without a key that works was refused last. */
export const lastStranger = async (ctx: Ctx): Promise<Temporal.Instant | undefined> =>
  (
    await ctx.tx
      .selectFrom('directory_refused')
      .select('at')
      .where('key', 'is', null)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
  )?.at;
export const refused = (ctx: Ctx, limit: number) =>
  ctx.tx.selectFrom('directory_refused').selectAll().orderBy('id', 'desc').limit(limit).execute();
