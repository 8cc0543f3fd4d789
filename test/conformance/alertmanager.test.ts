import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { debianToolTests } from './debian-tools.ts';
import { alerts, inProcess, KEY, openKeys, refused, send } from './support.ts';

type Firing = { name: string; status?: string; startsAt?: string };
const group = (...list: Firing[]) => ({
  version: '4',
  groupKey: '{}:{}',
  status: list.some((one) => one.status !== 'resolved') ? 'firing' : 'resolved',
  receiver: 'all',
  truncatedAlerts: 0,
  alerts: list.map(({ name, status = 'firing', startsAt = '2026-11-21T03:11:20Z' }) => ({
    status,
    labels: { alertname: name },
    annotations: {},
    startsAt,
    endsAt: status === 'resolved' ? '2026-11-21T03:11:50Z' : '0001-01-01T00:00:00Z',
    generatorURL: 'http://prom/graph',
    fingerprint: name,
  })),
});
const HOOK = `/hooks/alertmanager/${KEY}`;

test('a group may hold any number of alerts, firing and resolved, none, or some that are broken', async () => {
  const world = await inProcess();
  const many = Array.from({ length: 25 }, (_, index) => ({ name: `n${String(index).padStart(2, '0')}` }));
  expect(await send(world, 'POST', HOOK, group(...many), 200)).toEqual({ status: 'ok', accepted: 25 });
  expect(await openKeys(world)).toHaveLength(25);
  expect(new Set((await alerts(world)).map((alert) => alert.incident)).size).toBe(1);

  const mixed = many.map((one, index) => ({ ...one, ...(index < 24 ? { status: 'resolved' } : {}) }));
  await send(world, 'POST', HOOK, group(...mixed), 200);
  expect(await openKeys(world)).toEqual(['n24']);

  expect(await send(world, 'POST', `${HOOK}/`, group(), 200)).toMatchObject({ accepted: 0 });
  expect(await send(world, 'PUT', HOOK, { ...group({ name: 'cut' }), truncatedAlerts: 7 }, 200)).toMatchObject({ accepted: 1 });
  const half = { ...group({ name: 'good' }), alerts: [null, 'x', {}, ...group({ name: 'good' }).alerts] };
  expect(await send(world, 'POST', HOOK, half, 200)).toMatchObject({ accepted: 1 });
  expect(await openKeys(world)).toEqual(['n24', 'cut', 'good']);
});

test('two Alertmanagers of a pair, posts twice and out of order: one alert, one page, no ghost', async () => {
  const world = await inProcess();
  const first = group({ name: 'a' });
  await Promise.all([send(world, 'POST', HOOK, first, 200), send(world, 'POST', HOOK, first, 200)]);
  await send(world, 'POST', HOOK, first, 200);
  expect((await alerts(world)).map(({ status, count }) => [status, count])).toEqual([['open', 3]]);

  await send(world, 'POST', HOOK, group({ name: 'a', status: 'resolved' }), 200);
  await send(world, 'POST', HOOK, group({ name: 'a', status: 'resolved' }), 200);
  // The other one's late copy of the firing post.
  await send(world, 'POST', HOOK, first, 200);
  expect(await openKeys(world)).toEqual([]);

  await send(world, 'POST', HOOK, group({ name: 'a', startsAt: '2026-11-21T03:12:30Z' }), 200);
  // And a late copy of the resolve of the occurrence before.
  await send(world, 'POST', HOOK, group({ name: 'a', status: 'resolved' }), 200);
  expect(await openKeys(world)).toEqual(['a']);
  expect(await alerts(world)).toHaveLength(2);
});

