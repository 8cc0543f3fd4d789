import type { Kysely } from 'kysely';
import type { z } from 'zod';
import type { JournalFilter, journalEntry } from '../../contract/incident.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { DB } from '../platform/database-types.ts';
import type { Change, Reading } from '../platform/live.ts';
import type { Subject } from './actions.ts';
import { namesOf } from './names-store.ts';
import * as store from './store.ts';

const entryOf = (row: Awaited<ReturnType<typeof store.newest>>[number]): z.input<typeof journalEntry> => ({
  id: row.id,
  at: row.at.toString(),
  actor: row.actor,
  source: row.source,
  subject: `${row.subject_type}:${row.subject_id}`,
  type: row.type,
  text: row.text,
  data: row.data,
});

const page = <T extends { id: string }>(rows: T[], limit: number) => (rows.length === limit ? (rows.at(-1)?.id ?? null) : null);

/** What happened to one subject, in the order asked for, a page at a time. */
export const timeline = async (
  ctx: Ctx,
  subject: Subject,
  after: string | undefined,
  limit: number,
  order: 'oldest' | 'newest' = 'oldest',
) => {
  const rows = await store.ofSubject(ctx, subject, after, limit, order);
  return { items: rows.map(entryOf), next: page(rows, limit) };
};

/** The newest entry of one of these types, of those whose data have something at the jsonpath (`$`: whatever they have). */
export const newestOf = async (ctx: Ctx, subject: Subject, types: string[], path = '$') => {
  const row = await store.newestOf(ctx, subject, types, path);
  return row && entryOf(row);
};

/** What happened anywhere, newest first, with what its subjects are called. */
export const newest = async (ctx: Ctx, before: string | undefined, limit: number, filter: JournalFilter) => {
  const rows = await store.newest(ctx, before, limit, filter);
  const names = await namesOf(ctx, rows);
  const items = rows.map(entryOf).map((entry) => ({ ...entry, subject_name: names.get(entry.subject) ?? null }));
  return { items, next: page(rows, limit) };
};

/** That a thing was changed, not only that something happened to it; of any type, such as `service.saved`. */
const CHANGES = ['saved', 'removed', 'ended', 'replaced', 'reach_saved'];

/**
 * Who changed a thing last, and when. `kinds`: what counts as a change, `saved` of any type, or one type alone (`settings.saved`) where
 * several things share a subject.
 */
export const lastChange = async (
  ctx: Ctx,
  subject: Subject,
  kinds = CHANGES,
): Promise<{ by: string; at: string } | undefined> => {
  const row = await store.lastChange(ctx, subject, kinds);
  return row ? { by: row.actor, at: row.at.toString({ smallestUnit: 'second' }) } : undefined;
};

/** More at once than these, and whoever watches does better to fetch everything anew. */
const AT_ONCE = 500;
const changeOf = ({ at, ...row }: store.Seen): Change => ({
  id: row.id,
  at: at.toString(),
  type: row.type,
  subject_type: row.subject_type,
  subject_id: row.subject_id,
  actor: row.actor,
});

/** What was committed since the snapshot, each entry once, in whatever order transactions end. */
export const changesSince = async (db: Kysely<DB>, snapshot: string | undefined): Promise<Reading> => {
  const seen = await store.visibleSince(db, snapshot, AT_ONCE + 1);
  return {
    snapshot: seen.snapshot,
    changes: seen.strange || seen.rows.length > AT_ONCE ? 'too many' : seen.rows.map(changeOf),
  };
};

/** What whoever saw this entry last has missed. Entries of the minute before it come again: a transaction may end late. */
export const changesMissed = async (db: Kysely<DB>, id: string): Promise<Change[] | 'too many'> => {
  const seen = await store.missedSince(db, id, AT_ONCE + 1);
  return seen === undefined || seen.length > AT_ONCE ? 'too many' : seen.map(changeOf);
};
