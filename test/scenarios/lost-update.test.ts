import { describe, expect, test } from 'vitest';
import { startWorld, type World } from '../harness.ts';

const THINGS: [string, object, object][] = [
  ['/api/teams/ops', { title: 'a' }, { title: 'b' }],
  ['/api/services/db', { title: 'a' }, { title: 'b' }],
  ['/api/schedules/week', schedule('a'), schedule('b')],
  ['/api/escalation-policies/turns', policy(60), policy(120)],
  ['/api/people/ana', person('Ana'), person('Ana B.')],
  ['/api/people/ben/reach', reach('ben@example.com'), reach('ben@example.org')],
  ['/api/integrations/hook', { service: 'db' }, { service: 'db', kind: 'grafana' }],
  ['/api/heartbeats/backup', beat(60), beat(120)],
  ['/api/routing', { items: [] }, { items: [{ name: 'all' }] }],
  ['/api/settings', { bundle_seconds: 5 }, { bundle_seconds: 6 }],
  ['/api/silences/nightly', silence('a'), silence('b')],
];
function schedule(title: string) {
  const layer = { name: 'weekly', rotation: { unit: 'week' }, starts: '2026-01-05T09:00', participants: ['ben'] };
  return { title, time_zone: 'UTC', layers: [layer] };
}
function policy(escalate_after_seconds: number) {
  return { steps: [{ targets: [{ person: 'ben' }], escalate_after_seconds }] };
}
function person(display_name: string) {
  return { display_name, email: 'ana@example.com' };
}
function reach(address: string) {
  return { contact_methods: [{ label: 'mail', channel: 'email', address }] };
}
function beat(interval_seconds: number) {
  return { integration: 'pings', interval_seconds };
}
function silence(comment: string) {
  return { comment, services: ['db'], starts_at: '2026-03-02T10:00:00Z', ends_at: '2026-03-03T10:00:00Z' };
}

const ready = async (): Promise<World> => {
  const world = await startWorld();
  await world.call('PUT', '/api/people/ben', { display_name: 'Ben', email: 'ben@example.com' });
  await world.call('PUT', '/api/services/db', {});
  await world.call('PUT', '/api/integrations/pings', { service: 'db' });
  return world;
};
const tagOf = async ({ request }: World, path: string): Promise<string> => {
  const response = await request('GET', path);
  expect(response.status, path).toBe(200);
  return response.headers.get('etag') ?? 'no tag';
};