test("Grafana's signature is checked over the bytes as they came, with or without a timestamp", async () => {
  const world = await inProcess();
  const secret = 'a secret';
  await world.call('PUT', '/api/integrations/grafana', {
    service: 'shop',
    kind: 'grafana',
    key: 'g'.repeat(32),
    hmac_secret: secret,
  });
  const body = `  ${JSON.stringify(group({ name: 'signed' }))}\n`;
  const signed = (text: string) => createHmac('sha256', secret).update(text).digest('hex');
  const path = `/hooks/grafana/${'g'.repeat(32)}`;
  const header = 'x-grafana-alerting-signature';
  await send(world, 'POST', path, body, 200, { [header]: signed(body) });
  await send(world, 'POST', path, body, 200, { [header]: signed(`1795230720:${body}`), 'x-signed-at': '1795230720' });
  for (const wrong of [
    {},
    { [header]: 'zz' },
    { [header]: signed(body.trim()) },
    { [header]: signed(`1:${body}`), 'x-signed-at': '1795230720' },
  ])
    await send(world, 'POST', path, body, 401, wrong as Record<string, string>);
  const { items } = await world.call<{ items: { reason: string }[] }>('GET', '/api/integrations/grafana/refused');
  expect(items.map((one) => one.reason.includes('ignature'))).toEqual([true, true, true, true]);
  expect(JSON.stringify(items)).not.toContain(secret);
  expect(await world.call('GET', '/api/integrations/grafana')).toMatchObject({ hmac_secret: secret });
  expect((await alerts(world)).map((alert) => alert.count)).toEqual([2]);
});

const AM = `/alertmanager/${KEY}`;
const post = (name: string, more: object = {}) => [
  { labels: { alertname: name, job: 'x' }, annotations: { summary: 's' }, ...more },
];

test('an alert that Prometheus stops sending resolves when its end has come, and not before', async () => {
  const world = await inProcess();
  const at = (seconds: number) => world.now().add({ seconds }).toString();
  await send(world, 'POST', `${AM}/api/v2/alerts`, post('a', { startsAt: at(0), endsAt: at(240) }), 200);
  await world.fastForward('3m');
  await send(world, 'POST', `${AM}/api/v2/alerts`, post('a', { startsAt: at(-180), endsAt: at(240) }), 200);
  await world.fastForward('3m');
  expect(await openKeys(world)).toHaveLength(1);
  await world.fastForward('2m');
  expect(await openKeys(world)).toEqual([]);
  await send(world, 'POST', `${AM}/api/v2/alerts`, post('b'), 200);
  await send(world, 'POST', `${AM}/api/v2/alerts`, post('b', { endsAt: at(-1) }), 200);
  expect(await openKeys(world)).toEqual([]);
});

type Gettable = { labels: Record<string, string>; status: { state: string; silencedBy: string[] }; fingerprint: string };
test('the Alertmanager API as amtool reads it', async () => {
  const world = await inProcess();
  for (const probe of ['/-/healthy', '/-/ready']) expect(await send(world, 'GET', `${AM}${probe}`, undefined, 200)).toBe('OK');
  expect(await send(world, 'GET', `${AM}/api/v2/status`, undefined, 200)).toMatchObject({
    cluster: { status: 'disabled' },
    versionInfo: { version: expect.any(String), goVersion: expect.any(String) },
    config: { original: expect.any(String) },
    uptime: expect.any(String),
  });
  expect(await send(world, 'GET', `${AM}/api/v2/receivers`, undefined, 200)).toEqual([{ name: 'shop' }]);

  const endsAt = world.now().add({ hours: 2 }).toString();
  const silence = {
    comment: 'x',
    createdBy: 'root',
    startsAt: world.now().toString(),
    endsAt,
    matchers: [{ name: 'alertname', value: 'b.*', isRegex: true, isEqual: true }],
  };
  const { silenceID } = await send(world, 'POST', `${AM}/api/v2/silences`, silence, 200);
  for (const name of ['a', 'b1']) await send(world, 'POST', `${AM}/api/v2/alerts/`, post(name, { endsAt }), 200);

  const names = async (query: string) =>
    (await send<Gettable[]>(world, 'GET', `${AM}/api/v2/alerts?${query}`, undefined, 200)).map((one) => one.labels.alertname);
  const table: [query: string, expected: string[]][] = [
    ['', ['a', 'b1']],
    ['silenced=false', ['a']],
    ['active=false', ['b1']],
    ['active=true&inhibited=false&silenced=false&unprocessed=false', ['a']],
    [`filter=${encodeURIComponent('alertname="a"')}`, ['a']],
    [`filter=${encodeURIComponent('alertname=~"b.*"')}&filter=${encodeURIComponent('job=x')}`, ['b1']],
    [`filter=${encodeURIComponent('{alertname!~"b.+"}')}`, ['a']],
    ['receiver=sh.*', ['a', 'b1']],
    ['receiver=other', []],
  ];
  for (const [query, expected] of table) expect(await names(query), query).toEqual(expected);
  await send(world, 'GET', `${AM}/api/v2/alerts?filter=%22`, undefined, 400);
  await send(world, 'GET', `${AM}/api/v2/alerts?receiver=(`, undefined, 400);

  const all = await send<Gettable[]>(world, 'GET', `${AM}/api/v2/alerts`, undefined, 200);
  expect(all.map((one) => one.status)).toMatchObject([
    { state: 'active', silencedBy: [] },
    { state: 'suppressed', silencedBy: [silenceID] },
  ]);
  const groups = await send<{ alerts: Gettable[]; receiver: object }[]>(
    world,
    'GET',
    `${AM}/api/v2/alerts/groups`,
    undefined,
    200,
  );
  expect(groups.map((one) => [one.receiver, one.alerts.length])).toEqual([[{ name: 'shop' }, 2]]);

  const shown = await send(world, 'GET', `${AM}/api/v2/silence/${silenceID}`, undefined, 200);
  expect(shown).toMatchObject({
    id: silenceID,
    status: { state: 'active' },
    createdBy: 'root',
    comment: 'x',
    matchers: silence.matchers,
  });
  expect(
    await send(world, 'GET', `${AM}/api/v2/silences?filter=${encodeURIComponent('alertname=~"b.*"')}`, undefined, 200),
  ).toHaveLength(1);
  expect(await send(world, 'GET', `${AM}/api/v2/silences?filter=${encodeURIComponent('alertname="b"')}`, undefined, 200)).toEqual(
    [],
  );
  const replaced = await send(world, 'POST', `${AM}/api/v2/silences`, { ...silence, id: silenceID, comment: 'longer' }, 200);
  await send(world, 'DELETE', `${AM}/api/v2/silence/${replaced.silenceID}`, undefined, 200);
  const states = (await send<{ status: { state: string } }[]>(world, 'GET', `${AM}/api/v2/silences`, undefined, 200)).map(
    (one) => one.status.state,
  );
  expect(states).toEqual(['expired', 'expired']);
  await world.settle();
  // Nothing hides it any more.
  expect(await names('silenced=false')).toEqual(['a', 'b1']);
});

