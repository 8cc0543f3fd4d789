import type { Ctx } from '../platform/ctx.ts';

export const plans = (ctx: Ctx) =>
  ctx.tx
    .selectFrom('test_page_plans')
    .leftJoin('teams', 'teams.id', 'test_page_plans.team_id')
    .selectAll('test_page_plans')
    .select('teams.name as team')
    .orderBy('test_page_plans.name')
    .execute();
export type PlanRow = Awaited<ReturnType<typeof plans>>[number];

type Plan = {
  name: string;
  team_id: string | null;
  week: string;
  day: string;
  at: string;
  confirm_within_hours: number;
  enabled: boolean;
  since: Temporal.Instant;
};
export const upsertPlan = (ctx: Ctx, plan: Plan) =>
  ctx.tx
    .insertInto('test_page_plans')
    .values(plan)
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ ...plan }))
    .execute();
export const deletePlan = (ctx: Ctx, name: string) =>
  ctx.tx.deleteFrom('test_page_plans').where('name', '=', name).returning('name').executeTakeFirst();

/** Until somebody says otherwise it goes out from when this installation knew how to. */
export const digest = async (ctx: Ctx) => {
  const row = await ctx.tx.selectFrom('readiness_digest').select(['enabled', 'day', 'at', 'since']).executeTakeFirst();
  if (row) return row;
  const { applied_at: since } = await ctx.tx
    .selectFrom('migrations')
    .select('applied_at')
    .where('name', '=', '0100_test_pages.sql')
    .executeTakeFirstOrThrow();
  return { enabled: true, day: 'mon', at: '09:00', since };
};
export const setDigest = (ctx: Ctx, row: { enabled: boolean; day: string; at: string; since: Temporal.Instant }) =>
  ctx.tx
    .insertInto('readiness_digest')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
/** Undefined: that day's digest went to this person already. */
export const takeDigest = (ctx: Ctx, personId: string, onDate: string) =>
  ctx.tx
    .insertInto('readiness_digests_sent')
    .values({ person_id: personId, on_date: onDate })
    .onConflict((conflict) =>
      conflict.column('person_id').doUpdateSet({ on_date: onDate }).where('readiness_digests_sent.on_date', '<', onDate),
    )
    .returning('person_id')
    .executeTakeFirst();
