import { sql } from 'kysely';
import type { Ctx } from '../platform/ctx.ts';

export const rows = (ctx: Ctx) =>
  ctx.tx
    .selectFrom('slack_user_groups')
    .innerJoin('schedules', 'schedules.id', 'slack_user_groups.schedule_id')
    .selectAll('slack_user_groups')
    .select('schedules.name as schedule')
    .orderBy('schedules.name')
    .orderBy('user_group')
    .execute();
export type Row = Awaited<ReturnType<typeof rows>>[number];

/** Who should be in it, and when to look again if nothing comes of this. */
export const want = (
  ctx: Ctx,
  row: { schedule_id: string; user_group: string; wanted: string[]; next_at: Temporal.Instant },
): Promise<unknown> =>
  ctx.tx
    .insertInto('slack_user_groups')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['schedule_id', 'user_group']).doUpdateSet({ wanted: row.wanted, next_at: row.next_at }),
    )
    .execute();
export const drop = (ctx: Ctx, { schedule_id, user_group }: Pick<Row, 'schedule_id' | 'user_group'>): Promise<unknown> =>
  ctx.tx.deleteFrom('slack_user_groups').where('schedule_id', '=', schedule_id).where('user_group', '=', user_group).execute();

type Came = Pick<Row, 'members' | 'findings' | 'problem' | 'synced_at' | 'next_at'>;
/** What came of it; false when somebody else should be in it by now, so that it is looked at again at once. */
export const record = async (ctx: Ctx, row: Row, came: Came): Promise<boolean> => {
  const kept = await ctx.tx
    .updateTable('slack_user_groups')
    .set(came)
    .where('schedule_id', '=', row.schedule_id)
    .where('user_group', '=', row.user_group)
    .where(sql<boolean>`wanted = ${row.wanted}::text[]`)
    .returning('user_group')
    .executeTakeFirst();
  if (kept) return true;
  await ctx.tx
    .updateTable('slack_user_groups')
    .set({ next_at: ctx.now })
    .where('schedule_id', '=', row.schedule_id)
    .where('user_group', '=', row.user_group)
    .execute();
  return false;
};
