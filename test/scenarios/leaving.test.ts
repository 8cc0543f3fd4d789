import { describe, expect, test } from 'vitest';
import { aTeam, type Team } from './world.ts';

const BY = { by: ['sms' as const] };
/** A directory says that she is gone: nothing is asked, whatever counts on her. */
const goes = async (team: Team, name: string): Promise<void> => {
  await team.leaves(name);
  await team.system(async (ctx) => {
    const { id } = await ctx.tx.selectFrom('people').select('id').where('name', '=', name).executeTakeFirstOrThrow();
    await ctx.emit('person.left', { id, name, keys: [] });
    // At least once is what events promise.
    await ctx.emit('person.left', { id, name, keys: [] });
  });
  await team.settle();
};

describe('somebody leaves at once', () => {
  test('a page that waits for her goes on to the next step without a moment lost', async () => {
    const team = await aTeam({ ana: BY, ben: BY });
    await team.alertFires('disk');
    team.expectSms('ana');
    const before = team.now();
    await goes(team, 'ana');
    team.expectSms('ben', /disk is wrong/);
    expect(team.now().since(before).total('seconds')).toBeLessThan(5);
    const story = await team.timeline();
    expect(story.filter((entry) => entry.type === 'escalation.hurried').map((entry) => entry.text)).toEqual([
      'Step 1 waits for nobody, the next begins now: ana left, and nobody else of it was paged',
    ]);
    // Her message that was still on its way is not sent again, and her step is skipped in the next round.
    await team.fastForward('6m');
    expect((await team.timeline()).at(-1)?.text).toMatch(/NOBODY IS LEFT TO PAGE/);
  });

  test('a page that waits for another too keeps its time', async () => {
    const team = await aTeam(
      { ana: BY, ben: BY, cem: BY },
      { steps: [{ targets: [{ person: 'ana' }, { person: 'ben' }] }, { targets: [{ person: 'cem' }] }] },
    );
    await team.alertFires('disk');
    team.expectSms('ana');
    team.expectSms('ben');
    await goes(team, 'ana');
    team.expectNothing();
    await team.fastForward('5m');
    team.expectSms('cem');
  });

  test('a step that would page only her is skipped at once, with that reason', async () => {
    const team = await aTeam({ ana: BY, ben: BY, cem: BY });
    await goes(team, 'ben');
    await team.alertFires('disk');
    team.expectSms('ana');
    await team.fastForward('5m');
    team.expectSms('cem');
    expect((await team.timeline()).find((entry) => entry.type === 'escalation.step_skipped')?.text).toBe(
      'Step 2 of 3 skipped: ben is deactivated',
    );
  });

  test('an incident that only she has is paged again; one that others have is not', async () => {
    const team = await aTeam({ ana: BY, ben: BY }, { service: { grouping: { window_seconds: 0 } } });
    await team.alertFires('mine');
    team.expectSms('ana');
    await team.request('POST', '/api/incidents/INC-2026-0001/acknowledge', {}, await team.tokenOf('ana'));
    await team.alertFires('ours');
    team.expectSms('ana');
    await team.request('POST', '/api/incidents/INC-2026-0002/acknowledge', {}, await team.tokenOf('ben'));
    const anas = {
      authorization: `Bearer ${(await team.call<{ token: string }>('POST', '/api/tokens', { name: 'again', person: 'ana' })).token}`,
    };
    await team.request('POST', '/api/incidents/INC-2026-0002/acknowledge', {}, anas);
    expect((await team.incident('INC-2026-0002')).assignees).toEqual(['ana', 'ben']);
    await team.settle();
    team.expectNothing();

    await goes(team, 'ana');
    team.expectSms('ben', /mine is wrong/);
    expect(await team.incident('INC-2026-0001')).toMatchObject({ status: 'triage', assignees: [] });
    expect(await team.incident('INC-2026-0002')).toMatchObject({ status: 'acknowledged', assignees: ['ben'] });
    expect((await team.timeline('INC-2026-0001')).map((entry) => entry.text)).toContain('Paged again: ana, who had it, left');
  });

  test('what she snoozed does not sleep on', async () => {
    const team = await aTeam({ ana: BY, ben: BY });
    await team.alertFires('disk');
    team.expectSms('ana');
    await team.request('POST', '/api/incidents/INC-2026-0001/snooze', { seconds: 36_000 }, await team.tokenOf('ana'));
    await team.settle();
    await goes(team, 'ana');
    team.expectSms('ben');
    expect(await team.incident()).toMatchObject({ status: 'triage', snoozed_until: null });
  });

  test('a fallback that waits for her is not waited for half an hour', async () => {
    const team = await aTeam(
      { ana: BY, ben: BY },
      { steps: [{ targets: [{ person: 'ben' }], escalate_after_seconds: 60 }], policy: { fallback: { person: 'ana' } } },
    );
    await team.alertFires('disk');
    team.expectSms('ben');
    await team.fastForward('1m');
    team.expectSms('ana');
    await goes(team, 'ana');
    await team.fastForward('2m');
    team.expectSms('ben');
    team.ignoreMessages();
  });
});

test('by hand nobody is let go whom a page or an incident waits for', async () => {
  const other = await aTeam({ ana: BY, ben: BY }, { steps: [{ targets: [{ person: 'ben' }] }] });
  await other.alertFires('disk');
  other.expectSms('ben');
  await other.does('reassign', { people: ['ana'] });
  other.expectSms('ana');
  const refusal = async () => {
    const answer = await other.request('DELETE', '/api/people/ana');
    return [answer.status, ((await answer.json()) as { detail: string }).detail];
  };
  expect(await refusal()).toEqual([422, 'ana is being paged for INC-2026-0001: answer, reassign or escalate it first']);
  await other.request('POST', '/api/incidents/INC-2026-0001/acknowledge', {}, await other.tokenOf('ana'));
  expect(await refusal()).toEqual([422, 'ana alone has INC-2026-0001: hand it to somebody else first']);
  await other.does('resolve');
  expect((await other.request('DELETE', '/api/people/ana')).status).toBe(204);
});

