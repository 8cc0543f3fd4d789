import { sql } from 'kysely';
import type { Ctx } from '../platform/ctx.ts';

const DELIVERY = 'delivery';

export const read = async (ctx: Ctx): Promise<unknown> =>
  (await ctx.tx.selectFrom('settings').select('value').where('key', '=', DELIVERY).executeTakeFirst())?.value;
/** Whoever else would change the settings waits until this is done, also while nothing was saved yet. Taken before they are read. */
export const hold = async (ctx: Ctx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended('settings', 0))`.execute(ctx.tx);
};
export const write = (ctx: Ctx, value: string) =>
  ctx.tx
    .insertInto('settings')
    .values({ key: DELIVERY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
