import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { expect, it } from 'vitest';
import { startServer } from '../../../test/harness.ts';
import { allclear, configured, folder, HOME, type Server, words } from './testing.ts';

/** Runs the program as people do, in a process of its own. */
const program = (server: Server, line: string[]) =>
  spawn(join(HOME, 'allclear'), line, {
    env: { ...process.env, ALLCLEAR_URL: server.url, ALLCLEAR_TOKEN: server.token, NO_COLOR: '1' },
  });

it('allclear backup > file, allclear restore file', async () => {
  const source = await configured();
  await allclear(source, ['page', 'checkout', 'Payments fail']);
  await source.settle();
  const file = join(folder, 'backup.gz');
  const child = program(source, ['backup']);
  let told = '';
  child.stderr.on('data', (chunk) => {
    told += chunk;
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  await pipeline(child.stdout, createWriteStream(file));
  expect(await ended, told).toBe(0);
  expect(told).toMatch(/^Backed up [\d,]+ rows of \d+ tables, as of 2026-03-02T12:00:00Z\.\n$/);

  const written = await allclear(source, ['backup', '--output', join(folder, 'second.gz'), '--json']);
  expect(JSON.parse(written.out)).toMatchObject({ created_at: '2026-03-02T12:00:00Z' });
  expect(await allclear(source, ['backup', '--output', join(folder, 'second.gz')])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/exists already/),
  });
  expect((await allclear(source, ['backup'], { outIsTerminal: true })).err).toMatch(/no text for a terminal/);

  const used = await allclear(source, ['restore', file]);
  expect(used).toMatchObject({ code: 1, err: expect.stringMatching(/in use \(it has people/) });

  const target = await startServer({ at: '2026-03-02T12:00:00Z' });
  const restore = program(target, ['restore', file]);
  let [out, err] = ['', ''];
  restore.stdout.on('data', (chunk) => {
    out += chunk;
  });
  restore.stderr.on('data', (chunk) => {
    err += chunk;
  });
  expect(await new Promise((resolve) => restore.on('close', resolve)), err).toBe(0);
  expect(out).toMatch(/^Restored the backup of 2026-03-02T12:00:00Z: [\d,]+ rows of \d+ tables, proven equal\.\n$/);
  expect(err).toMatch(/Your token goes on working, under the name restore-/);
  expect((await allclear(target, words('incidents'))).out).toMatch(/INC-2026-0001/);
  expect((await allclear(target, ['export'])).out).toBe((await allclear(source, ['export'])).out);
});

it('a backup that breaks off leaves no file and says so', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/gzip' });
    response.write(Buffer.from('1f8b0800000000000003', 'hex'), () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const file = join(folder, 'broken.gz');
  const broken = await allclear({ url, token: 'x' }, ['backup', '--output', file]);
  expect(broken).toMatchObject({ code: 1, err: expect.stringMatching(/broke off and is of no use/) });
  await expect(stat(file)).rejects.toThrow(/ENOENT/);
  await new Promise((resolve) => server.close(resolve));
});

it('a refused upload tells why, however much was sent', async () => {
  const server = await startServer();
  const file = join(folder, 'large');
  await writeFile(file, Buffer.alloc(20_000_000, 'x'));
  const wrong = await allclear({ url: server.url, token: 'wrong-token' }, ['restore', file]);
  expect(wrong).toMatchObject({ code: 1, err: expect.stringMatching(/unknown, expired or revoked/) });
  expect(await allclear(server, ['restore', file])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/not a whole Allclear backup/),
  });
});
