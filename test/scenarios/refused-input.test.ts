import { expect, test } from 'vitest';
import { startWorld } from '../harness.ts';
import { aTeam } from './world.ts';

const KB = 1024;
type Problem = { status: number; detail: string; field?: string };

test('a cursor that is none, and a NUL anywhere, is refused with its field and never a failure of ours', async () => {
  const w = await aTeam({ ana: { by: ['sms'] } });
  await w.alertFires('down');
  w.expectSms('ana');
  const ends_at = w.now().add({ hours: 1 }).toString();
  const table: [method: string, path: string, body: unknown, field: string | undefined][] = [
    ['GET', '/api/incidents?cursor=zzz', undefined, 'cursor'],
    ['GET', '/api/alerts?cursor=zzz', undefined, 'cursor'],
    ['GET', '/api/journal?cursor=-1', undefined, 'cursor'],
    ['GET', '/api/incidents/INC-2026-0001/timeline?cursor=1', undefined, 'cursor'],
    ['GET', '/api/people/ana/journal?cursor=x', undefined, 'cursor'],
    ['GET', '/api/incidents/%00', undefined, 'id'],
    ['GET', '/api/journal?type=%00', undefined, 'type'],
    ['POST', '/api/incidents/INC-2026-0001/notes', { text: 'a \u0000 b' }, 'text'],
    ['POST', '/api/incidents', { title: '\u0000', service: 'db' }, 'title'],
    ['POST', '/api/silences', { comment: 'x\u0000', services: ['db'], ends_at }, 'comment'],
    ['POST', '/api/silences', { comment: 'x', matchers: [{ name: 'a', value: '\u0000' }], ends_at }, 'matchers.0.value'],
    ['POST', '/api/simulate', { integration: 'db-monitor', payload: { 'a\u0000': 1 } }, 'payload'],
    [
      'POST',
      '/api/simulate',
      `{"integration":"db-monitor","payload":${'['.repeat(90_000)}"\\u0000"${']'.repeat(90_000)}}`,
      undefined,
    ],
  ];
  for (const [method, path, body, field] of table) {
    const response = await w.request(method, path, body);
    const problem = (await response.json()) as Problem;
    expect([response.status, problem.status], path).toEqual([422, 422]);
    if (field) expect([path, problem.field]).toEqual([path, field]);
  }
  // The next page's cursor is one.
  for (const path of ['/api/incidents', '/api/alerts', '/api/journal', '/api/incidents/INC-2026-0001/timeline']) {
    const { next } = await w.call<{ next: string }>('GET', `${path}?limit=1`);
    await w.call('GET', `${path}?limit=1&cursor=${next}`);
  }
});

test('what only the database finds wrong is the sender’s to mend too', async () => {
  const w = await aTeam({ ana: {} });
  const yaml = 'services: [{name: odd, description: "a\\0b"}]';
  const response = await w.request('POST', '/api/process/apply', {
    files: [{ name: 'a.yaml', text: yaml }],
    allow_unpaged: true,
  });
  expect([response.status, (await response.json()) as Problem]).toMatchObject([
    422,
    { detail: expect.stringMatching(/^The database does not take a value/) },
  ]);
});

test('the open doors read no more than an answer needs', async () => {
  const w = await aTeam({ ana: { by: ['mail'] } });
  const table: [path: string, bytes: number, status: number][] = [
    ['/answer/sms', 65 * KB, 413],
    ['/answer/sms', 63 * KB, 403],
    ['/answer/sms/token', 65 * KB, 413],
    ['/answer/voice/token', 65 * KB, 413],
    ['/p/token/acknowledge', 65 * KB, 413],
    ['/p/token/acknowledge', 1, 404],
    ['/answer/mail', 1025 * KB, 413],
    ['/answer/mail', 900 * KB, 422],
  ];
  for (const [path, bytes, status] of table)
    expect([path, bytes, (await w.request('POST', path, 'x'.repeat(bytes))).status]).toEqual([path, bytes, status]);
});

test('a mail that cannot be parsed is refused, not failed at', async () => {
  const w = await aTeam({ ana: {} });
  const parts = Array.from({ length: 400 }, (_, n) => `Content-Type: multipart/mixed; boundary="b${n}"\r\n\r\n--b${n}\r\n`).join(
    '',
  );
  const response = await w.request('POST', '/answer/mail', `From: a@b.nl\r\n${parts}`);
  expect([response.status, ((await response.json()) as Problem).detail]).toEqual([422, expect.stringMatching(/cannot be read/)]);
});

test('one API caller has a share of requests a minute; another is not held up', async () => {
  const w = await startWorld({ requestsAMinute: 4 });
  const { token } = await w.call<{ token: string }>('POST', '/api/tokens', { name: 'other', role: 'observer' });
  const ask = (headers = {}) => w.request('GET', '/api/incidents', undefined, headers);
  for (let n = 0; n < 3; n += 1) expect((await ask()).status).toBe(200);
  const refused = await ask();
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toMatchObject({ status: 429, detail: expect.stringContaining('4 requests in a minute') });
  expect((await ask({ authorization: `Bearer ${token}` })).status).toBe(200);
});
