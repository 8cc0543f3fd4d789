import { expect, test } from 'vitest';
import { alerts, genie, inProcess, KEY, openKeys, refused, send, server, unknownKeys } from './support.ts';

const event = (dedup_key: string, more: object = {}) => ({
  routing_key: KEY,
  event_action: 'trigger',
  dedup_key,
  payload: { summary: dedup_key, source: 'x', severity: 'error' },
  ...more,
});

test('JSON is JSON whatever the content type says, and a form is a form', async () => {
  const world = await server();
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/octet-stream',
    'nonsense',
    'multipart/form-data',
  ];
  const posts: [path: string, body: string, status: number, headers?: Record<string, string>][] = types.flatMap((type) => [
    ['/v2/enqueue', JSON.stringify(event(`pd ${type}`)), 202, { 'content-type': type }],
    ['/v2/alerts', JSON.stringify({ message: 'm', alias: `og ${type}` }), 202, { 'content-type': type, ...genie }],
    [`/alertmanager/${KEY}/api/v2/alerts`, JSON.stringify([{ labels: { alertname: type } }]), 200, { 'content-type': type }],
    [`/hooks/generic/${KEY}`, JSON.stringify({ title: `any ${type}`, id: `any ${type}` }), 202, { 'content-type': type }],
  ]);
  for (const [path, body, status, headers] of posts) {
    const response = await fetch(world.url + path, { method: 'POST', body, headers: headers ?? {} });
    expect(response.status, `${path} ${headers?.['content-type']}: ${await response.text()}`).toBe(status);
  }
  expect(await openKeys(world)).toHaveLength(posts.length);
  const form = await fetch(`${world.url}/hooks/generic/${KEY}`, {
    method: 'POST',
    body: new URLSearchParams({ title: 'form', id: 'form' }),
  });
  const query = await fetch(`${world.url}/hooks/generic/${KEY}?title=query&id=query&token=secret`);
  const text = await fetch(`${world.url}/hooks/generic/${KEY}`, { method: 'PUT', body: 'just words' });
  expect([form.status, query.status, text.status]).toEqual([202, 202, 202]);
  const summaries = (await alerts(world)).map((alert) => alert.summary).slice(-3);
  expect(summaries).toEqual(['form', 'query', 'just words']);
  expect(await refused(world)).toEqual([]);
});

test('a body of 1 MB is taken, one byte more is not, with and without a length', async () => {
  const world = await server();
  const body = (bytes: number, key: string) => {
    const empty = JSON.stringify({ title: key, id: key, pad: '' }).length;
    return JSON.stringify({ title: key, id: key, pad: 'x'.repeat(bytes - empty) });
  };
  const streamed = (text: string) =>
    new ReadableStream({
      start(controller) {
        const bytes = new TextEncoder().encode(text);
        for (let at = 0; at < bytes.length; at += 100_000) controller.enqueue(bytes.slice(at, at + 100_000));
        controller.close();
      },
    });
  const post = async (path: string, payload: string | ReadableStream, headers: Record<string, string> = {}) =>
    (await fetch(world.url + path, { method: 'POST', body: payload, headers, duplex: 'half' } as RequestInit)).status;
  const MB = 1024 * 1024;
  const hook = `/hooks/generic/${KEY}`;
  expect(await post(hook, body(MB, 'whole'))).toBe(202);
  expect(await post(hook, streamed(body(MB, 'streamed')))).toBe(202);
  expect(await post(hook, body(MB + 1, 'more'))).toBe(413);
  expect(await post(hook, streamed(body(MB + 1, 'more')))).toBe(413);
  expect(await post('/v2/enqueue', body(MB + 1, 'more'))).toBe(413);
  expect(await post('/v2/alerts', body(MB + 1, 'more'), genie)).toBe(413);
  expect(await openKeys(world)).toEqual(['whole', 'streamed']);
  expect((await refused(world)).map((one) => one.reason)).toEqual(Array(3).fill('the body is larger than 1 MB; it was not read'));
});

