import { createHash } from 'node:crypto';
import type { Team } from '../../contract/people.ts';
import type { Ctx } from '../platform/ctx.ts';
import { notFound } from '../platform/errors.ts';

export const personByName = (ctx: Ctx, name: string) =>
  ctx.tx.selectFrom('people').selectAll().where('name', '=', name).executeTakeFirst();
export const people = (ctx: Ctx) => ctx.tx.selectFrom('people').selectAll().orderBy('name').execute();
export const peopleByIds = (ctx: Ctx, ids: string[]) =>
  ids.length === 0 ? Promise.resolve([]) : ctx.tx.selectFrom('people').selectAll().where('id', 'in', ids).execute();
export const peopleByNames = (ctx: Ctx, names: string[]) =>
  names.length === 0 ? Promise.resolve([]) : ctx.tx.selectFrom('people').selectAll().where('name', 'in', names).execute();
export const personByCalendarSecret = (ctx: Ctx, secret: string) =>
  ctx.tx.selectFrom('people').selectAll().where('calendar_secret', '=', secret).executeTakeFirst();

export type PersonRow = NonNullable<Awaited<ReturnType<typeof personByName>>>;

export const upsertPerson = (
  ctx: Ctx,
  row: {
    name: string;
    display_name: string;
    email: string;
    role: string;
    time_zone: string;
    locale: string;
    quiet_hours: string | null;
    holidays: string | null;
    active: boolean;
    /** Since when she is deactivated. One who is already keeps the time she has. */
    left_at: Temporal.Instant | null;
    calendar_secret: string;
  },
) =>
  ctx.tx
    .insertInto('people')
    .values(row)
    .onConflict((conflict) => {
      const { calendar_secret: _kept, left_at, ...changed } = row;
      return conflict.column('name').doUpdateSet((eb) => ({
        ...changed,
        left_at: left_at && eb.fn.coalesce('people.left_at', eb.val(left_at)),
      }));
    })
    .returning('id')
    .executeTakeFirstOrThrow();

export const updateOwn = (
  ctx: Ctx,
  id: string,
  row: { display_name: string; time_zone: string; locale: string; quiet_hours: string | null; holidays: string | null },
) => ctx.tx.updateTable('people').set(row).where('id', '=', id).execute();

/** The address of a person's calendar feed is another one from now on. */
export const renewCalendar = (ctx: Ctx, id: string, secret: string) =>
  ctx.tx.updateTable('people').set({ calendar_secret: secret }).where('id', '=', id).execute();

export const teams = async (ctx: Ctx) => {
  const rows = await ctx.tx
    .selectFrom('teams')
    .leftJoin('people as lead', 'lead.id', 'teams.lead_id')
    .select(['teams.id', 'teams.name', 'teams.title', 'lead.name as lead'])
    .orderBy('teams.name')
    .execute();
  const members = await ctx.tx
    .selectFrom('team_members')
    .innerJoin('people', 'people.id', 'team_members.person_id')
    .select(['team_id', 'people.name'])
    .orderBy('people.name')
    .execute();
  const grants = await ctx.tx
    .selectFrom('team_grants')
    .innerJoin('people', 'people.id', 'team_grants.person_id')
    .select(['team_id', 'people.name as person', 'team_grants.role'])
    .orderBy('people.name')
    .execute();
  return rows.map((team) => ({
    ...team,
    grants: grants
      .filter((grant) => grant.team_id === team.id)
      .map(({ person, role }) => ({ person, role: role as Team['grants'][number]['role'] })),
    members: members.filter((member) => member.team_id === team.id).map((member) => member.name),
  }));
};

