import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { startWorld, type World } from '../harness.ts';
import { aTeam } from './world.ts';

type Fate = { result: string; service: string; severity: string; urgency: string | null };
type Examples = { count: number; items: { summary: string; rule: string; before: Fate; after: Fate }[] };
type Report = {
  alerts: number;
  actual_incidents: number;
  before: Record<string, number>;
  after: Record<string, number>;
  added: Examples;
  removed: Examples;
  changed: Examples;
};
const BY = { by: ['sms' as const] };

describe('rules, before they are saved', () => {
  const noisy = async () => {
    const team = await aTeam({ ana: BY }, { service: { grouping: { window_seconds: 0 } } });
    await team.alertFires('disk', { severity: 'critical', labels: { host: 'db-1' } });
    await team.fastForward('1m');
    await team.alertFires('test', { severity: 'critical', labels: { host: 'lab-1' } });
    await team.fastForward('1m');
    await team.alertFires('cpu', { severity: 'warning', labels: { host: 'db-2' } });
    team.ignoreMessages();
    return team;
  };

  test('what pages now and would not, and the other way round', async () => {
    const team = await noisy();
    const rules = [
      { name: 'lab', when: { name: 'host', op: '=~', value: 'lab-.*' }, drop: 'the lab pages nobody' },
      { name: 'worse', when: { name: 'host', value: 'db-2' }, set: { severity: 'critical' } },
    ];
    const report = await team.call<Report>('POST', '/api/routing/back-test', { rules });
    expect(report).toMatchObject({
      alerts: 3,
      actual_incidents: 3,
      before: { incidents: 3, high: 2, dropped: 0 },
      after: { incidents: 2, high: 2, dropped: 1 },
      added: { count: 0 },
      removed: {
        count: 1,
        items: [
          {
            summary: 'test is wrong',
            rule: expect.stringContaining('rule lab: host=~"lab-.*"; the lab pages nobody'),
            before: { result: 'opens', urgency: 'high' },
            after: { result: 'dropped', urgency: null },
          },
        ],
      },
      changed: {
        count: 1,
        items: [{ summary: 'cpu is wrong', before: { urgency: 'low' }, after: { urgency: 'high', severity: 'critical' } }],
      },
    });
    // Saved, the same rules change nothing any more; without them the lab would page again.
    await team.call('PUT', '/api/routing', { items: rules });
    expect(await team.call('POST', '/api/routing/back-test', {})).toMatchObject({ removed: { count: 0 }, added: { count: 0 } });
    const without = await team.call<Report>('POST', '/api/routing/back-test', { rules: [] });
    expect(without.added).toMatchObject({ count: 1, items: [{ summary: 'test is wrong' }] });
  });

  test('an alert is asked about rule by rule, with the test that failed', async () => {
    const team = await noisy();
    const [newest] = await team.alerts();
    const rules = [
      {
        name: 'lab',
        when: {
          all: [
            { name: 'severity', value: 'warning' },
            { name: 'host', op: '=~', value: 'lab-.*' },
          ],
        },
        drop: 'x',
      },
      {
        name: 'mark',
        when: { name: 'host', value: 'db-2' },
        set: { labels: { tier: 'data' }, severity: 'critical' },
        stop: true,
      },
      { name: 'late', when: { name: 'tier', value: 'data' }, drop: 'never asked' },
    ];
    const seen = await team.call('POST', '/api/routing/test', { rules, alert: newest?.id });
    expect(seen).toMatchObject({
      alerts: [
        {
          rules: [
            { rule: 'lab', asked: true, matched: false, why: 'host=~"lab-.*" fails: it is "db-2"' },
            { rule: 'mark', asked: true, matched: true, why: 'host="db-2"' },
            { rule: 'late', asked: false, matched: false },
          ],
          service: 'db',
          severity: 'critical',
          urgency: 'high',
          labels: { tier: 'data' },
          dropped: null,
          would_page: [{ step: 1, people: [{ name: 'ana' }] }],
        },
      ],
    });
    const payload = { summary: 'lab', severity: 'warning', host: 'lab-7' };
    expect(await team.call('POST', '/api/routing/test', { rules, integration: 'db-monitor', payload })).toMatchObject({
      alerts: [{ dropped: 'x', urgency: null, would_page: [] }],
    });
    expect((await team.call<{ items: unknown[] }>('GET', '/api/routing')).items).toEqual([]);
  });
});

