import { describe, expect, test } from 'vitest';
import type { Readiness } from '../../src/contract/readiness.ts';
import { aTeam } from './world.ts';

const MONDAY = '2026-03-01T00:00:00Z'; // A Sunday: the first Monday of the month is the day after.
type Plan = {
  people: number;
  next_on: string | null;
  last: { on: string; sent: number; confirmed: number; open: number } | null;
};
type Team = Awaited<ReturnType<typeof aTeam>>;

const of = async (team: Team, name: string) =>
  (await team.call<Readiness>('GET', '/api/readiness')).people.find((one) => one.name === name);
const said = async (team: Team, name: string) => (await of(team, name))?.problems.map((one) => `${one.level} ${one.problem}`);
const plan = (team: Team, body: object = {}) =>
  team.call<Plan>('PUT', '/api/test-page-plans/monthly', { enabled: true, ...body });
const findings = async (team: Team) =>
  (await team.call<{ problems: { subject: string; problem: string }[] }>('GET', '/api/doctor')).problems
    .filter((one) => one.subject === 'policy turns')
    .map((one) => one.problem);

describe('test pages by the calendar', () => {
  test('each is asked by every way on their own clock, once, and confirms by link, reply, key or button', async () => {
    const team = await aTeam(
      {
        ana: { by: ['sms', 'mail'], time_zone: 'Asia/Tokyo' },
        ben: { by: ['slack', 'ntfy'], time_zone: 'America/New_York' },
        cem: { by: ['call', 'mail'], quiet_hours: { from: '22:00', to: '11:30' } },
      },
      { at: MONDAY },
    );
    expect(await plan(team, { at: '10:00' })).toMatchObject({ people: 3, next_on: '2026-03-02', last: null });
    await team.jump('24h50m');
    team.expectNothing();
    await team.jump('10m'); // 10:00 in Tokyo.
    const mail = team.expectMail('ana', /Test page: please acknowledge/);
    team.expectSms('ana', /Test page.*Reply 4/s);
    team.expectNothing();
    expect(mail.mail.text).toContain('Nothing is wrong');
    await team.jump('2h');
    team.expectNothing();

    const answer = await team.request('POST', '/answer/mail', team.smtp.reply(mail, 'ACK'));
    expect(await answer.text()).toMatch(/Thank you/);
    expect((await of(team, 'ana'))?.last_test).toMatchObject({
      status: 'confirmed',
      confirmed_via: 'mail',
      plan: 'monthly',
      tried: [{ label: 'mail', status: 'delivered' }, { label: 'sms' }],
    });

    await team.jump('7h'); // 10:00 in London, in the quiet hours of cem.
    team.expectNothing();
    await team.jump('1h30m');
    const call = team.expectCall('cem', /Test page/);
    const cem = team.expectMail('cem', /Test page/);
    expect((await team.twilio.press(call, '4')).body).toMatch(/Thank you/);
    const link = team.linkIn(cem.mail.text ?? '');
    expect(await (await team.request('GET', link)).text()).toMatch(/Thank you, pages reach you/);
    await team.jump('3h30m'); // 10:00 in New York.
    const push = team.expectPush('ben', /Test page/);
    team.expectSlack('ben', /Test page/);
    expect(push.priority).toBeLessThan(5);
    const open = team.linkIn(push.click ?? '');
    expect(await (await team.request('GET', open)).text()).toMatch(/Please acknowledge by .*14:00/s);
    expect((await of(team, 'ben'))?.last_test?.status).toBe('open');
    expect((await team.request('POST', `${open}/acknowledge`)).status).toBe(200);
    expect((await of(team, 'ben'))?.last_test).toMatchObject({ status: 'confirmed', confirmed_via: 'link' });
    expect(await team.call('GET', '/api/test-page-plans')).toMatchObject({
      items: [{ last: { on: '2026-03-02', sent: 3, confirmed: 3, open: 0 }, next_on: '2026-04-06' }],
    });
    await team.jump('72h');
    team.expectNothing();
    expect(await team.incidents()).toEqual([]);
  });

  test('who does not confirm is listed with what was tried; who got none by any way is a finding on every policy, until a test arrives', async () => {
    const team = await aTeam({ ana: { by: ['sms', 'mail'] }, ben: { by: ['sms', 'mail'] } }, { at: '2026-03-02T08:00:00Z' });
    await plan(team, { confirm_within_hours: 2 });
    team.twilio.mode('refused');
    team.smtp.mode('refused');
    await team.jump('2h');
    team.expectNothing();
    team.twilio.mode('ok');
    await team.jump('2h');
    const [first] = (await said(team, 'ana')) ?? [];
    expect(first).toMatch(/^error was reached by no way in the test page of 2026-03-02 \(sms: .*; mail: .*No such person here/);
    expect((await of(team, 'ana'))?.state).toBe('unreachable');
    expect(await findings(team)).toEqual([
      expect.stringMatching(/^counts on Ana, who has no way that works: was reached by no way/),
      expect.stringMatching(/^counts on Ben/),
    ]);
    const preview = await team.call<{ readiness: { level: string; person: string | null; problem: string }[] }>(
      'POST',
      '/api/escalation-policies/preview',
      { name: 'turns' },
    );
    expect(preview.readiness).toContainEqual(
      expect.objectContaining({ level: 'error', person: 'ana', problem: expect.stringMatching(/^ana was reached by no way/) }),
    );
    const files = [{ name: 'a.yaml', text: 'teams:\n  - name: ops\n    members: [ana]\n' }];
    const planned = await team.call<{ warnings: { message: string }[] }>('POST', '/api/process/plan', { files });
    expect(planned.warnings.map((one) => one.message)).toContainEqual(
      expect.stringMatching(/^escalation policy turns counts on ana, who has no way that works: was reached by no way/),
    );

    await team.call('POST', '/api/people/ana/test-page');
    await team.settle();
    team.smtp.mode('ok');
    const sms = team.expectSms('ana', /Test page/);
    await team.twilio.reply(sms, '4', `${team.url}/answer/sms`);
    expect(await said(team, 'ana')).toEqual([
      expect.stringMatching(/^warning did not get the test page of 2026-03-02 by mail: /),
    ]);
    expect(await findings(team)).toHaveLength(1);
  });

  test('a person with an open page, on leave, or at night after a standstill is not asked; an old moment is not caught up', async () => {
    const team = await aTeam({ ana: { by: ['sms'] }, ben: { by: ['sms'] } }, { at: '2026-03-02T09:00:00Z' });
    await plan(team);
    await team.call('POST', '/api/people/ben/leave', { first_day: '2026-03-02' });
    await team.alertFires('db-down');
    team.expectSms('ana', /db-down/);
    await team.clock.setTime(Date.parse('2026-03-02T10:01:00Z'));
    await team.app.runner.tick();
    await team.does('resolve');
    await team.clock.setTime(Date.parse('2026-03-02T23:00:00Z'));
    await team.settle();
    team.expectNothing();
    await team.clock.setTime(Date.parse('2026-03-03T08:00:00Z'));
    await team.settle();
    team.expectSms('ana', /Test page/);
    team.expectSms('ben', /Test page/);
    await team.clock.setTime(Date.parse('2026-04-09T08:00:00Z'));
    await team.settle();
    team.expectNothing();
    expect((await team.request('PUT', '/api/test-page-plans/night', { at: '03:00' })).status).toBe(422);
    await team.call('DELETE', '/api/test-page-plans/monthly');
    expect((await team.request('DELETE', '/api/test-page-plans/monthly')).status).toBe(404);
  });
});

test('the digest goes out once a week to administrators about everybody and to leads about theirs, also after a standstill', async () => {
  const team = await aTeam(
    { ana: { by: ['sms', 'mail'] }, ben: {}, lea: { by: ['mail', 'sms'] } },
    { at: '2026-03-01T12:00:00Z' },
  );
  await team.call('PUT', '/api/people/root', {
    display_name: 'Root',
    email: 'root@example.com',
    role: 'administrator',
    time_zone: 'UTC',
  });
  await team.call('PUT', '/api/teams/ops', { lead: 'lea', members: ['ana'] });
  await team.call('PUT', '/api/readiness/digest', { day: 'mon', at: '09:00' });
  await team.jump('20h59m');
  team.expectNothing();
  await team.jump('5h'); // Five hours late.
  const root = team.expectMail('root@example.com', /Readiness: 1 person of 3 may not be reached/);
  expect(root.mail.text).toMatch(/Ben\s+has no contact method: only the mail address is used; can be reached by email only/);
  expect(root.mail.text).toContain('3 people never got a test page');
  team.expectMail('lea', /Readiness: nothing speaks against reaching all 2 people/);
  team.expectNothing();
  await team.jump('24h');
  team.expectNothing();
  await team.call('PUT', '/api/readiness/digest', { enabled: false });
  await team.jump('168h');
  team.expectNothing();
});
