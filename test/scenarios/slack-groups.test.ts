import { expect, test } from 'vitest';
import { aTeam, type Team } from './world.ts';

const bySlack = { by: ['slack' as const] };
type Shown = {
  group: string;
  wanted: string[];
  members: string[];
  findings: string[];
  problem: string | null;
  synced_at: string | null;
};
const shown = async (w: Team, schedule: string): Promise<Shown[]> =>
  (await w.call<{ items: Shown[] }>('GET', `/api/schedules/${schedule}/user-groups`)).items;
const layer = (name: string, participants: (string | string[])[], more: object = {}) => ({
  name,
  rotation: { every: 1, unit: 'day' },
  starts: '2026-03-02T09:00',
  participants,
  ...more,
});
const save = async (w: Team, name: string, layers: object[], slack_user_groups?: object[]) => {
  await w.call('PUT', `/api/schedules/${name}`, {
    time_zone: 'UTC',
    layers,
    ...(slack_user_groups ? { slack_user_groups } : {}),
  });
  await w.settle();
};

test('a user group follows who is on call: by role, over two schedules, at handoffs, overrides and edits, and each hour', async () => {
  const w = await aTeam({ ana: bySlack, ben: bySlack, cleo: bySlack, dan: bySlack });
  const [ana, ben, cleo, dan] = ['ana', 'ben', 'cleo', 'dan'].map((name) => w.addressOf(name, 'slack')) as [
    string,
    string,
    string,
    string,
  ];
  w.slack.groups.push({ id: 'S0DB', handle: 'oncall-db', users: [dan] }, { id: 'S0ALL', handle: 'oncall', users: [dan] });
  const groups = () => Object.fromEntries(w.slack.groups.map(({ handle, users }) => [handle, users]));

  await save(w, 'first', [layer('a', ['ana', 'ben']), layer('new', ['dan'], { shadow: true })]);
  expect([await shown(w, 'first'), w.slack.groupCalls]).toEqual([[], []]);
  await save(
    w,
    'first',
    [layer('a', ['ana', 'ben']), layer('b', ['cleo'], { role: 'secondary' }), layer('new', ['dan'], { shadow: true })],
    [{ group: '@oncall-db', role: 'primary' }, { group: 'S0ALL' }],
  );
  await save(w, 'second', [layer('x', ['dan', 'ana'])], [{ group: 'oncall' }]);
  expect(groups()).toEqual({ 'oncall-db': [ana], oncall: [ana, cleo, dan] });
  expect(await shown(w, 'first')).toMatchObject([
    { group: '@oncall-db', wanted: ['ana'], members: ['ana'], findings: [], problem: null },
    { group: 'S0ALL', wanted: ['ana', 'cleo'], members: ['ana', 'cleo'] },
  ]);

  // The handoff at 09:00, within a minute; nothing is asked of Slack for nothing.
  const calls = w.slack.groupCalls.length;
  await w.jump('20h');
  expect(w.slack.groupCalls.length).toBe(calls);
  await w.jump('1h');
  expect(groups()).toEqual({ 'oncall-db': [ben], oncall: [ben, cleo, ana] });
  await w.call('POST', '/api/schedules/first/overrides', {
    kind: 'replace',
    person: 'dan',
    replaces: 'ben',
    starts: w.now().toString(),
    ends: w.now().add({ hours: 1 }).toString(),
  });
  await w.settle();
  expect(groups()['oncall-db']).toEqual([dan]);
  await w.jump('61m');
  expect(groups()['oncall-db']).toEqual([ben]);
  // Somebody changed it in Slack.
  (w.slack.groups[0] as { users: string[] }).users = [cleo, dan];
  await w.jump('61m');
  expect(groups()['oncall-db']).toEqual([ben]);
  const journal = await w.call<{ items: { text: string }[] }>('GET', '/api/journal?type=schedule.user_group_set&limit=50');
  expect(journal.items.map(({ text }) => text)).toContain('The Slack user group @oncall-db is dan now');

  // Named no more: it stays as it is, and is looked at no more.
  await save(w, 'first', [layer('a', ['ana', 'ben'])]);
  expect(await shown(w, 'first')).toEqual([]);
  expect(groups()['oncall-db']).toEqual([ben]);
});

test('whoever is no member is a finding and the others are put in; nobody on call, refusals and 429 are told and tried again', async () => {
  const w = await aTeam({ ana: bySlack, ben: {}, cleo: bySlack, dan: bySlack });
  const [ana, cleo] = [w.addressOf('ana', 'slack'), w.addressOf('cleo', 'slack')];
  w.slack.groups.push({ id: 'S0DB', handle: 'oncall-db', users: [] }, { id: 'S0OLD', handle: 'old', users: [], disabled: true });
  await w.call('PUT', '/api/people/dan/reach', {
    contact_methods: [{ label: 'chat', channel: 'slack', address: 'gone@example.com', verified: true }],
  });
  Object.assign(w.slack.members.find(({ id }) => id === cleo) ?? {}, { deleted: true });
  const all = [layer('a', [['ana', 'ben', 'cleo', 'dan']], { starts: '2026-03-02T09:00', ends: '2026-03-03T09:00' })];
  await save(w, 'first', all, [{ group: '@oncall-db' }, { group: '@old' }, { group: '@none' }]);
  expect(w.slack.groups[0]?.users).toEqual([ana]);
  expect(await shown(w, 'first')).toMatchObject([
    { group: '@none', problem: 'Slack has no user group @none', synced_at: null },
    { group: '@old', problem: 'The user group @old is disabled in Slack' },
    {
      group: '@oncall-db',
      members: ['ana'],
      problem: null,
      findings: [
        'Ben has no way by Slack that works',
        'Slack finds no member of the address of Dan',
        'Cleo is no member of this workspace, or was deactivated in it',
      ],
    },
  ]);

  await save(w, 'first', [layer('a', [['ana', 'cleo']], { ends: '2026-03-03T09:00' })], [{ group: '@oncall-db' }]);
  Object.assign(w.slack.members.find(({ id }) => id === cleo) ?? {}, { deleted: false });
  w.slack.refuseGroups('missing_scope');
  await w.jump('61m');
  expect(await shown(w, 'first')).toMatchObject([
    { members: ['ana'], problem: expect.stringMatching(/lacks the scope usergroups:write/) },
  ]);
  w.slack.refuseGroups(undefined, 400);
  await w.jump('5m');
  const calls = w.slack.groupCalls.length;
  await w.jump('390s');
  expect(w.slack.groupCalls.length).toBe(calls);
  expect(await shown(w, 'first')).toMatchObject([{ problem: 'Slack answered 429' }]);
  w.slack.refuseGroups();
  await w.jump('30s');
  expect(w.slack.groups[0]?.users).toEqual([ana, cleo]);
  expect(await shown(w, 'first')).toMatchObject([{ members: ['ana', 'cleo'], problem: null, findings: [] }]);

  // The turn ends and nobody follows.
  await w.jump('21h');
  expect(w.slack.groups[0]?.users).toEqual([ana, cleo]);
  expect(await shown(w, 'first')).toMatchObject([
    { wanted: [], problem: null, findings: [expect.stringContaining('Nobody is on call: the group stays as it is')] },
  ]);
  await w.settings({ channels: {} });
  await w.jump('61m');
  expect(await shown(w, 'first')).toMatchObject([{ problem: 'no slack provider is set up' }]);
  const refused = await w.request('PUT', '/api/schedules/first', {
    time_zone: 'UTC',
    layers: [],
    slack_user_groups: [{ group: 'On Call' }],
  });
  expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('slack_user_groups.0.group')]);
});
