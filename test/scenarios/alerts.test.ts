import { expect, test } from 'vitest';
import { aTeam } from './world.ts';

const SMS = { by: ['sms' as const] };

test('an alert repeated is one alert, paged once, with its count and its latest payload', async () => {
  const w = await aTeam({ ana: SMS }, { at: '2026-03-02T12:00:00Z' });
  await w.alertFires('disk', {
    summary: 'Disk is 90% full',
    labels: { host: 'db-1', mount: '/var' },
    dashboard: 'https://grafana.test/d/1',
    graph: 'https://grafana.test/1.png',
    percent: 90,
  });
  w.expectSms('ana', /Disk is 90% full/);
  await w.fastForward('1m');
  expect(await w.alertFires('disk', { summary: 'Disk is 95% full', percent: 95 })).toBe('repeated');
  await w.arrive([{ key: 'disk' }, { key: 'disk', about: { percent: 99 } }]);
  expect(await w.alerts()).toMatchObject([
    {
      count: 4,
      status: 'open',
      incident: 'INC-2026-0001',
      first_seen: '2026-03-02T12:00:00Z',
      last_seen: '2026-03-02T12:01:00Z',
      payload: { percent: 99 },
      labels: { host: 'db-1', mount: '/var' },
      links: [{ href: 'https://grafana.test/d/1', text: 'Dashboard' }],
      images: [{ src: 'https://grafana.test/1.png', alt: 'Graph' }],
    },
  ]);
  expect(await w.incidents()).toHaveLength(1);
});

test('a key belongs to its integration: the same key of another one is another alert', async () => {
  const w = await aTeam({ ana: SMS });
  await w.saveService('web', { escalation_policy: 'turns' });
  await w.alertFires('down');
  await w.alertFires('down', { service: 'web' });
  w.expectSms('ana', /INC-2026-0001 db/);
  w.expectSms('ana', /INC-2026-0002 web/);
  await w.alertResolves('down');
  expect((await w.alerts()).map((alert) => [alert.service, alert.status])).toEqual([
    ['web', 'open'],
    ['db', 'resolved'],
  ]);
});

test('a trigger after the resolve is a new alert and pages again', async () => {
  const w = await aTeam({ ana: SMS });
  await w.alertFires('down');
  w.expectSms('ana', /INC-2026-0001/);
  expect(await w.alertResolves('down')).toBe('resolved');
  expect((await w.incident()).status).toBe('resolved');
  expect(await w.alertResolves('down')).toBe('ignored');
  await w.fastForward('10m');
  w.expectNothing();
  expect(await w.alertFires('down')).toBe('opened');
  w.expectSms('ana', /INC-2026-0002/);
  expect((await w.alerts()).map((alert) => [alert.count, alert.status])).toEqual([
    [1, 'open'],
    [1, 'resolved'],
  ]);
});

test('trigger, resolve and trigger in one delivery end as two alerts, the last one open', async () => {
  const w = await aTeam({ ana: SMS });
  await w.arrive([{ key: 'down' }, { key: 'down', action: 'resolve' }, { key: 'down' }]);
  expect((await w.alerts()).map((alert) => alert.status)).toEqual(['open', 'resolved']);
  expect((await w.incidents()).map((incident) => incident.status)).toEqual(['triage', 'resolved']);
  w.expectSms('ana', /INC-2026-0002/);
});

test('a late copy of a post from before the resolve opens nothing', async () => {
  const w = await aTeam({ ana: SMS });
  const startsAt = w.now().toString();
  await w.alertFires('down', { startsAt });
  w.expectSms('ana');
  await w.fastForward('2m');
  await w.alertResolves('down', { startsAt });
  expect(await w.alertFires('down', { startsAt })).toBe('ignored');
  expect(await w.alertFires('down', { startsAt: w.now().toString() })).toBe('opened');
  w.expectSms('ana');
});

test('an alert whose sender falls silent past its end resolves by itself', async () => {
  const w = await aTeam({ ana: SMS });
  const prometheusPosts = async () => {
    const alert = { labels: { alertname: 'Down' }, startsAt: w.now().toString(), endsAt: w.now().add({ minutes: 3 }).toString() };
    expect((await w.request('POST', '/alertmanager/key-of-db/api/v2/alerts', [alert])).status).toBe(200);
    await w.settle();
  };
  await prometheusPosts();
  w.expectSms('ana', /Down/);
  await w.fastForward('2m');
  await prometheusPosts();
  await w.fastForward('2m');
  expect((await w.incident()).status).toBe('triage');
  await w.fastForward('2m');
  expect((await w.incident()).status).toBe('resolved');
});

test('twenty alerts of a service are one incident and one page; one after five quiet minutes is another', async () => {
  const w = await aTeam({ ana: SMS });
  const keys = Array.from({ length: 20 }, (_, n) => ({ key: `host-${n}` }));
  await w.arrive(keys);
  expect(new Set((await w.alerts()).map((alert) => alert.incident)).size).toBe(1);
  w.expectSms('ana', /INC-2026-0001/);
  await w.fastForward('4m');
  await w.alertFires('host-20');
  await w.fastForward('5m');
  // Five minutes after the last alert, not after the first.
  expect(await w.alertFires('host-21')).toBe('joined');
  await w.fastForward('301s');
  expect(await w.alertFires('host-22')).toBe('opened');
  w.expectSms('ana', /INC-2026-0002/);
  expect((await w.incidents()).map((incident) => incident.alert_count)).toEqual([1, 22]);
});

