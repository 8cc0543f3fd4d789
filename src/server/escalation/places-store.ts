import type { Insertable } from 'kysely';
import type { Ctx } from '../platform/ctx.ts';
import type { PlaceMessages } from '../platform/database-types.ts';

export const insert = async (ctx: Ctx, row: Insertable<PlaceMessages>): Promise<string> =>
  (await ctx.tx.insertInto('place_messages').values(row).returning('id').executeTakeFirstOrThrow()).id;
export const forgetBefore = (ctx: Ctx, before: Temporal.Instant) =>
  ctx.tx.deleteFrom('place_messages').where('told_at', '<', before).execute();

export const byId = (ctx: Ctx, id: string) =>
  ctx.tx.selectFrom('place_messages').selectAll().where('id', '=', id).executeTakeFirst();
export const idsOf = async (ctx: Ctx, incidentIds: string[]): Promise<string[]> =>
  (await ctx.tx.selectFrom('place_messages').select('id').where('incident_id', 'in', incidentIds).orderBy('id').execute()).map(
    (row) => row.id,
  );
export const idOfProvider = async (
  ctx: Ctx,
  message: { incident_id: string; channel: string; provider_id: string },
): Promise<string | undefined> =>
  (
    await ctx.tx
      .selectFrom('place_messages')
      .select('id')
      .where('incident_id', '=', message.incident_id)
      .where('channel', '=', message.channel)
      .where('provider_id', '=', message.provider_id)
      .executeTakeFirst()
  )?.id;