describe('nothing is lost when two people change one thing', () => {
  test.each(THINGS)('%s: a change of an older state is refused and says who came first', async (path, first, second) => {
    const world = await ready();
    await world.call('PUT', path, first);
    const seen = await tagOf(world, path);
    const saved = await world.request('PUT', path, second, { 'if-match': seen });
    expect(saved.status, await saved.clone().text()).toBe(200);
    expect(saved.headers.get('etag')).not.toBe(seen);
    expect(await tagOf(world, path)).toBe(saved.headers.get('etag'));

    const late = await world.request('PUT', path, first, { 'if-match': seen });
    expect(late.status).toBe(412);
    expect(late.headers.get('content-type')).toBe('application/problem+json');
    expect(await late.json()).toMatchObject({
      type: 'https://allclear.invalid/problems/stale',
      changed_by: 'test',
      changed_at: '2026-03-02T12:00:00Z',
    });
    expect(await tagOf(world, path)).toBe(saved.headers.get('etag'));
  });

  test('things that share one history: each names who changed it, by hand or by a process file', async () => {
    const world = await ready();
    const key = async (name: string) => {
      const { token } = await world.call<{ token: string }>('POST', '/api/tokens', { name, role: 'administrator' });
      return { authorization: `Bearer ${token}` };
    };
    const shared: [string, object][] = [
      ['/api/settings', { bundle_seconds: 7 }],
      ['/api/severities', { items: [{ level: 'sev1', name: 'Critical' }] }],
      ['/api/incident-roles', { items: [{ name: 'scribe' }] }],
      ['/api/scim', { mapping: [], default_role: 'stakeholder' }],
    ];
    const stale = new Map<string, string>();
    for (const [path] of shared) stale.set(path, await tagOf(world, path));
    const expectBy = async (path: string, by: string) => {
      const late = await world.request('PUT', path, shared.find(([one]) => one === path)?.[1], {
        'if-match': stale.get(path) ?? '',
      });
      expect([late.status, await late.json()], path).toEqual([412, expect.objectContaining({ changed_by: by })]);
    };
    for (const [path, body] of shared) {
      const saved = await world.request('PUT', path, body, await key(`key-of-${path.slice(5)}`));
      expect(saved.status, await saved.clone().text()).toBe(200);
    }
    for (const [path] of shared) await expectBy(path, `key-of-${path.slice(5)}`);
    const files = [{ name: 'roles.yaml', text: 'roles:\n  - name: commander\n' }];
    const applied = await world.request('POST', '/api/process/apply', { files }, await key('files'));
    expect(applied.status, await applied.clone().text()).toBe(200);
    await expectBy('/api/incident-roles', 'files');
    await expectBy('/api/severities', 'key-of-severities');
  });

  test('of two at the same moment exactly one is done', async () => {
    const world = await ready();
    for (let round = 0; round < 5; round += 1) {
      const seen = await tagOf(world, '/api/services/db');
      const answers = await Promise.all(
        ['one', 'two', 'three'].map((title) =>
          world.request('PUT', '/api/services/db', { title: `${title} ${round}` }, { 'if-match': seen }),
        ),
      );
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412, 412]);
      const winner = answers.findIndex((answer) => answer.status === 200);
      expect(await world.call('GET', '/api/services/db')).toMatchObject({ title: `${['one', 'two', 'three'][winner]} ${round}` });
    }
  });

  test('files that are applied, planned and rules of pay that are saved at the same moment wait for each other, and all stays', async () => {
    const world = await ready();
    for (let round = 1; round <= 2; round += 1) {
      const [person, title] = [`ana-${round}`, `a${round}`];
      const files = (text: string) => ({ files: [{ name: 'a.yaml', text }] });
      const rules = { rates: [{ per: 'hour', amount: 100 * round }] };
      const answers = await Promise.all([
        world.request(
          'POST',
          '/api/process/apply',
          files(`settings: { bundle_seconds: ${round} }\nteams: [{ name: ops, title: ${title} }]\n`),
        ),
        world.request(
          'POST',
          '/api/process/plan',
          files(
            `settings: { bundle_seconds: 9 }\npeople: [{ name: ${person}, display_name: A, email: ${person}@example.com }]\n`,
          ),
        ),
        world.request('PUT', '/api/settings/compensation', rules),
      ]);
      for (const answer of answers) expect(answer.status, await answer.text()).toBe(200);
      expect(await world.call('GET', '/api/settings')).toMatchObject({ bundle_seconds: round, compensation: rules });
    }
  });

  test('a removal of what was changed is refused, and of what is gone', async () => {
    const world = await ready();
    await world.call('PUT', '/api/teams/ops', {});
    const seen = await tagOf(world, '/api/teams/ops');
    await world.call('PUT', '/api/teams/ops', { members: ['ben'] });
    expect((await world.request('DELETE', '/api/teams/ops', undefined, { 'if-match': seen })).status).toBe(412);
    const now = await tagOf(world, '/api/teams/ops');
    expect((await world.request('DELETE', '/api/teams/ops', undefined, { 'if-match': `"other", ${now}` })).status).toBe(204);
    const gone = await world.request('PUT', '/api/teams/ops', {}, { 'if-match': now });
    expect(gone.status).toBe(412);
    expect(await gone.json()).toMatchObject({ detail: expect.stringContaining('no longer there') });
  });

  test('`If-None-Match: *` makes only new things, once', async () => {
    const world = await ready();
    const answers = await Promise.all(
      ['a', 'b'].map((title) => world.request('PUT', '/api/teams/ops', { title }, { 'if-none-match': '*' })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412]);
    const refused = answers.find((answer) => answer.status === 412);
    expect(await refused?.json()).toMatchObject({ detail: expect.stringContaining('There is one of this name already') });
  });

  test('a reader who has it already is told so', async () => {
    const world = await ready();
    const seen = await tagOf(world, '/api/services/db');
    const again = await world.request('GET', '/api/services/db', undefined, { 'if-none-match': `W/${seen}` });
    expect([again.status, await again.text()]).toEqual([304, '']);
    await world.call('PUT', '/api/services/db', { title: 'new' });
    expect((await world.request('GET', '/api/services/db', undefined, { 'if-none-match': seen })).status).toBe(200);
  });

  test('what changes by itself stands in nobody’s way, and is still seen', async () => {
    const world = await ready();
    await world.call('PUT', '/api/integrations/hook', { service: 'db', key: 'key-of-the-hook' });
    const seen = await tagOf(world, '/api/integrations/hook');
    await world.request('POST', '/hooks/generic/key-of-the-hook', { summary: 'disk' });
    await world.settle();
    expect((await world.request('GET', '/api/integrations/hook', undefined, { 'if-none-match': seen })).status).toBe(200);
    expect((await world.request('PUT', '/api/integrations/hook', { service: 'db' }, { 'if-match': seen })).status).toBe(200);
  });

  test('a reader may not learn by a tag what she may not read', async () => {
    const world = await ready();
    const { token } = await world.call<{ token: string }>('POST', '/api/tokens', { name: 'eyes', role: 'observer' });
    const answer = await world.request('PUT', '/api/settings', {}, { authorization: `Bearer ${token}`, 'if-match': '*' });
    expect(answer.status).toBe(403);
  });
});
