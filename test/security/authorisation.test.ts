import { readFile } from 'node:fs/promises';
import { beforeEach, expect, test } from 'vitest';
import { createToken } from '../../src/server/identity/actions.ts';
import { can, decide, PERMISSIONS, type Permission, permissionTable, ROLES } from '../../src/server/identity/permissions.ts';
import { startWorld } from '../harness.ts';
import { ROUTES, type Rule } from './routes.ts';

type World = Awaited<ReturnType<typeof startWorld>>;
const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/** Each thing there is twice: `own` is of the manager's team, `other` of another's. Ids of those that have one. */
type Things = Record<'incident' | 'alert' | 'silence' | 'override', Record<'own' | 'other', string>>;
let world: World;
let things: Things;
/** The same in every world: describing them takes half a second. */
let routes: string[] = [];
const tokens = new Map<string, string>();

const setUp = async (): Promise<void> => {
  const { call, system } = world;
  for (const name of ['own', 'other', 'lead', ...ROLES])
    await call('PUT', `/api/people/${name}`, {
      display_name: name,
      email: `${name}@allclear.test`,
      role: (ROLES as string[]).includes(name) ? name : 'responder',
      contact_methods: [{ label: 'own', channel: 'ntfy', address: `topic-of-${name}`, verified: true }],
    });
  await call('PUT', '/api/teams/own', {
    members: ['manager', 'own'],
    lead: 'lead',
    grants: [{ person: 'observer', role: 'responder' }],
  });
  await call('PUT', '/api/teams/other', { members: ['other'] });
  const found = { incident: {}, alert: {}, silence: {}, override: {} } as Things;
  for (const team of ['own', 'other'] as const) {
    await call('PUT', `/api/schedules/${team}`, {
      team,
      time_zone: 'UTC',
      layers: [{ name: 'days', rotation: { unit: 'day' }, starts: '2026-03-01T09:00', participants: ['lead'] }],
    });
    await call('PUT', `/api/escalation-policies/${team}`, { team, steps: [{ targets: [{ schedule: team }] }] });
    await call('PUT', `/api/test-page-plans/${team}`, { team });
    await call('PUT', `/api/services/${team}`, { team, escalation_policy: team });
    await call('PUT', `/api/integrations/${team}`, { service: team, key: `key-of-${team}-1234` });
    await call('PUT', `/api/heartbeats/${team}`, { integration: team, interval_seconds: 60 });
    await call('POST', '/api/tokens', { name: team, role: 'observer' });
    const id = async (path: string, body: unknown) => (await call<{ id: string }>('POST', path, body)).id;
    found.incident[team] = await id('/api/incidents', { title: team, service: team });
    // The one it is merged into: INC-2026-0002 and INC-2026-0004.
    await id('/api/incidents', { title: team, service: team });
    found.silence[team] = await id('/api/silences', { comment: team, services: [team], ends_at: '2026-03-09T00:00:00Z' });
    found.override[team] = await id(`/api/schedules/${team}/overrides`, {
      kind: 'add',
      person: 'other',
      starts: '2026-03-05T00:00:00Z',
      ends: '2026-03-06T00:00:00Z',
    });
  }
  for (const team of ['own', 'other'])
    await world.request('POST', `/hooks/generic/key-of-${team}-1234`, { summary: team, dedup_key: team });
  const { items } = await call<{ items: { id: string; service: string }[] }>('GET', '/api/alerts');
  for (const one of items) found.alert[one.service as 'own'] = one.id;
  things = found;
  for (const role of ROLES)
    tokens.set(role, (await system((ctx) => createToken(ctx, { name: `t-${role}`, role, person: role }))).token);
};

const routesOf = async ({ call }: World): Promise<string[]> => {
  const document = await call<{ paths: Record<string, Record<string, unknown>> }>('GET', '/api/openapi.json');
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => `${method.toUpperCase()} ${path}`),
  );
};

beforeEach(async () => {
  world = await startWorld({ requestsAMinute: 1_000_000 });
  tokens.clear();
  routes = routes.length > 0 ? routes : await routesOf(world);
  await setUp();
});

/** The address with the names or ids of one team's things in it. */
const addressOf = (path: string, team: 'own' | 'other', unknown = false): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (unknown) return name === 'name' || name === 'label' ? 'nothing-here' : '01890a5d-0000-7000-8000-00000000dead';
    if (name !== 'id') return name === 'token' ? 'no-such-link' : name === 'channel' ? 'email' : team;
    const kind = path.includes('/overrides/')
      ? 'override'
      : (path.match(/^\/api\/(incident|alert|silence)s\//)?.[1] as keyof Things);
    return things[kind]?.[team] ?? '01890a5d-0000-7000-8000-00000000beef';
  });

const ask = async (
  route: string,
  token: string | undefined,
  team: 'own' | 'other',
  rule: Rule,
  unknown = false,
): Promise<number> => {
  const [method = '', path = ''] = route.split(' ');
  const response = await world.app.fetch(
    new Request(`http://allclear.test${addressOf(path, team, unknown)}`, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(method === 'GET' || method === 'DELETE' ? {} : { 'content-type': 'application/json' }),
      },
      ...(method === 'GET' || method === 'DELETE' ? {} : { body: JSON.stringify(rule.body?.(team) ?? {}) }),
    }),
  );
  await response.body?.cancel();
  return response.status;
};

