import type { Ctx } from '../platform/ctx.ts';

const KEPT = { hours: 24 };

/**
 * Takes a request of a chat service, once: false when it was taken before. One that is being answered at this moment is waited for.
 * Requests of more than a day ago are forgotten: none comes again so late.
 */
export const take = async (ctx: Ctx, id: string): Promise<boolean> => {
  await ctx.tx.deleteFrom('chat_requests').where('asked_at', '<', ctx.now.subtract(KEPT)).execute();
  const row = await ctx.tx
    .insertInto('chat_requests')
    .values({ id, asked_at: ctx.now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
};
export const keepAnswer = (ctx: Ctx, id: string, answer: string) =>
  ctx.tx.updateTable('chat_requests').set({ answer }).where('id', '=', id).execute();
export const answerOf = async (ctx: Ctx, id: string): Promise<string> =>
  (await ctx.tx.selectFrom('chat_requests').select('answer').where('id', '=', id).executeTakeFirst())?.answer ?? '';
