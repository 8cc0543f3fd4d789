import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { aTeam } from './world.ts';

const WELL = { by: ['sms' as const, 'mail' as const] };
type Problem = {
  level: string;
  subject: string;
  subject_title: string;
  subject_type: string;
  subject_name: string | null;
  problem: string;
  fix: string;
};
type Health = {
  readiness: string;
  problems: { level: string; subject: string; problem: string; fix: string }[];
  open_incidents: Record<string, number>;
  open_alerts: number;
  integrations: number;
  last_event_at: string | null;
};
type Service = { name: string; team?: string; escalation_policy?: string; health?: Health };

const layer = (participants: string[], more: object = {}) => ({
  name: 'daily',
  rotation: { unit: 'day' },
  starts: '2026-01-05T09:00',
  participants,
  ...more,
});

describe('doctor', () => {
  const told = async (team: Awaited<ReturnType<typeof aTeam>>, about: string) =>
    (await team.call<{ problems: Problem[] }>('GET', '/api/doctor')).problems
      .filter((one) => one.subject.includes(about))
      .map((one) => `${one.level} ${one.problem} -> ${one.fix}`);

  test('every problem names its thing, and the screen where it is put right', async () => {
    const team = await aTeam({ ana: WELL, ben: { by: ['sms'] } });
    await team.call('PUT', '/api/services/orphan', { title: 'Nobody’s own' });
    const { problems } = await team.call<{ problems: Problem[] }>('GET', '/api/doctor');
    expect(problems.map((one) => [one.subject, one.subject_title])).toEqual([
      ['service orphan', 'service Nobody’s own'],
      ['person ben', 'person Ben'],
      ['integration db-monitor', 'integration db-monitor'],
      ['dead-man switch', 'dead-man switch'],
    ]);
    expect(problems.map((one) => [one.level, one.subject_type, one.subject_name, one.fix])).toEqual([
      ['error', 'service', 'orphan', '/services/orphan'],
      ['warning', 'person', 'ben', '/people/ben'],
      ['warning', 'integration', 'db-monitor', '/integrations/db-monitor'],
      ['warning', 'settings', null, '/settings/delivery'],
    ]);
  });

  test('every screen it points at is there', () => {
    const screens = [...readFileSync('src/web/screens.ts', 'utf8').matchAll(/path: '([^']+)'/g)].map(([, path]) => path);
    const pointed = [...readFileSync('src/server/trace/doctor.ts', 'utf8').matchAll(/screen: .*=> [`']([^`']+)[`']/g)].map(
      ([, path]) => path?.replace(/\$\{name\}/, '$name'),
    );
    expect(pointed).toHaveLength(9);
    for (const path of pointed) expect(screens).toContain(path);
  });

  test('whatever still counts on somebody who left is an error, each by its name', async () => {
    const team = await aTeam({ ana: WELL, ben: WELL });
    await team.call('PUT', '/api/schedules/week', { time_zone: 'UTC', layers: [layer(['ana', 'ben'])] });
    await team.call('PUT', '/api/teams/ops', { lead: 'ana', members: ['ana'] });
    await team.leaves('ana');
    expect(await told(team, 'schedule week')).toEqual([
      'error counts on Ana, who is deactivated: nobody is paged in those turns (layer daily) -> /schedules/week',
    ]);
    expect(await told(team, 'policy turns')).toEqual([
      'error pages nobody now: ana is deactivated -> /escalation/turns',
      'error counts on Ana, who is deactivated -> /escalation/turns',
    ]);
    expect(await told(team, 'team ops')).toEqual(['error counts on Ana, who is deactivated, as its lead -> /teams/ops']);
    expect(await told(team, 'person ana')).toEqual([]);
  });

  test('gaps on call of the next fourteen days, and no further', async () => {
    const team = await aTeam({ ana: WELL });
    await team.call('PUT', '/api/schedules/week', {
      time_zone: 'UTC',
      layers: [layer(['ana'], { ends: '2026-03-10T09:00' })],
    });
    await team.savePolicy('by-schedule', { steps: [{ targets: [{ schedule: 'week' }] }] });
    expect(await told(team, 'schedule week')).toEqual([
      'warning nobody is on call from 2026-03-10 09:00 to 2026-03-16 12:00 UTC -> /schedules/week',
    ]);
    await team.call('PUT', '/api/schedules/week', {
      time_zone: 'UTC',
      layers: [layer(['ana'], { ends: '2026-03-20T09:00' })],
    });
    expect(await told(team, 'schedule week')).toEqual([]);
  });

  test('an integration that fell silent; one for heartbeats is not expected to speak', async () => {
    const team = await aTeam({ ana: WELL });
    await team.call('PUT', '/api/integrations/pings', { service: 'db' });
    await team.call('PUT', '/api/heartbeats/backup', { integration: 'pings', interval_seconds: 86_400, enabled: false });
    await team.alertFires('disk');
    await team.alertResolves('disk');
    team.ignoreMessages();
    expect(await told(team, 'integration')).toEqual([]);
    await team.jump('721h');
    expect(await told(team, 'integration')).toEqual([
      'warning has heard nothing since 2026-03-02T12:00:00Z, for more than 30 days -> /integrations/db-monitor',
    ]);
    team.ignoreMessages();
  });
});

