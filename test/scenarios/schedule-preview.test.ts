import { expect, test } from 'vitest';
import { startWorld, type World } from '../harness.ts';

type Row = { person: string; starts: string; ends: string; reason: string; layer?: string };
type Timeline = {
  schedule: string;
  layers: { name: string; turns: Row[] }[];
  overrides: { id: string; reason: string }[];
  shifts: Row[];
  gaps: { starts: string; ends: string; role: string | null }[];
};
type Preview = {
  timeline: Timeline;
  is_new: boolean;
  people: {
    person: string;
    before_seconds: number;
    after_seconds: number;
    before_night_seconds: number;
    after_night_seconds: number;
  }[];
  left_with_nobody: { policy: string; services: string[]; starts: string; ends: string }[];
};
const HOUR = 3600;
const layer = (participants: string[], more: object = {}) => ({
  name: 'daily',
  rotation: { unit: 'day' },
  starts: '2026-03-27T09:00',
  participants,
  ...more,
});
const week = (layers: object[]) => ({ name: 'week', time_zone: 'Europe/Amsterdam', layers });

const ready = async (): Promise<World> => {
  const world = await startWorld();
  for (const [name, zone] of [
    ['ana', 'Europe/Amsterdam'],
    ['ben', 'Europe/Amsterdam'],
    ['cem', 'America/New_York'],
  ])
    await world.call('PUT', `/api/people/${name}`, { display_name: name, email: `${name}@example.com`, time_zone: zone });
  const { name: _, ...body } = week([layer(['ana', 'ben'])]);
  await world.call('PUT', '/api/schedules/week', body);
  await world.call('PUT', '/api/escalation-policies/turns', { steps: [{ targets: [{ schedule: 'week' }] }] });
  await world.call('PUT', '/api/escalation-policies/backed', {
    steps: [{ targets: [{ schedule: 'week' }] }],
    fallback: { person: 'cem' },
  });
  await world.call('PUT', '/api/teams/ops', { members: ['ana'] });
  await world.call('PUT', '/api/services/db', { escalation_policy: 'turns', team: 'ops' });
  return world;
};
/** Two days in which Amsterdam's clocks go forward: 47 hours. */
const SPRING = { from: '2026-03-28T08:00:00Z', to: '2026-03-30T07:00:00Z' };

test('the layers, the overrides and what comes of them, each with its reason', async () => {
  const { call } = await ready();
  await call('PUT', '/api/schedules/week', {
    ...(({ name: _, ...rest }) => rest)(
      week([layer(['ana', 'ben']), layer(['cem'], { name: 'office', restrictions: [{ from: '09:00', to: '12:00' }] })]),
    ),
  });
  const { id } = await call<{ id: string }>('POST', '/api/schedules/week/overrides', {
    kind: 'remove',
    replaces: 'cem',
    starts: '2026-03-28T08:00:00Z',
    ends: '2026-03-28T09:00:00Z',
  });
  const seen = await call<Timeline>('GET', `/api/schedules/week/timeline?from=${SPRING.from}&to=${SPRING.to}`);
  expect(seen.layers.map(({ name, turns }) => [name, turns.map((turn) => `${turn.person} ${turn.starts} ${turn.ends}`)])).toEqual(
    [
      ['daily', ['ben 2026-03-28T08:00:00Z 2026-03-29T07:00:00Z', 'ana 2026-03-29T07:00:00Z 2026-03-30T07:00:00Z']],
      ['office', ['cem 2026-03-28T08:00:00Z 2026-03-28T11:00:00Z', 'cem 2026-03-29T07:00:00Z 2026-03-29T10:00:00Z']],
    ],
  );
  expect(seen.overrides).toMatchObject([{ id, reason: 'Takes cem off call.' }]);
  expect(seen.gaps).toEqual([{ starts: '2026-03-28T08:00:00Z', ends: '2026-03-28T09:00:00Z', role: null }]);
  expect(seen.shifts[0]).toMatchObject({
    person: 'cem',
    starts: '2026-03-28T09:00:00Z',
    reason: 'Has the turn in layer office.',
  });
});

test('who gains and who loses, in her own nights, before it is saved', async () => {
  const { call } = await ready();
  const preview = await call<Preview>('POST', '/api/schedules/preview', { schedule: week([layer(['ana', 'cem'])]), ...SPRING });
  expect(preview.is_new).toBe(false);
  expect(preview.people).toEqual([
    // 08:00Z to 07:00Z of the next day is 04:00 to 03:00 in New York: two hours of one night and five of the next.
    { person: 'cem', before_seconds: 0, after_seconds: 23 * HOUR, before_night_seconds: 0, after_night_seconds: 7 * HOUR },
    // From 09:00 to 09:00 the night after the change of clocks has all its eight hours.
    {
      person: 'ana',
      before_seconds: 24 * HOUR,
      after_seconds: 24 * HOUR,
      before_night_seconds: 8 * HOUR,
      after_night_seconds: 8 * HOUR,
    },
    // The night in which the clocks go forward has seven.
    { person: 'ben', before_seconds: 23 * HOUR, after_seconds: 0, before_night_seconds: 7 * HOUR, after_night_seconds: 0 },
  ]);
  expect(preview.left_with_nobody).toEqual([]);
  expect(await call('GET', '/api/schedules/week')).toMatchObject({ layers: [{ participants: ['ana', 'ben'] }] });
});

