import { expect, test } from 'vitest';
import { aTeam, WEBHOOK_SECRET } from './world.ts';

type Tested = { outcome: string; detail: string; seconds: number };
type State = { channel: string; configured: boolean; problem: string | null; people: number };

test('a test message goes out at once, and the provider’s answer comes back', async () => {
  const team = await aTeam({ ana: { by: ['sms', 'mail'] } });
  const mailed = await team.call<Tested>('POST', '/api/settings/channels/email/test', { to: 'Ops@Example.com' });
  expect(mailed).toMatchObject({ outcome: 'sent' });
  team.expectMail('ops@example.com', /Test message/);
  await team.call<Tested>('POST', '/api/settings/channels/sms/test', { to: '+31600000001' });
  team.expectSms('ana', /Nothing is wrong/);
  const { items } = await team.call<{ items: { type: string; text: string; data: object }[] }>(
    'GET',
    '/api/journal?type=channel.',
  );
  expect(items.map((one) => one.type)).toEqual(['channel.test_sent', 'channel.test_sent']);
  expect(JSON.stringify(items)).not.toMatch(/example\.com|316000/i);
});

test('what goes wrong is said in words', async () => {
  const team = await aTeam({ ana: { by: ['sms'] } });
  await team.settings({ channels: { email: { host: '127.0.0.1', port: 1, security: 'none', from: 'a@allclear.test' } } });
  const test = (channel: string, to: string) => team.call<Tested>('POST', `/api/settings/channels/${channel}/test`, { to });
  expect(await test('email', 'ops@example.com')).toMatchObject({ outcome: 'failed', detail: expect.stringMatching(/refused/i) });
  expect(await test('voice', '+31600000001')).toMatchObject({ outcome: 'failed', detail: 'no voice provider is set up' });
  const wrong = await team.request('POST', '/api/settings/channels/sms/test', { to: 'not a number' });
  expect([wrong.status, await wrong.json()]).toEqual([422, expect.objectContaining({ field: 'to' })]);
  expect((await team.request('POST', '/api/settings/channels/pigeon/test', { to: 'x' })).status).toBe(422);
});

test('each channel says whether it works and who counts on it', async () => {
  const team = await aTeam({ ana: { by: ['sms', 'mail'] }, ben: { by: ['sms'] }, gone: { by: ['sms'], active: false } });
  await team.settings({
    channels: {
      email: { host: '127.0.0.1', port: 1, security: 'none', from: 'a@allclear.test', password: 'a secret', username: 'u' },
      webhook: { secret: WEBHOOK_SECRET },
    },
    throttle: { email: 30 },
  });
  await team.settle();
  const response = await team.request('GET', '/api/settings/channels');
  const text = await response.text();
  expect(text).not.toContain('a secret');
  const { items } = JSON.parse(text) as { items: State[] };
  expect(Object.fromEntries(items.map((one) => [one.channel, one]))).toMatchObject({
    email: { configured: true, problem: expect.stringContaining('127.0.0.1:1'), people: 1, messages_a_minute: 30 },
    sms: { configured: false, problem: null, people: 2 },
    webhook: { configured: true, problem: null, people: 0 },
  });
});
