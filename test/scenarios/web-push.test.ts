import { expect, onTestFinished, test } from 'vitest';
import { startWebPush } from '../fakes/web-push.ts';
import { aTeam } from './world.ts';

type Reach = { contact_methods: { label: string; address: string; verified: boolean }[]; problems: string[] };

const aDevice = async () => {
  const push = await startWebPush();
  onTestFinished(push.stop);
  const team = await aTeam({ ana: {} });
  const { call } = team;
  expect(await call('GET', '/api/web-push')).toEqual({ public_key: null });
  await team.settings({
    channels: { webpush: {}, email: { host: '127.0.0.1', port: team.smtp.port, security: 'none', from: 'a@allclear.test' } },
  });
  const { public_key: key } = await call<{ public_key: string }>('GET', '/api/web-push');
  const address = JSON.stringify(push.subscribe('phone-of-ana', key));
  await call('PUT', '/api/people/ana/reach', { contact_methods: [{ label: 'phone', channel: 'webpush', address }] });
  await call('POST', '/api/people/ana/contact-methods/phone/send-code');
  await team.settle();
  const code = push.received.shift()?.payload.code ?? '';
  expect(await call('POST', '/api/people/ana/contact-methods/phone/verify', { code })).toEqual({ verified: true });
  return { team, push, reach: () => call<Reach>('GET', '/api/people/ana/reach') };
};

test('a device proves itself, is paged, and acknowledges from the notification', async () => {
  const { team, push } = await aDevice();
  await team.alertFires('disk');
  const [page] = push.received;
  const { number } = await team.incident();
  expect(page?.payload).toMatchObject({ kind: 'page', title: `${number} disk is wrong`, url: expect.stringContaining('/p/') });
  expect(await push.press(page!, 'acknowledge')).toBe(200);
  await team.settle();
  expect(await team.incident()).toMatchObject({ status: 'acknowledged', acknowledged_by: 'ana' });
  const items = await team.call<{ items: { receipts: { channel: string; address: string }[] }[] }>(
    'GET',
    `/api/incidents/${number}/pages`,
  );
  expect(items.items[0]?.receipts).toMatchObject([{ channel: 'webpush', address: `${push.url}/…` }]);
});

test('a device that takes no pushes any more is not tried again: mail instead, and it is a finding', async () => {
  const { team, push, reach } = await aDevice();
  push.unsubscribe('phone-of-ana');
  await team.alertFires('disk');
  await team.settle();
  team.expectMail('ana', /disk is wrong/);
  expect((await reach()).problems).toEqual([
    'phone: 127.0.0.1 answered 410: the device takes no pushes any more; let it be paged anew, under My settings',
  ]);
});
