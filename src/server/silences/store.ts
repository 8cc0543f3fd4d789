import { sql } from 'kysely';
import type { Ctx } from '../platform/ctx.ts';

const columns = [
  'id',
  'name',
  'kind',
  'comment',
  'services',
  'matchers',
  'starts_at',
  'ends_at',
  'recurs',
  'created_by',
  'created_at',
  'ended_at',
] as const;

/** Those that are or may become active: not ended, not past their end. */
export const running = (ctx: Ctx) =>
  ctx.tx
    .selectFrom('silences')
    .select(columns)
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', ctx.now)]))
    .orderBy('id')
    .execute();
export type Filter = { over?: boolean | undefined; kind?: string | undefined; service?: string | undefined };
/** The newest; `over`: only those that ended, or only those that did not. */
export const recent = (ctx: Ctx, filter: Filter, limit: number) => {
  let query = ctx.tx.selectFrom('silences').select(columns);
  if (filter.kind) query = query.where('kind', '=', filter.kind);
  if (filter.service) query = query.where(sql<boolean>`(services = '{}' or ${filter.service} = any(services))`);
  if (filter.over !== undefined)
    query = query.where(sql<boolean>`(ended_at is not null or coalesce(ends_at <= ${ctx.now}, false)) = ${filter.over}`);
  return query.orderBy('id', 'desc').limit(limit).execute();
};
/** Those that may be active somewhere between two instants, oldest first. */
export const between = (ctx: Ctx, from: Temporal.Instant, to: Temporal.Instant, limit: number) =>
  ctx.tx
    .selectFrom('silences')
    .select(columns)
    .where('starts_at', '<', to)
    .where(sql<boolean>`coalesce(least(ended_at, ends_at) > ${from}, true)`)
    .orderBy('starts_at')
    .limit(limit)
    .execute();
export const byId = (ctx: Ctx, id: string) =>
  ctx.tx.selectFrom('silences').select(columns).where('id', '=', id).executeTakeFirst();
export const byName = (ctx: Ctx, name: string) =>
  ctx.tx.selectFrom('silences').select(columns).where('name', '=', name).executeTakeFirst();

type Written = {
  kind: string;
  comment: string;
  services: string[];
  matchers: string;
  starts_at: Temporal.Instant;
  ends_at: Temporal.Instant | null;
  recurs: string | null;
};
export const insert = (ctx: Ctx, row: Written & { name: string | null }) =>
  ctx.tx
    .insertInto('silences')
    .values({ ...row, created_by: ctx.actor.name, created_at: ctx.now })
    .returning('id')
    .executeTakeFirstOrThrow();
export const replace = (ctx: Ctx, id: string, row: Written) =>
  ctx.tx
    .updateTable('silences')
    .set({ ...row, ended_at: null })
    .where('id', '=', id)
    .execute();

/** No row: it had ended already. */
export const end = (ctx: Ctx, id: string) =>
  ctx.tx
    .updateTable('silences')
    .set({ ended_at: ctx.now })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