test('wrong silences, and silences that are not this key’s to end', async () => {
  const world = await inProcess();
  const good = {
    comment: 'x',
    createdBy: 'root',
    startsAt: '2026-11-21T03:12:00Z',
    endsAt: '2026-11-21T04:12:00Z',
    matchers: [{ name: 'a', value: 'b', isRegex: false }],
  };
  const table: [body: unknown, status: number][] = [
    ['[]', 400],
    [{ ...good, comment: '' }, 422],
    [{ ...good, matchers: [] }, 422],
    [{ ...good, matchers: [{ name: 'a' }] }, 400],
    [{ ...good, matchers: [{ name: 'a', value: '(', isRegex: true }] }, 400],
    [{ ...good, matchers: [{ name: 'a', value: '', isRegex: false }] }, 400],
    [{ ...good, matchers: [{ name: 'a', value: '.*', isRegex: true }] }, 400],
    [{ ...good, matchers: [{ name: 'a', value: 'b', isRegex: false, isEqual: false }] }, 400],
    [{ ...good, matchers: [{ name: 'a', value: 'b|', isRegex: true }] }, 400],
    [{ ...good, endsAt: '2026-11-21T03:00:00Z' }, 400],
    [{ ...good, endsAt: 'tomorrow' }, 400],
    [{ ...good, id: '0198a6a4-0000-7000-8000-000000000000' }, 404],
    [good, 200],
  ];
  for (const [body, status] of table) await send(world, 'POST', `${AM}/api/v2/silences`, body, status);
  expect(await refused(world)).toHaveLength(12);

  const everywhere = await world.call('POST', '/api/silences', {
    comment: 'all',
    matchers: [{ name: 'job', value: 'x' }],
    ends_at: '2026-11-21T05:00:00Z',
  });
  await send(world, 'DELETE', `${AM}/api/v2/silence/${everywhere.id}`, undefined, 403);
  await send(world, 'GET', `${AM}/api/v2/silence/${everywhere.id}`, undefined, 200);
  await send(world, 'DELETE', `${AM}/api/v2/silence/0198a6a4-0000-7000-8000-000000000000`, undefined, 404);
  await send(world, 'DELETE', `${AM}/api/v2/silence/x`, undefined, 422);
});

const installed = (program: string): boolean =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)));
if (['amtool', 'prometheus', 'prometheus-alertmanager'].every(installed)) debianToolTests();
