import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { startServer } from '../harness.ts';
import { aTeam } from './world.ts';

const SMS = { by: ['sms' as const] };

test('a policy is named and empty of people: every path ends in words, none in silence', async () => {
  const w = await aTeam({ ana: { ...SMS, active: false }, ben: { ...SMS, active: false } });
  await w.alertFires('down');
  expect((await w.timeline()).filter((entry) => entry.type === 'escalation.step_skipped').map((entry) => entry.text)).toEqual([
    'Step 1 of 2 skipped: ana is deactivated',
    'Step 2 of 2 skipped: ben is deactivated',
  ]);
  expect((await w.trace()).summary).toMatch(/nobody was paged/);
  await w.savePerson('ben', SMS);
  await w.fastForward('1m');
  w.expectSms('ben');
});

test('a step that fails for everybody ends at the fallback, which is told within half a minute a step', async () => {
  const w = await aTeam(
    { ana: SMS, ben: SMS, boss: { by: ['mail'] } },
    {
      steps: [{ targets: [{ person: 'ana' }] }, { targets: [{ person: 'ben' }] }],
      policy: { fallback: { person: 'boss' } },
    },
  );
  w.twilio.mode('refused');
  await w.alertFires('down');
  w.expectMail('boss', /down/);
});

test('while no message reaches anybody the policy is tried again each minute, and pages soon after the provider is back', async () => {
  const w = await aTeam(
    { ana: SMS, boss: SMS },
    {
      steps: [{ targets: [{ person: 'ana' }] }],
      policy: { fallback: { person: 'boss' } },
      settings: { dead_man_url: 'http://127.0.0.1:1/ping' },
    },
  );
  w.twilio.mode('refused');
  await w.alertFires('down');
  await w.fastForward('8m');
  const tries = (await w.story()).filter((type) => type === 'page.started').length;
  expect(tries).toBeGreaterThan(8);
  expect(tries, 'it does not spin').toBeLessThan(40);
  expect((await w.timeline()).map((entry) => entry.text).join('\n')).toMatch(/no message reached anybody/);
  const metrics = await (await w.request('GET', '/metrics')).text();
  expect(metrics).toMatch(/allclear_pager_healthy 0/);
  w.twilio.mode('ok');
  await w.fastForward('6m');
  w.expectSms('ana');
  w.ignoreMessages();
});

test('low urgency and everybody in quiet hours: the policy goes through its steps and each page waits for its morning', async () => {
  const asleep = { by: ['mail' as const], quiet_hours: { from: '22:00', to: '07:00' } };
  const w = await aTeam(
    { ana: asleep, ben: asleep },
    {
      at: '2026-03-02T23:00:00Z',
      steps: [{ targets: [{ person: 'ana' }] }, { targets: [{ person: 'ben' }], escalate_after_seconds: 86_400 }],
    },
  );
  await w.alertFires('slow', { severity: 'warning' });
  await w.fastForward('10m');
  w.expectNothing();
  await w.jump('8h');
  w.expectMail('ana');
  w.expectMail('ben');
});

test('an alert and its repeats while its service is renamed, its policy replaced and its integration moved', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS });
  await w.alertFires('down');
  w.expectSms('ana');
  await w.savePolicy('other', { steps: [{ targets: [{ person: 'ben' }] }] });
  await w.saveService('db', { escalation_policy: 'other' });
  await w.alertFires('down');
  await w.fastForward('5m');
  w.expectSms('ben');
  await w.does('resolve');
  await w.alertFires('down');
  w.expectSms('ben');
});

test('every timeline entry and decision is a sentence, and none holds a secret', async () => {
  const w = await aTeam({ ana: { by: ['sms', 'mail', 'call', 'ntfy', 'webhook'] } });
  await w.alertFires('down');
  await w.does('acknowledge');
  w.ignoreMessages();
  const all = JSON.stringify([await w.timeline(), await w.trace(), await w.call('GET', '/api/journal?limit=200')]);
  for (const secret of [w.twilio.account.authToken, w.token, '/p/A'])
    expect(all.includes(secret), `${secret.slice(0, 4)}… in a journal`).toBe(false);
  for (const entry of await w.timeline()) expect(entry.text, entry.type).toMatch(/^\S.*\S$/s);
});

test('the journal cannot be changed, by anybody', async () => {
  const w = await startServer();
  const change = (statement: ReturnType<typeof sql>) => w.system((ctx) => statement.execute(ctx.tx));
  await expect(change(sql`update journal set text = 'x'`)).rejects.toThrow(/append-only/);
  await expect(change(sql`delete from journal`)).rejects.toThrow(/append-only/);
});

test('an alert that comes again worse raises its incident, and pages anew when that makes it urgent', async () => {
  const w = await aTeam({ ana: SMS });
  await w.alertFires('latency', { severity: 'warning' });
  w.expectSms('ana');
  await w.alertFires('latency', { severity: 'critical' });
  w.expectSms('ana');
  expect(await w.incident()).toMatchObject({ severity: 'critical', urgency: 'high', alert_count: 1 });
  await w.alertFires('latency', { severity: 'warning' });
  expect(await w.incident()).toMatchObject({ severity: 'critical' });
});

test('what a routing rule dropped is judged anew when the rules change', async () => {
  const w = await aTeam({ ana: SMS });
  await w.call('PUT', '/api/routing', { items: [{ name: 'oops', drop: 'a mistake' }] });
  await w.alertFires('down');
  w.expectNothing();
  await w.call('PUT', '/api/routing', { items: [] });
  await w.settle();
  w.expectSms('ana');
});

test('a snoozed incident does not swallow new trouble', async () => {
  const w = await aTeam({ ana: SMS });
  await w.alertFires('slow');
  w.expectSms('ana');
  await w.does('snooze', { seconds: 8 * 3600 });
  await w.alertFires('payments');
  w.expectSms('ana', /INC-2026-0002/);
});

test('an urgent page does not wait behind a quiet one', async () => {
  const w = await aTeam({ ana: SMS }, { service: { grouping: { window_seconds: 0 } }, settings: { bundle_seconds: 60 } });
  await w.alertFires('certificate', { severity: 'info' });
  w.expectSms('ana', /certificate/);
  await w.alertFires('site', { severity: 'critical' });
  w.expectSms('ana', /site/);
});

test('after Allclear itself was away, senders get time to send again before their silence means anything', async () => {
  const w = await aTeam({ ana: SMS });
  const post = (endsAt: Temporal.Instant) =>
    w.request('POST', '/alertmanager/key-of-db/api/v2/alerts', [
      { labels: { alertname: 'Down', severity: 'critical' }, endsAt: endsAt.toString() },
    ]);
  await w.settle();
  await post(w.now().add({ minutes: 4 }));
  await w.settle();
  w.expectSms('ana');
  await w.does('acknowledge');
  // Nothing runs for ten minutes: no tick, no request.
  await w.clock.setTime(w.now().add({ minutes: 10 }).epochMilliseconds);
  await w.fastForward('1m');
  expect((await w.incident()).status).toBe('acknowledged');
  await post(w.now().add({ minutes: 4 }));
  await w.fastForward('3m');
  expect((await w.incident()).status).toBe('acknowledged');
  await w.fastForward('5m');
  expect((await w.incident()).status).toBe('resolved');
});
