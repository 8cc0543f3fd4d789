import type { Ctx } from '../platform/ctx.ts';

const DELIVERY = 'delivery';

export const read = async (ctx: Ctx): Promise<unknown> =>
  (await ctx.tx.selectFrom('settings').select('value').where('key', '=', DELIVERY).executeTakeFirst())?.value;
/** Whoever else would change the settings waits until this is done. */
export const hold = (ctx: Ctx) => ctx.tx.selectFrom('settings').select('key').where('key', '=', DELIVERY).forUpdate().execute();
export const write = (ctx: Ctx, value: string) =>
  ctx.tx
    .insertInto('settings')
    .values({ key: DELIVERY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
