import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { alerts, genie, inProcess, KEY, openKeys, refused, send, server, unknownKeys } from './support.ts';

type Answer = { result?: string; requestId: string; data: Record<string, unknown> };
type Callback = (error: unknown, answer: Answer) => void;
type Identifier = { identifier: string; identifierType?: string };
/** The part of opsgenie-sdk, which has no types, that is used here. */
type Sdk = {
  configure: (options: { api_key: string; host: string; maxAttempts: number }) => void;
  alertV2: Record<'create', (data: object, done: Callback) => void> &
    Record<'get', (id: Identifier, done: Callback) => void> &
    Record<'acknowledge' | 'close' | 'addNote' | 'snooze' | 'addTags', (id: Identifier, data: object, done: Callback) => void>;
  heartbeat: { ping: (id: Identifier, options: object, done: Callback) => void };
};
const sdk = createRequire(import.meta.url)('opsgenie-sdk') as Sdk;
const promised = (run: (done: Callback) => void): Promise<Answer> =>
  new Promise((resolve, reject) => run((error, answer) => (error ? reject(new Error(JSON.stringify(error))) : resolve(answer))));

test('opsgenie-sdk creates, reads, acknowledges, notes and closes by alias', async () => {
  const world = await server();
  sdk.configure({ api_key: KEY, host: world.url, maxAttempts: 1 });
  const id = { identifier: 'disk', identifierType: 'alias' };
  const created = await promised((done) =>
    sdk.alertV2.create({ message: 'm', alias: 'disk', priority: 'P1', tags: ['db'] }, done),
  );
  expect(created).toMatchObject({ result: 'Request will be processed', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });

  const status = await send(world, 'GET', `/v2/alerts/requests/${created.requestId}`, undefined, 200, genie);
  expect(status).toMatchObject({
    data: { success: true, isSuccess: true, action: 'Create', status: 'Created alert', alias: 'disk' },
    requestId: created.requestId,
  });
  const { data } = await promised((done) => sdk.alertV2.get(id, done));
  expect(data).toMatchObject({ alias: 'disk', message: 'm', priority: 'P1', status: 'open', tags: ['db'], count: 1 });
  for (const other of [{ identifier: String(data.id) }, { identifier: String(data.tinyId), identifierType: 'tiny' }])
    expect((await promised((done) => sdk.alertV2.get(other, done))).data.id).toBe(data.id);

  await promised((done) => sdk.alertV2.acknowledge(id, { user: 'ana', note: 'mine' }, done));
  expect((await promised((done) => sdk.alertV2.get(id, done))).data.acknowledged).toBe(true);
  await promised((done) => sdk.alertV2.addNote(id, { note: 'looking' }, done));
  const closed = await promised((done) => sdk.alertV2.close(id, { note: 'done' }, done));
  expect(await send(world, 'GET', `/v2/alerts/requests/${closed.requestId}`, undefined, 200, genie)).toMatchObject({
    data: { success: true, action: 'Close', status: 'Closed alert', alertId: data.id },
  });
  expect(await openKeys(world)).toEqual([]);
  const { items } = await world.call<{ items: { text: string; actor: string }[] }>('GET', '/api/journal?type=alert.note');
  expect(items.map((entry) => entry.text)).toEqual(['done', 'looking', 'mine']);
  expect(items.at(-1)?.actor).toBe('ana');
});

test('opsgenie-sdk pings a heartbeat, known or not', async () => {
  const world = await server();
  sdk.configure({ api_key: KEY, host: world.url, maxAttempts: 1 });
  await world.call('PUT', '/api/heartbeats/hb1', { integration: 'tool', interval_seconds: 60 });
  for (const identifier of ['hb1', 'nobody']) {
    const answer = await promised((done) => sdk.heartbeat.ping({ identifier }, {}, done));
    expect(answer.result).toBe('PONG - Heartbeat received');
  }
  expect(await world.call('GET', '/api/heartbeats/hb1')).toMatchObject({ state: 'healthy' });
  expect((await refused(world)).map((one) => one.reason)).toEqual(['there is no heartbeat named nobody']);
});

