import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { AppError, invalid, messageOf } from '../platform/errors.ts';

/**
 * A backup is gzip'd lines of JSON: the header, then for each table of the header `{"table": name}` and its rows,
 * each an array of PostgreSQL's own text of every column (null: SQL null), and last `{"end": …}` with what each
 * table must add up to. A file without its end is not whole.
 */
const FORMAT = 1;

const name = z.string().min(1).max(63);
const backupHeader = z.object({
  allclear_backup: z.literal(FORMAT),
  created_at: z.iso.datetime({ offset: true }),
  migrations: z.array(z.object({ name: z.string(), sha256: z.string() })),
  tables: z.array(z.object({ name: z.string().max(130), columns: z.array(name), rows: z.number().int().min(0) })),
  sequences: z.array(z.object({ name, last_value: z.string().regex(/^-?\d+$/), is_called: z.boolean() })),
  partitions: z.array(z.object({ parent: name, month: z.iso.date() })),
});
export type BackupHeader = z.infer<typeof backupHeader>;
export const headerLine = (header: Omit<BackupHeader, 'allclear_backup'>): string =>
  JSON.stringify({ allclear_backup: FORMAT, ...header });

const checksum = z.object({ rows: z.number().int().min(0), sha256: z.string() });
/** What a table adds up to: the number of its rows and the SHA-256 over their lines in the order of the key. */
export type Checksum = z.infer<typeof checksum>;
const end = z.object({ end: z.record(z.string(), checksum) });

export const checksumOf = () => {
  const hash = createHash('sha256');
  let rows = 0;
  return {
    add: (line: string): void => {
      hash.update(line).update('\n');
      rows += 1;
    },
    done: (): Checksum => ({ rows, sha256: hash.digest('hex') }),
  };
};

export type Part =
  | { kind: 'header'; header: BackupHeader }
  | { kind: 'row'; table: string; line: string }
  | { kind: 'end'; checksums: Record<string, Checksum> };

const damaged = (why: string) => invalid(`The file is not a whole Allclear backup: ${why}`, 'file');

/** Reads a backup's parts in order. Throws `invalid` when the file is none, is cut short or does not add up. */
export async function* readParts(lines: AsyncIterable<string>): AsyncGenerator<Part> {
  let header: BackupHeader | undefined;
  let table: string | undefined;
  let sum = checksumOf();
  const sums: Record<string, Checksum> = {};
  const close = () => {
    if (table !== undefined) sums[table] = sum.done();
    sum = checksumOf();
  };
  let ended = false;
  for await (const line of lines) {
    if (ended) throw damaged('there is more after its end');
    if (!header) {
      header = headerOf(line);
      yield { kind: 'header', header };
    } else if (line.startsWith('[')) {
      if (table === undefined) throw damaged('a row comes before its table');
      sum.add(line);
      yield { kind: 'row', table, line };
    } else if (line.startsWith('{"table":')) {
      close();
      table = (parsed(line) as { table: string }).table;
      if (table !== header.tables[Object.keys(sums).length]?.name)
        throw damaged(`the table ${table} is not where the header has it`);
    } else {
      close();
      const found = end.safeParse(parsed(line));
      if (!found.success) throw damaged('a line is neither row nor end');
      for (const { name: wanted, rows } of header.tables) {
        const [was, is] = [found.data.end[wanted], sums[wanted]];
        if (!was || !is || was.sha256 !== is.sha256 || was.rows !== is.rows || rows !== is.rows)
          throw damaged(`the rows of ${wanted} do not add up`);
      }
      ended = true;
      yield { kind: 'end', checksums: sums };
    }
  }
  if (!ended) throw damaged('its end is missing');
}

const headerOf = (line: string): BackupHeader => {
  const value = parsed(line);
  if (typeof value === 'object' && value !== null && 'allclear_backup' in value && Number(value.allclear_backup) > FORMAT)
    throw new AppError('conflict', 'A newer Allclear made this backup: restore it with that version');
  const found = backupHeader.safeParse(value);
  if (!found.success) throw damaged('its first line is not a header');
  return found.data;
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    throw damaged('a line is not JSON');
  }
};

/** A row larger than this is no row of ours. */
const MAX_LINE = 256 * 1024 * 1024;

/** The lines of a gzip'd file. Throws `invalid` when it is not one, or a damaged one. */
export async function* gunzippedLines(path: string): AsyncGenerator<string> {
  const source = createReadStream(path);
  const text = createGunzip();
  source.on('error', (error) => text.destroy(error));
  source.pipe(text).setEncoding('utf8');
  let rest: string[] = [];
  let length = 0;
  try {
    for await (const chunk of text) {
      const pieces = (chunk as string).split('\n');
      const last = pieces.pop() ?? '';
      for (const piece of pieces) {
        yield rest.length > 0 ? rest.join('') + piece : piece;
        rest = [];
        length = 0;
      }
      if (last !== '') rest.push(last);
      length += last.length;
      if (length > MAX_LINE) throw damaged('a line is too long');
    }
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : damaged(messageOf(thrown));
  } finally {
    source.destroy();
    text.destroy();
  }
  if (rest.length > 0) yield rest.join('');
}
