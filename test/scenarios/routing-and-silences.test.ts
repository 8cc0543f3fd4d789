import { expect, test } from 'vitest';
import { aTeam } from './world.ts';

const SMS = { by: ['sms' as const] };

test('routing rules are asked in order and set service, severity, urgency and labels', async () => {
  const w = await aTeam({ ana: { by: ['sms', 'mail'] }, ben: SMS });
  await w.savePolicy('web-people', { steps: [{ targets: [{ person: 'ben' }] }], repeat: 0 });
  await w.saveService('web', { escalation_policy: 'web-people' });
  await w.call('PUT', '/api/routing', {
    items: [
      { name: 'labels', when: { name: 'host', op: '=~', value: 'web-[0-9]+' }, set: { labels: { tier: 'front' } } },
      {
        name: 'front',
        when: { all: [{ name: 'tier', value: 'front' }, { not: { name: 'env', value: 'test' } }] },
        set: { service: 'web' },
      },
      {
        name: 'calm',
        when: {
          any: [
            { name: 'severity', value: 'info' },
            { name: 'env', op: '!=', value: 'production' },
          ],
        },
        set: { urgency: 'low' },
      },
      { name: 'worse', when: { name: 'service', value: 'web' }, set: { severity: 'critical', urgency: 'high' }, stop: true },
      { name: 'never', when: { name: 'service', value: 'web' }, set: { severity: 'info' } },
    ],
  });
  await w.alertFires('a', { severity: 'warning', labels: { host: 'web-12', env: 'production' } });
  w.expectSms('ben', /INC-2026-0001 web: a/);
  expect((await w.alerts())[0]).toMatchObject({
    service: 'web',
    severity: 'critical',
    labels: { tier: 'front', host: 'web-12' },
  });
  const { steps } = await w.trace();
  expect(steps.filter((step) => step.step === 'routing').map((step) => step.why)).toEqual([
    'rule labels: host=~"web-[0-9]+"',
    'rule front: tier="front" and not (env="test")',
    'rule worse: service="web"',
  ]);
  // The whole value must match, and what no rule moves stays.
  await w.alertFires('b', { severity: 'critical', labels: { host: 'my-web-1x', env: 'staging' } });
  w.expectMail('ana', /INC-2026-0002/);
  expect(await w.incident()).toMatchObject({ service: 'db', urgency: 'low', severity: 'critical' });
});

test('a rule may drop an alert: it is kept with the reason and pages nobody', async () => {
  const w = await aTeam({ ana: SMS });
  await w.call('PUT', '/api/routing', {
    items: [{ name: 'noise', when: { name: 'summary', op: '!~', value: '.*wrong' }, drop: 'known noise of the backup' }],
  });
  expect(await w.alertFires('backup', { summary: 'backup running' })).toBe('dropped');
  expect(await w.alertFires('backup', { summary: 'backup running' })).toBe('repeated');
  const [alert] = await w.alerts('?disposition=dropped');
  expect(alert).toMatchObject({ count: 2, incident: null, reason: expect.stringMatching(/known noise/) });
  const trace = await w.call<{ summary: string }>('GET', `/api/alerts/${alert?.id}/trace`);
  expect(trace.summary).toMatch(/nobody was paged: dropped .*known noise/);
  expect(await w.incidents()).toEqual([]);
});

test('a rule with a wrong expression or an unknown service is refused, naming the field', async () => {
  const w = await aTeam({ ana: SMS });
  const refused = async (rule: object) => (await w.request('PUT', '/api/routing', { items: [{ name: 'x', ...rule }] })).json();
  expect(await refused({ when: { any: [{ name: 'a', op: '=~', value: '(' }] } })).toMatchObject({ field: '0.when.any.0.value' });
  expect(await refused({ set: { service: 'gone' } })).toMatchObject({ field: '0.set.service' });
});

test('a silence is visible and quiet; ended early, what still fires pages', async () => {
  const w = await aTeam({ ana: SMS });
  const { id } = await w.call<{ id: string }>('POST', '/api/silences', {
    comment: 'migrating',
    services: ['db'],
    matchers: [{ name: 'env', op: '=~', value: 'prod.*' }],
    ends_at: w.now().add({ hours: 2 }).toString(),
  });
  const hidden = { labels: { env: 'production' } };
  expect(await w.alertFires('a', hidden)).toBe('silenced');
  expect(await w.alertFires('b', hidden)).toBe('silenced');
  await w.alertResolves('b');
  await w.alertFires('c', { labels: { env: 'test' } });
  w.expectSms('ana', /c is wrong/);
  await w.does('acknowledge');
  const [, , first] = await w.alerts();
  expect(first).toMatchObject({ disposition: 'silenced', incident: null, reason: expect.stringMatching(/migrating/) });
  const before = first?.last_seen;
  await w.fastForward('20m');
  w.expectNothing();
  await w.call('DELETE', `/api/silences/${id}`);
  await w.settle();
  w.expectSms('ana', /INC-2026-0002 db: a is wrong/);
  const [, , paged] = await w.alerts();
  expect(paged).toMatchObject({ disposition: 'incident', incident: 'INC-2026-0002', count: 1, last_seen: before });
  const { items } = await w.call<{ items: object[] }>('GET', '/api/silences');
  expect(items).toMatchObject([{ state: 'expired', created_by: 'test' }]);
});

test('a silence that runs out pages what still fires', async () => {
  const w = await aTeam({ ana: SMS });
  await w.call('POST', '/api/silences', { comment: 'short', services: ['db'], ends_at: w.now().add({ minutes: 10 }).toString() });
  await w.alertFires('a');
  await w.fastForward('9m');
  w.expectNothing();
  await w.fastForward('1m');
  w.expectSms('ana', /a is wrong/);
});

