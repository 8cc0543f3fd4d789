import { expect, test } from 'vitest';
import { aTeam } from './world.ts';

const SMS = { by: ['sms' as const] };
const person = (name: string, seconds = 300) => ({ targets: [{ person: name }], escalate_after_seconds: seconds });

test('the first person is paged at once, the next when five minutes pass without an answer', async () => {
  const w = await aTeam({ ana: SMS, ben: { by: ['call'] } });
  await w.alertFires('db-down');
  w.expectSms('ana', /INC-2026-0001 db: db-down is wrong/);
  await w.fastForward('299s');
  w.expectNothing();
  await w.fastForward('1s');
  w.expectCall('ben', /db-down/);
  await w.does('acknowledge');
  await w.fastForward('10m');
  expect((await w.incident()).status).toBe('acknowledged');
});

test('every kind of target: person, schedule by role, lead, team, round robin, webhook', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS, cas: SMS, dee: SMS });
  await w.call('PUT', '/api/teams/ops', { members: ['ben', 'cas'], lead: 'cas' });
  await w.call('PUT', '/api/schedules/rota', {
    time_zone: 'UTC',
    layers: [
      { name: 'first', role: 'primary', rotation: { unit: 'day' }, starts: '2026-01-01T00:00', participants: ['ana'] },
      { name: 'second', role: 'secondary', rotation: { unit: 'day' }, starts: '2026-01-01T00:00', participants: ['ben'] },
    ],
  });
  await w.savePolicy('turns', {
    repeat: 0,
    steps: [
      { targets: [{ schedule: 'rota', role: 'secondary' }], escalate_after_seconds: 60 },
      { targets: [{ schedule: 'rota' }], escalate_after_seconds: 60 },
      { targets: [{ team: 'ops', who: 'lead' }], escalate_after_seconds: 60 },
      { targets: [{ team: 'ops' }, { person: 'ben' }], escalate_after_seconds: 60 },
      { targets: [{ round_robin: ['cas', 'dee'] }, { webhook: `${w.webhook.url}/step` }], escalate_after_seconds: 60 },
    ],
  });
  await w.alertFires('a');
  w.expectSms('ben');
  const next = async () => {
    w.expectNothing();
    await w.fastForward('1m');
  };
  await next();
  w.expectSms('ana');
  w.expectSms('ben');
  await next();
  w.expectSms('cas');
  await next();
  w.expectSms('cas');
  w.expectSms('ben');
  await next();
  w.expectSms('cas');
  expect(JSON.parse(w.expectWebhook('step').body)).toMatchObject({
    type: 'page.sent',
    data: { subject: 'INC-2026-0001 a is wrong' },
  });
  await w.does('resolve');
  await w.savePolicy('turns', { steps: [{ targets: [{ round_robin: ['cas', 'dee'] }] }] });
  for (const turn of ['cas', 'dee', 'cas']) {
    await w.alertFires(`for ${turn}`);
    w.expectSms(turn);
    await w.does('resolve');
  }
});

test('a step may tell an address that is nobody: a shared mailbox is told and the next person still paged', async () => {
  const w = await aTeam(
    { ana: SMS },
    {
      steps: [
        { targets: [{ channel: 'email', address: 'noc@example.com' }], escalate_after_seconds: 60 },
        { targets: [{ person: 'ana' }] },
      ],
    },
  );
  await w.alertFires('a');
  w.expectMail('noc@example.com', /INC-2026-0001 a is wrong/);
  expect((await w.timeline()).map((entry) => entry.text)).toContain('noc@example.com (email) was told');
  await w.fastForward('1m');
  w.expectSms('ana');
});

test('a round robin passes over whoever is deactivated', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS }, { steps: [{ targets: [{ round_robin: ['ana', 'ben'] }] }] });
  await w.leaves('ana');
  for (const key of ['a', 'b']) {
    await w.alertFires(key);
    w.expectSms('ben');
    await w.does('resolve');
  }
});

