import { sql } from 'kysely';
import type { Ctx } from '../platform/ctx.ts';

/** One service is made at a time: names are looked at before they are written. Held until the transaction ends. */
export const lockNames = (ctx: Ctx) => sql`select pg_advisory_xact_lock(hashtextextended('setup.service', 0))`.execute(ctx.tx);

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
