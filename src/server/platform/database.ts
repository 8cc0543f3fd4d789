import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { DB } from './database-types.ts';
import { AppError } from './errors.ts';

export type Connection = { connectionString: string } | { host: string; port: number; user: string; database: string };

// Our pools read `timestamptz` as Temporal.Instant and `int8` as number; pg-boss has a pool of its own, with Dates.
const TIMESTAMPTZ = 1184;
const INT8 = 20;
const parseInstant = (text: string) => Temporal.Instant.from(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === TIMESTAMPTZ) return parseInstant;
    if (oid === INT8) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

/** For a library that wants `Date`. */
export const datesAndNumbers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
};

// pg asks a parameter for its text form by this method.
Object.defineProperty(Temporal.Instant.prototype, 'toPostgres', {
  value(this: Temporal.Instant) {
    return this.toString();
  },
  configurable: true,
});

export type Database = { db: Kysely<DB>; pool: pg.Pool; close: () => Promise<void> };

/** Opens a pool of at most `max` connections. A broken idle connection is dropped and replaced, never thrown. */
export const openDatabase = (connection: Connection, max: number, onError: (error: Error) => void): Database => {
  const pool = new pg.Pool({ ...connection, max, types, application_name: 'allclear', idleTimeoutMillis: 60_000 });
  pool.on('error', onError);
  // A connection that breaks in the middle of a transaction has nobody listening: its query fails, and that is told.
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
  return { db, pool, close: () => db.destroy() };
};

const MIGRATIONS = new URL('../../../migrations/', import.meta.url);
/** Any constant will do, as long as every node uses the same one. */
const MIGRATION_LOCK = 7_204_026;

/** The numbered files of `migrations/`, oldest first. */
export const migrationFiles = async (): Promise<string[]> =>
  (await readdir(MIGRATIONS)).filter((file) => /^\d{4}_.*\.sql$/.test(file)).sort();

type Migration = { file: string; text: string; sha256: string };
let known: Promise<Migration[]> | undefined;

/** Read once: a program does not change while it runs, and a test makes a thousand databases. */
const migrations = (): Promise<Migration[]> => {
  known ??= migrationFiles().then((files) =>
    Promise.all(
      files.map(async (file) => {
        const text = await readFile(new URL(file, MIGRATIONS), 'utf8');
        return { file, text, sha256: createHash('sha256').update(text).digest('hex') };
      }),
    ),
  );
  return known;
};

/**
 * Brings the database to this program's schema: each numbered file once, in order, all in one
 * transaction under a lock, so that nodes starting together wait for one another. Forward only.
 * Refuses a file that changed after it ran, and a database that a newer program has migrated.
 */
export const migrate = async (database: Database): Promise<string[]> => {
  const files = await migrations();
  return database.db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(tx);
    await sql`create table if not exists migrations (name text primary key, sha256 text not null, applied_at timestamptz not null default now())`.execute(
      tx,
    );
    const { rows } = await sql<{ name: string; sha256: string }>`select name, sha256 from migrations`.execute(tx);
    const done = new Map(rows.map((row) => [row.name, row.sha256]));
    const newer = [...done.keys()].filter((name) => !files.some(({ file }) => file === name));
    if (newer.length > 0)
      throw new AppError(
        'conflict',
        `The database was migrated by a newer Allclear (${newer.join(', ')}): start that version instead`,
      );
    const ran: string[] = [];
    for (const { file, text, sha256 } of files) {
      const before = done.get(file);
      if (before === sha256) continue;
      if (before !== undefined)
        throw new AppError('conflict', `Migration ${file} changed after it ran here: restore the released file`);
      await sql.raw(text).execute(tx);
      await sql`insert into migrations (name, sha256) values (${file}, ${sha256})`.execute(tx);
      ran.push(file);
    }
    return ran;
  });
};

/** True when a newer program has migrated the database since this one started. */
export const schemaIsNewer = async (database: Database): Promise<boolean> => {
  const files = await migrationFiles();
  const { rows } = await sql<{ last: string | null }>`select max(name) as last from migrations`.execute(database.db);
  return (rows[0]?.last ?? '') > (files.at(-1) ?? '');
};

/** The server is away, starting, stopping or full: our trouble, and the sender should try again. */
const DATABASE_DOWN = /^(08|53|57P0)|^(ECONNREFUSED|ECONNRESET|ENOENT|EPIPE)$/;
export const isDatabaseDown = (thrown: unknown): boolean => {
  if (!(thrown instanceof Error)) return false;
  const code = 'code' in thrown ? String(thrown.code) : '';
  return (
    DATABASE_DOWN.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(thrown.message)
  );
};