test('a grouping, before it is saved', async () => {
  const team = await aTeam({ ana: BY }, { service: { grouping: { window_seconds: 300 } } });
  await team.saveService('web');
  for (const [key, host, wait] of [
    ['a', 'one', '1m'],
    ['b', 'two', '1m'],
    ['c', 'one', '10m'],
    ['d', 'one', '1m'],
  ] as const) {
    await team.alertFires(key, { labels: { host } });
    await team.fastForward(wait);
  }
  await team.arrive([{ key: 'else' }], 'web');
  team.ignoreMessages();
  const by = (grouping: object) => team.call<Report>('POST', '/api/services/db/back-test', { grouping });
  const report = await by({ by: ['host'], window_seconds: 300 });
  expect(report).toMatchObject({
    alerts: 4,
    actual_incidents: 2,
    before: { incidents: 2, joined: 2 },
    after: { incidents: 3, joined: 1 },
  });
  expect(report.added).toMatchObject({ count: 1, items: [{ summary: 'b is wrong' }] });
  expect((await by({ window_seconds: 3600 })).after).toMatchObject({ incidents: 1 });
  expect((await by({ window_seconds: 0 })).after).toMatchObject({ incidents: 4 });
  const both = await team.call<Report>('POST', '/api/routing/back-test', { grouping: { db: { window_seconds: 3600 } } });
  expect(both).toMatchObject({
    alerts: 5,
    before: { incidents: 3 },
    after: { incidents: 2 },
    removed: { count: 1, items: [{ summary: 'd is wrong' }] },
  });
});

test.each([
  ['/api/routing/back-test', { days: 31 }, 'days'],
  ['/api/routing/back-test', { rules: [{ name: 'a', when: { name: 'x', op: '=~', value: '(' } }] }, 'rules.0.when.value'],
  ['/api/routing/back-test', { rules: [{ name: 'a', set: { service: 'gone' } }] }, 'rules.0.set.service'],
  ['/api/routing/back-test', { grouping: { gone: {} } }, 'grouping.gone'],
  ['/api/routing/test', {}, 'integration'],
  ['/api/routing/test', { integration: 'gone', payload: {} }, 'integration'],
])('%s %j is refused at %s', async (path, body, field) => {
  const { request } = await startWorld();
  const answer = await request('POST', path, body);
  expect([answer.status, await answer.json()]).toEqual([422, expect.objectContaining({ field })]);
});

const many = async (world: World, count: number): Promise<void> => {
  await world.call('PUT', '/api/services/db', { grouping: { by: ['host'], window_seconds: 300 } });
  await world.call('PUT', '/api/integrations/hook', { service: 'db' });
  await world.system((ctx) =>
    sql`insert into alerts (id, integration_id, service_id, dedup_key, status, disposition, decisions, summary, severity, urgency, source, labels, links, images, payload,
        started_at, first_seen, last_seen, resolved_at, resolved_by)
      select uuidv7(), i.id, i.service_id, 'k' || n, 'resolved', 'incident', '[]', 'alert ' || n, 'error', 'high', 'test', jsonb_build_object('host', 'h' || n % 50, 'n', n::text),
        '[]', '[]', '{}', at, at, at, at + interval '2 minutes', 'source'
      from integrations i, generate_series(1, ${count}::int) n, lateral (select ${ctx.now.subtract({ hours: 24 * 29 })}::timestamptz + n * interval '20 seconds' as at) t`.execute(
      ctx.tx,
    ),
  );
};
test('twenty thousand alerts, and others are served meanwhile', async () => {
  const world = await startWorld();
  await many(world, 20_000);
  const rules = Array.from({ length: 20 }, (_, n) => ({
    name: `r${n}`,
    when: { name: 'n', op: '=~', value: `.*${n}7` },
    set: { labels: { [`l${n}`]: 'x' } },
  }));
  let served = 0;
  let done = false;
  const others = async () => {
    for (; !done; served += 1) await world.call('GET', '/api/incidents/counts');
  };
  const asking = others();
  const report = await world.call<Report>('POST', '/api/routing/back-test', { rules });
  done = true;
  await asking;
  expect(report.alerts).toBe(20_000);
  expect((report.before.incidents ?? 0) + (report.before.joined ?? 0)).toBe(20_000);
  expect(served).toBeGreaterThan(5);
}, 120_000);
