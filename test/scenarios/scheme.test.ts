import { expect, test } from 'vitest';
import { startWorld } from '../harness.ts';

type Level = { level: string; response_seconds?: number; update_every_business_days?: number };

test('levels of severity are kept in order, their words become numbers, and the audit log says what changed', async () => {
  const { call, request } = await startWorld();
  expect(await call('GET', '/api/severities')).toEqual({ items: [] });
  const items = [
    { level: 'SEV-1', name: 'Critical', response_time: '5 minutes' },
    { level: 'SEV-2', response_time: '15 minutes', communication: 'whenever somebody asks' },
  ];
  await call('PUT', '/api/severities', { items });
  const { items: kept } = await call<{ items: Level[] }>('GET', '/api/severities');
  expect(kept.map((one) => [one.level, one.response_seconds])).toEqual([
    ['SEV-1', 300],
    ['SEV-2', 900],
  ]);
  await call('PUT', '/api/severities', { items: [items[1], { ...items[0], name: 'Worst' }] });
  const { items: log } = await call<{ items: { data: { changes: object[] } }[] }>('GET', '/api/journal?type=severities.');
  expect(log[0]?.data.changes).toEqual([
    { field: 'severities.SEV-1.called', before: 'Critical', after: 'Worst' },
    { field: 'severities.order', before: ['SEV-1', 'SEV-2'], after: ['SEV-2', 'SEV-1'] },
  ]);
  const { text } = await call<{ text: string }>('GET', '/api/process/export');
  expect(text).toMatch(/level: SEV-2[\s\S]*level: SEV-1/);
  for (const [wrong, field] of [
    [[{ level: 'SEV-1' }, { level: 'sev-1' }], 'items.1.level'],
    [[{ level: '' }], 'items.0.level'],
    [[{ level: 'SEV-1', response_time: '5 minutes', response_seconds: 60 }], 'items.0.response_seconds'],
  ] as const) {
    const refused = await request('PUT', '/api/severities', { items: wrong });
    expect([refused.status, ((await refused.json()) as { field: string }).field]).toEqual([422, field]);
  }
});

test('roles in an incident are kept, a lost update is refused, and an empty list empties', async () => {
  const { call, request } = await startWorld();
  await call('PUT', '/api/incident-roles', {
    items: [{ name: 'scribe', responsibilities: ['Timeline'], who: 'whoever is free' }],
  });
  const tag = (await request('GET', '/api/incident-roles')).headers.get('etag') ?? '';
  await call('PUT', '/api/incident-roles', { items: [{ name: 'scribe' }, { name: 'commander' }] });
  const late = await request('PUT', '/api/incident-roles', { items: [] }, { 'if-match': tag });
  expect(late.status).toBe(412);
  await call('PUT', '/api/incident-roles', { items: [] });
  expect(await call('GET', '/api/incident-roles')).toEqual({ items: [] });
});