test('the policy is repeated as often as it says, then the fallback is paged and it is said loudly', async () => {
  const w = await aTeam(
    { ana: SMS, ben: SMS, boss: { by: ['call'] } },
    { steps: [person('ana', 60), person('ben', 60)], policy: { repeat: 1, fallback: { person: 'boss' } } },
  );
  await w.alertFires('down');
  for (const name of ['ana', 'ben', 'ana', 'ben']) {
    w.expectSms(name);
    w.expectNothing();
    await w.fastForward('1m');
  }
  w.expectCall('boss');
  expect(await w.incident()).toMatchObject({ escalation: { state: 'exhausted' } });
  expect((await w.timeline()).find((entry) => entry.type === 'escalation.exhausted')?.text).toMatch(
    /every step and round .* used up and nobody answered/,
  );
  const metrics = await (await w.request('GET', '/metrics', undefined, { authorization: `Bearer ${w.token}` })).text();
  expect(metrics).toMatch(/exhausted\S* 1\b/);
  // An incident is never given up: half an hour later it begins again, slowly.
  await w.fastForward('29m');
  w.expectNothing();
  await w.fastForward('1m');
  w.expectSms('ana');
  await w.fastForward('1m');
  w.expectSms('ben');
  await w.fastForward('1m');
  w.expectCall('boss');
});

test('nobody on call: the step is skipped at once and the reason kept', async () => {
  const w = await aTeam({ ana: SMS });
  await w.call('PUT', '/api/schedules/empty', { time_zone: 'UTC', layers: [] });
  await w.savePolicy('turns', { steps: [{ targets: [{ schedule: 'empty' }] }, person('ana')], repeat: 0 });
  await w.alertFires('down');
  w.expectSms('ana');
  expect((await w.timeline()).find((entry) => entry.type === 'escalation.step_skipped')?.text).toBe(
    'Step 1 of 2 skipped: nobody is on call in empty',
  );
});

for (const repeat of [0, 2])
  test(`nobody on call anywhere (repeat ${repeat}): said loudly, looked for each minute, paged once somebody is there`, async () => {
    const w = await aTeam({ ana: SMS });
    await w.call('PUT', '/api/schedules/empty', { time_zone: 'UTC', layers: [] });
    await w.savePolicy('turns', { steps: [{ targets: [{ schedule: 'empty' }] }], repeat });
    await w.alertFires('down');
    const loud = (await w.timeline()).filter((entry) => entry.type === 'escalation.exhausted');
    expect(loud.map((entry) => entry.text)).toEqual(['NOBODY IS LEFT TO PAGE: no step of the policy finds anybody to page']);
    expect((await w.trace()).summary).toMatch(/nobody was paged: NOBODY IS LEFT TO PAGE/);
    await w.fastForward('5m');
    expect((await w.story()).filter((type) => type === 'escalation.exhausted')).toHaveLength(1);
    const now = w.now();
    await w.call('POST', '/api/schedules/empty/overrides', {
      kind: 'add',
      person: 'ana',
      role: 'primary',
      starts: now.toString(),
      ends: now.add({ hours: 1 }).toString(),
    });
    await w.fastForward('1m');
    w.expectSms('ana');
  });

test('a service without a policy says that nobody is paged', async () => {
  const w = await aTeam({ ana: SMS });
  await w.saveService('orphan', {});
  await w.alertFires('down', { service: 'orphan' });
  expect((await w.timeline()).find((entry) => entry.type === 'escalation.not_started')?.text).toBe(
    'NOBODY IS PAGED: service orphan has no escalation policy',
  );
  expect((await w.trace()).summary).toMatch(/nobody was paged: NOBODY IS PAGED/);
});

