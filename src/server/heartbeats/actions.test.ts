import { expect, test } from 'vitest';
import { startWorld } from '../../../test/harness.ts';

const KEY = 'h'.repeat(32);
const world = async () => {
  const made = await startWorld();
  await made.call('PUT', '/api/services/shop', {});
  await made.call('PUT', '/api/services/other', {});
  await made.call('PUT', '/api/integrations/cron', { service: 'shop', key: KEY });
  await made.call('PUT', '/api/integrations/sibling', { service: 'shop', key: 's'.repeat(32) });
  await made.call('PUT', '/api/integrations/stranger', { service: 'other', key: 'o'.repeat(32) });
  const save = (more: object = {}) =>
    made.call('PUT', '/api/heartbeats/backup', { integration: 'cron', interval_seconds: 60, severity: 'critical', ...more });
  await save();
  const ping = async (key = KEY, name = 'backup', method = 'GET') =>
    (await made.request(method, `/hooks/heartbeat/${key}/${name}`)).status;
  const alerts = async () =>
    (await made.call<{ items: { status: string; summary: string; severity: string; dedup_key: string }[] }>('GET', '/api/alerts'))
      .items;
  const state = async () => (await made.call('GET', '/api/heartbeats/backup')).state;
  return { ...made, save, ping, alerts, state };
};

test('late opens one alert, the next ping resolves it, late again opens another', async () => {
  const { ping, alerts, state, fastForward } = await world();
  await fastForward('10m');
  expect([await state(), await alerts()]).toEqual(['waiting', []]);
  for (const method of ['GET', 'POST', 'PUT']) expect(await ping(KEY, 'backup', method)).toBe(202);
  expect(await state()).toBe('healthy');
  await fastForward('1m');
  expect(await alerts()).toEqual([]);
  await fastForward('5m');
  expect(await state()).toBe('overdue');
  expect(await alerts()).toMatchObject([{ status: 'open', severity: 'critical', dedup_key: 'heartbeat:backup' }]);
  expect((await alerts())[0]?.summary).toMatch(/^Heartbeat backup is late: the last ping came at 2026-03-02T12:10:00Z/);
  await ping();
  expect((await alerts()).map((alert) => alert.status)).toEqual(['resolved']);
  for (let minute = 0; minute < 5; minute += 1) {
    await fastForward('50s');
    await ping();
  }
  expect((await alerts()).map((alert) => alert.status)).toEqual(['resolved']);
  await fastForward('3m');
  expect((await alerts()).map((alert) => alert.status)).toEqual(['open', 'resolved']);
});

test('a key of the same service may ping; another’s, and an unknown name, are answered and kept with the reason', async () => {
  const { ping, state, call } = await world();
  expect(await ping('o'.repeat(32))).toBe(202);
  expect(await state()).toBe('waiting');
  expect(await ping('s'.repeat(32))).toBe(202);
  expect(await state()).toBe('healthy');
  expect(await ping(KEY, 'nobody%20here')).toBe(202);
  expect(await ping('x'.repeat(32))).toBe(404);
  const reasons = async (name: string) =>
    (await call<{ items: { reason: string }[] }>('GET', `/api/integrations/${name}/refused`)).items.map((one) => one.reason);
  expect(await reasons('stranger')).toEqual(['heartbeat backup belongs to another service']);
  expect(await reasons('cron')).toEqual(['there is no heartbeat named nobody here']);
});

test('disabled, moved or removed while late: its alert does not stay', async () => {
  const { ping, alerts, save, fastForward, call, state } = await world();
  const late = async () => {
    await ping();
    await fastForward('2m');
  };
  const statuses = async () => (await alerts()).map((alert) => alert.status);
  await late();
  await save({ interval_seconds: 90 });
  expect(await statuses()).toEqual(['open']);
  await save({ enabled: false });
  expect([await statuses(), await state()]).toEqual([['resolved'], 'waiting']);
  await late();
  expect(await statuses()).toEqual(['resolved']);
  await save();
  await late();
  await save({ integration: 'sibling' });
  expect(await statuses()).toEqual(['resolved', 'resolved']);
  await late();
  await call('DELETE', '/api/heartbeats/backup');
  expect(await statuses()).toEqual(['resolved', 'resolved', 'resolved']);
});

test('what it needs cannot be taken from under it', async () => {
  const { request, call } = await world();
  const refusal = async (method: string, path: string, body?: unknown) => {
    const response = await request(method, path, body);
    return [response.status, ((await response.json()) as { detail: string }).detail];
  };
  expect(await refusal('DELETE', '/api/integrations/cron')).toEqual([422, 'heartbeat backup belongs to it: remove that first']);
  expect(await refusal('PUT', '/api/heartbeats/x', { integration: 'none', interval_seconds: 60 })).toEqual([
    422,
    'there is no integration named none',
  ]);
  expect((await refusal('PUT', '/api/heartbeats/x', { integration: 'cron', interval_seconds: 1 }))[0]).toBe(422);
  expect(await refusal('DELETE', '/api/heartbeats/x')).toEqual([404, 'Heartbeat x not found']);
  await call('DELETE', '/api/heartbeats/backup');
  await call('DELETE', '/api/integrations/cron');
});
