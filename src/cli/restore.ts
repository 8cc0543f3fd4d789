import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { Command } from 'commander';
import { examples, unreadable } from './arguments.ts';
import { connect } from './client.ts';
import { bytes, count, printJson, progress } from './output.ts';
import { Failure, type Terminal } from './terminal.ts';

type Restored = { created_at: string; tables: Record<string, { rows: number }>; token: string | null };

export const restoreCommand = (terminal: Terminal): Command =>
  new Command('restore')
    .summary('bring a fresh server to the state of a backup')
    .description(
      'Bring a server that nobody uses yet to the state of a backup: all of it, proven equal row by row, or nothing. Stop the old server first: both would page.',
    )
    .argument('<file>', 'written by: allclear backup')
    .addHelpText(
      'after',
      examples('allclear restore allclear.backup.gz', 'allclear restore --url http://localhost:9090 allclear.backup.gz'),
    )
    .action(async (path: string, _options: object, command: Command) => {
      const { client, json } = connect(terminal, command);
      const size = await stat(path).then(
        (found) => found.size,
        (thrown: unknown) => {
          throw new Failure(unreadable(path, thrown));
        },
      );
      const drawn = progress(terminal);
      let sent = 0;
      const counted = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          sent += chunk.length;
          drawn.show(sent < size ? `${bytes(sent)} of ${bytes(size)} …` : 'Sent; the server loads and proves it …');
          done(null, chunk);
        },
      });
      const file = createReadStream(path);
      file.on('error', (error) => counted.destroy(error));
      try {
        const response = await client.open('POST', '/api/restore', { upload: file.pipe(counted) });
        const text = await textOf(response);
        drawn.clear();
        if (json) return printJson(terminal, text);
        const restored = JSON.parse(text) as Restored;
        const tables = Object.values(restored.tables);
        const rows = tables.reduce((sum, table) => sum + table.rows, 0);
        terminal.out(
          `Restored the backup of ${restored.created_at}: ${count(rows, 'row')} of ${count(tables.length, 'table')}, proven equal.\n`,
        );
        if (restored.token)
          terminal.err(
            `Your token goes on working, under the name ${restored.token}. To end it: allclear token revoke ${restored.token}\n`,
          );
        terminal.err('Restart the other nodes, if there are any: they still sign links with their old key.\n');
      } finally {
        drawn.clear();
        file.destroy();
      }
    });
