import { expect, test } from 'vitest';
import { aTeam } from './world.ts';

const SMS = { by: ['sms' as const] };

test('an incident goes from triage to closed and back, and its timeline tells it all', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS });
  await w.alertFires('down');
  w.expectSms('ana', /INC-2026-0001/);
  expect(await w.incident()).toMatchObject({
    number: 'INC-2026-0001',
    status: 'triage',
    urgency: 'high',
    escalation: { state: 'running', step: 1, of: 2 },
  });
  const early = await w.request('POST', '/api/incidents/INC-2026-0001/close', {});
  expect([early.status, ((await early.json()) as { detail: string }).detail]).toEqual([
    409,
    'INC-2026-0001 is triage: resolve it first',
  ]);
  const ana = await w.tokenOf('ana');
  await w.request('POST', '/api/incidents/inc-2026-0001/acknowledge', {}, ana);
  expect(await w.incident()).toMatchObject({
    status: 'acknowledged',
    acknowledged_by: 'ana',
    assignees: ['ana'],
    escalation: { state: 'stopped', next_at: null },
  });
  await w.does('notes', { text: 'Looking at the disk' });
  await w.does('resolve', { note: 'Restarted it' });
  await w.does('close');
  expect((await w.incident()).status).toBe('closed');
  expect((await w.request('POST', '/api/incidents/INC-2026-0001/acknowledge', {})).status).toBe(409);
  await w.does('reopen');
  w.expectSms('ana');
  expect(await w.incident()).toMatchObject({ status: 'triage', acknowledged_by: null, resolved_at: null, closed_at: null });
  const story = (await w.story()).filter((type) => type.startsWith('incident.'));
  expect(story).toEqual(['opened', 'acknowledged', 'note', 'resolved', 'closed', 'reopened'].map((type) => `incident.${type}`));
  expect((await w.timeline()).find((entry) => entry.type === 'incident.resolved')?.text).toBe('Resolved by test: Restarted it');
});

test('numbers count from one each year', async () => {
  const w = await aTeam({ ana: SMS }, { at: '2026-12-31T23:50:00Z', service: { grouping: { window_seconds: 0 } } });
  await w.arrive([{ key: 'a' }, { key: 'b' }]);
  await w.fastForward('15m');
  await w.alertFires('c');
  expect((await w.incidents()).map((incident) => incident.number)).toEqual(['INC-2027-0001', 'INC-2026-0002', 'INC-2026-0001']);
  w.ignoreMessages();
});

test('resolving by hand resolves its alerts, so that the next trigger pages', async () => {
  const w = await aTeam({ ana: SMS });
  await w.alertFires('down');
  w.expectSms('ana');
  await w.does('resolve');
  expect((await w.alerts())[0]?.status).toBe('resolved');
  expect(await w.alertFires('down')).toBe('opened');
  w.expectSms('ana', /INC-2026-0002/);
});

test('a snooze is quiet until it is over, then it pages again; resolved meanwhile, it stays quiet', async () => {
  const w = await aTeam({ ana: SMS }, { service: { grouping: { window_seconds: 0 } } });
  await w.alertFires('a');
  await w.alertFires('b');
  w.expectSms('ana', /a is wrong/);
  w.expectSms('ana', /b is wrong/);
  await w.does('snooze', { seconds: 3600 }, 'INC-2026-0001');
  await w.does('snooze', { seconds: 3600 }, 'INC-2026-0002');
  await w.does('resolve', {}, 'INC-2026-0002');
  await w.fastForward('59m');
  w.expectNothing();
  await w.fastForward('1m');
  w.expectSms('ana', /INC-2026-0001/);
  expect(await w.incident('INC-2026-0001')).toMatchObject({ status: 'triage', snoozed_until: null });
});

test('a second, longer snooze counts', async () => {
  const w = await aTeam({ ana: SMS });
  await w.alertFires('a');
  w.expectSms('ana');
  await w.does('snooze', { seconds: 600 });
  await w.fastForward('5m');
  await w.does('snooze', { seconds: 1200 });
  await w.fastForward('19m');
  w.expectNothing();
  await w.fastForward('1m');
  w.expectSms('ana');
});

test('acknowledged and then silent: paged again; a note keeps it quiet', async () => {
  const w = await aTeam({ ana: SMS }, { service: { acknowledge_timeout_seconds: 600 } });
  await w.alertFires('down');
  w.expectSms('ana');
  await w.does('acknowledge');
  await w.fastForward('8m');
  await w.does('notes', { text: 'still on it' });
  await w.fastForward('9m');
  w.expectNothing();
  await w.fastForward('1m');
  w.expectSms('ana');
  expect((await w.timeline()).find((entry) => entry.type === 'incident.unacknowledged')?.text).toMatch(/then nothing happened/);
});

test('merged: alerts, counts and pages move; the first is closed and cannot be reopened', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS }, { service: { grouping: { by: ['host'] } } });
  await w.alertFires('a', { labels: { host: 'a' }, severity: 'error' });
  await w.alertFires('b', { labels: { host: 'b' } });
  w.expectSms('ana', /0001/);
  w.expectSms('ana', /0002/);
  await w.does('merge', { into: 'INC-2026-0001' }, 'INC-2026-0002');
  expect(await w.incident('INC-2026-0002')).toMatchObject({
    status: 'closed',
    merged_into: 'INC-2026-0001',
    open_alert_count: 0,
  });
  expect(await w.incident('INC-2026-0001')).toMatchObject({
    status: 'triage',
    severity: 'critical',
    alert_count: 2,
    open_alert_count: 2,
  });
  expect((await w.request('POST', '/api/incidents/INC-2026-0002/reopen', {})).status).toBe(409);
  expect((await w.request('POST', '/api/incidents/INC-2026-0001/merge', { into: 'INC-2026-0001' })).status).toBe(422);
  await w.fastForward('5m');
  w.expectSms('ben', /INC-2026-0001/);
  await w.alertResolves('b');
  expect((await w.incident('INC-2026-0001')).status).toBe('triage');
  await w.alertResolves('a');
  expect((await w.incident('INC-2026-0001')).status).toBe('resolved');
});

