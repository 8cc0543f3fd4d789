import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import { z } from 'zod';
import { messageOf } from '../platform/errors.ts';
import type { Http } from '../platform/http.ts';
import type { Runner } from '../platform/runner.ts';
import { checkFile, noteBackup, restore, writeBackup } from './actions.ts';

const restored = z.object({
  created_at: z.string().describe('when the backup was taken'),
  tables: z.record(z.string(), z.object({ rows: z.number().int(), sha256: z.string() })).describe('proven equal to the backup'),
  token: z.string().nullable().describe('name under which the token of this request stays valid; null: the backup has it'),
});

export const backupRoutes = ({ raw }: Http, runner: Runner): void => {
  raw(
    {
      method: 'get',
      path: '/api/backup',
      summary: 'Everything in one consistent file: gzip, a line of JSON a row',
      tag: 'Backup',
      permission: 'backup',
      response: { type: 'application/gzip' },
    },
    async ({ actor, source, log }) => {
      await runner.transaction(actor, source, noteBackup, log);
      const file = createGzip();
      const write = writerOf(file);
      runner
        .transaction(actor, source, (ctx) => writeBackup(ctx, write), log)
        .then(
          () => file.end(),
          (thrown: unknown) => {
            // The answer has begun: breaking it off is the only way to say so. A file without its end is refused by restore.
            if (file.destroyed) log.info('the reader of a backup went away');
            else log.error({ err: thrown }, 'backup failed');
            file.destroy(new Error(messageOf(thrown)));
          },
        );
      return new Response(Readable.toWeb(file) as ReadableStream, {
        headers: {
          'content-type': 'application/gzip',
          'content-disposition': 'attachment; filename="allclear.backup.gz"',
          'cache-control': 'no-store',
        },
      });
    },
  );

  raw(
    {
      method: 'post',
      path: '/api/restore',
      summary: 'Bring a fresh installation to the state of a backup: all of it, proven equal, or nothing',
      tag: 'Backup',
      permission: 'backup',
      request: { type: 'application/gzip' },
      response: { type: 'application/json', schema: restored },
    },
    async ({ actor, source, log }, body) => {
      // Received and checked whole before anything is locked; a transaction that is tried again reads it again.
      const path = join(tmpdir(), `allclear-restore-${randomUUID()}`);
      try {
        await pipeline(body ?? Readable.from([]), createWriteStream(path, { mode: 0o600, flags: 'wx' }));
        const header = await checkFile(path);
        const done = await runner.transaction(actor, source, (ctx) => restore(ctx, path, header), log);
        done.adopt();
        return Response.json(done.restored satisfies z.input<typeof restored>);
      } finally {
        await rm(path, { force: true });
      }
    },
  );
};

/** Writes lines at the reader's pace; throws once the reader has gone. */
const writerOf = (file: Gzip): ((line: string) => Promise<void>) => {
  let gone: (error: Error) => void = () => {};
  file.on('close', () => gone(new Error('the reader went away')));
  file.on('error', (error) => gone(error));
  return (line) =>
    new Promise<void>((resolve, reject) => {
      if (file.destroyed) return reject(new Error('the reader went away'));
      gone = reject;
      file.write(`${line}\n`, (error) => (error ? reject(error) : resolve()));
    });
};
