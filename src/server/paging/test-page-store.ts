import type { Ctx } from '../platform/ctx.ts';

type NewTestPage = {
  id: string;
  person_id: string;
  plan: string | null;
  on_date: string;
  asked_by: string;
  confirm_by: Temporal.Instant;
};
/** Who was asked by this plan on that day already is left as it is and not returned. */
export const insertPages = (ctx: Ctx, rows: NewTestPage[]) =>
  ctx.tx
    .insertInto('test_pages')
    .values(rows.map((row) => ({ ...row, status: 'open', created_at: ctx.now })))
    .onConflict((conflict) => conflict.columns(['plan', 'person_id', 'on_date']).doNothing())
    .returning(['id', 'person_id'])
    .execute();
type NewMessage = {
  id: string;
  test_page_id: string;
  method_id: string | null;
  label: string;
  channel: string;
  address: string;
};
export const insertMessages = (ctx: Ctx, rows: NewMessage[]) =>
  ctx.tx
    .insertInto('test_messages')
    .values(rows.map((row) => ({ ...row, status: 'queued' })))
    .execute();

export const pageById = (ctx: Ctx, id: string) =>
  ctx.tx.selectFrom('test_pages').selectAll().where('id', '=', id).executeTakeFirst();
export type TestPageRow = NonNullable<Awaited<ReturnType<typeof pageById>>>;
export const messageById = (ctx: Ctx, id: string) =>
  ctx.tx.selectFrom('test_messages').selectAll().where('id', '=', id).executeTakeFirst();
export const lockMessage = (ctx: Ctx, id: string) =>
  ctx.tx.selectFrom('test_messages').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
export const messagesOf = (ctx: Ctx, pageIds: string[]) =>
  pageIds.length === 0
    ? Promise.resolve([])
    : ctx.tx.selectFrom('test_messages').selectAll().where('test_page_id', 'in', pageIds).orderBy('label').execute();
export const lastMessageTo = (ctx: Ctx, channels: string[], address: string) =>
  ctx.tx
    .selectFrom('test_messages')
    .selectAll()
    .where('channel', 'in', channels)
    .where('address', '=', address)
    .where('sent_at', '>', ctx.now.subtract({ hours: 72 }))
    .orderBy('sent_at', 'desc')
    .limit(1)
    .executeTakeFirst();

type Change = Partial<{
  status: 'queued' | 'sent' | 'delivered' | 'failed';
  attempt: number;
  error: string | null;
  provider_id: string | null;
  sent_at: Temporal.Instant;
  receipt_at: Temporal.Instant;
}>;
export const setMessage = (ctx: Ctx, id: string, change: Change) =>
  ctx.tx.updateTable('test_messages').set(change).where('id', '=', id).execute();
/** Late is better than never. Undefined: it was confirmed already. */
export const setConfirmed = (ctx: Ctx, id: string, via: string) =>
  ctx.tx
    .updateTable('test_pages')
    .set({ status: 'confirmed', confirmed_at: ctx.now, confirmed_via: via })
    .where('id', '=', id)
    .where('status', '!=', 'confirmed')
    .returningAll()
    .executeTakeFirst();
export const setUnconfirmed = (ctx: Ctx, id: string) =>
  ctx.tx
    .updateTable('test_pages')
    .set({ status: 'unconfirmed' })
    .where('id', '=', id)
    .where('status', '=', 'open')
    .returningAll()
    .executeTakeFirst();

/** The newest test page of each of these people. */
export const newestOf = (ctx: Ctx, personIds: string[]) =>
  personIds.length === 0
    ? Promise.resolve([])
    : ctx.tx
        .selectFrom('test_pages')
        .selectAll()
        .distinctOn('person_id')
        .where('person_id', 'in', personIds)
        .orderBy('person_id')
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .execute();
/** Whom a plan asked on that day. */
export const askedOn = async (ctx: Ctx, plan: string, days: string[]): Promise<Set<string>> => {
  const rows = await ctx.tx
    .selectFrom('test_pages')
    .select(['person_id', 'on_date'])
    .where('plan', '=', plan)
    .where('on_date', 'in', days)
    .execute();
  return new Set(rows.map((row) => `${row.person_id} ${row.on_date}`));
};
/** The newest day on which each plan went out, and what became of it. */
export const lastRuns = (ctx: Ctx) =>
  ctx.tx
    .selectFrom('test_pages')
    .select((eb) => [
      'plan',
      'on_date',
      eb.fn.countAll<number>().as('sent'),
      eb.fn.countAll<number>().filterWhere('status', '=', 'confirmed').as('confirmed'),
      eb.fn.countAll<number>().filterWhere('status', '=', 'open').as('open'),
    ])
    .distinctOn('plan')
    .where('plan', 'is not', null)
    .groupBy(['plan', 'on_date'])
    .orderBy('plan')
    .orderBy('on_date', 'desc')
    .execute();
/** Who has an open page of whatever incident now. */
export const beingPaged = async (ctx: Ctx, personIds: string[]): Promise<Set<string>> => {
  if (personIds.length === 0) return new Set();
  const rows = await ctx.tx
    .selectFrom('pages')
    .select('person_id')
    .distinct()
    .where('person_id', 'in', personIds)
    .where('status', 'in', ['waiting', 'paging', 'unreachable'])
    .execute();
  return new Set(rows.map((row) => row.person_id));
};
