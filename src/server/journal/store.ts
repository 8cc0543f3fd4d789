import { sql } from 'kysely';
import type { Ctx, Tx } from '../platform/ctx.ts';
import type { Entry, Subject } from './actions.ts';

export const append = async (ctx: Ctx, entries: Entry[]): Promise<void> => {
  if (entries.length === 0) return;
  const actorId = 'id' in ctx.actor ? ctx.actor.id : null;
  await ctx.tx
    .insertInto('journal')
    .values(
      entries.map((entry) => ({
        at: ctx.now,
        actor: ctx.actor.name,
        actor_id: actorId,
        source: ctx.source,
        subject_type: entry.subject.type,
        subject_id: entry.subject.id,
        type: entry.type,
        text: entry.text,
        data: JSON.stringify(entry.data ?? {}),
      })),
    )
    .execute();
};

const columns = ['id', 'at', 'actor', 'source', 'subject_type', 'subject_id', 'type', 'text', 'data'] as const;

/** Entries of one subject, oldest first, after the cursor (an entry id). */
export const ofSubject = (ctx: Ctx, subject: Subject, after: string | undefined, limit: number) => {
  let query = ctx.tx
    .selectFrom('journal')
    .select(columns)
    .where('subject_type', '=', subject.type)
    .where('subject_id', '=', subject.id);
  if (after) query = query.where('id', '>', after);
  return query.orderBy('id').limit(limit).execute();
};

/** The newest entry that says a thing was changed, not only that something happened to it. */
export const lastChange = (ctx: Ctx, subject: Subject) =>
  ctx.tx
    .selectFrom('journal')
    .select(['actor', 'at'])
    .where('subject_type', '=', subject.type)
    .where('subject_id', '=', subject.id)
    .where(sql<boolean>`type ~ '\\.(saved|removed|ended|replaced)$'`)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();

/** The newest entries of all, before the cursor. */
export const newest = (ctx: Ctx, before: string | undefined, limit: number, type: string | undefined) => {
  let query = ctx.tx.selectFrom('journal').select(columns);
  if (before) query = query.where('id', '<', before);
  if (type) query = query.where('type', 'like', `${type.replace(/[%_\\]/g, '\\$&')}%`);
  return query.orderBy('id', 'desc').limit(limit).execute();
};

/** Partitions for this month and the two that follow; without them rows go to the default partition. */
export const makePartitions = async (tx: Tx): Promise<void> => {
  for (const parent of ['journal', 'deliveries'])
    for (const months of [0, 1, 2])
      await sql`select make_month_partition(${parent}, (date_trunc('month', now() at time zone 'UTC') + make_interval(months => ${months}))::date)`.execute(
        tx,
      );
};