describe('somebody else takes her seats', () => {
  const seated = async () => {
    const team = await aTeam(
      { ana: BY, ben: BY, cem: BY },
      { steps: [{ targets: [{ person: 'ana' }] }, { targets: [{ person: 'cem' }] }] },
    );
    await team.call('PUT', '/api/schedules/week', {
      time_zone: 'UTC',
      layers: [{ name: 'daily', rotation: { unit: 'day' }, starts: '2026-01-05T09:00', participants: ['ana', 'cem'] }],
    });
    await team.call('POST', '/api/schedules/week/overrides', {
      kind: 'replace',
      person: 'ana',
      replaces: 'cem',
      starts: '2026-03-10T09:00:00Z',
      ends: '2026-03-11T09:00:00Z',
    });
    await team.call('PUT', '/api/teams/ops', { lead: 'ana', members: ['ana', 'cem'] });
    await team.call('POST', '/api/silences', {
      comment: 'hers',
      services: ['db'],
      matchers: [{ name: 'host', value: 'x' }],
      ends_at: '2026-03-09T00:00:00Z',
    });
    return team;
  };
  type Impact = Record<string, unknown[]> & { counts_on_her: boolean };

  test('everything that counts on her is listed', async () => {
    const team = await seated();
    await team.alertFires('disk');
    team.expectSms('ana');
    await team.tokenOf('ana');
    expect(await team.call('GET', '/api/people/ana/impact')).toMatchObject({
      counts_on_her: true,
      schedules: [{ schedule: 'week', layers: ['daily'], overrides: [{ starts: '2026-03-10T09:00:00Z' }] }],
      policies: [{ policy: 'turns', steps: [1], fallback: false, services: ['db'] }],
      teams: [{ team: 'ops', lead: true, member: true }],
      open_pages: [{ incident: 'INC-2026-0001', status: 'paging' }],
      held_incidents: [],
      tokens: ['token-of-ana'],
    });
    await team.request(
      'POST',
      '/api/incidents/INC-2026-0001/acknowledge',
      {},
      {
        authorization: `Bearer ${(await team.call<{ token: string }>('POST', '/api/tokens', { name: 'hers', person: 'ana' })).token}`,
      },
    );
    expect(await team.call('GET', '/api/people/ana/impact')).toMatchObject({
      open_pages: [],
      held_incidents: [{ incident: 'INC-2026-0001' }],
    });
    expect((await team.call<Impact>('GET', '/api/people/ben/impact')).counts_on_her).toBe(false);
    expect((await team.request('GET', '/api/people/zoe/impact')).status).toBe(404);
  });

  test('the other has them all, is paged at once, and she may go', async () => {
    const team = await seated();
    await team.alertFires('disk');
    team.expectSms('ana');
    const { changes, left } = await team.call<{ changes: { kind: string; name: string }[]; left: Impact }>(
      'POST',
      '/api/people/ana/replace',
      { with: 'ben' },
    );
    await team.settle();
    team.expectSms('ben', /disk is wrong/);
    expect(changes.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'team ops',
      'schedule week',
      'override week',
      'policy turns',
      'page INC-2026-0001',
    ]);
    expect(left).toMatchObject({ schedules: [], policies: [], teams: [], open_pages: [], held_incidents: [] });
    expect(await team.call('GET', '/api/schedules/week')).toMatchObject({ layers: [{ participants: ['ben', 'cem'] }] });
    expect(await team.call('GET', '/api/teams/ops')).toMatchObject({ lead: 'ben', members: ['ben', 'cem'] });
    const shifts = await team.call<{ items: { person: string }[] }>(
      'GET',
      '/api/schedules/week/shifts?from=2026-03-10T09:00:00Z&to=2026-03-11T09:00:00Z',
    );
    expect(shifts.items.map((one) => one.person)).toEqual(['ben']);
    const entry = (
      await team.call<{ items: { type: string; data: { changes: unknown[] } }[] }>('GET', '/api/people/ana/journal')
    ).items.find((one) => one.type === 'person.replaced');
    expect(entry?.data.changes).toContainEqual(
      expect.objectContaining({
        kind: 'team',
        before: expect.objectContaining({ lead: 'ana' }),
        after: expect.objectContaining({ lead: 'ben' }),
      }),
    );
    expect((await team.request('DELETE', '/api/people/ana')).status).toBe(204);
    // Ben does not answer: the incident that is under way goes on by the policy as it is now.
    await team.fastForward('5m');
    team.expectSms('cem');
  });

  test('what only she has is handed over', async () => {
    const team = await seated();
    await team.alertFires('disk');
    team.expectSms('ana');
    await team.request('POST', '/api/incidents/INC-2026-0001/acknowledge', {}, await team.tokenOf('ana'));
    await team.call('POST', '/api/people/ana/replace', { with: 'ben' });
    await team.settle();
    team.expectSms('ben');
    expect((await team.incident()).assignees).toEqual(['ben']);
  });

  test.each([
    ['ana', 'with'],
    ['zoe', 'with'],
    ['gone', 'with'],
  ])('not by %s', async (by, field) => {
    const team = await aTeam({ ana: BY, gone: { active: false } });
    const answer = await team.request('POST', '/api/people/ana/replace', { with: by });
    expect([answer.status, await answer.json()]).toEqual([422, expect.objectContaining({ field })]);
  });
});
