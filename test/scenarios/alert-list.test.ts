import { expect, test } from 'vitest';
import type { z } from 'zod';
import type { alertCounts, alertLabels } from '../../src/contract/alerts.ts';
import { type Alert, aTeam } from './world.ts';

type Page = { items: Alert[]; next: string | null };
const keysOf = (page: Page) => page.items.map((one) => one.dedup_key).join('');

/** Four alerts: a and b of `db`, c and d of `web`; b is resolved. */
const aWorld = async () => {
  const w = await aTeam({ ana: { by: ['sms'] } });
  await w.saveService('web', { escalation_policy: 'turns' });
  await w.alertFires('a', { severity: 'critical', summary: 'Disk is 100%_full', labels: { env: 'prod', host: 'db-1' } });
  await w.alertFires('b', { severity: 'warning', labels: { env: 'staging', host: 'db-2:5432' } });
  await w.alertResolves('b');
  await w.fastForward('1h');
  await w.alertFires('c', { service: 'web', severity: 'error', labels: { env: 'prod' } });
  await w.alertFires('d', { service: 'web', severity: 'critical', labels: { env: 'prod', host: 'web-1' } });
  w.ignoreMessages();
  return w;
};

test('each filter finds what it says, alone and together', async () => {
  const w = await aWorld();
  for (const [query, found] of [
    ['', 'dcba'],
    ['status=open', 'dca'],
    ['status=resolved', 'b'],
    ['service=db', 'ba'],
    ['service=nobody', ''],
    ['integration=web-monitor', 'dc'],
    ['severity=critical', 'da'],
    ['disposition=silenced', ''],
    ['label=env:prod', 'dca'],
    ['label=env:prod&label=host:db-1', 'a'],
    ['label=host:db-2:5432', 'b'],
    ['label=env:prod&label=env:staging', ''],
    ['q=100%25_FULL', 'a'],
    ['q=is%20wrong&service=web', 'dc'],
    ['since=2026-03-02T12:30:00Z', 'dc'],
    ['until=2026-03-02T12:30:00Z', 'ba'],
    ['sort=first_seen', 'abcd'],
    ['sort=-severity', 'dacb'],
    ['sort=severity', 'bcad'],
  ] as const)
    expect([query, keysOf(await w.call<Page>('GET', `/api/alerts?${query}`))]).toEqual([query, found]);
  for (const [query, field] of [
    ['label=env', 'label'],
    ['status=open&status=resolved', 'status'],
    ['cursor=x', 'cursor'],
    ['sort=-severity&cursor=0190aaaa-0000-7000-8000-000000000000', 'cursor'],
    ['by=colour', undefined],
  ] as const) {
    const path = query.startsWith('by') ? '/api/alerts/counts' : '/api/alerts';
    const response = await w.request('GET', `${path}?${query}`);
    expect([query, response.status, ((await response.json()) as { field?: string }).field]).toEqual([query, 422, field ?? 'by']);
  }
});

test('every sort goes through open and resolved ones, page by page, each once', async () => {
  const w = await aWorld();
  for (const [sort, order] of Object.entries({
    '-first_seen': 'dcba',
    first_seen: 'abcd',
    '-severity': 'dacb',
    severity: 'bcad',
  }))
    for (const limit of [1, 2, 3]) {
      let seen = '';
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: Page = await w.call('GET', `/api/alerts?sort=${sort}&limit=${limit}${cursor && `&cursor=${cursor}`}`);
        seen += keysOf(page);
        cursor = page.next;
      }
      expect([sort, limit, seen]).toEqual([sort, limit, order]);
    }
});

test('counts by a field or a label, and labels to choose from', async () => {
  const w = await aWorld();
  const counts = (query: string) => w.call<z.infer<typeof alertCounts>>('GET', `/api/alerts/counts?${query}`);
  expect(await counts('by=service')).toEqual({
    items: [
      { value: 'db', count: 2 },
      { value: 'web', count: 2 },
    ],
    total: 4,
    more: 0,
  });
  expect((await counts('by=severity&status=open')).items).toEqual([
    { value: 'critical', count: 2 },
    { value: 'error', count: 1 },
  ]);
  expect((await counts('by=integration&label=env:prod')).items).toEqual([
    { value: 'web-monitor', count: 2 },
    { value: 'db-monitor', count: 1 },
  ]);
  expect((await counts('by=disposition')).items).toEqual([{ value: 'incident', count: 4 }]);
  expect((await counts('by=label:host&status=open')).items).toEqual([
    { value: 'db-1', count: 1 },
    { value: 'web-1', count: 1 },
    { value: null, count: 1 },
  ]);
  const labels = await w.call<z.infer<typeof alertLabels>>('GET', '/api/alerts/labels?status=open');
  expect(labels.looked_at).toBe(3);
  expect(labels.items.find((one) => one.name === 'env')).toEqual({
    name: 'env',
    count: 3,
    values: [{ value: 'prod', count: 3 }],
  });
});

test('the history of an alert: earlier ones with its key, and what was decided', async () => {
  const w = await aTeam({ ana: { by: ['sms'] } });
  for (const minutes of ['1m', '1m', '1m']) {
    await w.alertFires('disk');
    await w.alertResolves('disk');
    await w.fastForward(minutes);
  }
  await w.alertFires('other');
  w.ignoreMessages();
  const [newest, middle, oldest] = (await w.alerts()).filter((one) => one.dedup_key === 'disk');
  const history = await w.call<Page>('GET', `/api/alerts/${newest?.id}/history?limit=1`);
  expect(history.items.map((one) => one.id)).toEqual([middle?.id]);
  const rest = await w.call<Page>('GET', `/api/alerts/${newest?.id}/history?cursor=${history.next}`);
  expect(rest.items.map((one) => one.id)).toEqual([oldest?.id]);
  expect(rest.items[0]?.decisions).toEqual(expect.arrayContaining([expect.objectContaining({ step: 'grouping' })]));
  expect((await w.request('GET', '/api/alerts/0190aaaa-0000-7000-8000-000000000000/history')).status).toBe(404);
});
