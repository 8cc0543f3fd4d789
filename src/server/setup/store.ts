import type { Ctx } from '../platform/ctx.ts';

export const ticks = (ctx: Ctx) => ctx.tx.selectFrom('setup_ticks').selectAll().execute();

/** Who ticked it first stays. Undefined: it was ticked already. */
export const tick = (ctx: Ctx, item: string) =>
  ctx.tx
    .insertInto('setup_ticks')
    .values({ item, done_by: ctx.actor.name, done_at: ctx.now })
    .onConflict((conflict) => conflict.column('item').doNothing())
    .returning('item')
    .executeTakeFirst();
export const untick = (ctx: Ctx, item: string) =>
  ctx.tx.deleteFrom('setup_ticks').where('item', '=', item).returning('item').executeTakeFirst();