describe('services', () => {
  const list = (team: Awaited<ReturnType<typeof aTeam>>, query: string) =>
    team.call<{ items: Service[]; next: string | null }>('GET', `/api/services${query}`);

  test('with health: what burns, what was heard last, and whether a page would arrive', async () => {
    const team = await aTeam({ ana: WELL, ben: { by: ['sms'] } }, { service: { grouping: { window_seconds: 0 } } });
    await team.call('PUT', '/api/services/quiet', {});
    await team.alertFires('one', { severity: 'critical' });
    await team.alertFires('two', { severity: 'warning' });
    await team.alertFires('three', { severity: 'critical' });
    await team.does('resolve', {}, 'INC-2026-0003');
    team.ignoreMessages();
    const { items } = await list(team, '?with=health');
    expect(items.map((one) => [one.name, one.health?.readiness])).toEqual([
      ['db', 'ok'],
      ['quiet', 'error'],
    ]);
    expect(items[0]?.health).toEqual({
      readiness: 'ok',
      problems: [],
      open_incidents: { critical: 1, error: 0, warning: 1, info: 0 },
      open_alerts: 2,
      integrations: 1,
      last_event_at: '2026-03-02T12:00:00Z',
    });
    expect(items[1]?.health).toMatchObject({
      problems: [{ level: 'error', subject: 'service quiet', fix: '/services/quiet' }],
      open_alerts: 0,
      last_event_at: null,
    });
    await team.leaves('ben');
    expect((await list(team, '?with=health&q=db')).items[0]?.health).toMatchObject({
      readiness: 'error',
      problems: expect.arrayContaining([expect.objectContaining({ subject: 'policy turns', fix: '/escalation/turns' })]),
    });
    expect((await list(team, '')).items[0]).not.toHaveProperty('health');
  });

  test('searched, of a team, a page at a time', async () => {
    const team = await aTeam({ ana: WELL });
    await team.call('PUT', '/api/teams/shop', {});
    for (const name of ['checkout-api', 'checkout_db', 'cart', 'z.last'])
      await team.call('PUT', `/api/services/${name}`, { title: `The ${name}`, team: 'shop', escalation_policy: 'turns' });
    const names = async (query: string) => (await list(team, query)).items.map((one) => one.name);
    expect(await names('')).toEqual(['cart', 'checkout-api', 'checkout_db', 'db', 'z.last']);
    expect(await names('?q=THE%20check')).toEqual(['checkout-api', 'checkout_db']);
    expect(await names('?team=shop&q=db')).toEqual(['checkout_db']);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Awaited<ReturnType<typeof list>> = await list(team, `?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...page.items.map((one) => one.name));
      cursor = page.next;
    }
    expect(seen).toEqual(await names(''));
    expect((await team.request('GET', '/api/services?limit=0')).status).toBe(422);
  });
});

test.each([
  ['people', 'BEN@example', ['ben']],
  ['teams', 'ben', ['ops']],
  ['schedules', 'ana', ['week']],
  ['escalation-policies', 'tur', ['turns']],
  ['people', 'nobody at all', []],
])('%s are searched for %s', async (what, q, found) => {
  const { call } = await aTeam({ ana: WELL, ben: WELL });
  await call('PUT', '/api/teams/ops', { members: ['ben'] });
  await call('PUT', '/api/teams/web', { members: ['ana'] });
  await call('PUT', '/api/schedules/week', { time_zone: 'UTC', layers: [layer(['ana'])] });
  await call('PUT', '/api/schedules/other', { time_zone: 'UTC', layers: [layer(['ben'])] });
  await call('PUT', '/api/escalation-policies/plain', { steps: [{ targets: [{ person: 'ana' }] }] });
  const { items } = await call<{ items: { name: string }[] }>('GET', `/api/${what}?q=${encodeURIComponent(q)}`);
  expect(items.map((one) => one.name)).toEqual(found);
});
