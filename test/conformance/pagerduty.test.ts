import https from 'node:https';
import { serve } from '@hono/node-server';
import { acknowledge, change, resolve, trigger } from '@pagerduty/pdjs';
import { afterAll, expect, test } from 'vitest';
import { selfSigned } from '../fakes/certificate.ts';
import { alerts, inProcess, KEY, openKeys, refused, send, unknownKeys } from './support.ts';

const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of stops) await stop();
});

/** The product behind TLS, which is all pdjs speaks; its agent is told of the test's certificate. */
const overTls = async () => {
  const world = await inProcess();
  const { key, cert } = selfSigned();
  const server = await new Promise<ReturnType<typeof serve>>((done) => {
    const started: ReturnType<typeof serve> = serve(
      { fetch: world.app.fetch, hostname: '127.0.0.1', port: 0, createServer: https.createServer, serverOptions: { key, cert } },
      () => done(started),
    );
  });
  https.globalAgent.options.ca = cert;
  stops.push(
    () =>
      new Promise<void>((done) => {
        server.close(() => done());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  );
  const address = server.address();
  return { world, host: `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}` };
};

test('pdjs triggers, acknowledges, resolves and reports a change', async () => {
  const { world, host } = await overTls();
  const payload = { summary: 'disk full', source: 'db1', severity: 'critical' as const };
  const fired = await trigger({
    server: host,
    data: { routing_key: KEY, dedup_key: 'disk', payload, event_action: 'trigger' },
  } as Parameters<typeof trigger>[0]);
  expect(fired.response.status).toBe(202);
  expect(fired.data).toEqual({ status: 'success', message: 'Event processed', dedup_key: 'disk' });
  const [alert] = await alerts(world);
  expect(alert).toMatchObject({ dedup_key: 'disk', summary: 'disk full', severity: 'critical', status: 'open', count: 1 });

  const data = { routing_key: KEY, dedup_key: 'disk' };
  const taken = await acknowledge({ server: host, data } as Parameters<typeof acknowledge>[0]);
  expect(taken.response.status).toBe(202);
  expect((await alerts(world))[0]?.acknowledged).toBe(true);
  expect(await world.call('GET', `/api/incidents/${alert?.incident}`)).toMatchObject({ status: 'acknowledged' });

  const over = await resolve({ server: host, data } as Parameters<typeof resolve>[0]);
  expect(over.response.status).toBe(202);
  expect(await openKeys(world)).toEqual([]);

  const changed = await change({
    server: host,
    data: { routing_key: KEY, payload: { summary: 'Build 42', source: 'ci', custom_details: { build: 42 } } },
  } as Parameters<typeof change>[0]);
  expect(changed.response.status).toBe(202);
  expect(changed.data).toMatchObject({ status: 'success', message: 'Change event processed' });
  const { items } = await world.call<{ items: { text: string; data: unknown }[] }>('GET', '/api/journal?type=service.changed');
  expect(items).toMatchObject([{ text: 'Build 42', data: { source: 'ci', custom_details: { build: 42 } } }]);
  expect(await openKeys(world)).toEqual([]);
});

const event = (more: object) => ({
  routing_key: KEY,
  event_action: 'trigger',
  payload: { summary: 's', source: 'x', severity: 'error' },
  ...more,
});

test('every answer of the events API is the one its senders compare', async () => {
  const world = await inProcess();
  const table: [path: string, body: unknown, status: number, answer: unknown][] = [
    ['/v2/enqueue', event({ dedup_key: 'a' }), 202, { status: 'success', message: 'Event processed', dedup_key: 'a' }],
    ['/v2/enqueue', event({}), 202, { dedup_key: expect.stringMatching(/^[0-9a-f]{32}$/) }],
    ['/v2/enqueue/', event({ dedup_key: 'b' }), 202, { dedup_key: 'b' }],
    [`/integration/${KEY}/enqueue`, event({ routing_key: undefined, dedup_key: 'c' }), 202, { dedup_key: 'c' }],
    ['/v2/enqueue', '{', 400, { status: 'Unrecognized object', errors: ['JSON parse error'] }],
    ['/v2/enqueue', event({ event_action: undefined }), 400, { errors: ["'event_action' is missing or blank"] }],
    ['/v2/enqueue', event({ routing_key: 'short' }), 400, { errors: [expect.stringMatching(/^Length of 'routing_key'/)] }],
    ['/v2/enqueue', event({ routing_key: 'R'.repeat(32) }), 400, { status: 'invalid event', errors: [expect.any(String)] }],
    ['/v2/enqueue', event({ event_action: 'resolve', dedup_key: 'nobody' }), 202, { dedup_key: 'nobody' }],
    ['/v2/change/enqueue', { routing_key: KEY, payload: {} }, 400, { errors: ["'payload.summary' is missing or blank"] }],
    [
      '/generic/2010-04-15/create_event.json',
      { service_key: KEY, event_type: 'trigger', incident_key: 'v1', description: 'down' },
      200,
      { status: 'success', message: 'Event processed', incident_key: 'v1' },
    ],
    ['/generic/2010-04-15/create_event.json', { event_type: 'trigger' }, 400, { errors: ["Service key can't be blank"] }],
  ];
  for (const [path, body, status, answer] of table)
    expect(await send(world, 'POST', path, body, status), `${path} ${JSON.stringify(body)}`).toMatchObject(answer as object);
  expect((await openKeys(world)).filter((key) => key.length < 32)).toEqual(['a', 'b', 'c', 'v1']);
  expect((await refused(world)).map((one) => one.reason)).toEqual([
    "'payload.summary' is missing or blank",
    "'event_action' is missing or blank",
  ]);
  const unknown = await unknownKeys(world);
  expect(unknown).toHaveLength(4);
  expect(JSON.stringify(unknown)).not.toContain('R'.repeat(8));
});

test('resolved, then triggered again: a new alert and not the old one', async () => {
  const world = await inProcess();
  for (const event_action of ['trigger', 'trigger', 'resolve', 'resolve', 'trigger'])
    await send(world, 'POST', '/v2/enqueue', event({ event_action, dedup_key: 'k' }), 202);
  expect((await alerts(world)).map(({ status, count }) => [status, count])).toEqual([
    ['resolved', 2],
    ['open', 1],
  ]);
});