test('an alias with slashes and spaces is found at once, encoded or not, with a slash at the end or not', async () => {
  const world = await server();
  const create = (alias: string) => send(world, 'POST', '/v2/alerts/', { message: 'm', alias }, 202, genie);
  const paths: [alias: string, path: string][] = [
    ['a/b c', 'a%2Fb%20c'],
    ['x/y', 'x/y'],
    ['plain', 'plain/'],
    ['100%', '100%25'],
    ['what?#', 'what%3F%23'],
    ['c:d', 'c:d'],
    ['über/é', encodeURIComponent('über/é')],
    ['db/close', 'db%2Fclose'],
  ];
  for (const [alias, path] of paths) {
    await create(alias);
    const found = await send(world, 'GET', `/v2/alerts/${path}?identifierType=alias`, undefined, 200, genie);
    expect(found).toMatchObject({ data: { alias, status: 'open' } });
    await send(world, 'POST', `/v2/alerts/${path.replace(/\/$/, '')}/close/?identifierType=alias`, { source: 'x' }, 202, genie);
  }
  expect(await openKeys(world)).toEqual([]);
});

test('everything that can be done to an alert', async () => {
  const world = await inProcess();
  await world.call('PUT', '/api/people/ana', { display_name: 'Ana', email: 'ana@example.com', role: 'responder' });
  await send(world, 'POST', '/v2/alerts', { message: 'm', alias: 'k', tags: ['a'], details: { x: '1', y: '2' } }, 202, genie);
  const get = () => send<{ data: object }>(world, 'GET', '/v2/alerts/k?identifierType=alias', undefined, 200, genie);
  const act = async (method: string, action: string, body: unknown, success = true) => {
    const at = action === '' ? '' : `/${action}`;
    const [path, query] = at.split('?');
    const { requestId } = await send(
      world,
      method,
      `/v2/alerts/k${path}?identifierType=alias${query ? `&${query}` : ''}`,
      body,
      202,
      genie,
    );
    const { data } = await send<{ data: { success: boolean; status: string } }>(
      world,
      'GET',
      `/v2/alerts/requests/${requestId}`,
      undefined,
      200,
      genie,
    );
    expect(data.success, `${action}: ${data.status}`).toBe(success);
    return data.status;
  };
  const incident = async () => world.call('GET', `/api/incidents/${(await alerts(world))[0]?.incident}`);

  await act('POST', 'tags', { tags: ['b', 'a'] });
  await act('DELETE', 'tags?tags=a', undefined);
  await act('POST', 'details', { details: { z: '3' } });
  await act('DELETE', 'details?keys=x', undefined);
  await act('PUT', 'priority', { priority: 'P1' });
  await act('PUT', 'message', { message: 'new' });
  await act('PUT', 'description', { description: 'long' });
  await act('POST', 'actions/restart', {});
  expect((await get()).data).toMatchObject({
    tags: ['b'],
    details: { y: '2', z: '3' },
    priority: 'P1',
    message: 'new',
    description: 'long',
  });

  await act('POST', 'acknowledge', {});
  expect(await act('POST', 'acknowledge', {}, false)).toBe('Alert is already acknowledged');
  expect(await incident()).toMatchObject({ status: 'acknowledged' });
  await act('POST', 'unacknowledge', {});
  expect(await incident()).toMatchObject({ status: 'triage' });
  await act('POST', 'snooze', { endTime: '2026-11-21T04:00:00Z' });
  expect(await incident()).toMatchObject({ status: 'acknowledged', snoozed_until: '2026-11-21T04:00:00Z' });
  expect((await get()).data).toMatchObject({ snoozed: true, snoozedUntil: '2026-11-21T04:00:00.000Z' });
  await act('POST', 'assign', { owner: { username: 'ana@example.com' } });
  expect(await incident()).toMatchObject({ status: 'triage', assignees: ['ana'] });
  await act('POST', 'escalate', { escalation: { name: 'any' } });
  await act('POST', 'responders', { responder: { type: 'user', username: 'ana' } });
  expect(await act('POST', 'assign', { owner: { username: 'nobody' } }, false)).toBe('User nobody not found');
  expect(await act('POST', 'teams', { team: { name: 'nobody' } }, false)).toBe('Nobody is behind the team nobody');

  await act('POST', 'close', {});
  expect(await act('POST', 'close', {}, false)).toBe('Alert is already closed');
  await act('DELETE', '', undefined);
  expect(await alerts(world)).toEqual([]);
  expect(await act('POST', 'close', {}, false)).toBe('There is no open alert with this identifier');
});

