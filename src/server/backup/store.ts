import { readFile } from 'node:fs/promises';
import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../platform/ctx.ts';
import type { BackupHeader } from './file.ts';

/** A table as the catalogue has it; `jobs.job` stands for the jobs that wait. */
export type Table = { name: string; columns: { name: string; type: string }[]; key: { name: string; type: string }[] };

/** The queue's table: timers must survive. What a worker was doing with a job is left out, so all come back as created. */
export const JOBS = 'jobs.job';
const JOB_STATE = ['state', 'started_on', 'completed_on', 'heartbeat_on', 'output'];
const waiting = sql`state in ('created', 'retry', 'active')`;

const from = (table: string): RawBuilder<unknown> =>
  table === JOBS ? sql`jobs.job where ${waiting}` : sql`${sql.id('public', table)}`;
const list = (parts: RawBuilder<unknown>[]): RawBuilder<unknown> => sql.join(parts, sql`, `);

/** One moment's view of everything, read only. Must be the first statement of its transaction. */
export const beginSnapshot = (ctx: Ctx) => sql`set transaction isolation level repeatable read, read only`.execute(ctx.tx);

/** PostgreSQL's text of every value is then exact and the same everywhere. */
export const useExactText = (ctx: Ctx) =>
  sql`select set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO', true), set_config('intervalstyle', 'postgres', true),
    set_config('bytea_output', 'hex', true), set_config('extra_float_digits', '3', true)`.execute(ctx.tx);

/** Every table of ours but the list of migrations; a partitioned one once. */
export const tables = async (ctx: Ctx): Promise<Table[]> => {
  const { rows } = await sql<Table>`
    select case n.nspname when 'jobs' then ${JOBS}::text else c.relname::text end as name,
      (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
         from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
      (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by array_position(i.indkey::int2[], a.attnum))
         from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
         where i.indrelid = c.oid and i.indisprimary) as key
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition
      and (n.nspname = 'public' and c.relname <> 'migrations' or n.nspname = 'jobs' and c.relname = 'job')
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    order by c.relname collate "C"`.execute(ctx.tx);
  return rows.map((row) =>
    row.name === JOBS
      ? { name: row.name, columns: row.columns.filter((column) => !JOB_STATE.includes(column.name)), key: row.key ?? [] }
      : { ...row, key: row.key ?? [] },
  );
};

export const countRows = async (ctx: Ctx, table: string): Promise<number> => {
  const { rows } = await sql<{ n: string }>`select count(*)::text as n from ${from(table)}`.execute(ctx.tx);
  return Number(rows[0]?.n);
};

const ROWS_AT_ONCE = 200;

