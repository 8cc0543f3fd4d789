import { describe, expect, test } from 'vitest';
import { aTeam } from './world.ts';

const BY = { by: ['sms' as const] };
type Shown = { name: string; url: string; key: string; last_event_at: string | null; alerts_24h: number; refused_24h: number };
type Events = {
  accepted: {
    alert: string;
    summary: string;
    payload: Record<string, unknown>;
    decided: string;
    count: number;
    incident: string | null;
  }[];
  refused: { id: string; reason: string; body: string; path: string }[];
};
type Replayed = {
  dry_run: boolean;
  simulated: { alerts: { would_page: unknown[] }[] } | null;
  outcomes: { result: string; alert: string; why: string }[];
};

test('an integration says what it heard, and its address for senders of its kind', async () => {
  const team = await aTeam({ ana: BY });
  await team.alertFires('disk');
  await team.alertFires('disk');
  team.ignoreMessages();
  await team.request('POST', '/hooks/grafana/key-of-db', 'this is not an alert');
  await team.settle();
  const one = await team.call<Shown>('GET', '/api/integrations/db-monitor');
  expect(one).toMatchObject({
    url: `${team.url}/hooks/generic/key-of-db`,
    alerts_24h: 1,
    refused_24h: 1,
    last_event_at: expect.any(String),
  });
  const { token } = await team.call<{ token: string }>('POST', '/api/tokens', { name: 'eyes', role: 'observer' });
  for (const path of [
    '/api/integrations',
    '/api/integrations/db-monitor',
    '/api/integrations/db-monitor/setup',
    '/api/integrations/db-monitor/events',
  ])
    expect(await (await team.request('GET', path, undefined, { authorization: `Bearer ${token}` })).text(), path).not.toContain(
      'key-of-db',
    );
  await team.saveService('web');
  const names = async (query: string) =>
    (await team.call<{ items: Shown[] }>('GET', `/api/integrations${query}`)).items.map((row) => row.name);
  expect(await names('')).toEqual(['db-monitor', 'web-monitor']);
  expect(await names('?q=WEB%20gen')).toEqual(['web-monitor']);
  expect(await names('?service=db')).toEqual(['db-monitor']);
  await team.jump('25h');
  expect(await team.call('GET', '/api/integrations/db-monitor')).toMatchObject({ alerts_24h: 0, refused_24h: 0 });
});

test('set-up for each tool, the one that fits first, address and key filled in', async () => {
  const team = await aTeam({ ana: BY });
  await team.call('PUT', '/api/integrations/graf', { service: 'db', kind: 'grafana', key: 'key-of-grafana' });
  const seen = await team.call<{ key_shown: boolean; tools: { tool: string; fits: boolean; snippet: string }[] }>(
    'GET',
    '/api/integrations/graf/setup',
  );
  expect(seen.key_shown).toBe(true);
  expect(seen.tools[0]).toMatchObject({
    tool: 'grafana',
    fits: true,
    snippet: expect.stringContaining(`url: ${team.url}/hooks/grafana/key-of-grafana`),
  });
  expect(seen.tools.filter((tool) => tool.fits)).toHaveLength(1);
  expect(
    seen.tools.every((tool) => tool.snippet.includes('key-of-grafana') && tool.snippet.includes(new URL(team.url).host)),
  ).toBe(true);
});

test('the inspector shows payloads with decisions, newest first, and what was refused', async () => {
  const team = await aTeam({ ana: BY });
  await team.alertFires('disk', { labels: { host: 'a' } });
  await team.fastForward('1m');
  await team.alertFires('cpu');
  await team.fastForward('1m');
  await team.alertFires('disk', { labels: { host: 'b' } });
  team.ignoreMessages();
  await team.request('POST', '/hooks/grafana/key-of-db', 'this is not an alert');
  const { accepted, refused } = await team.call<Events>('GET', '/api/integrations/db-monitor/events');
  expect(accepted.map((one) => [one.summary, one.count])).toEqual([
    ['disk is wrong', 2],
    ['cpu is wrong', 1],
  ]);
  expect(accepted[0]?.payload).toMatchObject({ host: 'b' });
  expect(accepted[0]?.decided).toMatch(/routing: unchanged .*grouping: opened INC/);
  expect(refused).toMatchObject([{ body: 'this is not an alert', path: 'POST /hooks/grafana/key-…' }]);
});