test('the answers and errors of the alert API, with its headers', async () => {
  const world = await inProcess();
  const table: [method: string, path: string, body: unknown, status: number, answer: object][] = [
    ['POST', '/v2/alerts', '{', 400, { message: 'Request body is not a valid JSON object.' }],
    ['POST', '/v2/alerts', {}, 422, { errors: { message: 'Message can not be empty.' } }],
    ['GET', '/v2/alerts/nobody?identifierType=alias', undefined, 404, { message: 'Alert not found' }],
    ['GET', '/v2/alerts/not-a-uuid', undefined, 404, { message: 'Alert not found' }],
    ['GET', '/v2/alerts/x?identifierType=name', undefined, 422, { errors: { identifierType: expect.any(String) } }],
    ['POST', '/v2/alerts/nobody/close?identifierType=alias', undefined, 202, { result: 'Request will be processed' }],
    ['POST', '/v2/alerts/nobody/dance?identifierType=alias', {}, 404, { message: 'No such action on an alert.' }],
    ['GET', '/v2/alerts?query=status%3Awrong', undefined, 422, { errors: { query: expect.any(String) } }],
    ['GET', '/v2/alerts/count', undefined, 200, { data: { count: 0 } }],
  ];
  for (const [method, path, body, status, answer] of table) {
    const response = await world.request(method, path, body, genie);
    const said = (await response.json()) as { requestId: string };
    expect(response.status, path).toBe(status);
    expect(said).toMatchObject({ ...answer, took: expect.any(Number) });
    expect(response.headers.get('x-request-id')).toBe(said.requestId);
    for (const name of ['x-response-time', 'x-ratelimit-state', 'x-ratelimit-reason', 'x-ratelimit-period-in-sec'])
      expect(response.headers.get(name), name).toBeTruthy();
  }
  const pending = await world.request('GET', '/v2/alerts/requests/0198a6a4-0000-7000-8000-000000000000', undefined, genie);
  expect([pending.status, pending.headers.get('x-opsgenie-errortype')]).toEqual([404, 'RequestNotProcessed']);
  expect(await send(world, 'POST', '/v2/alerts', { message: 'm' }, 401)).toMatchObject({ message: 'Could not authenticate' });
  await send(world, 'POST', '/v2/alerts', { message: 'm' }, 401, { authorization: 'GenieKey wrong-wrong' });
  expect((await unknownKeys(world)).map((one) => one.reason)).toEqual([
    'no integration has the key wron…',
    'the request has no key',
  ]);
  await send(world, 'POST', `/v2/alerts?apiKey=${KEY}`, { message: 'by query' }, 202);
  await send(world, 'POST', '/v2/alerts', { message: 'by body', apiKey: KEY }, 202);
});

test('a list is searched, sorted and paged', async () => {
  const world = await inProcess();
  for (const alias of ['c', 'a', 'd', 'b', 'e'])
    await send(world, 'POST', '/v2/alerts', { message: `disk ${alias}`, alias, tags: alias === 'a' ? ['db'] : [] }, 202, genie);
  await send(world, 'POST', '/v2/alerts/d/close?identifierType=alias', {}, 202, genie);
  const aliases = async (query: string) => {
    const answer = await send<{ data: { alias: string }[]; paging: Record<string, string> }>(
      world,
      'GET',
      `/v2/alerts?${query}`,
      undefined,
      200,
      genie,
    );
    return { list: answer.data.map((one) => one.alias).join(''), paging: answer.paging };
  };
  const table: [query: string, expected: string][] = [
    ['sort=alias&order=asc', 'abcde'],
    ['sort=alias&order=desc', 'edcba'],
    ['query=status%3Aopen&sort=alias&order=asc', 'abce'],
    ['query=status%3Dclosed', 'd'],
    ['query=tag%3Adb', 'a'],
    ['query=status%3A%20open%20AND%20alias%3A%22c%22', 'c'],
    ['query=%22disk%20b%22', 'b'],
    ['query=nothing', ''],
    ['sort=nonsense&order=asc', 'cadbe'],
  ];
  for (const [query, expected] of table) expect((await aliases(query)).list, query).toBe(expected);
  const page = await aliases('sort=alias&order=asc&limit=2&offset=2');
  expect(page.list).toBe('cd');
  expect(Object.keys(page.paging).sort()).toEqual(['first', 'last', 'next', 'prev']);
  expect((await aliases(page.paging.next?.split('?')[1] ?? '')).list).toBe('e');
  expect((await aliases(page.paging.last?.split('?')[1] ?? '')).list).toBe('e');
  expect(await send(world, 'GET', '/v2/alerts/count?query=status%3Aopen', undefined, 200, genie)).toMatchObject({
    data: { count: 4 },
  });
});