test('an alert under two silences stays quiet until the second one ends, and then pages', async () => {
  const w = await aTeam({ ana: SMS });
  const silence = (minutes: number, comment: string) =>
    w.call<{ id: string }>('POST', '/api/silences', { comment, services: ['db'], ends_at: w.now().add({ minutes }).toString() });
  const first = await silence(60, 'first');
  await silence(30, 'second');
  await w.alertFires('a');
  await w.call('DELETE', `/api/silences/${first.id}`);
  await w.settle();
  w.expectNothing();
  expect((await w.alerts())[0]).toMatchObject({ disposition: 'silenced', reason: expect.stringMatching(/second/) });
  await w.fastForward('31m');
  w.expectSms('ana', /a is wrong/);
});

test('a storm of silenced alerts is looked at whole when the silence ends', async () => {
  const w = await aTeam({ ana: SMS });
  const { id } = await w.call<{ id: string }>('POST', '/api/silences', {
    comment: 'storm',
    services: ['db'],
    ends_at: w.now().add({ hours: 1 }).toString(),
  });
  await w.arrive(Array.from({ length: 1100 }, (_, n) => ({ key: `host-${n}` })));
  await w.call('DELETE', `/api/silences/${id}`);
  await w.settle();
  w.expectSms('ana');
  expect(await w.incident()).toMatchObject({ alert_count: 1100, open_alert_count: 1100 });
});

test('a named silence made narrower lets go of what it no longer covers', async () => {
  const w = await aTeam({ ana: SMS });
  const ends_at = w.now().add({ hours: 1 }).toString();
  await w.call('PUT', '/api/silences/work', { comment: 'all', services: ['db'], ends_at });
  await w.alertFires('a', { labels: { host: 'one' } });
  await w.alertFires('b', { labels: { host: 'two' } });
  await w.call('PUT', '/api/silences/work', {
    comment: 'one',
    services: ['db'],
    matchers: [{ name: 'host', value: 'one' }],
    ends_at,
  });
  await w.settle();
  w.expectSms('ana', /b is wrong/);
});

test('maintenance recurs in local hours, also across the change of clocks, and pages after each window', async () => {
  // Amsterdam goes to summer time on 29 March at 02:00.
  const w = await aTeam({ ana: SMS }, { at: '2026-03-28T00:00:00Z' });
  await w.call('POST', '/api/silences', {
    kind: 'maintenance',
    comment: 'backups',
    services: ['db'],
    recurs: { time_zone: 'Europe/Amsterdam', days: ['sat', 'sun'], from: '01:00', to: '04:00' },
  });
  expect(await w.alertFires('sat'), 'Saturday 01:00').toBe('silenced');
  await w.fastForward('2h');
  w.expectNothing();
  await w.fastForward('1h');
  w.expectSms('ana', /sat is wrong/);
  await w.does('resolve');
  await w.jump('21h');
  expect(await w.alertFires('sun'), 'Sunday 01:00').toBe('silenced');
  await w.fastForward('119m');
  w.expectNothing();
  await w.fastForward('1m');
  w.expectSms('ana', /sun is wrong/);
  expect(await w.alertFires('later')).toBe('joined');
});

test('a silence that hides everything, has no end or ends in the past is refused', async () => {
  const w = await aTeam({ ana: SMS });
  const refused = async (body: object) =>
    ((await (await w.request('POST', '/api/silences', { comment: 'x', ...body })).json()) as { field: string }).field;
  const ends_at = w.now().add({ hours: 1 }).toString();
  expect(await refused({ ends_at })).toBe('matchers');
  for (const [op, value] of [
    ['=~', '.*'],
    ['=~', '.+'],
    ['=~', '(a|.*)'],
    ['=~', 'a?'],
    ['=', ''],
    ['!=', ''],
    ['!=', 'x'],
    ['!~', 'x.*'],
  ])
    expect(await refused({ ends_at, matchers: [{ name: 'a', op, value }] }), `${op} ${value}`).toBe('matchers');
  expect(await refused({ ends_at, services: ['db', 'no-such'] })).toBe('services.1');
  const narrow = {
    comment: 'x',
    ends_at,
    matchers: [
      { name: 'a', op: '!=', value: 'x' },
      { name: 'b', value: 'y' },
    ],
  };
  expect((await w.request('POST', '/api/silences', narrow)).status, 'one of them narrows').toBe(201);
  expect(await refused({ services: ['db'] })).toBe('ends_at');
  expect(await refused({ services: ['db'], ends_at: w.now().subtract({ hours: 1 }).toString() })).toBe('ends_at');
  expect(await refused({ ends_at, matchers: [{ name: 'a', op: '=~', value: '[' }] })).toBe('matchers.0.value');
});

test('urgency follows severity, and support hours before that', async () => {
  const w = await aTeam(
    { ana: { by: ['sms', 'mail'] } },
    {
      at: '2026-03-02T08:30:00Z',
      service: {
        grouping: { window_seconds: 0 },
        support_hours: {
          time_zone: 'Europe/Amsterdam',
          hours: [{ from: '10:00', to: '18:00', days: ['mon'] }],
          urgency_outside: 'low',
        },
      },
    },
  );
  await w.alertFires('early');
  w.expectMail('ana', /early/);
  await w.fastForward('30m');
  await w.alertFires('inside');
  w.expectSms('ana', /inside/);
  w.expectMail('ana', /inside/);
  await w.alertFires('mild', { severity: 'warning' });
  w.expectMail('ana', /mild/);
});
