import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { inSpan, startTracing } from './tracing.ts';

test('without a collector work simply runs; with one its spans arrive, failed ones marked', async () => {
  expect(await inSpan('quiet', {}, async () => 1)).toBe(1);
  const bodies: string[] = [];
  const collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(`${request.url} ${Buffer.concat(chunks).toString('utf8')}`);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const stop = await startTracing(`http://127.0.0.1:${(collector.address() as AddressInfo).port}/`);
  expect(await inSpan('GET /api/incidents', { 'allclear.request_id': 'r1' }, async () => 2)).toBe(2);
  await expect(
    inSpan('job paging.deliver', {}, async () => {
      throw new Error('it broke');
    }),
  ).rejects.toThrow('it broke');
  await stop();
  await new Promise((resolve) => collector.close(resolve));
  const all = bodies.join('\n');
  expect(all).toMatch(/^\/v1\/traces /);
  for (const text of ['GET /api/incidents', 'r1', 'job paging.deliver', 'it broke']) expect(all).toContain(text);
  expect(all).not.toContain('quiet');
});