export const upsertTeam = async (
  ctx: Ctx,
  team: { name: string; title: string; lead_id: string | null },
  memberIds: string[],
  grants: { person_id: string; role: string }[],
): Promise<string> => {
  const { id } = await ctx.tx
    .insertInto('teams')
    .values(team)
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ title: team.title, lead_id: team.lead_id }))
    .returning('id')
    .executeTakeFirstOrThrow();
  await ctx.tx.deleteFrom('team_members').where('team_id', '=', id).execute();
  if (memberIds.length > 0)
    await ctx.tx
      .insertInto('team_members')
      .values(memberIds.map((person_id) => ({ team_id: id, person_id })))
      .execute();
  await ctx.tx.deleteFrom('team_grants').where('team_id', '=', id).execute();
  if (grants.length > 0)
    await ctx.tx
      .insertInto('team_grants')
      .values(grants.map((grant) => ({ ...grant, team_id: id })))
      .execute();
  return id;
};
/** Takes a person out of all teams, and the roles within them. Returns their names. */
export const leaveTeams = async (ctx: Ctx, personId: string): Promise<string[]> => {
  const left = await ctx.tx.deleteFrom('team_members').where('person_id', '=', personId).returning('team_id').execute();
  const given = await ctx.tx.deleteFrom('team_grants').where('person_id', '=', personId).returning('team_id').execute();
  const led = await ctx.tx
    .updateTable('teams')
    .set({ lead_id: null })
    .where('lead_id', '=', personId)
    .returning('id as team_id')
    .execute();
  const ids = [...left, ...given, ...led].map((row) => row.team_id);
  return ids.length === 0
    ? []
    : (await ctx.tx.selectFrom('teams').select('name').where('id', 'in', ids).orderBy('name').execute()).map((row) => row.name);
};
export const teamByName = (ctx: Ctx, name: string) =>
  ctx.tx.selectFrom('teams').select('id').where('name', '=', name).executeTakeFirst();
export const deleteTeam = async (ctx: Ctx, name: string): Promise<string> => {
  const row = await ctx.tx.deleteFrom('teams').where('name', '=', name).returning('id').executeTakeFirst();
  if (!row) throw notFound(`Team ${name}`);
  return row.id;
};

export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();
export const tokenByHash = (ctx: Ctx, hash: Buffer) =>
  ctx.tx
    .selectFrom('tokens')
    .leftJoin('people', 'people.id', 'tokens.person_id')
    .select([
      'tokens.id',
      'tokens.name',
      'tokens.role',
      'tokens.last_used_at',
      'tokens.expires_at',
      'tokens.revoked_at',
      'tokens.scopes',
      'people.id as person_id',
      'people.active as person_active',
    ])
    .where('sha256', '=', hash)
    .executeTakeFirst();
export const touchToken = (ctx: Ctx, id: string) =>
  ctx.tx.updateTable('tokens').set({ last_used_at: ctx.now }).where('id', '=', id).execute();
export const insertToken = (
  ctx: Ctx,
  row: {
    name: string;
    sha256: Buffer;
    role: string;
    person_id: string | null;
    scopes: string[] | null;
    created_by: string;
    expires_at: Temporal.Instant | null;
  },
) =>
  ctx.tx
    .insertInto('tokens')
    .values({ ...row, created_at: ctx.now })
    .returning('id')
    .executeTakeFirstOrThrow();
export const tokens = (ctx: Ctx) =>
  ctx.tx
    .selectFrom('tokens')
    .leftJoin('people', 'people.id', 'tokens.person_id')
    .select([
      'tokens.id',
      'tokens.name',
      'tokens.role',
      'people.name as person',
      'tokens.created_at',
      'tokens.last_used_at',
      'tokens.expires_at',
      'tokens.revoked_at',
      'tokens.scopes',
      'tokens.created_by',
    ])
    .orderBy('tokens.name')
    .execute();
export const hasToken = async (ctx: Ctx, name: string): Promise<boolean> =>
  (await ctx.tx.selectFrom('tokens').select('id').where('name', '=', name).executeTakeFirst()) !== undefined;
export const revokeToken = (ctx: Ctx, name: string) =>
  ctx.tx
    .updateTable('tokens')
    .set({ revoked_at: ctx.now })
    .where('name', '=', name)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
/** Takes every working key of a person out of use. Returns their names. */
export const revokeTokensOf = async (ctx: Ctx, personId: string): Promise<string[]> =>
  (
    await ctx.tx
      .updateTable('tokens')
      .set({ revoked_at: ctx.now })
      .where('person_id', '=', personId)
      .where('revoked_at', 'is', null)
      .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', ctx.now)]))
      .returning('name')
      .execute()
  ).map((row) => row.name);
export const countTokens = async (ctx: Ctx): Promise<number> =>
  Number(
    (
      await ctx.tx
        .selectFrom('tokens')
        .select((eb) => eb.fn.countAll().as('n'))
        .executeTakeFirstOrThrow()
    ).n,
  );
