import { sql } from 'kysely';
import type { Ctx } from '../platform/ctx.ts';
import type { State } from './rules.ts';

const rows = (ctx: Ctx) =>
  ctx.tx
    .selectFrom('cover_requests as c')
    .innerJoin('schedules as s', 's.id', 'c.schedule_id')
    .leftJoin('schedules as r', 'r.id', 'c.return_schedule_id')
    .selectAll('c')
    .select([
      's.name as schedule',
      's.definition as definition',
      'r.name as return_schedule',
      'r.definition as return_definition',
    ])
    .$narrowType<{ state: State }>();
export type Row = Awaited<ReturnType<typeof find>>[number];

/** Newest first: all, or a page of those before the one that the cursor names. */
export const find = (
  ctx: Ctx,
  filter: { schedule?: string | undefined; person?: string | undefined; open?: boolean | undefined },
  page?: { cursor?: string | undefined; limit: number },
) =>
  rows(ctx)
    .$if(filter.schedule !== undefined, (query) => query.where('s.name', '=', filter.schedule ?? ''))
    .$if(filter.person !== undefined, (query) =>
      query.where(sql<boolean>`(c.person = ${filter.person} or ${filter.person} = any(c.asked))`),
    )
    .$if(filter.open === true, (query) => query.where('c.state', '=', 'open'))
    .$if(page?.cursor !== undefined, (query) =>
      query.where(
        sql<boolean>`(c.created_at, c.id) < (select created_at, id from cover_requests where id = ${page?.cursor ?? null}::uuid)`,
      ),
    )
    .orderBy('c.created_at', 'desc')
    .orderBy('c.id', 'desc')
    .$if(page !== undefined, (query) => query.limit(page?.limit ?? 0))
    .execute();

/** Held until the transaction ends, so that two answers come one after the other. */
export const locked = async (ctx: Ctx, id: string): Promise<Row | undefined> => {
  const held = await ctx.tx.selectFrom('cover_requests').select('id').where('id', '=', id).forUpdate().executeTakeFirst();
  return held && byId(ctx, id);
};
export const byId = (ctx: Ctx, id: string): Promise<Row | undefined> => rows(ctx).where('c.id', '=', id).executeTakeFirst();

export const overlapping = (ctx: Ctx, scheduleId: string, person: string, starts: Temporal.Instant, ends: Temporal.Instant) =>
  ctx.tx
    .selectFrom('cover_requests')
    .select('id')
    .where('schedule_id', '=', scheduleId)
    .where('person', '=', person)
    .where('state', '=', 'open')
    .where('starts_at', '<', ends)
    .where('ends_at', '>', starts)
    .executeTakeFirst();

export type New = {
  schedule_id: string;
  person: string;
  starts_at: Temporal.Instant;
  ends_at: Temporal.Instant;
  hours_on_call: number;
  asked: string[];
  in_return: { schedule_id: string; starts_at: Temporal.Instant; ends_at: Temporal.Instant } | undefined;
  note: string;
  expires_at: Temporal.Instant;
};
export const insert = async (ctx: Ctx, { in_return, ...given }: New): Promise<string> => {
  const { id } = await ctx.tx
    .insertInto('cover_requests')
    .values({
      ...given,
      return_schedule_id: in_return?.schedule_id ?? null,
      return_starts_at: in_return?.starts_at ?? null,
      return_ends_at: in_return?.ends_at ?? null,
      state: 'open',
      created_by: ctx.actor.name,
      created_at: ctx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
};

export const insertMessages = async (
  ctx: Ctx,
  messages: { request_id: string; person: string; channel: string; address: string }[],
): Promise<void> => {
  if (messages.length > 0) await ctx.tx.insertInto('cover_messages').values(messages).execute();
};
export const messagesOf = (ctx: Ctx, requestId: string) =>
  ctx.tx.selectFrom('cover_messages').select('id').where('request_id', '=', requestId).orderBy('id').execute();
export const messageById = (ctx: Ctx, id: string) =>
  ctx.tx.selectFrom('cover_messages').selectAll().where('id', '=', id).executeTakeFirst();
export type MessageRow = NonNullable<Awaited<ReturnType<typeof messageById>>>;
export const setProviderId = (ctx: Ctx, id: string, providerId: string) =>
  ctx.tx.updateTable('cover_messages').set({ provider_id: providerId }).where('id', '=', id).execute();

type Change = {
  state: State;
  asked?: string[];
  declined?: string[];
  taken_by?: string;
  override_id?: string;
  return_override_id?: string;
};
/** From one state to another (or the same, with other people): false when it was no longer in the first. */
export const change = async (ctx: Ctx, id: string, from: State, given: Change): Promise<boolean> => {
  const row = await ctx.tx
    .updateTable('cover_requests')
    .set({ ...given, ended_at: given.state === 'open' ? null : ctx.now })
    .where('id', '=', id)
    .where('state', '=', from)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
};