test('a step holds only when its conditions do: urgency, service, support hours, hours of the day', async () => {
  const when = (condition: object, name: string) => ({
    targets: [{ person: name }],
    escalate_after_seconds: 60,
    when: condition,
  });
  const w = await aTeam(
    { ana: SMS, ben: { ...SMS, time_zone: 'Asia/Tokyo' }, cas: SMS, dee: SMS },
    {
      at: '2026-03-02T12:00:00Z',
      steps: [
        when({ urgency: 'low' }, 'ana'),
        when({ services: ['web'] }, 'ana'),
        when({ support_hours: 'inside' }, 'ana'),
        when({ hours: { from: '09:00', to: '17:00', time_zone: 'Asia/Tokyo' } }, 'ana'),
        // 21:00 where Ben is, 12:00 where Cas is.
        {
          targets: [{ person: 'ben' }, { person: 'cas' }],
          escalate_after_seconds: 60,
          when: { hours: { from: '09:00', to: '17:00' } },
        },
        when(
          { urgency: 'high', services: ['db'], hours: { from: '12:00', to: '13:00', days: ['mon'], time_zone: 'UTC' } },
          'dee',
        ),
      ],
    },
  );
  await w.alertFires('down');
  w.expectSms('cas');
  const skipped = (await w.timeline())
    .filter((entry) => entry.type === 'escalation.step_skipped')
    .map((entry) => entry.text.replace(/^.*skipped: /, ''));
  expect(skipped).toEqual([
    'only for low urgency, this is high',
    'only for web',
    'only inside support hours, and the service has none',
    'only from 09:00 to 17:00 Asia/Tokyo',
  ]);
  await w.fastForward('1m');
  w.expectSms('dee');
});

test('a policy edited during an incident neither skips nor repeats a step of it', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS, cas: SMS });
  await w.alertFires('down');
  w.expectSms('ana');
  await w.savePolicy('turns', { steps: [person('cas', 10)], repeat: 0 });
  await w.fastForward('5m');
  w.expectSms('ben');
  await w.fastForward('5m');
  w.expectSms('cas');
  await w.does('resolve');
  await w.alertFires('again');
  w.expectSms('cas');
});

test('escalate now pages the next person, and asks for help past whoever has it', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS, cas: SMS });
  await w.alertFires('down');
  w.expectSms('ana');
  await w.does('escalate');
  w.expectSms('ben');
  await w.does('acknowledge');
  await w.does('escalate');
  w.expectSms('cas');
  expect((await w.incident()).status).toBe('triage');
});

test('the last answer ends it all: no step, timer or message comes after an acknowledgement or a resolve', async () => {
  const w = await aTeam({
    ana: { by: ['sms', 'call'], rules: { high: [{ methods: ['sms'] }, { after_seconds: 120, methods: ['call'] }] } },
    ben: SMS,
  });
  await w.alertFires('down');
  w.expectSms('ana');
  await w.fastForward('1m');
  await w.does('resolve');
  await w.fastForward('30m');
  expect((await w.incident()).escalation).toMatchObject({ state: 'stopped', next_at: null });
});

test('what a policy or service names must be there, and what is named cannot be removed', async () => {
  const w = await aTeam({ ana: SMS });
  const field = async (method: string, path: string, body?: object) =>
    (await (await w.request(method, path, body)).json()) as { field?: string; detail: string };
  expect(
    await field('PUT', '/api/escalation-policies/x', { steps: [{ targets: [{ person: 'ana' }, { person: 'gone' }] }] }),
  ).toMatchObject({ field: 'steps.0.targets.1.person' });
  expect(
    await field('PUT', '/api/escalation-policies/x', { steps: [person('ana')], fallback: { schedule: 'gone' } }),
  ).toMatchObject({ field: 'fallback.schedule' });
  expect(await field('PUT', '/api/services/x', { escalation_policy: 'gone' })).toMatchObject({ field: 'escalation_policy' });
  expect((await field('DELETE', '/api/people/ana')).detail).toMatch(/escalation policy turns pages ana/);
  const ana = { display_name: 'Ana', email: 'ana@example.com' };
  expect((await field('PUT', '/api/people/ana', { ...ana, active: false })).detail).toMatch(/escalation policy turns pages ana/);
  await w.call('PUT', '/api/people/ben', { ...ana, active: false });
  await w.call('PUT', '/api/schedules/rota', {
    time_zone: 'UTC',
    layers: [{ name: 'all', rotation: { every: 1, unit: 'week' }, starts: '2026-01-05T09:00', participants: ['ben'] }],
  });
  await w.call('PUT', '/api/people/ben', { ...ana, display_name: 'Still away', active: false });
  await w.call('PUT', '/api/people/ben', { ...ana, active: true });
  expect((await field('PUT', '/api/people/ben', { ...ana, active: false })).detail).toMatch(/ben takes turns in rota/);
  expect((await field('DELETE', '/api/escalation-policies/turns')).detail).toMatch(/db escalate by it/);
});
