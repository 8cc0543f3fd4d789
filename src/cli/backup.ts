import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { PassThrough, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Command } from 'commander';
import { examples } from './arguments.ts';
import { connect } from './client.ts';
import { bytes, count, printJson, progress } from './output.ts';
import { Failure, type Terminal } from './terminal.ts';

type Header = { created_at: string; tables: { name: string; rows: number }[] };

export const backupCommand = (terminal: Terminal): Command =>
  new Command('backup')
    .summary('everything in one consistent file')
    .description(
      'Write everything to one consistent, compressed file: configuration, incidents, alerts, the journal, waiting timers, and every secret. Keep it as you keep passwords. The server goes on paging meanwhile.',
    )
    .option('--output <file>', 'write it there instead of to standard output')
    .addHelpText('after', examples('allclear backup > allclear.backup.gz', 'allclear backup --output /backup/allclear.gz'))
    .action(async (options: { output?: string }, command: Command) => {
      const { client, json } = connect(terminal, command);
      const { output } = options;
      if (output === undefined && json) throw new Failure('--json tells about the file: give --output for the file itself');
      if (output === undefined && terminal.outIsTerminal)
        throw new Failure('A backup is no text for a terminal: allclear backup > allclear.backup.gz');
      const response = await client.open('GET', '/api/backup');
      // `wx`: an older backup is not written over.
      const target = output === undefined ? openOut(terminal) : createWriteStream(output, { mode: 0o600, flags: 'wx' });
      try {
        const header = await receive(terminal, response, target);
        const rows = header.tables.reduce((sum, table) => sum + table.rows, 0);
        if (json) printJson(terminal, JSON.stringify(header));
        else
          terminal.err(
            `Backed up ${count(rows, 'row')} of ${count(header.tables.length, 'table')}, as of ${header.created_at}.\n`,
          );
      } catch (thrown) {
        const exists = thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST';
        if (output !== undefined && !exists) await rm(output, { force: true });
        throw new Failure(exists ? `${output} exists already` : `The backup broke off and is of no use: ${messageOf(thrown)}`);
      }
    });

/** Standard output stays open after the backup. */
const openOut = (terminal: Terminal): Writable => {
  const through = new PassThrough();
  through.pipe(terminal.outBytes, { end: false });
  return through;
};

/** Writes the answer to the target and reads it on the way: a file without its end line is not whole. Returns its header. */
const receive = async (terminal: Terminal, source: NodeJS.ReadableStream, target: Writable): Promise<Header> => {
  const drawn = progress(terminal);
  let size = 0;
  const reader = lineReader();
  const gunzip = createGunzip();
  const read = pipeline(gunzip, reader.stream);
  read.catch(() => {});
  const tee = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      drawn.show(`${bytes(size)} …`);
      gunzip.write(chunk, (error) => done(error ?? null, chunk));
    },
    flush(done) {
      gunzip.end();
      read.then(
        () => done(),
        (thrown: Error) => done(thrown),
      );
    },
  });
  try {
    await pipeline(source, tee, target);
  } finally {
    drawn.clear();
    gunzip.destroy();
  }
  if (!reader.last().startsWith('{"end":')) throw new Failure('its end is missing');
  return JSON.parse(reader.first()) as Header;
};

/** Keeps the first line and how the last one begins. */
const lineReader = () => {
  let first: string | undefined;
  let line = '';
  let last = '';
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: Buffer | string, _encoding, done) {
      const pieces = chunk.toString('utf8').split('\n');
      for (const [index, piece] of pieces.entries()) {
        // Of the header all is needed; of the other lines, which can be long, how they begin.
        line = first === undefined ? line + piece : (line + piece.slice(0, 16)).slice(0, 16);
        if (index === pieces.length - 1) break;
        first ??= line;
        last = line;
        line = '';
      }
      done();
    },
  });
  return { stream, first: () => first ?? '', last: () => line || last };
};

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