/** The rows of a table in the order of its key, which no collation of the database changes, each as a line of JSON. */
export async function* rowLines(ctx: Ctx, table: Table): AsyncGenerator<string> {
  const values = list(table.columns.map((column) => sql`${sql.id(column.name)}::text`));
  const order = list(
    (table.key.length > 0 ? table.key : table.columns).map((column) =>
      column.type === 'text' ? sql`${sql.id(column.name)} collate "C"` : sql`${sql.id(column.name)}`,
    ),
  );
  await sql`declare backup_rows no scroll cursor for
    select json_build_array(${values})::text as line from ${from(table.name)} order by ${order}`.execute(ctx.tx);
  for (;;) {
    const { rows } = await sql<{ line: string }>`fetch forward ${sql.lit(ROWS_AT_ONCE)} from backup_rows`.execute(ctx.tx);
    for (const { line } of rows) yield line;
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await sql`close backup_rows`.execute(ctx.tx);
}

export const migrations = async (ctx: Ctx): Promise<BackupHeader['migrations']> =>
  (await sql<{ name: string; sha256: string }>`select name, sha256 from migrations order by name collate "C"`.execute(ctx.tx))
    .rows;

export const sequences = async (ctx: Ctx): Promise<BackupHeader['sequences']> => {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace order by relname collate "C"`.execute(
    ctx.tx,
  );
  const found: BackupHeader['sequences'] = [];
  for (const { name } of rows) {
    const { rows: state } = await sql<{ last_value: string; is_called: boolean }>`
      select last_value::text as last_value, is_called from ${sql.id('public', name)}`.execute(ctx.tx);
    if (state[0]) found.push({ name, ...state[0] });
  }
  return found;
};
export const setSequence = (ctx: Ctx, sequence: BackupHeader['sequences'][number]) =>
  sql`select setval(format('public.%I', ${sequence.name}::text)::regclass, ${sequence.last_value}::bigint, ${sequence.is_called})`.execute(
    ctx.tx,
  );

/** The months that have a partition, so that rows lie after a restore where they lay before. */
export const partitions = async (ctx: Ctx): Promise<BackupHeader['partitions']> =>
  (
    await sql<{ parent: string; month: string }>`
      select p.relname as parent, replace(right(c.relname, 7), '_', '-') || '-01' as month
      from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
      where p.relnamespace = 'public'::regnamespace and p.relkind = 'p' and c.relname ~ ('^' || p.relname || '_\d{4}_\d\d$')
      order by c.relname collate "C"`.execute(ctx.tx)
  ).rows;
export const makePartition = (ctx: Ctx, { parent, month }: BackupHeader['partitions'][number]) =>
  sql`select make_month_partition(${parent}::text, ${month}::date)`.execute(ctx.tx);

/** Nobody else reads or writes until this transaction is over. */
export const lockAll = (ctx: Ctx, names: string[]) =>
  sql`lock table ${list(names.map((name) => sql.id('public', name)))} in access exclusive mode`.execute(ctx.tx);

/** Which of these tables have rows. */
export const filled = async (ctx: Ctx, names: string[]): Promise<string[]> => {
  const { rows } = await sql<{ name: string; has: boolean }>`${sql.join(
    names.map((name) => sql`select ${name}::text as name, exists (select from ${sql.id('public', name)}) as has`),
    sql` union all `,
  )}`.execute(ctx.tx);
  return rows.filter((row) => row.has).map((row) => row.name);
};

/** Empties everything. `truncate` fires no row trigger: the journal's own protects it from programs, not from a restore. */
export const emptyAll = (ctx: Ctx, names: string[]) =>
  sql`truncate ${list(names.map((name) => sql.id('public', name)))}`.execute(ctx.tx);
export const removeWaitingJobs = (ctx: Ctx) => sql`delete from jobs.job where ${waiting}`.execute(ctx.tx);

/** Takes away what the migrations made, but for the list of them; what extensions keep in the same schema stays. */
export const dropAll = async (ctx: Ctx, names: string[]): Promise<void> => {
  await sql`drop table ${list(names.map((name) => sql.id('public', name)))} cascade`.execute(ctx.tx);
  const { rows } = await sql<{ signature: string }>`
    select p.oid::regprocedure::text as signature from pg_proc p
    where p.pronamespace = 'public'::regnamespace and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`.execute(
    ctx.tx,
  );
  for (const { signature } of rows) await sql`drop function ${sql.raw(signature)}`.execute(ctx.tx);
};

const MIGRATIONS = new URL('../../../migrations/', import.meta.url);
export const runMigration = async (ctx: Ctx, name: string): Promise<void> => {
  await sql.raw(await readFile(new URL(name, MIGRATIONS), 'utf8')).execute(ctx.tx);
};

type ForeignKey = { table: string; name: string };
/** Lets rows come before what they refer to; `checkReferences` asks at the end and makes the keys strict again. */
export const deferReferences = async (ctx: Ctx): Promise<ForeignKey[]> => {
  const { rows } = await sql<ForeignKey>`
    select r.relname as table, c.conname as name from pg_constraint c join pg_class r on r.oid = c.conrelid
    where c.contype = 'f' and c.connamespace = 'public'::regnamespace and c.conparentid = 0 and not c.condeferrable`.execute(
    ctx.tx,
  );
  for (const key of rows)
    await sql`alter table ${sql.id('public', key.table)} alter constraint ${sql.id(key.name)} deferrable initially deferred`.execute(
      ctx.tx,
    );
  return rows;
};
export const checkReferences = async (ctx: Ctx, keys: ForeignKey[]): Promise<void> => {
  await sql`set constraints all immediate`.execute(ctx.tx);
  for (const key of keys)
    await sql`alter table ${sql.id('public', key.table)} alter constraint ${sql.id(key.name)} not deferrable`.execute(ctx.tx);
};

/** Writes rows that came as lines. The types are this database's own, never the file's. */
export const insertLines = (ctx: Ctx, table: Table, lines: string[]) => {
  const target = table.name === JOBS ? sql`jobs.job` : sql.id('public', table.name);
  const values = list(table.columns.map((column, index) => sql`(e.r ->> ${sql.lit(index)})::${sql.raw(column.type)}`));
  return sql`insert into ${target} (${list(table.columns.map((column) => sql.id(column.name)))}) overriding system value
    select ${values} from json_array_elements(${`[${lines.join(',')}]`}::json) with ordinality as e (r, n) order by e.n`.execute(
    ctx.tx,
  );
};

type TokenRow = { id: string; name: string; sha256: Buffer; role: string; created_at: Temporal.Instant };
/** The token that asks, to be kept over the restore. */
export const tokenById = (ctx: Ctx, id: string): Promise<TokenRow | undefined> =>
  ctx.tx.selectFrom('tokens').select(['id', 'name', 'sha256', 'role', 'created_at']).where('id', '=', id).executeTakeFirst();
/** False when the backup has this very token. */
export const keepToken = async (ctx: Ctx, row: TokenRow): Promise<boolean> =>
  (await ctx.tx
    .insertInto('tokens')
    .values(row)
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .returning('id')
    .executeTakeFirst()) !== undefined;

export const linkSecret = async (ctx: Ctx): Promise<Buffer | undefined> =>
  (await ctx.tx.selectFrom('instance').select('link_secret').executeTakeFirst())?.link_secret;