test('an answer to an incident that was merged counts for the one it was merged into', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS }, { service: { grouping: { window_seconds: 0 } } });
  await w.alertFires('a');
  await w.alertFires('b');
  w.expectSms('ana', /0001/);
  const sms = w.expectSms('ana', /0002/);
  await w.does('merge', { into: 'INC-2026-0001' }, 'INC-2026-0002');
  await w.twilio.reply(sms, '4', `${w.url}/answer/sms`);
  expect(await w.incident('INC-2026-0001')).toMatchObject({ status: 'acknowledged', acknowledged_by: 'ana' });
  await w.fastForward('10m');
});

test('help asked for after a handover goes on with the first step of the policy', async () => {
  const w = await aTeam(
    { ana: SMS, ben: SMS, cas: SMS },
    { steps: [{ targets: [{ person: 'ana' }] }, { targets: [{ person: 'cas' }] }] },
  );
  await w.alertFires('down');
  w.expectSms('ana');
  await w.does('reassign', { people: ['ben'] });
  w.expectSms('ben');
  await w.does('acknowledge');
  await w.does('escalate');
  w.expectSms('ana');
});

test('a high incident merged into a low one that nobody has pages at high urgency', async () => {
  const w = await aTeam({ ana: { by: ['sms', 'mail'] } }, { service: { grouping: { window_seconds: 0 } } });
  await w.alertFires('slow', { severity: 'warning' });
  await w.alertFires('down');
  w.expectMail('ana', /slow/);
  w.expectMail('ana', /down/);
  w.expectSms('ana', /down/);
  await w.does('merge', { into: 'INC-2026-0001' }, 'INC-2026-0002');
  expect(await w.incident('INC-2026-0001')).toMatchObject({ urgency: 'high', status: 'triage' });
  w.expectSms('ana', /INC-2026-0001/);
  w.expectMail('ana', /INC-2026-0001/);
});

test('an incident declared by hand pages like any other', async () => {
  const w = await aTeam({ ana: { by: ['sms', 'mail'] } });
  const made = await w.call<{ number: string }>('POST', '/api/incidents', {
    title: 'Customers cannot pay',
    service: 'db',
    severity: 'critical',
    description: 'Three calls',
  });
  await w.settle();
  w.expectSms('ana', /INC-2026-0001 db: Customers cannot pay/);
  w.expectMail('ana');
  expect(made.number).toBe('INC-2026-0001');
  expect(await w.story()).toContain('incident.note');
  await w.call('POST', '/api/incidents', { title: 'Odd', service: 'db', urgency: 'low' });
  await w.settle();
  w.expectMail('ana', /Odd/);
  // It has no alerts to wait for and none join it.
  expect(await w.alertFires('down')).toBe('opened');
  w.expectSms('ana', /0003/);
  w.expectMail('ana', /0003/);
  expect((await w.request('POST', '/api/incidents', { title: 'x', service: 'gone' })).status).toBe(422);
});

test('handed to others, they are paged at once, and the policy follows when they do not answer', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS, cas: SMS }, { steps: [{ targets: [{ person: 'ana' }] }] });
  await w.alertFires('down');
  w.expectSms('ana');
  await w.does('acknowledge');
  await w.does('reassign', { people: ['ben', 'cas'] });
  w.expectSms('ben');
  w.expectSms('cas');
  expect(await w.incident()).toMatchObject({ status: 'triage', assignees: ['ben', 'cas'] });
  await w.fastForward('5m');
  w.expectSms('ana');
  expect((await w.request('POST', '/api/incidents/INC-2026-0001/reassign', { people: ['nobody'] })).status).toBe(422);
});

test('whoever may only look may not act', async () => {
  const w = await aTeam({ ana: SMS });
  await w.alertFires('down');
  w.expectSms('ana');
  const observer = await w.tokenOf('ana', 'observer');
  for (const verb of ['acknowledge', 'resolve', 'escalate', 'close', 'reopen'])
    expect((await w.request('POST', `/api/incidents/INC-2026-0001/${verb}`, {}, observer)).status, verb).toBe(403);
  expect((await w.request('GET', '/api/incidents/INC-2026-0001', undefined, observer)).status).toBe(200);
});

test('an acknowledged quiet incident pages again when something urgent joins it', async () => {
  const w = await aTeam({ ana: SMS });
  await w.alertFires('slow', { severity: 'warning' });
  w.expectSms('ana', /slow/);
  await w.does('acknowledge');
  expect(await w.incident()).toMatchObject({ urgency: 'low', status: 'acknowledged' });
  await w.alertFires('down', { severity: 'critical' });
  w.expectSms('ana', /INC-2026-0001/);
  expect(await w.incident()).toMatchObject({ urgency: 'high', severity: 'critical', status: 'triage' });
  expect((await w.timeline()).map((entry) => entry.text)).toContain('Paged again: urgency rose to high');
});
