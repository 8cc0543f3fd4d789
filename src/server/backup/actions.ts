import { allow } from '../identity/permissions.ts';
import { journal, makePartitions, THE_ONLY } from '../journal/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { AppError, invalid, messageOf } from '../platform/errors.ts';
import { type BackupHeader, type Checksum, checksumOf, gunzippedLines, headerLine, readParts } from './file.ts';
import * as store from './store.ts';

/** A backup holds everything, every secret with it: who took one is in the journal, and in the backup. */
export const noteBackup = async (ctx: Ctx): Promise<void> => {
  allow(ctx, 'backup');
  await journal(ctx, {
    type: 'backup.taken',
    subject: { type: 'settings', id: THE_ONLY },
    text: `${ctx.actor.name} took a backup`,
  });
};

/** Writes everything as lines of one moment's view. Needs a transaction of its own, in which nothing was read yet. */
export const writeBackup = async (ctx: Ctx, write: (line: string) => Promise<void>): Promise<void> => {
  allow(ctx, 'backup');
  await store.beginSnapshot(ctx);
  await store.useExactText(ctx);
  const tables = await store.tables(ctx);
  const counted: BackupHeader['tables'] = [];
  for (const { name, columns } of tables)
    counted.push({ name, columns: columns.map((column) => column.name), rows: await store.countRows(ctx, name) });
  await write(
    headerLine({
      created_at: ctx.now.toString(),
      migrations: await store.migrations(ctx),
      tables: counted,
      sequences: await store.sequences(ctx),
      partitions: await store.partitions(ctx),
    }),
  );
  const end: Record<string, Checksum> = {};
  for (const table of tables) {
    await write(JSON.stringify({ table: table.name }));
    const sum = checksumOf();
    for await (const line of store.rowLines(ctx, table)) {
      sum.add(line);
      await write(line);
    }
    end[table.name] = sum.done();
  }
  await write(JSON.stringify({ end }));
};

/** An installation that has any of these is in use. */
const IN_USE = ['people', 'teams', 'services', 'schedules', 'escalation_policies', 'integrations', 'incidents', 'alerts'];

const BATCH_ROWS = 500;
const BATCH_CHARACTERS = 4_000_000;

export type Restored = {
  created_at: string;
  tables: Record<string, Checksum>;
  /** The name under which the token that asked goes on working; null when the backup has it. */
  token: string | null;
};

/** Reads a file to its end before anything is touched. Throws `invalid` when it is not a whole backup. */
export const checkFile = async (path: string): Promise<BackupHeader> => {
  let header: BackupHeader | undefined;
  for await (const part of readParts(gunzippedLines(path))) if (part.kind === 'header') header = part.header;
  return header as BackupHeader;
};

/**
 * Brings an installation that nobody uses yet to the state of a backup: all of it, proven equal row by row, or nothing.
 * Refuses one in use, and a backup of a newer schema (`conflict`); one of an older schema is brought up to date. `adopt`, called after the commit, makes
 * this process sign links with the restored key; other nodes read it when they start.
 */
export const restore = async (
  ctx: Ctx,
  path: string,
  header: BackupHeader,
): Promise<{ restored: Restored; adopt: () => void }> => {
  allow(ctx, 'backup');
  await store.useExactText(ctx);
  const later = laterMigrations(header, await store.migrations(ctx));
  const ours = await store.tables(ctx);
  const names = ours.map((table) => table.name).filter((name) => name !== store.JOBS);
  await store.lockAll(ctx, names);
  const used = await store.filled(ctx, IN_USE);
  if (used.length > 0)
    throw new AppError('conflict', `This installation is in use (it has ${used.join(', ')}): restore into a fresh one`);
  const asking = 'id' in ctx.actor ? await store.tokenById(ctx, ctx.actor.id) : undefined;

  // An older backup goes into the schema it was taken from, and takes the same way up as an installation does.
  if (later.length > 0) {
    await store.dropAll(ctx, names);
    for (const { name } of header.migrations) await store.runMigration(ctx, name);
  } else await store.emptyAll(ctx, names);
  await store.removeWaitingJobs(ctx);
  const tables = later.length > 0 ? byName(await store.tables(ctx)) : byName(ours);
  // Before the rows: a month cannot have a partition once rows of it lie in the default one.
  for (const partition of header.partitions) await store.makePartition(ctx, partition);
  await makePartitions(ctx.tx);
  const references = await store.deferReferences(ctx);
  const wanted = await load(ctx, path, header, tables);
  await store.checkReferences(ctx, references).catch((thrown: unknown) => {
    throw invalid(`The file does not fit together: ${messageOf(thrown)}`, 'file');
  });
  for (const sequence of header.sequences) await store.setSequence(ctx, sequence);
  await proveEqual(ctx, header, wanted, tables);
  for (const { name } of later) await store.runMigration(ctx, name);

  const name = asking ? `restore-${asking.id.slice(-12)}` : null;
  const kept = asking && name ? await store.keepToken(ctx, { ...asking, name }) : false;
  await journal(ctx, {
    type: 'backup.restored',
    subject: { type: 'settings', id: THE_ONLY },
    text: `${ctx.actor.name} restored the backup of ${header.created_at}`,
    data: { created_at: header.created_at, ...(kept ? { token: name } : {}) },
  });
  const secret = await store.linkSecret(ctx);
  return {
    restored: { created_at: header.created_at, tables: wanted, token: kept ? name : null },
    adopt: () => {
      if (secret?.length === ctx.secret.length) secret.copy(ctx.secret);
    },
  };
};

