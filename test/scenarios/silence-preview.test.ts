import { describe, expect, test } from 'vitest';
import { startWorld } from '../harness.ts';
import { aTeam } from './world.ts';

type Window = {
  starts: string;
  ends: string | null;
  local_starts: string;
  local_ends: string | null;
  silence?: string;
  recurring?: boolean;
};
type Preview = {
  too_broad: string | null;
  active_now: boolean;
  windows: Window[];
  open_alerts: number;
  alerts: { count: number; items: { summary: string }[] };
  incidents: { count: number; items: { number: string; matching_alerts: number; open_alerts: number }[] };
};
const UNTIL = '2026-03-02T18:00:00Z';

test('what it would hide now: alerts and incidents, counted, before anything is hidden', async () => {
  const team = await aTeam({ ana: { by: ['sms'] } }, { service: { grouping: { window_seconds: 300 } } });
  await team.alertFires('disk-1', { labels: { host: 'a' } });
  await team.alertFires('disk-2', { labels: { host: 'b' } });
  await team.alertFires('disk-3', { labels: { host: 'a' } });
  await team.alertResolves('disk-3');
  team.ignoreMessages();
  const draft = { comment: 'host a is rebuilt', matchers: [{ name: 'host', value: 'a' }], ends_at: UNTIL };
  const seen = await team.call<Preview>('POST', '/api/silences/preview', draft);
  expect(seen).toMatchObject({
    too_broad: null,
    active_now: true,
    open_alerts: 2,
    alerts: { count: 1, items: [{ summary: 'disk-1 is wrong' }] },
    incidents: { count: 1, items: [{ matching_alerts: 1, open_alerts: 2 }] },
  });
  expect((await team.call<{ items: unknown[] }>('GET', '/api/silences')).items).toEqual([]);
  expect((await team.alerts('?disposition=silenced')).length).toBe(0);
});

test('thousands of open alerts: all are counted, fifty are shown', async () => {
  const team = await aTeam({ ana: { by: ['sms'] } });
  for (let batch = 0; batch < 3; batch += 1)
    await team.arrive(Array.from({ length: 900 }, (_, n) => ({ key: `k-${batch}-${n}`, about: { labels: { n: String(n) } } })));
  team.ignoreMessages();
  const seen = await team.call<Preview>('POST', '/api/silences/preview', {
    comment: 'even ones',
    matchers: [{ name: 'n', op: '=~', value: '.*[02468]' }],
    ends_at: UNTIL,
  });
  expect(seen).toMatchObject({ open_alerts: 2700, alerts: { count: 1350 } });
  expect(seen.alerts.items).toHaveLength(50);
});

test('too broad is said, not refused; what else is wrong is refused', async () => {
  const { call, request } = await startWorld();
  const broad = { comment: 'all', matchers: [{ name: 'summary', op: '=~', value: '.+' }], ends_at: UNTIL };
  expect((await call<Preview>('POST', '/api/silences/preview', broad)).too_broad).toMatch(/would silence everything/);
  expect((await request('POST', '/api/silences', broad)).status).toBe(422);
  for (const [body, field] of [
    [{ comment: 'x', services: ['gone'], ends_at: UNTIL }, 'services.0'],
    [{ comment: 'x', matchers: [{ name: 'a', op: '=~', value: '(' }], ends_at: UNTIL }, 'matchers.0.value'],
    [{ comment: 'x', matchers: [{ name: 'a', value: 'b' }] }, 'ends_at'],
  ] as const) {
    const answer = await request('POST', '/api/silences/preview', body);
    expect([answer.status, ((await answer.json()) as { field: string }).field]).toEqual([422, field]);
  }
});