test('a slash at the end changes nothing', async () => {
  const world = await inProcess();
  const paths: [method: string, path: string, body: unknown, status: number][] = [
    ['POST', '/v2/enqueue', event('a'), 202],
    ['POST', '/v2/change/enqueue', { routing_key: KEY, payload: { summary: 's' } }, 202],
    ['POST', '/generic/2010-04-15/create_event.json', { service_key: KEY, event_type: 'trigger', description: 'd' }, 200],
    ['POST', '/v2/alerts', { message: 'm' }, 202],
    ['GET', '/v2/alerts/count', undefined, 200],
    ['POST', `/hooks/alertmanager/${KEY}`, { alerts: [] }, 200],
    ['POST', `/hooks/grafana/${KEY}`, { alerts: [] }, 200],
    ['POST', `/hooks/generic/${KEY}`, { title: 't' }, 202],
    ['GET', `/hooks/heartbeat/${KEY}/nobody`, undefined, 202],
    ['GET', '/v2/heartbeats/nobody/ping', undefined, 202],
    ['POST', `/integrations/generic/20131114/alert/${KEY}/any`, { message_type: 'INFO', entity_id: 'e' }, 200],
    ['GET', `/alertmanager/${KEY}/api/v2/status`, undefined, 200],
  ];
  for (const [method, path, body, status] of paths)
    for (const slash of ['', '/']) await send(world, method, path + slash, body, status, genie);
});

test('what is refused is kept: the last 100, raw, without keys and NULs, with the reason', async () => {
  const world = await inProcess();
  await Promise.all(
    Array.from({ length: 130 }, (_, index) => send(world, 'POST', '/v2/enqueue', { routing_key: KEY, n: index }, 400)),
  );
  await send(world, 'POST', `/hooks/alertmanager/${KEY}?apiKey=${KEY}&a=b`, 'x\u0000y\ud800', 400, {
    'content-type': 'text/plain',
  });
  const kept = await refused(world);
  expect(kept).toHaveLength(100);
  expect(kept[0]).toMatchObject({
    path: 'POST /hooks/alertmanager/ROUT…?apiKey=…&a=b',
    reason: 'body: not a JSON object',
    content_type: 'text/plain',
    body: 'x\ufffdy\ufffd',
  });
  expect(JSON.stringify(kept)).not.toContain(KEY);
  for (let index = 0; index < 3; index += 1)
    await Promise.all(Array.from({ length: 40 }, () => send(world, 'POST', `/hooks/generic/unknown-${index}`, { a: 1 }, 404)));
  expect(await unknownKeys(world)).toHaveLength(100);
});

test('a new key works at once, an old one no more; keys are shown to administrators only', async () => {
  const world = await inProcess();
  const hook = (key: string, status: number) => send(world, 'POST', `/hooks/generic/${key}`, { title: 't' }, status);
  await hook(KEY, 202);
  await hook('another-key-1', 404);
  await world.call('PUT', '/api/integrations/tool', { service: 'shop', key: 'another-key-1' });
  await hook(KEY, 404);
  await hook('another-key-1', 202);
  await world.call('PUT', '/api/integrations/second', { service: 'shop', key: KEY });
  await hook(KEY, 202);
  const clash = await world.request('PUT', '/api/integrations/third', { service: 'shop', key: KEY });
  expect([clash.status, ((await clash.json()) as { field: string }).field]).toEqual([422, 'key']);
  const mapping = await world.request('PUT', '/api/integrations/third', { service: 'shop', mapping: { labels: { a: '$.[' } } });
  expect([mapping.status, ((await mapping.json()) as { field: string }).field]).toEqual([422, 'mapping.labels.a']);

  const made = await world.call('PUT', '/api/integrations/third', { service: 'shop' });
  expect(made.key).toMatch(/^[0-9a-f]{32}$/);
  expect((await world.call('PUT', '/api/integrations/third', { service: 'shop' })).key).toBe(made.key);
  const { token } = await world.call('POST', '/api/tokens', { name: 'watcher', role: 'manager' });
  const asManager = async (method: string, path: string, body?: unknown) =>
    (await world.request(method, path, body, { authorization: `Bearer ${token}` })).json() as Promise<Record<string, unknown>>;
  expect(JSON.stringify(await asManager('GET', '/api/integrations'))).not.toContain(made.key);
  expect((await asManager('PUT', '/api/integrations/fourth', { service: 'shop' })).key).toMatch(/^[0-9a-f]{32}$/);
  expect((await asManager('PUT', '/api/integrations/third', { service: 'shop' })).key).toBe(`${String(made.key).slice(0, 4)}…`);

  await world.call('DELETE', '/api/integrations/tool');
  await hook('another-key-1', 404);
  expect((await alerts(world)).length).toBeGreaterThan(0);
  await world.call('PUT', '/api/integrations/tool', { service: 'shop', key: 'another-key-1' });
  await hook('another-key-1', 202);
  expect((await world.request('DELETE', '/api/services/shop')).status).toBe(422);
});
