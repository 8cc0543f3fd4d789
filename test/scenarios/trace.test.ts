import { expect, test } from 'vitest';
import { aTeam } from './world.ts';

const everyDay = {
  time_zone: 'UTC',
  layers: [{ name: 'all', rotation: { unit: 'day' }, starts: '2026-01-01T00:00', participants: ['ana'] }],
};

test('the trace of an incident leads from the payload to the answer, each step with its reason', async () => {
  const w = await aTeam({ ana: { by: ['sms', 'mail'] }, ben: {} });
  await w.call('PUT', '/api/schedules/rota', everyDay);
  await w.savePolicy('turns', { steps: [{ targets: [{ schedule: 'rota' }] }, { targets: [{ person: 'ben' }] }] });
  await w.call('PUT', '/api/routing', {
    items: [{ name: 'louder', when: { name: 'host', value: 'db-1' }, set: { urgency: 'high' } }],
  });
  await w.call('POST', '/api/silences', {
    comment: 'other',
    services: ['db'],
    matchers: [{ name: 'host', value: 'db-2' }],
    ends_at: w.now().add({ hours: 1 }).toString(),
  });
  await w.alertFires('down', { labels: { host: 'db-1' }, severity: 'warning' });
  const sms = w.expectSms('ana');
  w.expectMail('ana');
  await w.twilio.reportStatus(sms, 'delivered');
  await w.twilio.reply(sms, '4', `${w.url}/answer/sms`);
  const { summary, steps } = await w.trace();
  expect(summary).toBe('down is wrong: 1 page, ana acknowledged it');
  const said = steps.map((step) => `${step.step}: ${step.result} (${step.why})`);
  for (const pattern of [
    /^alert: received \(.* through db-monitor, key down\)/,
    /^intake: accepted \(generic event through integration db-monitor\)/,
    /^routing: set urgency high \(rule louder: host="db-1"\)/,
    /^silence: not silenced \(no active silence matches\)/,
    /^grouping: opened INC-2026-0001 \(no open incident to join/,
    /^incident: INC-2026-0001 opened: down is wrong \(set by a routing rule\)/,
    /^escalation: Escalation by turns/,
    /^escalation: Step 1 of 2 pages ana/,
    /^page: Ana: primary on call in rota \(.*all.*\)/,
    /^delivery: Sent to Ana by sms/,
    /^delivery: sms \(Twilio\) delivered/,
    /^page: ana answered by sms: acknowledge/,
    /^incident: Acknowledged by ana/,
    /^escalation: Escalation stopped: acknowledged by ana/,
  ])
    expect(
      said.some((line) => pattern.test(line)),
      `${pattern} in\n${said.join('\n')}`,
    ).toBe(true);
  expect(steps.find((step) => step.step === 'alert')?.details).toMatchObject({ payload: { key: 'down', host: 'db-1' } });
  expect(steps.find((step) => step.result === 'Sent to Ana by sms (Twilio)')?.details).toMatchObject({ provider_id: sms.sid });
  const order = ['alert', 'intake', 'routing', 'silence', 'grouping'].map((name) =>
    steps.findIndex((step) => step.step === name),
  );
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

test('an alert that paged nobody says why: silenced, dropped, no policy, nobody on call', async () => {
  const w = await aTeam({ ana: {} });
  const { id } = await w.call<{ id: string }>('POST', '/api/silences', {
    comment: 'planned work',
    services: ['db'],
    ends_at: w.now().add({ hours: 1 }).toString(),
  });
  await w.alertFires('silenced');
  await w.call('PUT', '/api/routing', {
    items: [{ name: 'noise', when: { name: 'host', value: 'lab' }, drop: 'the lab may burn' }],
  });
  await w.alertFires('dropped', { labels: { host: 'lab' } });
  await w.call('PUT', '/api/schedules/empty', { time_zone: 'UTC', layers: [] });
  await w.savePolicy('nobody', { steps: [{ targets: [{ schedule: 'empty' }] }] });
  await w.saveService('quiet', { escalation_policy: 'nobody' });
  await w.saveService('orphan', {});
  await w.alertFires('empty', { service: 'quiet' });
  await w.alertFires('alone', { service: 'orphan' });
  const why = await Promise.all(
    (await w.alerts()).map(async (alert) => (await w.call<{ summary: string }>('GET', `/api/alerts/${alert.id}/trace`)).summary),
  );
  expect(why).toEqual([
    expect.stringMatching(/alone is wrong: .*nobody was paged: NOBODY IS PAGED: service orphan has no escalation policy/),
    expect.stringMatching(/empty is wrong: .*nobody was paged: NOBODY IS LEFT TO PAGE/),
    expect.stringMatching(/dropped is wrong: nobody was paged: dropped \(rule noise: host="lab"; the lab may burn\)/),
    expect.stringMatching(/silenced is wrong: nobody was paged: silenced \(Silence by test until .*: planned work\)/),
  ]);
  await w.call('DELETE', `/api/silences/${id}`);
  await w.settle();
  w.expectMail('ana', /silenced/);
});

test('a simulation says what would happen at a moment, and touches nothing', async () => {
  const w = await aTeam(
    {
      ana: { by: ['sms', 'call'], rules: { high: [{ methods: ['sms'] }, { after_seconds: 180, methods: ['call'] }] } },
      ben: { by: ['mail'], quiet_hours: { from: '22:00', to: '07:00' } },
      cas: { by: ['sms'] },
    },
    {
      at: '2026-03-02T12:00:00Z',
    },
  );
  await w.call('PUT', '/api/schedules/rota', everyDay);
  await w.savePolicy('turns', {
    steps: [
      { targets: [{ schedule: 'rota' }], escalate_after_seconds: 600, when: { urgency: 'high' } },
      { targets: [{ person: 'ben' }], escalate_after_seconds: 300 },
      { targets: [{ round_robin: ['ana', 'cas'] }], escalate_after_seconds: 300 },
    ],
  });
  await w.call('PUT', '/api/routing', {
    items: [{ name: 'noise', when: { name: 'host', value: 'lab' }, drop: 'the lab may burn' }],
  });
  // One turn is taken: the next one is Cas's.
  await w.alertFires('earlier');
  w.expectSms('ana');
  await w.fastForward('15m');
  w.ignoreMessages();
  await w.does('resolve');

  const before = await w.tables();
  type Simulated = {
    alerts: {
      decisions: { step: string; result: string; why: string }[];
      would_page: {
        step: number;
        after_seconds: number;
        skipped?: string;
        people: { name: string; waits?: string; methods: object[] }[];
      }[];
    }[];
  };
  const simulate = (payload: object, at?: string) =>
    w.call<Simulated>('POST', '/api/simulate', { integration: 'db-monitor', payload, ...(at ? { at } : {}) });
  const high = await simulate({ key: 'x', summary: 'x', severity: 'critical' });
  expect(high.alerts[0]?.would_page).toMatchObject([
    {
      step: 1,
      after_seconds: 0,
      people: [
        {
          name: 'ana',
          methods: [
            { channel: 'sms', after_seconds: 0 },
            { channel: 'voice', after_seconds: 180 },
          ],
        },
      ],
    },
    { step: 2, after_seconds: 600, people: [{ name: 'ben' }] },
    { step: 3, after_seconds: 900, people: [{ name: 'cas' }] },
  ]);
  const low = await simulate({ key: 'x', summary: 'x', severity: 'info' }, '2026-03-03T23:00:00Z');
  expect(low.alerts[0]?.would_page).toMatchObject([
    { step: 1, skipped: 'only for high urgency, this is low' },
    { step: 2, after_seconds: 0, people: [{ name: 'ben', waits: 'quiet hours until 2026-03-04T07:00Z' }] },
    { step: 3 },
  ]);
  const dropped = await simulate({ key: 'x', summary: 'x', host: 'lab' });
  expect(dropped.alerts[0]).toMatchObject({ would_page: [], decisions: [{ step: 'routing', result: 'dropped' }] });
  await w.settle();
  expect(await w.tables()).toEqual(before);
  const observer = await w.tokenOf('ana', 'observer');
  expect((await w.request('POST', '/api/simulate', { integration: 'db-monitor', payload: {} }, observer)).status).toBe(403);
});

test('a simulation says which open incident an alert would join, and that one would be opened once that is over', async () => {
  const w = await aTeam({ ana: { by: ['sms'] } });
  type Simulated = { alerts: { decisions: { step: string; result: string }[]; would_page: { people: { name: string }[] }[] }[] };
  const grouping = async (at?: string) => {
    const payload = { key: 'other', summary: 'other', severity: 'critical' };
    const { alerts } = await w.call<Simulated>('POST', '/api/simulate', { integration: 'db-monitor', payload, at });
    expect(alerts[0]?.would_page[0]?.people[0]?.name).toBe('ana');
    return alerts[0]?.decisions.find((decision) => decision.step === 'grouping')?.result;
  };
  expect(await grouping()).toBe('opens an incident');
  await w.alertFires('down');
  w.expectSms('ana');
  const { number } = await w.incident();
  expect(await grouping()).toBe(`joins ${number} while that is open, else opens an incident`);
  expect(await grouping(w.now().add({ hours: 30 }).toString())).toBe('opens an incident');
});

test('a trace shows raw payloads: who may not read alerts may not read it', async () => {
  const w = await aTeam({ ana: { by: ['sms'] } });
  await w.alertFires('down');
  w.expectSms('ana');
  const { number } = await w.incident();
  const table: [role: string, incident: number, trace: number][] = [
    ['stakeholder', 200, 403],
    ['observer', 200, 200],
  ];
  for (const [role, incident, trace] of table) {
    const { token } = await w.call<{ token: string }>('POST', '/api/tokens', { name: role, role });
    const as = { authorization: `Bearer ${token}` };
    expect((await w.request('GET', `/api/incidents/${number}`, undefined, as)).status, role).toBe(incident);
    expect((await w.request('GET', `/api/incidents/${number}/trace`, undefined, as)).status, role).toBe(trace);
  }
});