test('alerts that come by ten requests at once are one incident; one key at once is one alert', async () => {
  const w = await aTeam({ ana: SMS });
  await Promise.all(Array.from({ length: 10 }, (_, n) => w.arrive([{ key: `host-${n}` }, { key: 'same' }])));
  w.expectSms('ana');
  expect(await w.incidents()).toMatchObject([{ alert_count: 11, open_alert_count: 11 }]);
  expect((await w.alerts()).map((alert) => alert.count).sort((a, b) => b - a)).toEqual([10, ...Array(10).fill(1)]);
});

test('grouping by labels, with a window and a greatest age', async () => {
  const w = await aTeam({ ana: SMS }, { service: { grouping: { by: ['cluster'], window_seconds: 600, max_age_seconds: 900 } } });
  const inCluster = (cluster: string) => ({ labels: { cluster } });
  await w.arrive([
    { key: 'a1', about: inCluster('a') },
    { key: 'b1', about: inCluster('b') },
    { key: 'a2', about: inCluster('a') },
    { key: 'none' },
  ]);
  for (const number of ['0001', '0002', '0003']) w.expectSms('ana', new RegExp(`INC-2026-${number}`));
  await w.fastForward('9m');
  expect(await w.alertFires('a3', inCluster('a'))).toBe('joined');
  await w.fastForward('7m');
  expect(await w.alertFires('a4', inCluster('a')), 'the incident is too old').toBe('opened');
  w.expectSms('ana', /INC-2026-0004/);
});

test('without grouping every alert is its own incident', async () => {
  const w = await aTeam({ ana: SMS }, { service: { grouping: { window_seconds: 0 } } });
  await w.arrive([{ key: 'a' }, { key: 'b' }]);
  w.expectSms('ana', /a is wrong/);
  w.expectSms('ana', /b is wrong/);
});

test('an incident resolves after its last alert: by itself, by question, or never', async () => {
  const w = await aTeam({ ana: SMS }, { settings: { bundle_seconds: 0 } });
  for (const rule of ['auto', 'ask', 'never']) {
    await w.saveService('db', { escalation_policy: 'turns', on_all_resolved: rule });
    await w.arrive([{ key: `${rule}-1` }, { key: `${rule}-2` }]);
    w.expectSms('ana');
    const { number } = await w.incident();
    await w.alertResolves(`${rule}-1`);
    expect(await w.incident(number)).toMatchObject({ status: 'triage', open_alert_count: 1 });
    await w.alertResolves(`${rule}-2`);
    expect((await w.incident(number)).status).toBe(rule === 'auto' ? 'resolved' : 'triage');
    const story = await w.timeline(number);
    expect(story.some((entry) => /Resolve the incident\?/.test(entry.text))).toBe(rule === 'ask');
    await w.does('resolve', {}, number);
  }
});

test('a worse alert that joins raises severity; the rise to high urgency pages anew', async () => {
  const w = await aTeam({ ana: { by: ['sms', 'mail'] } });
  await w.alertFires('slow', { severity: 'warning' });
  w.expectMail('ana', /slow/);
  expect(await w.incident()).toMatchObject({ urgency: 'low', severity: 'warning' });
  await w.alertFires('down', { severity: 'critical' });
  expect(await w.incident()).toMatchObject({ urgency: 'high', severity: 'critical', alert_count: 2 });
  w.expectSms('ana');
  w.expectMail('ana');
  await w.alertFires('slower', { severity: 'info' });
  expect(await w.incident()).toMatchObject({ urgency: 'high', severity: 'critical' });
});

test('its sender may acknowledge an alert: paging stops', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS });
  await w.alertFires('down');
  w.expectSms('ana');
  await w.alertIsAcknowledged('down', { ack_author: 'the NOC' });
  await w.fastForward('10m');
  expect((await w.incident()).status).toBe('acknowledged');
  expect((await w.timeline()).find((entry) => entry.type === 'incident.acknowledged')?.actor).toBe('the NOC');
  expect(await w.alertIsAcknowledged('unknown')).toBe('ignored');
});

test('an alert that keeps changing pages once more, says that it flaps, and then holds its peace', async () => {
  const w = await aTeam({ ana: SMS }, { service: { flapping: { changes: 4, within_seconds: 600 } } });
  const flap = async () => {
    await w.alertFires('link');
    await w.fastForward('20s');
    await w.alertResolves('link');
    await w.fastForward('20s');
  };
  await flap();
  await flap();
  w.expectSms('ana', /INC-2026-0001/);
  w.expectSms('ana', /INC-2026-0002/);
  await flap();
  w.expectSms('ana', /Flapping: link is wrong/);
  for (let n = 0; n < 8; n += 1) await flap();
  w.expectNothing();
  const flapping = await w.incident();
  expect(flapping).toMatchObject({ number: 'INC-2026-0003', alert_count: 9 });
  expect((await w.alerts())[0]).toMatchObject({ disposition: 'flapping', reason: expect.stringMatching(/changes within 600 s/) });
  // Nobody need answer what has calmed down.
  await w.does('acknowledge');
  await w.fastForward('11m');
  expect((await w.incident()).status).toBe('resolved');
  await w.alertFires('link');
  w.expectSms('ana', /INC-2026-0004 db: link is wrong/);
});

test('a flapping incident that has calmed down asks, where its service wants to be asked', async () => {
  const w = await aTeam({ ana: SMS }, { service: { flapping: { changes: 2, within_seconds: 600 }, on_all_resolved: 'ask' } });
  for (let n = 0; n < 3; n += 1) {
    await w.alertFires('link');
    await w.alertResolves('link');
  }
  w.ignoreMessages();
  await w.does('acknowledge');
  await w.fastForward('11m');
  expect((await w.timeline()).at(-1)?.text).toBe('Every alert resolved. Resolve the incident?');
  expect((await w.incident()).status).toBe('acknowledged');
});