test('a policy that would have nobody is named with its services; one with a fallback is not', async () => {
  const { call } = await ready();
  const restrictions = [{ from: '09:00', to: '17:00' }];
  const preview = await call<Preview>('POST', '/api/schedules/preview', {
    schedule: week([layer(['ana', 'ben'], { restrictions })]),
    ...SPRING,
  });
  expect(preview.left_with_nobody).toEqual([
    { policy: 'turns', services: ['db'], starts: '2026-03-28T16:00:00Z', ends: '2026-03-29T07:00:00Z' },
    { policy: 'turns', services: ['db'], starts: '2026-03-29T15:00:00Z', ends: '2026-03-30T07:00:00Z' },
  ]);
  // What is so already is no change of this draft.
  const { name: _, ...saved } = week([layer(['ana', 'ben'], { restrictions })]);
  await call('PUT', '/api/schedules/week', saved);
  const again = await call<Preview>('POST', '/api/schedules/preview', { name: 'week', ...SPRING });
  expect(again.left_with_nobody).toEqual([]);
  expect(again.timeline.gaps).toHaveLength(2);
});

test('overrides are tried out alone, added and taken away', async () => {
  const { call } = await ready();
  const override = { kind: 'replace', person: 'cem', replaces: 'ben', starts: SPRING.from, ends: '2026-03-28T20:00:00Z' };
  const { id } = await call<{ id: string }>('POST', '/api/schedules/week/overrides', override);
  const preview = await call<Preview>('POST', '/api/schedules/preview', {
    name: 'week',
    overrides: { remove: [id], add: [{ ...override, person: 'ana' }] },
    ...SPRING,
  });
  const gains = preview.people.map(({ person, before_seconds, after_seconds }) => [
    person,
    (after_seconds - before_seconds) / HOUR,
  ]);
  expect(gains).toEqual([
    ['ana', 12],
    ['ben', 0],
    ['cem', -12],
  ]);
});

test('a new schedule can be looked at before it exists', async () => {
  const { call } = await ready();
  const preview = await call<Preview>('POST', '/api/schedules/preview', {
    schedule: { ...week([layer(['cem'])]), name: 'new' },
    ...SPRING,
  });
  expect(preview).toMatchObject({ is_new: true, people: [{ person: 'cem', before_seconds: 0, after_seconds: 47 * HOUR }] });
});

test('who is deactivated has no turn in a draft, as it would be saved; who stands in for her has', async () => {
  const { call } = await ready();
  await call('PUT', '/api/people/dee', { display_name: 'dee', email: 'dee@example.com', active: false });
  const draft = week([layer(['ana', 'dee'])]);
  const look = (body: object) => call<Preview>('POST', '/api/schedules/preview', { ...body, ...SPRING });
  const onCall = ({ timeline }: Preview) => timeline.shifts.map(({ person, starts }) => `${person} ${starts}`);
  const [ana, gap] = [`ana 2026-03-29T07:00:00Z`, { starts: SPRING.from, ends: '2026-03-29T07:00:00Z', role: null }];
  const seen = await look({ schedule: draft });
  expect(onCall(seen)).toEqual([ana]);
  expect(seen.timeline.gaps).toEqual([gap]);
  expect(seen.people.map((one) => one.person)).not.toContain('dee');
  expect(seen.left_with_nobody.map((one) => one.policy)).toEqual(['turns']);
  expect(onCall(await look({ schedule: { ...draft, name: 'new' } }))).toEqual([ana]);
  const { name: _, ...saved } = draft;
  await call('PUT', '/api/schedules/week', saved);
  const again = await look({ name: 'week', overrides: { remove: ['left-dee'] } });
  expect([onCall(again), again.timeline.gaps]).toEqual([[ana], [gap]]);

  const override = { kind: 'replace', replaces: 'dee', starts: SPRING.from, ends: '2026-03-29T07:00:00Z' };
  const standIn = await look({ name: 'week', overrides: { add: [{ ...override, person: 'cem' }] } });
  expect(onCall(standIn)).toEqual(['cem 2026-03-28T08:00:00Z', ana]);
  const noHelp = await look({
    name: 'week',
    overrides: { add: [{ ...override, replaces: 'ana', person: 'dee', ends: SPRING.to }] },
  });
  expect(onCall(noHelp)).toEqual([]);
});

test.each([
  [{}, 'schedule'],
  [{ name: 'nowhere' }, 'name'],
  [{ schedule: week([layer(['zoe'])]) }, 'schedule.layers.0.participants'],
  [{ schedule: week([layer([])]) }, 'schedule.layers.0.participants'],
  [{ name: 'week', from: SPRING.to, to: SPRING.from }, 'to'],
  [{ name: 'week', from: SPRING.from, to: '2036-01-01T00:00:00Z' }, 'to'],
  [
    { name: 'week', overrides: { add: [{ kind: 'add', person: 'zoe', starts: SPRING.from, ends: SPRING.to }] } },
    'overrides.add.0.person',
  ],
  [{ name: 'week', overrides: { add: [{ kind: 'add', starts: SPRING.from, ends: SPRING.to }] } }, 'overrides.add.0.person'],
])('%j is refused at %s', async (body, field) => {
  const { request } = await ready();
  const answer = await request('POST', '/api/schedules/preview', body);
  expect([answer.status, await answer.json()]).toEqual([422, expect.objectContaining({ field })]);
});

test('side by side: everything, or what a team counts on', async () => {
  const { call } = await ready();
  for (const [name, who] of [
    ['other', 'cem'],
    ['shared', 'ana'],
  ]) {
    const { name: _, ...body } = week([layer([who as string])]);
    await call('PUT', `/api/schedules/${name}`, body);
  }
  const names = async (query: string) =>
    (await call<{ items: Timeline[] }>('GET', `/api/timeline${query}`)).items.map((one) => one.schedule);
  expect(await names('')).toEqual(['other', 'shared', 'week']);
  expect(await names('?team=ops')).toEqual(['shared', 'week']);
});
