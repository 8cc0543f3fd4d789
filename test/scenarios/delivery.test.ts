import { expect, test } from 'vitest';
import { aTeam } from './world.ts';

const longStep = (name: string) => ({ targets: [{ person: name }], escalate_after_seconds: 3600 });
const anaThenBen = { steps: [longStep('ana'), longStep('ben')] };
const smsFirst = { high: [{ methods: ['sms'] }] };

test('a provider that is busy for a moment is tried again, under one idempotency key, and the page arrives once', async () => {
  const w = await aTeam({ ana: { by: ['webhook'] } });
  w.webhook.answerWith({ status: 500 });
  await w.alertFires('down');
  const first = w.expectWebhook('ana');
  await w.fastForward('1s');
  const second = w.expectWebhook('ana');
  w.webhook.answerWith({ status: 204 });
  await w.fastForward('3s');
  const third = w.expectWebhook('ana');
  expect(new Set([first, second, third].map((call) => call.headers['webhook-id'])).size).toBe(1);
  await w.fastForward('4m');
  const told = (await w.timeline()).filter((entry) => entry.type.startsWith('delivery.')).map((entry) => entry.type);
  expect(told).toEqual(['delivery.retried', 'delivery.retried', 'delivery.sent']);
});

test('the same mail sent twice carries one Message-ID', async () => {
  const w = await aTeam({ ana: { by: ['mail'] } });
  w.smtp.mode('retryable');
  await w.alertFires('down');
  w.smtp.mode('ok');
  await w.fastForward('2s');
  const { mail } = w.expectMail('ana');
  const [delivery] = await w.system((ctx) => ctx.tx.selectFrom('deliveries').selectAll().execute());
  expect(delivery).toMatchObject({ attempt: 2, status: 'delivered' });
  // A worker that died after sending: the queue gives its job to another, which sends the same message.
  await w.system((ctx) => ctx.tx.updateTable('deliveries').set({ status: 'queued' }).execute());
  await w.system((ctx) => ctx.enqueue('paging.deliver', [{ data: { delivery_id: delivery?.id ?? '' } }]));
  await w.settle();
  expect(w.expectMail('ana').mail.messageId).toBe(mail.messageId);
});

test('a provider that refuses: her next method at once', async () => {
  const w = await aTeam({ ana: { by: ['sms', 'ntfy'], rules: smsFirst }, ben: { by: ['mail'] } }, anaThenBen);
  w.twilio.mode('refused');
  await w.alertFires('down');
  w.expectPush('ana', /down/);
  expect((await w.timeline()).find((entry) => entry.type === 'delivery.failed_over')?.text).toBe('Ana: ntfy instead of sms');
  await w.fastForward('10m');
});

test('a provider that is down for good: her next method, all within half a minute', async () => {
  const w = await aTeam({ ana: { by: ['sms', 'ntfy'], rules: smsFirst }, ben: { by: ['mail'] } }, anaThenBen);
  w.twilio.mode('malformed');
  await w.alertFires('down');
  await w.fastForward('30s');
  w.expectPush('ana', /down/);
  await w.fastForward('5m');
});

test('every way of hers fails: the next person within half a minute, without waiting for the step', async () => {
  const w = await aTeam({ ana: { by: ['sms', 'call'] }, ben: { by: ['mail'] } }, anaThenBen);
  for (const mode of ['refused', 'retryable', 'malformed'] as const) {
    w.twilio.mode(mode);
    await w.alertFires(mode);
    await w.fastForward('30s');
    w.expectMail('ben', new RegExp(mode));
    expect(await w.story()).toContain('escalation.hurried');
    await w.does('resolve');
  }
});

test('a provider that stays busy does not hold the next person back, and is still tried', async () => {
  const w = await aTeam({ ana: { by: ['sms'] }, ben: { by: ['mail'] } }, anaThenBen);
  w.twilio.mode('retryable');
  await w.settings({ unreached_after_seconds: 5 });
  await w.alertFires('down');
  await w.fastForward('5s');
  w.expectMail('ben');
  expect((await w.timeline()).find((entry) => entry.type === 'page.unreachable')?.text).toMatch(/no message to Ana has left yet/);
  w.twilio.mode('ok');
  await w.fastForward('1m');
  w.expectSms('ana');
});

