import { expect, test } from 'vitest';
import { startWorld } from '../harness.ts';

type Found = { items: { person: string; display_name: string; schedule: string; starts: string; ends: string }[]; more: boolean };

test('shifts of all schedules, of one person, of a team; whole, in order of start', async () => {
  const world = await startWorld();
  const { call } = world;
  for (const name of ['ana', 'ben'])
    await call('PUT', `/api/people/${name}`, { display_name: name === 'ana' ? 'Ana Sá' : 'Ben', email: `${name}@example.com` });
  await call('PUT', '/api/teams/shop', { members: ['ana'] });
  const layer = (participants: string[], starts: string) => ({ name: 'days', rotation: { unit: 'day' }, starts, participants });
  await call('PUT', '/api/schedules/web', {
    team: 'shop',
    time_zone: 'UTC',
    layers: [layer(['ana', 'ben'], '2026-03-01T09:00')],
  });
  await call('PUT', '/api/schedules/db', { time_zone: 'UTC', layers: [layer(['ben', 'ana'], '2026-03-01T10:00')] });
  await call('POST', '/api/schedules/db/overrides', {
    kind: 'replace',
    person: 'ana',
    replaces: 'ben',
    starts: '2026-03-05T10:00:00Z',
    ends: '2026-03-06T10:00:00Z',
  });
  const { token } = await call<{ token: string }>('POST', '/api/tokens', { name: 'ana', person: 'ana', role: 'stakeholder' });
  const window = 'from=2026-03-02T12:00:00Z&to=2026-03-06T00:00:00Z';
  const of = async (query: string, headers = {}) => {
    const response = await world.request('GET', `/api/shifts?${window}&${query}`, undefined, headers);
    expect(response.status).toBe(200);
    const { items, more } = (await response.json()) as Found;
    expect(more).toBe(false);
    return items.map((one) => `${one.person} ${one.schedule} ${one.starts.slice(8, 13)} ${one.ends.slice(8, 13)}`);
  };
  const mine = ['ana db 02T10 03T10', 'ana web 03T09 04T09', 'ana db 04T10 05T10', 'ana web 05T09 06T09', 'ana db 05T10 06T10'];
  expect(await of('person=me', { authorization: `Bearer ${token}` })).toEqual(mine);
  expect(await of('person=ana')).toEqual(mine);
  expect(await of('team=shop&person=ben')).toEqual(['ben web 02T09 03T09', 'ben web 04T09 05T09']);
  expect(await of('team=nobody')).toEqual([]);
  expect(await of('')).toHaveLength(8);
  const shown = await call<Found>('GET', '/api/shifts?person=ana&from=2026-03-02T12:00:00Z&to=2026-03-02T13:00:00Z');
  expect(shown.items).toMatchObject([
    { display_name: 'Ana Sá', schedule: 'db', team: null, time_zone: 'UTC', starts: '2026-03-02T10:00:00Z' },
  ]);
  for (const [query, field] of [
    ['person=me', 'person'],
    ['person=nobody', 'person'],
    ['from=2026-03-02T00:00:00Z&to=2026-03-02T00:00:00Z', 'to'],
    ['from=2026-03-02T00:00:00Z&to=2027-06-02T00:00:00Z', 'to'],
  ] as const) {
    const response = await world.request('GET', `/api/shifts?${query}`);
    expect([query, response.status, ((await response.json()) as { field?: string }).field]).toEqual([query, 422, field]);
  }
});
