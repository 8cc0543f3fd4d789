import { expect, test } from 'vitest';
import type { z } from 'zod';
import type { followTheSunResult, tiersResult } from '../../src/contract/schedule-templates.ts';
import { startWorld } from '../harness.ts';

const ready = async () => {
  const world = await startWorld();
  for (const name of ['syd', 'sue', 'lou', 'liz', 'sam', 'sky'])
    await world.call('PUT', `/api/people/${name}`, { display_name: name, email: `${name}@example.com`, time_zone: 'UTC' });
  await world.call('PUT', '/api/teams/sydney', { members: ['syd', 'sue'] });
  return world;
};

test('follow the sun: three sites cover every hour of a year of clock changes, nobody at night', async () => {
  const world = await ready();
  const input = {
    name: 'sun',
    sites: [
      { name: 'london', time_zone: 'Europe/London', people: ['lou', 'liz'] },
      { name: 'sydney', time_zone: 'Australia/Sydney', team: 'sydney' },
      { name: 'san-francisco', time_zone: 'America/Los_Angeles', people: ['sam', 'sky'] },
    ],
  };
  const path = '/api/schedule-templates/follow-the-sun';
  const tried = await world.call<z.output<typeof followTheSunResult>>('POST', path, { ...input, dry_run: true });
  expect(tried).toMatchObject({ saved: false, gap_hours: 0, warnings: [] });
  expect(tried.sites.map(({ name, night_hours }) => [name, night_hours])).toEqual([
    ['sydney', 0],
    ['london', 0],
    ['san-francisco', 0],
  ]);
  // Sydney's clocks change: two local times, both by day.
  expect(tried.sites[0]?.local).toHaveLength(2);
  expect(await world.call('GET', '/api/schedules')).toEqual({ items: [] });
  const made = await world.call<z.output<typeof followTheSunResult>>('POST', path, input);
  expect(made).toMatchObject({ saved: true, schedule: tried.schedule });
  expect(await world.call('GET', '/api/schedules/sun')).toEqual(made.schedule);
  const again = await world.request('POST', path, input);
  expect(again.status).toBe(409);
  // Two sites beside each other cannot cover the day without nights, and that is said.
  const two = await world.call<z.output<typeof followTheSunResult>>('POST', path, {
    name: 'two',
    dry_run: true,
    sites: [input.sites[0], { name: 'berlin', time_zone: 'Europe/Berlin', people: ['sky'] }],
  });
  expect(two.gap_hours).toBe(0);
  expect(two.sites.reduce((sum, { night_hours }) => sum + night_hours, 0)).toBeGreaterThan(0);
});

test('tiers: first and second on call and the policy that asks them, in one step', async () => {
  const world = await ready();
  const input = { name: 'ops', time_zone: 'Europe/London', people: ['lou', 'liz', 'sam', 'sky'], tiers: 3 };
  const made = await world.call<z.output<typeof tiersResult>>('POST', '/api/schedule-templates/tiers', input);
  expect(made).toMatchObject({ saved: true, policy: 'ops' });
  expect(await world.call('GET', '/api/escalation-policies/ops')).toMatchObject({
    steps: ['primary', 'secondary', 'tertiary'].map((role) => ({
      targets: [{ schedule: 'ops', role }],
      escalate_after_seconds: 300,
    })),
  });
  const { items } = await world.call<{ items: { role: string; person: string }[] }>('GET', '/api/on-call');
  expect(items.map(({ role, person }) => [role, person])).toEqual([
    ['primary', 'lou'],
    ['secondary', 'liz'],
    ['tertiary', 'sam'],
  ]);
  const few = await world.request('POST', '/api/schedule-templates/tiers', { ...input, name: 'few', people: ['lou', 'liz'] });
  expect(await few.json()).toMatchObject({ field: 'people' });
});