test('of two people in a step one is reached: nobody is hurried', async () => {
  const w = await aTeam(
    { ana: { by: ['sms'] }, ben: { by: ['mail'] }, cas: { by: ['mail'] } },
    { steps: [{ targets: [{ person: 'ana' }, { person: 'ben' }] }, longStep('cas')] },
  );
  w.twilio.mode('refused');
  await w.alertFires('down');
  w.expectMail('ben');
  await w.fastForward('4m');
  w.expectNothing();
  await w.fastForward('1m');
  w.expectMail('cas');
});

test('a receipt that says failed fails over; delivered is noted; repeated and late ones change nothing', async () => {
  const w = await aTeam({ ana: { by: ['sms', 'ntfy'], rules: smsFirst } }, { steps: [longStep('ana')] });
  await w.alertFires('down');
  const sms = w.expectSms('ana');
  await w.twilio.reportStatus(sms, 'sent');
  expect(await w.story()).not.toContain('delivery.delivered');
  await w.twilio.reportStatus(sms, 'undelivered', '30003');
  await w.twilio.reportStatus(sms, 'undelivered', '30003');
  await w.settle();
  w.expectPush('ana');
  expect((await w.timeline()).find((entry) => entry.type === 'delivery.failed')?.text).toBe(
    'Ana by sms (Twilio) failed: undelivered (30003)',
  );
  await w.does('resolve');
  await w.alertFires('again');
  const next = w.expectSms('ana');
  await w.twilio.reportStatus(next, 'delivered');
  await w.twilio.reportStatus(next, 'delivered');
  await w.twilio.reportStatus(next, 'failed');
  await w.settle();
  expect((await w.story()).filter((type) => type.startsWith('delivery.'))).toEqual(['delivery.sent', 'delivery.delivered']);
});

test('a call nobody takes goes on to the next person when there is no other way', async () => {
  const w = await aTeam({ ana: { by: ['call'] }, ben: { by: ['sms'] } }, anaThenBen);
  await w.alertFires('down');
  await w.twilio.reportStatus(w.expectCall('ana'), 'no-answer');
  await w.settle();
  w.expectSms('ben');
});

test('a receipt without a good signature is refused', async () => {
  const w = await aTeam({ ana: { by: ['sms', 'ntfy'], rules: smsFirst } }, { steps: [longStep('ana')] });
  await w.alertFires('down');
  const { statusCallback, sid } = w.expectSms('ana');
  const forged = await fetch(statusCallback ?? '', {
    method: 'POST',
    body: new URLSearchParams({ MessageSid: sid, MessageStatus: 'failed' }),
    headers: { 'x-twilio-signature': 'bm90IHNpZ25lZA==' },
  });
  expect(forged.status).toBe(403);
});

test('a provider that is not set up: her other way, else the next person, and the reason', async () => {
  const w = await aTeam(
    { ana: { by: ['sms', 'ntfy'], rules: smsFirst }, ben: { by: ['sms'] }, cas: { by: ['ntfy'] } },
    { steps: [longStep('ana'), longStep('ben'), longStep('cas')] },
  );
  await w.call('PUT', '/api/settings', { channels: { ntfy: { server: w.ntfy.url } } });
  await w.alertFires('down');
  w.expectPush('ana');
  expect((await w.timeline()).find((entry) => entry.type === 'delivery.failed')?.text).toBe(
    'Ana by sms failed: no sms provider is set up',
  );
  await w.does('escalate');
  w.expectPush('cas');
});

test('settings that cannot work are refused, naming the field, and secrets are hidden', async () => {
  const w = await aTeam({ ana: {} });
  const refused = await w.request('PUT', '/api/settings', { channels: { email: { host: 'x', from: 'nobody' } } });
  expect(await refused.json()).toMatchObject({ field: 'channels.email.from' });
  const shown = JSON.stringify(await w.call('GET', '/api/settings'));
  expect(shown).not.toContain(w.twilio.account.authToken);
  await w.call('PUT', '/api/settings', JSON.parse(shown) as object);
  await w.savePerson('ana', { by: ['sms'] });
  await w.alertFires('down');
  w.expectSms('ana');
});