describe('replay', () => {
  const replay = async (team: Awaited<ReturnType<typeof aTeam>>, body: object, name = 'db-monitor') => {
    const done = await team.call<Replayed>('POST', `/api/integrations/${name}/replay`, body);
    await team.settle();
    return done;
  };
  const payload = { summary: 'disk is full', severity: 'critical', key: 'disk' };

  test('dry, nothing happens; for real, it pages as if it just arrived, and says who did it', async () => {
    const team = await aTeam({ ana: BY });
    const dry = await replay(team, { payload });
    expect(dry).toMatchObject({
      dry_run: true,
      outcomes: [],
      simulated: { alerts: [{ would_page: [{ people: [{ name: 'ana' }] }] }] },
    });
    team.expectNothing();
    expect(await team.alerts()).toEqual([]);
    const done = await replay(team, { payload, dry_run: false });
    expect(done.outcomes).toMatchObject([{ result: 'opened' }]);
    team.expectSms('ana', /disk is full/);
    const again = await replay(team, { alert: done.outcomes[0]?.alert, dry_run: false });
    expect(again.outcomes).toMatchObject([{ result: 'repeated', alert: done.outcomes[0]?.alert }]);
    const { items } = await team.call<{ items: { actor: string; text: string }[] }>(
      'GET',
      '/api/journal?type=integration.replayed',
    );
    expect(items.map((one) => `${one.actor}: ${one.text}`)).toEqual([
      `test: test replays alert ${done.outcomes[0]?.alert} into db-monitor: 1 event`,
      'test: test replays a payload into db-monitor: 1 event',
    ]);
  });

  test('what came with a key nobody has is given to an integration, in the way of its sender', async () => {
    const team = await aTeam({ ana: BY });
    const event = {
      routing_key: 'a-key-nobody-has',
      event_action: 'trigger',
      dedup_key: 'x',
      payload: { summary: 'lost', source: 's', severity: 'critical' },
    };
    expect((await team.request('POST', '/v2/enqueue', event)).status).toBe(400);
    const [refused] = (await team.call<{ items: { id: string }[] }>('GET', '/api/refused-requests')).items;
    expect(await replay(team, { refused: refused?.id, dry_run: false })).toMatchObject({ outcomes: [{ result: 'opened' }] });
    team.expectSms('ana', /lost/);
  });

  test('what cannot be replayed says so', async () => {
    const team = await aTeam({ ana: BY });
    await team.saveService('web');
    const [other] = (await replay(team, { payload, dry_run: false }, 'web-monitor')).outcomes;
    await team.request('POST', '/hooks/grafana/key-of-db', 'this is not an alert');
    await team.request('POST', '/hooks/grafana/key-of-db', `{"a": "${'x'.repeat(70_000)}`);
    const { refused } = await team.call<Events>('GET', '/api/integrations/db-monitor/events');
    const refusal = async (body: object, name = 'db-monitor') => {
      const answer = await team.request('POST', `/api/integrations/${name}/replay`, body);
      return [answer.status, ((await answer.json()) as { field?: string }).field];
    };
    expect(await refusal({})).toEqual([422, 'payload']);
    expect(await refusal({ payload, alert: other?.alert })).toEqual([422, 'payload']);
    expect(await refusal({ alert: other?.alert })).toEqual([422, 'alert']);
    expect(await refusal({ refused: refused[1]?.id })).toEqual([422, 'refused']);
    expect(await refusal({ refused: refused[0]?.id })).toEqual([422, 'refused']);
    expect(await refusal({ refused: refused[1]?.id }, 'web-monitor')).toEqual([422, 'refused']);
    expect(await refusal({ payload }, 'gone')).toEqual([404, undefined]);
    const { token } = await team.call<{ token: string }>('POST', '/api/tokens', { name: 'hands', role: 'responder' });
    const hers = { authorization: `Bearer ${token}` };
    expect((await team.request('POST', '/api/integrations/db-monitor/replay', { payload }, hers)).status).toBe(200);
    expect((await team.request('POST', '/api/integrations/db-monitor/replay', { payload, dry_run: false }, hers)).status).toBe(
      403,
    );
  });
});

describe('a payload is tried before a mapping is saved', () => {
  type Tried = { refused: string | null; events: { summary: string; severity: string; labels: object }[]; problems: string[] };
  const payload = { what: 'Disk', level: 'sev1', where: 'db1' };

  test('by the draft, by none and by the saved one; nothing is made of it', async () => {
    const team = await aTeam({ ana: BY });
    const tried = (body: object) => team.call<Tried>('POST', '/api/integrations/db-monitor/try', body);
    const mapping = {
      summary: '{$.what} on {$.where}',
      severity: '$.level',
      severity_map: { sev1: 'critical' },
      labels: { place: '$.where' },
    };
    expect(await tried({ payload, mapping })).toMatchObject({
      refused: null,
      events: [{ summary: 'Disk on db1', severity: 'critical', labels: { place: 'db1' } }],
    });
    expect((await tried({ payload: { title: 'Disk full' }, mapping: null })).events).toMatchObject([{ summary: 'Disk full' }]);
    expect((await tried({ payload: { summary: 'As it is saved', key: 'k' } })).events).toMatchObject([
      { summary: 'As it is saved', dedup_key: 'k' },
    ]);
    expect(await tried({ payload: '' })).toMatchObject({ refused: expect.any(String), events: [] });
    expect(await team.alerts()).toEqual([]);
  });

  test('a mapping that cannot work is refused and its field named', async () => {
    const team = await aTeam({ ana: BY });
    const answer = await team.request('POST', '/api/integrations/db-monitor/try', { payload, mapping: { labels: { a: '$.[' } } });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ field: 'mapping.labels.a' });
  });
});

test('a secret that is given back masked stays as it is', async () => {
  const team = await aTeam({ ana: BY });
  const graf = { service: 'db', kind: 'grafana' };
  await team.call('PUT', '/api/integrations/graf', { ...graf, hmac_secret: 'shared words' });
  await team.call('PUT', '/api/integrations/graf', { ...graf, hmac_secret: '…' });
  expect(await team.call('GET', '/api/integrations/graf')).toMatchObject({ hmac_secret: 'shared words' });
  await team.call('PUT', '/api/integrations/graf', graf);
  expect(await team.call('GET', '/api/integrations/graf')).not.toHaveProperty('hmac_secret');
});
