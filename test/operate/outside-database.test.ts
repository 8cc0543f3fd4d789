import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { call, freePort, launch, readAll, type ServerProcess, TOKEN } from '../crash/server-process.ts';
import { freshDatabase } from '../databases.ts';
import { startWebhook } from '../fakes/webhook.ts';

const ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

/** A database somebody else runs, by its address, and a client of it. */
const outside = async () => {
  const { drop, ...served } = await freshDatabase();
  ending.push(async () => drop());
  const client = new pg.Client(served);
  await client.connect();
  ending.push(() => client.end());
  return { client, url: `postgres://${served.user}@localhost:${served.port}/${served.database}?host=${served.host}` };
};
const start = async (databaseUrl: string, args: string[] = [], env: Record<string, string> = {}): Promise<ServerProcess> => {
  const server = launch(
    {
      DATABASE_URL: databaseUrl,
      ALLCLEAR_DATA: join(tmpdir(), 'allclear-operate-never-made'),
      ALLCLEAR_PORT: String(await freePort()),
      ALLCLEAR_ADMIN_TOKEN: TOKEN,
      ...env,
    },
    args,
  );
  ending.push(server.stop);
  return server;
};
const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let waited = 0; waited < 15_000; waited += 20) {
    if (await holds()) return;
    await delay(20);
  }
  throw new Error(`waited 15 s for: ${what}`);
};
const KEY = 'integration-key-0001';
const setUp = async (url: string) => {
  const webhook = await startWebhook();
  ending.push(webhook.stop);
  const secret = `whsec_${Buffer.from('a secret of at least twenty-four bytes').toString('base64')}`;
  await call(url, 'PUT', '/api/settings', { channels: { webhook: { secret } }, bundle_seconds: 0 });
  await call(url, 'PUT', '/api/people/ana', {
    display_name: 'Ana',
    email: 'ana@example.com',
    contact_methods: [{ label: 'hook', channel: 'webhook', address: `${webhook.url}/ana`, verified: true }],
  });
  await call(url, 'PUT', '/api/escalation-policies/p', {
    steps: [{ targets: [{ person: 'ana' }], escalate_after_seconds: 3600 }],
  });
  await call(url, 'PUT', '/api/services/db', { escalation_policy: 'p', grouping: { window_seconds: 0 } });
  await call(url, 'PUT', '/api/integrations/db', { service: 'db', key: KEY });
  return webhook;
};
const trigger = (url: string, key: string): Promise<Response> =>
  fetch(`${url}/hooks/generic/${KEY}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ summary: `${key} is down`, dedup_key: key, severity: 'critical' }),
  });

test('with DATABASE_URL nothing embedded starts; a web and two workers share one database, and a newer schema idles a worker', {
  timeout: 90_000,
}, async () => {
  const database = await outside();
  const web = await start(database.url, ['--role', 'web']);
  await web.ready();
  expect(existsSync(join(tmpdir(), 'allclear-operate-never-made'))).toBe(false);
  const webhook = await setUp(web.url);

  // Nobody works yet: it is accepted, and waits.
  expect((await trigger(web.url, 'first')).status).toBe(202);
  expect(webhook.received).toHaveLength(0);

  const workers = [await start(database.url, ['--role', 'worker']), await start(database.url, ['--role', 'worker'])];
  for (const worker of workers) await until('the worker is ready', () => worker.output().includes('Allclear is ready'));
  await until('the first page', () => webhook.received.length === 1);
  const keys = Array.from({ length: 30 }, (_, nth) => `more-${nth}`);
  for (const answer of await Promise.all(keys.map((key) => trigger(web.url, key)))) expect(answer.status).toBe(202);
  await until('every page', () => webhook.received.length >= 31);
  expect(await readAll(web.url, '/api/incidents')).toHaveLength(31);
  expect(new Set(webhook.received.map(({ headers }) => headers['webhook-id'])).size).toBe(31);
  // A worker serves nobody.
  for (const worker of workers) await expect(fetch(`${worker.url}/healthz`)).rejects.toThrow();

  // A newer program has migrated the database: this one says so, does no work, and breaks nothing.
  await database.client.query(`insert into migrations (name, sha256) values ('9999_future.sql', 'x')`);
  const readiness = await fetch(`${web.url}/readyz`);
  expect(readiness.status).toBe(503);
  expect(await readiness.text()).toContain('newer Allclear');
  for (const worker of workers) await until('the worker is idle', () => worker.output().includes('takes no more work'));
  const before = webhook.received.length;
  expect((await trigger(web.url, 'later')).status).toBe(202);
  await delay(1500);
  expect(webhook.received.length).toBe(before);
  const stale = await start(database.url);
  expect(await stale.exited).toBe(1);
  expect(stale.output()).toContain('9999_future.sql');

  // It goes as well as it came: the next version would take the job; here the row goes and a worker starts.
  await database.client.query(`delete from migrations where name = '9999_future.sql'`);
  await start(database.url, ['--role', 'worker']);
  await until('the page that waited', () => webhook.received.length === before + 1);
  for (const server of [web, ...workers]) expect(await server.stop()).toBe(0);
});

/** A request over a connection of its own. */
const post = (url: string, body: unknown): Promise<{ status: number; retryAfter: string | undefined }> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent: false, headers: { 'content-type': 'application/json' } }, (response) => {
      response
        .resume()
        .on('end', () => resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] }));
    });
    sent.on('error', reject).end(JSON.stringify(body));
  });
const OVER = 50;
const BURST = 82;

test('health, metrics, request ids, problems, the body limit, and 503 with Retry-After under overload', {
  timeout: 90_000,
}, async () => {
  const database = await outside();
  const { url, ...server } = await start(database.url, ['--role', 'web']);
  await server.ready();
  await setUp(url);

  expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok');
  expect(await (await fetch(`${url}/readyz`)).text()).toBe('ready');

  expect((await trigger(url, 'one')).status).toBe(202);
  expect((await fetch(`${url}/hooks/generic/no-such-key-0000`, { method: 'POST', body: 'x' })).status).toBe(404);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toMatch(/^allclear_signals_accepted_total\{kind="generic"\} 1$/m);
  expect(metrics).toMatch(/^allclear_requests_refused_total\{reason="unknown_key"\} 1$/m);
  // The page's message, and the look at the provider that saving its settings asked for.
  expect(metrics).toMatch(/^allclear_queue_jobs\{queue="deliveries",state="created"\} 2$/m);
  expect(metrics).toMatch(/^allclear_queue_oldest_seconds\{queue="deliveries"\} [\d.]+$/m);
  expect(metrics).toMatch(/^allclear_oldest_unpaged_incident_seconds \d+/m);

  const problem = async (path: string, init: RequestInit, status: number) => {
    const answer = await fetch(`${url}${path}`, { ...init, headers: { 'x-request-id': 'my-id-1', ...init.headers } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('x-request-id')).toBe('my-id-1');
    const body = (await answer.json()) as Record<string, unknown>;
    expect(body).toMatchObject({ status, request_id: 'my-id-1' });
    expect([body.type, body.title, body.detail].every((text) => typeof text === 'string' && text !== '')).toBe(true);
    return body;
  };
  const authorization = `Bearer ${TOKEN}`;
  await problem('/api/nothing', { headers: { authorization } }, 404);
  await problem('/api/people', {}, 401);
  const refused = await problem(
    '/api/people/ben',
    { method: 'PUT', headers: { authorization }, body: JSON.stringify({ display_name: 'Ben', email: 'not an address' }) },
    422,
  );
  expect(refused.field).toBe('email');
  await problem('/api/people/ben', { method: 'PUT', headers: { authorization }, body: 'x'.repeat(1024 * 1024 + 1) }, 413);
  const large = await fetch(`${url}/hooks/generic/${KEY}`, { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) });
  expect(large.status).toBe(413);

  // The database is held up: what is being taken waits, and from the limit on senders are told to come again.
  await database.client.query('begin');
  await database.client.query('lock table routing_rules in access exclusive mode');
  const answers: Promise<{ status: number; retryAfter: string | undefined }>[] = [];
  let busy = 0;
  while (answers.length < 2000 + OVER) {
    // Not more at a time than the kernel lets wait for `accept`.
    const burst = Array.from({ length: BURST }, () =>
      post(`${url}/hooks/generic/${KEY}`, { summary: 'storm', dedup_key: 'storm' }),
    );
    for (const one of burst) void one.then(({ status }) => (busy += status === 503 ? 1 : 0));
    answers.push(...burst);
    await delay(50);
  }
  await until('the limit', () => busy >= OVER);
  await database.client.query('rollback');
  const all = await Promise.all(answers);
  expect(all.filter(({ status }) => status === 202)).toHaveLength(2000);
  expect(all.filter(({ status, retryAfter }) => status === 503 && retryAfter === '1')).toHaveLength(OVER);
  expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
    new RegExp(`^allclear_requests_refused_total\\{reason="overload"\\} ${OVER}$`, 'm'),
  );
});