test('every route has a line in routes.ts, and every line has a route', () => {
  expect({
    missing: routes.filter((route) => !ROUTES[route]),
    gone: Object.keys(ROUTES).filter((route) => !routes.includes(route)),
  }).toEqual({
    missing: [],
    gone: [],
  });
});

test('without a token or a session every route says 401, but for those that let one in', async () => {
  for (const route of routes) {
    const rule = ROUTES[route] as Rule;
    const status = await ask(route, undefined, 'own', rule);
    if (rule.takes === 'nothing') expect(status, route).not.toBe(401);
    else expect(status, route).toBe(401);
  }
});

for (const role of ROLES)
  test(`${role}: every route, on what is of her team and of another`, async () => {
    for (const route of routes) {
      const rule = ROUTES[route] as Rule;
      if (rule.takes === 'nothing') continue;
      for (const team of ['own', 'other'] as const) {
        const allowed = rule.takes === 'anybody' || expected(role, rule.takes, team, rule);
        const status = await ask(route, tokens.get(role), team, rule);
        const where = `${role} ${route} (${team}): ${status}`;
        expect(status, where).not.toBe(401);
        expect(status, where).toBeLessThan(500);
        if (allowed) expect(status, where).not.toBe(403);
        else expect(status, where).toBe(403);
      }
    }
  }, 120_000);

/** By the rules as they are written for people, not by the code that is tested. */
const expected = (role: (typeof ROLES)[number], permission: Permission | 'scim', team: 'own' | 'other', rule: Rule): boolean => {
  if (permission === 'scim') return false;
  if (role === 'administrator') return true;
  if (rule.self) return can(role, 'self.write') && rule.self === role;
  // The observer was made a responder for the team `own`: that counts for what it owns, and for what is of no team.
  const effective = role === 'observer' && !(rule.team && team === 'other') ? 'responder' : role;
  if (!can(effective, permission)) return false;
  return !(role === 'manager' && 'own' in PERMISSIONS[permission] && rule.team && team === 'other');
};

test('who may not, learns nothing of what is there: a name or id that exists is answered like one that does not', async () => {
  for (const role of ROLES)
    for (const route of routes) {
      const rule = ROUTES[route] as Rule;
      if (!route.includes('{') || rule.takes === 'nothing' || rule.takes === 'anybody' || rule.known) continue;
      if (can(role, 'configuration.read')) continue;
      if (expected(role, rule.takes, 'other', rule)) continue;
      const [there, nowhere] = [
        await ask(route, tokens.get(role), 'other', rule),
        await ask(route, tokens.get(role), 'other', rule, true),
      ];
      expect(nowhere, `${role} ${route}`).toBe(there);
    }
});

test("a directory's key opens what is the directory's, and nothing else", async () => {
  const { token } = await world.call<{ token: string }>('POST', '/api/tokens', { name: 'directory', scopes: ['scim'] });
  for (const route of routes) {
    const rule = ROUTES[route] as Rule;
    if (rule.takes === 'nothing') continue;
    const status = await ask(route, token, 'own', rule);
    if (rule.takes !== 'scim') expect(status, route).toBe(403);
    else expect([200, 400, 404], `${route}: ${status}`).toContain(status);
  }
});

test('a manager does not take what is of another team by giving it to her own', async () => {
  const token = tokens.get('manager');
  for (const [path, body] of [
    ['/api/services/other', { team: 'own' }],
    ['/api/schedules/other', { team: 'own', time_zone: 'UTC', layers: [] }],
    ['/api/escalation-policies/other', { team: 'own', steps: [{ targets: [{ schedule: 'own' }] }] }],
    ['/api/integrations/other', { service: 'own' }],
    ['/api/heartbeats/other', { integration: 'own', interval_seconds: 60 }],
    ['/api/services/new-one', { team: 'other' }],
    ['/api/integrations/new-one', { service: 'other' }],
  ] as const) {
    const refused = await world.request('PUT', path, body, { authorization: `Bearer ${token}` });
    expect(refused.status, `${path}: ${await refused.text()}`).toBe(403);
  }
});

test('a key is never worth more than its person, nor than its scopes', () => {
  const person = { kind: 'person', id: 'x', name: 'x', teams: {} } as const;
  for (const permission of Object.keys(PERMISSIONS) as Permission[])
    for (const role of ROLES) {
      expect(decide({ ...person, role }, permission).ok).toBe(can(role, permission));
      expect(decide({ ...person, role, scopes: [] }, permission).ok).toBe(false);
      expect(decide({ ...person, role, scopes: [permission] }, permission).ok).toBe(can(role, permission));
    }
});

test('docs/permissions.md says what the code says', async () => {
  const text = await readFile(new URL('../../docs/permissions.md', import.meta.url), 'utf8');
  expect(text, `put this table into docs/permissions.md:\n\n${permissionTable()}`).toContain(permissionTable());
});
