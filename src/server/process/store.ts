import { sql } from 'kysely';
import type { Ctx } from '../platform/ctx.ts';

export type KeptRow = { kind: string; name: string; definition: Record<string, unknown> };

/** Everything kept, in order. */
export const documents = async (ctx: Ctx): Promise<KeptRow[]> => {
  const { rows } = await sql<KeptRow>`select kind, name, definition from process_documents order by kind, position, name`.execute(
    ctx.tx,
  );
  return rows;
};

/** Brings all documents of a kind to this list, in this order. */
export const replaceDocuments = async (ctx: Ctx, kind: string, list: { name: string; definition: object }[]): Promise<void> => {
  await sql`delete from process_documents where kind = ${kind}`.execute(ctx.tx);
  const rows = JSON.stringify(list.map(({ name, definition }, position) => ({ name, position, definition })));
  await sql`
    insert into process_documents (kind, name, position, definition)
    select ${kind}, name, position, definition from jsonb_to_recordset(${rows}::jsonb) as row (name text, position int, definition jsonb)`.execute(
    ctx.tx,
  );
};

/** Files are applied one after another: each sees what the one before it did. */
export const lock = (ctx: Ctx) => sql`select pg_advisory_xact_lock(hashtext('process.apply'))`.execute(ctx.tx);

/** Does the work and takes it back, whether it succeeds or throws; returns or throws what it did. */
export const takeBack = async <R>(ctx: Ctx, work: () => Promise<R>): Promise<R> => {
  await sql`savepoint process_trial`.execute(ctx.tx);
  try {
    return await work();
  } finally {
    await sql`rollback to savepoint process_trial`.execute(ctx.tx);
    await sql`release savepoint process_trial`.execute(ctx.tx);
  }
};
