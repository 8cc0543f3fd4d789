import { sql } from 'kysely';
import type { Ctx } from '../platform/ctx.ts';

/**
 * The newest page of these people and the newest they answered after a message had left, by person's index: no
 * installation is too big for it.
 */
const newest = async (ctx: Ctx, personIds: string[], answered: boolean): Promise<string | undefined> => {
  const { rows } = await sql<{ id: string }>`
    select p.id from unnest(${personIds}::uuid[]) as one (id) cross join lateral (
      select id, created_at from pages where person_id = one.id
      and (not ${answered}::boolean or status = 'answered' and first_sent_at is not null)
      order by created_at desc limit 1) p
    order by p.created_at desc limit 1`.execute(ctx.tx);
  return rows[0]?.id;
};
const withDeliveries = async (ctx: Ctx, id: string | undefined) => {
  if (id === undefined) return undefined;
  const page = await ctx.tx.selectFrom('pages').selectAll().where('id', '=', id).executeTakeFirst();
  if (!page) return undefined;
  const deliveries = await ctx.tx
    .selectFrom('deliveries')
    .select(['channel', 'address', 'status', 'error', 'sent_at', 'method_id'])
    .where('page_id', '=', id)
    .orderBy('id')
    .execute();
  return { ...page, deliveries };
};

export const newestPages = async (ctx: Ctx, personIds: string[]) => {
  const [last, answered] = [await newest(ctx, personIds, false), await newest(ctx, personIds, true)];
  const page = await withDeliveries(ctx, last);
  return { last: page, answered: last === answered ? page : await withDeliveries(ctx, answered) };
};
export type ProvenPage = NonNullable<Awaited<ReturnType<typeof withDeliveries>>>;
