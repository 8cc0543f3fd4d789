import type { Ctx } from '../platform/ctx.ts';

export const services = (ctx: Ctx) =>
  ctx.tx
    .selectFrom('services')
    .leftJoin('teams', 'teams.id', 'services.team_id')
    .selectAll('services')
    .select('teams.name as team')
    .orderBy('services.name')
    .execute();
export const shownByName = (ctx: Ctx, name: string) =>
  ctx.tx
    .selectFrom('services')
    .leftJoin('teams', 'teams.id', 'services.team_id')
    .selectAll('services')
    .select('teams.name as team')
    .where('services.name', '=', name)
    .executeTakeFirst();
export const serviceByName = (ctx: Ctx, name: string) =>
  ctx.tx.selectFrom('services').selectAll().where('name', '=', name).executeTakeFirst();
export const serviceById = (ctx: Ctx, id: string) =>
  ctx.tx.selectFrom('services').selectAll().where('id', '=', id).executeTakeFirst();
export type ServiceRow = NonNullable<Awaited<ReturnType<typeof serviceById>>>;

export const teamId = (ctx: Ctx, name: string) =>
  ctx.tx.selectFrom('teams').select('id').where('name', '=', name).executeTakeFirst();

export const upsertService = (
  ctx: Ctx,
  row: {
    name: string;
    title: string;
    description: string;
    team_id: string | null;
    escalation_policy: string | null;
    grouping: string;
    on_all_resolved: string;
    urgency: string;
    support_hours: string | null;
    acknowledge_timeout_seconds: number | null;
    flapping: string;
  },
) =>
  ctx.tx
    .insertInto('services')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .returning('id')
    .executeTakeFirstOrThrow();

export const deleteService = (ctx: Ctx, id: string) => ctx.tx.deleteFrom('services').where('id', '=', id).execute();
