import type { Ctx } from '../platform/ctx.ts';

/** A node that has not said so for this long has the connection no more. */
const LEASE = { seconds: 20 };

/** Takes the connection of Socket Mode for a node, or keeps it, and says how it is; false while another node has it. */
export const holdSocket = async (
  ctx: Ctx,
  node: string,
  { connected, problem }: { connected: boolean; problem: string | null },
): Promise<boolean> => {
  const held_until = ctx.now.add(LEASE);
  const row = await ctx.tx
    .insertInto('slack_socket')
    .values({ node, held_until, connected, problem, since: ctx.now })
    .onConflict((conflict) =>
      conflict
        .column('one')
        .doUpdateSet((eb) => ({
          node,
          held_until,
          connected,
          problem,
          since: eb
            .case()
            .when(eb.and([eb('slack_socket.node', '=', node), eb('slack_socket.connected', '=', connected)]))
            .then(eb.ref('slack_socket.since'))
            .else(ctx.now)
            .end(),
        }))
        .where((eb) => eb.or([eb('slack_socket.node', '=', node), eb('slack_socket.held_until', '<=', ctx.now)])),
    )
    .returning('node')
    .executeTakeFirst();
  return row !== undefined;
};
export const releaseSocket = (ctx: Ctx, node: string) =>
  ctx.tx.updateTable('slack_socket').set({ held_until: ctx.now, connected: false }).where('node', '=', node).execute();
export const forgetSocket = (ctx: Ctx) => ctx.tx.deleteFrom('slack_socket').execute();
export const socketRow = (ctx: Ctx) => ctx.tx.selectFrom('slack_socket').selectAll().executeTakeFirst();
