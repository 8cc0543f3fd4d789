import { type Kysely, sql } from 'kysely';
import type { JournalFilter } from '../../contract/incident.ts';
import type { Ctx, Tx } from '../platform/ctx.ts';
import type { DB } from '../platform/database-types.ts';
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

/** Entries of one subject, after the cursor (an entry id) in the order asked for. */
export const ofSubject = (ctx: Ctx, subject: Subject, after: string | undefined, limit: number, order: 'oldest' | 'newest') => {
  let query = ctx.tx
    .selectFrom('journal')
    .select(columns)
    .where('subject_type', '=', subject.type)
    .where('subject_id', '=', subject.id);
  if (after) query = query.where('id', order === 'oldest' ? '>' : '<', after);
  return query
    .orderBy('id', order === 'oldest' ? 'asc' : 'desc')
    .limit(limit)
    .execute();
};

/** The newest entry of one of these types whose data have something at the jsonpath. */
export const newestOf = (ctx: Ctx, subject: Subject, types: string[], path: string) =>
  ctx.tx
    .selectFrom('journal')
    .select(columns)
    .where('subject_type', '=', subject.type)
    .where('subject_id', '=', subject.id)
    .where('type', 'in', types)
    .where(sql<boolean>`jsonb_path_exists(data, ${path}::jsonpath)`)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();

/** The newest entry of one of these kinds, such as `saved` or `settings.saved`. */
export const lastChange = (ctx: Ctx, subject: Subject, kinds: string[]) =>
  ctx.tx
    .selectFrom('journal')
    .select(['actor', 'at'])
    .where('subject_type', '=', subject.type)
    .where('subject_id', '=', subject.id)
    .where(sql<boolean>`(type = any(${kinds}) or split_part(type, '.', 2) = any(${kinds}))`)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();

const escaped = (text: string) => text.replace(/[%_\\]/g, '\\$&');
/** The newest entries that fit, before the cursor. */
export const newest = (ctx: Ctx, before: string | undefined, limit: number, filter: JournalFilter) => {
  let query = ctx.tx.selectFrom('journal').select(columns);
  if (before) query = query.where('id', '<', before);
  if (filter.type) query = query.where('type', 'like', `${escaped(filter.type)}%`);
  if (filter.actor) query = query.where('actor', '=', filter.actor);
  if (filter.source) query = query.where('source', '=', filter.source);
  const [subjectType, subjectId] = filter.subject?.split(':') ?? [];
  if (subjectType) query = query.where('subject_type', '=', subjectType);
  if (subjectId) query = query.where('subject_id', '=', subjectId);
  if (filter.q) query = query.where('text', 'ilike', `%${escaped(filter.q)}%`);
  if (filter.since) query = query.where('at', '>=', Temporal.Instant.from(filter.since));
  if (filter.until) query = query.where('at', '<', Temporal.Instant.from(filter.until));
  return query.orderBy('id', 'desc').limit(limit).execute();
};

export type Seen = {
  id: string;
  at: Temporal.Instant;
  type: string;
  subject_type: string;
  subject_id: string;
  actor: string;
};
/**
 * Entries that became visible since the snapshot, whenever they were written, and the present snapshot; with none, only that.
 * `strange`: the snapshot is from another life of this database.
 */
export const visibleSince = async (
  db: Kysely<DB>,
  snapshot: string | undefined,
  limit: number,
): Promise<{ snapshot: string; strange: boolean; rows: Seen[] }> => {
  // Of the last day only, which spares the older partitions: no transaction lasts as long.
  const { rows } = await sql<{ snapshot: string; strange: boolean | null } & (Seen | { id: null })>`
    select s.now::text as snapshot, pg_snapshot_xmax(s.now) < pg_snapshot_xmax(s.last) as strange,
      j.id, j.at, j.type, j.subject_type, j.subject_id, j.actor
    from (select pg_current_snapshot() as now, ${snapshot ?? null}::pg_snapshot as last) as s
    left join lateral (
      select * from journal
      where xid >= pg_snapshot_xmin(s.last) and not pg_visible_in_snapshot(xid, s.last) and pg_visible_in_snapshot(xid, s.now)
        and id > uuid_at(now() - interval '1 day')
      order by id limit ${limit}
    ) as j on true order by j.id`.execute(db);
  const [first] = rows;
  return {
    snapshot: (first as { snapshot: string }).snapshot,
    strange: first?.strange ?? false,
    rows: rows.filter((row): row is (typeof rows)[number] & Seen => row.id !== null),
  };
};
/**
 * Entries after this one and those of the minute before it, some of which may have been committed after it. Undefined when
 * it is more than an hour old or from the future.
 */
export const missedSince = async (db: Kysely<DB>, id: string, limit: number): Promise<Seen[] | undefined> => {
  const { rows } = await sql<{ known: boolean; from: string }>`
    select m.at > now() - interval '1 hour' and m.at < now() + interval '1 minute' as known, uuid_at(m.at - interval '1 minute') as from
    from (select uuid_extract_timestamp(${id}::uuid) as at) as m`.execute(db);
  const [moment] = rows;
  if (!moment?.known) return undefined;
  return db
    .selectFrom('journal')
    .select(['id', 'at', 'type', 'subject_type', 'subject_id', 'actor'])
    .where('id', '>', moment.from)
    .where('id', '<>', id)
    .orderBy('id')
    .limit(limit)
    .execute();
};

/** Partitions for this month and the two that follow; without them rows go to the default partition. */
export const makePartitions = async (tx: Tx): Promise<void> => {
  await sql`
    select make_month_partition(parent, (date_trunc('month', now() at time zone 'UTC') + make_interval(months => ahead))::date)
    from unnest(array['journal', 'deliveries']) as parent, generate_series(0, 2) as ahead`.execute(tx);
};
