import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { call, freePort, launch, postmasterPid, readAll, type ServerProcess, TOKEN } from '../crash/server-process.ts';
import { folderInMemory } from '../memory.ts';

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

const dataFolder = (): string => {
  const path = mkdtempSync(join(folderInMemory(), 'allclear-operate-'));
  ending.push(() => rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
  return path;
};
const start = async (dataDir: string, env: Record<string, string> = {}): Promise<ServerProcess> => {
  const server = launch({ ALLCLEAR_DATA: dataDir, ALLCLEAR_PORT: String(await freePort()), ...env });
  ending.push(server.stop);
  return server;
};
const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);
const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (await holds()) return;
    await delay(20);
  }
  throw new Error(`waited 10 s for: ${what}`);
};

/** A provider that takes its time: it answers when told to. */
const slowProvider = async () => {
  const requests: { id: string | undefined; answer: () => void }[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const id = request.headers['webhook-id'];
    requests.push({ id: Array.isArray(id) ? id[0] : id, answer: () => response.writeHead(200).end('{}') });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ending.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { requests, url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}` };
};

const SECRET = `whsec_${Buffer.from('a secret of at least twenty-four bytes').toString('base64')}`;
const KEY = 'integration-key-0001';
const setUp = async (url: string, hook: string): Promise<void> => {
  await call(url, 'PUT', '/api/settings', { channels: { webhook: { secret: SECRET } }, bundle_seconds: 0 });
  await call(url, 'PUT', '/api/people/ana', {
    display_name: 'Ana',
    email: 'ana@example.com',
    contact_methods: [{ label: 'hook', channel: 'webhook', address: `${hook}/ana`, verified: true }],
  });
  await call(url, 'PUT', '/api/escalation-policies/p', {
    steps: [{ targets: [{ person: 'ana' }], escalate_after_seconds: 3600 }],
  });
  await call(url, 'PUT', '/api/services/db', { escalation_policy: 'p' });
  await call(url, 'PUT', '/api/integrations/db', { service: 'db', key: KEY });
};
const trigger = (url: string, key: string): Promise<Response> =>
  fetch(`${url}/hooks/generic/${KEY}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ summary: 'db is down', dedup_key: key, severity: 'critical' }),
  });

test('the token is shown on the first run only, a second instance is refused, and SIGTERM leaves nothing running', {
  timeout: 180_000,
}, async () => {
  const dataDir = dataFolder();
  const first = await start(dataDir);
  await first.ready();
  await until('the welcome', () => first.output().includes('shown this once'));
  const token = /ALLCLEAR_TOKEN=(\S+)/.exec(first.output())?.[1] ?? '';
  expect(token.length).toBeGreaterThan(20);
  const asFirst = await fetch(`${first.url}/api/people`, { headers: { authorization: `Bearer ${token}` } });
  expect(asFirst.status).toBe(200);

  const rival = await start(dataDir);
  expect(await rival.exited).toBe(1);
  expect(rival.output()).toContain(`Another Allclear (process ${first.pid}) is using the data folder ${dataDir}`);
  expect(rival.output()).toContain('set ALLCLEAR_DATA to another folder');

  const postgres = postmasterPid(dataDir) ?? 0;
  expect(isAlive(postgres)).toBe(true);
  const asked = performance.now();
  expect(await first.stop()).toBe(0);
  expect(performance.now() - asked).toBeLessThan(10_000);
  // Whoever inherits it may take a moment to bury it.
  await vi.waitFor(() => expect(isAlive(postgres)).toBe(false), 10_000);
  expect(postmasterPid(dataDir)).toBeUndefined();

  const second = await start(dataDir);
  await second.ready();
  await until('the second start', () => second.output().includes('Allclear is ready'));
  expect(second.output()).not.toContain('ALLCLEAR_TOKEN=');
  expect(second.output()).not.toContain(token);
});

test('a taken port is named, and the PostgreSQL of that start goes with it', { timeout: 180_000 }, async () => {
  const first = await start(dataFolder());
  await first.ready();
  const dataDir = dataFolder();
  const second = launch({ ALLCLEAR_DATA: dataDir, ALLCLEAR_PORT: new URL(first.url).port });
  ending.push(second.stop);
  expect(await second.exited).toBe(1);
  expect(existsSync(join(dataDir, 'postgres', 'PG_VERSION')), 'it had a PostgreSQL').toBe(true);
  expect(postmasterPid(dataDir), 'and is gone').toBeUndefined();
  expect(second.output()).toContain(`Port ${new URL(first.url).port} is in use`);
});

test('SIGTERM lets a message that is being sent finish: it is recorded, and not sent again by the next start', {
  timeout: 180_000,
}, async () => {
  const dataDir = dataFolder();
  const provider = await slowProvider();
  const env = { ALLCLEAR_ADMIN_TOKEN: TOKEN, ALLCLEAR_LOG: 'debug' };
  const server = await start(dataDir, env);
  await server.ready();
  await setUp(server.url, provider.url);
  expect((await trigger(server.url, 'one')).status).toBe(202);
  await until('the provider is called', () => provider.requests.length > 0);

  const asked = performance.now();
  server.signal('SIGTERM');
  await until('it is stopping', () => server.output().includes('stopping'));
  await delay(300);
  provider.requests[0]?.answer();
  expect(await server.exited).toBe(0);
  expect(performance.now() - asked).toBeLessThan(10_000);

  const again = await start(dataDir, env);
  await again.ready();
  const incidents = await readAll<{ number: string }>(again.url, '/api/incidents');
  expect(incidents).toHaveLength(1);
  const timeline = await readAll<{ type: string }>(again.url, `/api/incidents/${incidents[0]?.number}/timeline`);
  expect(timeline.filter((entry) => entry.type === 'delivery.sent')).toHaveLength(1);
  expect(provider.requests).toHaveLength(1);

  // Nothing that either run wrote gives a secret away, even at the most talkative level.
  const logs = server.output() + again.output();
  expect(logs.length).toBeGreaterThan(500);
  for (const secret of [TOKEN, KEY, SECRET, SECRET.slice(6)]) expect(logs).not.toContain(secret);
});