test('a speed limit makes messages wait, each with a visible reason, and nobody is taken for unreachable', async () => {
  const w = await aTeam(
    { ana: { by: ['sms'] }, ben: { by: ['sms'] }, cas: { by: ['sms'] }, dee: { by: ['mail'] } },
    {
      steps: [
        { targets: [{ person: 'ana' }, { person: 'ben' }, { person: 'cas' }], escalate_after_seconds: 3600 },
        longStep('dee'),
      ],
      settings: { throttle: { sms: 1 } },
    },
  );
  await w.alertFires('down');
  expect(w.messagesLeft()).toBe(1);
  const waiting = (await w.timeline()).filter((entry) => entry.type === 'delivery.queued').map((entry) => entry.text);
  expect(waiting).toHaveLength(2);
  expect(waiting[0]).toMatch(/queued because sms may send 1 a minute, until 2026-03-02T12:01:00Z/);
  await w.fastForward('1m');
  expect(w.messagesLeft()).toBe(2);
  await w.fastForward('1m');
  for (const name of ['ana', 'ben', 'cas']) w.expectSms(name);
});

const crowd = Array.from({ length: 70 }, (_, n) => `p${n}`);
const byPush = Object.fromEntries(crowd.map((name) => [name, { by: ['ntfy' as const] }]));
const all = { targets: crowd.slice(0, 20).map((person) => ({ person })) };
const inThrees = { steps: [{ targets: [{ team: 'all' }], escalate_after_seconds: 300 }], repeat: 3 };

test('fairness: whoever was paged longest ago is told first', async () => {
  const w = await aTeam(byPush, { service: { grouping: { window_seconds: 0 } }, steps: [all] });
  await w.call('PUT', '/api/teams/all', { members: crowd });
  await w.alertFires('some');
  for (const { person } of all.targets) w.expectPush(person);
  await w.does('resolve');
  await w.fastForward('1m');
  await w.savePolicy('turns', inThrees);
  const before = w.ntfy.received.length;
  await w.alertFires('all');
  const order = w.ntfy.received.slice(before).map((sent) => sent.topic);
  // Messages leave fifty at a time: those who had one a minute ago are the last twenty.
  expect(order.slice(50).sort()).toEqual(
    crowd
      .slice(0, 20)
      .map((name) => w.addressOf(name, 'ntfy'))
      .sort(),
  );
  w.ignoreMessages();
});

test('fairness: the first page of a new incident leaves before the repeats of an old one', async () => {
  const w = await aTeam(
    { ...byPush, zoe: { by: ['ntfy'] } },
    { steps: [{ targets: [{ person: 'zoe' }], escalate_after_seconds: 3600 }] },
  );
  await w.call('PUT', '/api/teams/all', { members: crowd });
  await w.savePolicy('everybody', inThrees);
  await w.saveService('web', { escalation_policy: 'everybody' });
  await w.alertFires('old', { service: 'web' });
  await w.fastForward('299s');
  w.ignoreMessages();
  // Both are due in one moment: the repeat of the old one, and then the new one.
  await w.clock.setTime(w.now().add({ seconds: 1 }).epochMilliseconds);
  const run = await w.system((ctx) => ctx.tx.selectFrom('escalation_runs').select('id').executeTakeFirstOrThrow());
  await w.app.runner.runJob({ type: 'escalation.step_due', data: { run_id: run.id, round: 0, step: 0 } });
  const before = w.ntfy.received.length;
  await w.alertFires('new');
  const order = w.ntfy.received.slice(before).map((sent) => sent.topic);
  expect(order).toHaveLength(71);
  expect(order.indexOf(w.addressOf('zoe', 'ntfy'))).toBeLessThan(50);
  w.ignoreMessages();
});