describe('a window each night, over the change of clocks', () => {
  const nightly = {
    comment: 'backup',
    services: ['db'],
    starts_at: '2026-03-27T00:00:00Z',
    recurs: { time_zone: 'Europe/Amsterdam', days: ['fri', 'sat', 'sun', 'mon'], from: '01:30', to: '03:30' },
  };
  const EXPECTED = [
    ['2026-03-27T00:30:00Z', '2026-03-27T01:30+01:00'],
    ['2026-03-28T00:30:00Z', '2026-03-28T01:30+01:00'],
    ['2026-03-29T00:30:00Z', '2026-03-29T01:30+01:00'],
    ['2026-03-29T23:30:00Z', '2026-03-30T01:30+02:00'],
    ['2026-04-02T23:30:00Z', '2026-04-03T01:30+02:00'],
  ];

  test('the next five, with local times', async () => {
    const { call } = await startWorld();
    await call('PUT', '/api/services/db', {});
    const { windows, active_now } = await call<Preview>('POST', '/api/silences/preview', nightly);
    expect(active_now).toBe(false);
    expect(windows.map((window) => [window.starts, window.local_starts])).toEqual(EXPECTED);
    // The night in which an hour is skipped is one hour long.
    expect(windows[2]).toMatchObject({ ends: '2026-03-29T01:30:00Z', local_ends: '2026-03-29T03:30+02:00' });
  });

  test('on the calendar, with the others, whole, until it is ended', async () => {
    const { call, clock } = await startWorld();
    await call('PUT', '/api/services/db', {});
    await call('PUT', '/api/silences/nightly', nightly);
    await call('POST', '/api/silences', {
      comment: 'once',
      services: ['db'],
      starts_at: '2026-03-28T12:00:00Z',
      ends_at: '2026-03-28T13:00:00Z',
    });
    const calendar = async () =>
      (await call<{ items: Window[] }>('GET', '/api/silences/calendar?from=2026-03-28T01:00:00Z&to=2026-03-30T00:00:00Z')).items;
    expect((await calendar()).map((one) => [one.starts, one.recurring])).toEqual([
      ['2026-03-28T00:30:00Z', true],
      ['2026-03-28T12:00:00Z', false],
      ['2026-03-29T00:30:00Z', true],
      ['2026-03-29T23:30:00Z', true],
    ]);
    await clock.setTime(Temporal.Instant.from('2026-03-29T01:00:00Z').epochMilliseconds);
    expect(await call('POST', '/api/silences/nightly/end')).toMatchObject({ state: 'expired', ended_at: '2026-03-29T01:00:00Z' });
    expect((await calendar()).at(-1)).toMatchObject({ starts: '2026-03-29T00:30:00Z', ends: '2026-03-29T01:00:00Z' });
  });
});

test('the list by state, kind and service', async () => {
  const { call, request } = await startWorld();
  await call('PUT', '/api/services/db', {});
  await call('PUT', '/api/services/web', {});
  const make = (comment: string, more: object) => call('POST', '/api/silences', { comment, ends_at: UNTIL, ...more });
  await make('now', { services: ['db'] });
  await make('later', { services: ['web'], starts_at: '2026-03-02T15:00:00Z' });
  await make('everywhere', { matchers: [{ name: 'host', value: 'a' }], kind: 'maintenance' });
  const { id } = await call<{ id: string }>('POST', '/api/silences', { comment: 'over', services: ['db'], ends_at: UNTIL });
  await call('POST', `/api/silences/${id}/end`);
  const list = async (query: string) =>
    (await call<{ items: { comment: string }[] }>('GET', `/api/silences${query}`)).items.map((one) => one.comment);
  expect(await list('')).toEqual(['over', 'everywhere', 'later', 'now']);
  expect(await list('?state=active')).toEqual(['everywhere', 'now']);
  expect(await list('?state=upcoming')).toEqual(['later']);
  expect(await list('?state=past')).toEqual(['over']);
  expect(await list('?kind=maintenance')).toEqual(['everywhere']);
  expect(await list('?service=web')).toEqual(['everywhere', 'later']);
  expect((await request('GET', '/api/silences?state=odd')).status).toBe(422);
});
