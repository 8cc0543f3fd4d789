import { expect, test } from 'vitest';
import { aTeam } from './world.ts';

const separately = { grouping: { window_seconds: 0 } };
const anaForLong = { steps: [{ targets: [{ person: 'ana' }], escalate_after_seconds: 3600 }] };
const bundled = { ...anaForLong, service: separately, settings: { bundle_seconds: 60 } };

test('while a page is unanswered further incidents wait a minute and come as one message; nothing is dropped', async () => {
  const w = await aTeam({ ana: { by: ['sms'] } }, bundled);
  await w.alertFires('one');
  w.expectSms('ana', /INC-2026-0001/);
  await w.fastForward('10s');
  await w.alertFires('two');
  await w.alertFires('three');
  await w.fastForward('10s');
  await w.alertFires('four');
  w.expectNothing();
  expect((await w.timeline('INC-2026-0004')).find((entry) => entry.type === 'page.waiting')?.text).toBe(
    'Ana: bundled: 1 unanswered page already, goes by 2026-03-02T12:01:00Z at the latest',
  );
  await w.fastForward('39s');
  w.expectNothing();
  await w.fastForward('1s');
  const { body } = w.expectSms('ana', /and 2 more/);
  for (const number of ['0002', '0003', '0004']) expect(body).toContain(`INC-2026-${number}`);
});

for (const way of ['sms', 'link', 'mail', 'key', 'button'] as const)
  test(`one answer acknowledges the bundle: by ${way}`, async () => {
    const w = await aTeam({ ana: { by: ['sms', 'mail', 'call', 'ntfy'] } }, bundled);
    await w.alertFires('one');
    await w.does('snooze', { seconds: 86_400 });
    await w.alertFires('one more');
    w.ignoreMessages();
    for (const key of ['a', 'b', 'c', 'd']) await w.alertFires(key);
    await w.fastForward('1m');
    const sms = w.expectSms('ana', /and 3 more/);
    const mail = w.expectMail('ana', /and 3 more/);
    const call = w.expectCall('ana', /and 3 more/);
    const push = w.expectPush('ana', /and 3 more/);
    if (way === 'sms') await w.twilio.reply(sms, '4', `${w.url}/answer/sms`);
    if (way === 'key') await w.twilio.press(call, '4');
    if (way === 'button') await w.ntfy.press(push, 'Acknowledge');
    if (way === 'mail') await w.request('POST', '/answer/mail', w.smtp.reply(mail, 'ack'));
    if (way === 'link') await w.request('POST', `${w.linkIn(mail.mail.text ?? '')}/acknowledge`);
    await w.settle();
    expect((await w.incidents()).map((incident) => [incident.number, incident.status])).toEqual([
      ['INC-2026-0006', 'acknowledged'],
      ['INC-2026-0005', 'acknowledged'],
      ['INC-2026-0004', 'acknowledged'],
      ['INC-2026-0003', 'acknowledged'],
      ['INC-2026-0002', 'triage'],
      ['INC-2026-0001', 'acknowledged'],
    ]);
  });

test('a bundle of which one is over still speaks for the others, and one answer takes them', async () => {
  const w = await aTeam({ ana: { by: ['mail'] } }, bundled);
  await w.alertFires('one');
  w.expectMail('ana');
  for (const key of ['a', 'b', 'c']) await w.alertFires(key);
  await w.alertResolves('a');
  await w.fastForward('1m');
  const { mail } = w.expectMail('ana', /and 1 more/);
  expect(mail.text).not.toContain('INC-2026-0002');
  await w.request('POST', `${w.linkIn(mail.text ?? '')}/acknowledge`);
  expect((await w.incidents('?status=acknowledged')).map((incident) => incident.number)).toEqual([
    'INC-2026-0004',
    'INC-2026-0003',
  ]);
});

test('an answer lets what waits go at once', async () => {
  const w = await aTeam({ ana: { by: ['sms'] } }, bundled);
  await w.alertFires('one');
  const sms = w.expectSms('ana');
  await w.alertFires('two');
  await w.twilio.reply(sms, '4', `${w.url}/answer/sms`);
  await w.settle();
  w.expectSms('ana', /INC-2026-0002/);
});

test('what waits goes at once when the page that held it back is over by itself', async () => {
  const w = await aTeam({ ana: { by: ['sms'] } }, { ...bundled, settings: { bundle_seconds: 3600 } });
  await w.alertFires('one');
  w.expectSms('ana');
  await w.alertFires('two');
  w.expectNothing();
  await w.alertResolves('one');
  w.expectSms('ana', /INC-2026-0002/);
});

test('resolving from a bundle resolves its first incident only', async () => {
  const w = await aTeam({ ana: { by: ['mail'] } }, bundled);
  await w.alertFires('one');
  w.expectMail('ana');
  for (const key of ['a', 'b']) await w.alertFires(key);
  await w.fastForward('1m');
  const { mail } = w.expectMail('ana', /and 1 more/);
  await w.request('POST', `${w.linkIn(mail.text ?? '')}/resolve`);
  expect(await w.incidents('?status=resolved')).toHaveLength(1);
});

test('no provider takes a bundle: each of its incidents goes on to the next person', async () => {
  const w = await aTeam(
    { ana: { by: ['sms'] }, ben: { by: ['mail'] } },
    {
      service: separately,
      settings: { bundle_seconds: 60 },
      steps: [
        { targets: [{ person: 'ana' }], escalate_after_seconds: 3600 },
        { targets: [{ person: 'ben' }], escalate_after_seconds: 3600 },
      ],
    },
  );
  await w.alertFires('one');
  w.expectSms('ana');
  for (const key of ['a', 'b', 'c']) await w.alertFires(key);
  w.twilio.mode('refused');
  await w.fastForward('1m');
  await w.fastForward('2m');
  const told = w.expectMail('ben', /0002/).mail.text + (w.expectMail('ben').mail.text ?? '');
  for (const number of ['0002', '0003', '0004']) expect(told).toContain(`INC-2026-${number}`);
});

test('her later rules go on for a bundle when the incident that carried it is over', async () => {
  const rules = { high: [{ methods: ['ntfy'] }, { after_seconds: 60, methods: ['sms'] }] };
  const w = await aTeam({ ana: { by: ['ntfy', 'sms'], rules } }, bundled);
  await w.alertFires('one');
  w.expectPush('ana');
  for (const key of ['a', 'b', 'c']) await w.alertFires(key);
  await w.fastForward('1m');
  w.expectSms('ana', /INC-2026-0001/);
  w.expectPush('ana', /and 2 more/);
  await w.alertResolves('a');
  await w.fastForward('1m');
  const sms = w.expectSms('ana', /INC-2026-0003 .*and 1 more/);
  expect(sms.body).toContain('INC-2026-0004');
  await w.request('POST', `${w.linkIn(sms.body)}/acknowledge`);
  expect(await w.incidents('?status=acknowledged')).toHaveLength(2);
});