/**
 * The migrations that come after the backup's: none when it is of our schema. Throws `conflict` when it has any that
 * we have not, or of another text.
 */
const laterMigrations = (header: BackupHeader, ours: BackupHeader['migrations']): BackupHeader['migrations'] => {
  const foreign = header.migrations.filter(
    ({ name, sha256 }, index) => ours[index]?.name !== name || ours[index]?.sha256 !== sha256,
  );
  if (foreign.length > 0)
    throw new AppError(
      'conflict',
      `A newer Allclear made this backup (it has ${foreign.map((migration) => migration.name).join(', ')}): restore it with that version`,
    );
  if (header.migrations.length === 0) throw invalid('The file is not a whole Allclear backup: it has no schema', 'file');
  return ours.slice(header.migrations.length);
};

const load = async (ctx: Ctx, path: string, header: BackupHeader, tables: Map<string, store.Table>) => {
  let batch: string[] = [];
  let characters = 0;
  let current: store.Table | undefined;
  let checksums: Record<string, Checksum> = {};
  const flush = async () => {
    if (current && batch.length > 0) {
      const { name } = current;
      await store.insertLines(ctx, current, batch).catch((thrown: unknown) => {
        throw invalid(`The file's rows of ${name} do not fit: ${messageOf(thrown)}`, 'file');
      });
    }
    batch = [];
    characters = 0;
  };
  const columns = new Map(header.tables.map((table) => [table.name, table.columns]));
  for await (const part of readParts(gunzippedLines(path))) {
    if (part.kind === 'end') checksums = part.checksums;
    if (part.kind !== 'row') continue;
    if (part.table !== current?.name) {
      await flush();
      current = inOrderOf(columns.get(part.table) ?? [], tables.get(part.table), part.table);
    }
    batch.push(part.line);
    characters += part.line.length;
    if (batch.length >= BATCH_ROWS || characters >= BATCH_CHARACTERS) await flush();
  }
  await flush();
  return checksums;
};

const byName = (tables: store.Table[]) => new Map(tables.map((table) => [table.name, table]));

/** Our table with its columns in the file's order. Of the queue's own table, which another version may shape anew, all the file has must be here. */
const inOrderOf = (names: string[], table: store.Table | undefined, name: string): store.Table => {
  const columns = names.map((column) => table?.columns.find((ours) => ours.name === column));
  const missing = names.filter((_, index) => columns[index] === undefined);
  if (!table || missing.length > 0)
    throw invalid(`Nothing here takes ${name} (${missing.join(', ') || 'no such table'})`, 'file');
  return { ...table, columns: columns as store.Table['columns'] };
};

/** Reads everything back, and compares it with what the backup adds up to. */
const proveEqual = async (
  ctx: Ctx,
  header: BackupHeader,
  wanted: Record<string, Checksum>,
  tables: Map<string, store.Table>,
): Promise<void> => {
  for (const [name, table] of tables) {
    const columns = header.tables.find((one) => one.name === name && one.rows > 0)?.columns;
    const sum = checksumOf();
    for await (const line of store.rowLines(ctx, columns ? inOrderOf(columns, table, name) : table)) sum.add(line);
    const is = sum.done();
    const was = wanted[name];
    if (is.rows !== (was?.rows ?? 0) || (was && is.sha256 !== was.sha256))
      throw invalid(
        `After loading, ${name} is not equal to the backup (${is.rows} rows for ${was?.rows ?? 0}): nothing was changed`,
        'file',
      );
  }
};
