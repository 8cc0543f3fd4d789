import { Webhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { retryAfterMs } from '../../src/server/channels/http-reply.ts';
import { ntfy } from '../../src/server/channels/ntfy/ntfy.ts';
import { channelConfig, sendThrough } from '../../src/server/channels/registry.ts';
import type { Message } from '../../src/server/channels/types.ts';
import { signWebhook } from '../../src/server/channels/webhook/sign.ts';
import { type FakeNtfy, startNtfy } from '../fakes/ntfy.ts';
import { type FakeWebhook, startWebhook } from '../fakes/webhook.ts';

const now = Temporal.Instant.from('2026-11-15T02:38:00Z');
const options = { timeoutMs: 5_000, allowPrivate: ['127.0.0.1'], now };
const message: Message = {
  kind: 'page',
  idempotencyKey: 'delivery.1/x',
  subject: 'Checkout API returning 5xx',
  short: 'INC-42 Checkout API: 5xx',
  facts: [{ label: 'Service', value: 'Checkout API' }],
  severity: 'critical',
  actionUrl: 'https://allclear.example.com/p/1',
};

describe('ntfy', () => {
  let server: FakeNtfy;
  let us: FakeWebhook;
  beforeAll(async () => {
    [server, us] = await Promise.all([startNtfy({ username: 'phil', password: 'ntfy-pass' }), startWebhook()]);
  });
  afterAll(() => Promise.all([server.stop(), us.stop()]));
  beforeEach(() => {
    server.received.length = 0;
    us.received.length = 0;
  });
  const config = () => ({ server: server.url, username: 'phil', password: 'ntfy-pass' });

  test('a page rings through, and a tap on its button reaches us', async () => {
    const actions = (['Acknowledge', 'Escalate', 'Resolve'] as const).map((label) => ({ label, url: `${us.url}/p/1/${label}` }));
    const result = await sendThrough('ntfy', config(), 'ana-pages', { ...message, actions }, options);
    const notification = server.received[0]!;
    expect(result).toEqual({ outcome: 'sent', providerId: notification.id, receipts: false });
    expect(notification).toMatchObject({
      topic: 'ana-pages',
      title: 'Checkout API returning 5xx',
      message: 'INC-42 Checkout API: 5xx\n\nService: Checkout API',
      priority: 5,
      tags: ['critical'],
      click: 'https://allclear.example.com/p/1',
    });
    await server.press(notification, 'Acknowledge');
    expect(us.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /p/1/Acknowledge']);
  });

  test.each([
    ['critical', 5],
    ['high', 4],
    ['medium', 3],
    ['low', 2],
    [undefined, 3],
  ] as const)('severity %s is priority %s', async (severity, priority) => {
    const { severity: _, ...rest } = message;
    await sendThrough('ntfy', config(), 'ana-pages', severity ? { ...rest, severity } : rest, options);
    expect(server.received[0]!.priority).toBe(priority);
  });

  test('a long message is cut at a whole character', async () => {
    await sendThrough('ntfy', config(), 'ana-pages', { ...message, body: '日'.repeat(3_000) }, options);
    expect(server.received[0]!.message).toMatch(/日…$/);
    expect(server.received[0]!.message).not.toContain('\ufffd');
  });

  test('the administrator’s password goes to the administrator’s server only', async () => {
    const stranger = await startNtfy();
    const seen: (string | undefined)[] = [];
    try {
      expect(await sendThrough('ntfy', config(), `${stranger.url}/ana-pages`, message, options)).toMatchObject({
        outcome: 'sent',
      });
      const ctx = { signal: AbortSignal.timeout(1_000), now };
      const spy: typeof fetch = async (_url, init) => {
        seen.push(new Headers(init?.headers).get('authorization') ?? undefined);
        return Response.json({ id: 'x' });
      };
      const settings = config();
      await ntfy.send(settings, `${stranger.url}/ana-pages`, message, { ...ctx, fetch: spy });
      await ntfy.send(settings, `${server.url}/ana-pages`, message, { ...ctx, fetch: spy });
      expect(seen).toEqual([undefined, `Basic ${Buffer.from('phil:ntfy-pass').toString('base64')}`]);
    } finally {
      await stranger.stop();
    }
  });

  test('a wrong password is final', async () => {
    expect(await sendThrough('ntfy', { ...config(), password: 'wrong' }, 'ana-pages', message, options)).toEqual({
      outcome: 'refused',
      reason: 'ntfy answered 401: unauthorized',
    });
  });

  test.each([
    [' ana-pages ', 'ana-pages'],
    ['https://ntfy.example.com/ana-pages', 'https://ntfy.example.com/ana-pages'],
    ['http://192.168.1.5:8080/ana', 'http://192.168.1.5:8080/ana'],
  ])('address %s', (typed, canonical) => expect(ntfy.normalizeAddress(typed)).toBe(canonical));
  test.each([
    '',
    'a b',
    'x'.repeat(65),
    'https://ntfy.sh/',
    'https://ntfy.sh/a/b',
    'https://ntfy.sh/a?auth=x',
    'http://ntfy.sh/a',
    'ntfy.sh/a',
  ])('refuses address %s', (typed) =>
    expect(() => ntfy.normalizeAddress(typed)).toThrow(expect.objectContaining({ code: 'invalid', field: 'address' })),
  );
});

describe('webhook', () => {
  const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const NEXT = `whsec_${Buffer.from('a secret of twenty-six byt').toString('base64')}`;
  let receiver: FakeWebhook;
  beforeAll(async () => {
    receiver = await startWebhook();
  });
  afterAll(() => receiver.stop());
  beforeEach(() => {
    receiver.received.length = 0;
    receiver.answerWith({ status: 204 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  /** The libraries read the clock for the five minutes they tolerate. */
  const verifiersAt = (at: Temporal.Instant) => vi.useFakeTimers({ toFake: ['Date'], now: at.epochMilliseconds });

  test('the signature of the specification’s example', async () => {
    const at = Temporal.Instant.fromEpochMilliseconds(1_614_265_330_000);
    const body = '{"test": 2432232314}';
    const headers = await signWebhook([SECRET], 'msg_p5jXN8AQM9LWM0D4loKWxJek', at, body);
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
    verifiersAt(at);
    expect(new Webhook(SECRET).verify(body, headers)).toEqual({ test: 2432232314 });
    expect(new SvixWebhook(SECRET).verify(body, headers)).toEqual({ test: 2432232314 });
  });

  test('a delivery verifies with both libraries, by the new secret and by the old one', async () => {
    const result = await sendThrough(
      'webhook',
      { secret: NEXT, previous_secret: SECRET },
      `${receiver.url}/hooks/1`,
      message,
      options,
    );
    expect(result).toEqual({ outcome: 'sent', providerId: 'delivery_1_x', receipts: false });
    const { body, headers, method, path } = receiver.received[0]!;
    expect(`${method} ${path} ${headers['content-type']}`).toBe('POST /hooks/1 application/json');
    expect(JSON.parse(body)).toEqual({
      type: 'page.sent',
      timestamp: '2026-11-15T02:38:00Z',
      data: {
        subject: message.subject,
        short: message.short,
        severity: 'critical',
        facts: message.facts,
        action_url: message.actionUrl,
      },
    });
    verifiersAt(now);
    const signed = headers as Record<string, string>;
    for (const secret of [NEXT, SECRET]) {
      expect(() => new Webhook(secret).verify(body, signed)).not.toThrow();
      expect(() => new SvixWebhook(secret).verify(body, signed)).not.toThrow();
      expect(() => new Webhook(secret).verify(`${body} `, signed)).toThrow('No matching signature');
    }
  });

  test.each([
    [200, { outcome: 'sent' }],
    [202, { outcome: 'sent' }],
    [301, { outcome: 'refused', reason: expect.stringContaining('redirect') }],
    [302, { outcome: 'refused', reason: expect.stringContaining('redirect') }],
    [400, { outcome: 'refused' }],
    [401, { outcome: 'refused' }],
    [404, { outcome: 'refused' }],
    [408, { outcome: 'retry' }],
    [410, { outcome: 'refused', gone: true, reason: expect.stringContaining('no more messages') }],
    [425, { outcome: 'retry' }],
    [429, { outcome: 'retry', afterMs: 120_000 }],
    [500, { outcome: 'retry', afterMs: 120_000 }],
    [503, { outcome: 'retry', afterMs: 120_000 }],
  ])('an answer of %s', async (status, result) => {
    receiver.answerWith({ status, headers: { 'retry-after': '120', location: `${receiver.url}/elsewhere` } });
    expect(await sendThrough('webhook', { secret: SECRET }, `${receiver.url}/hooks/1`, message, options)).toMatchObject(result);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hooks/1']);
  });

  test.each([
    ['no prefix', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['too short', `whsec_${Buffer.alloc(23).toString('base64')}`],
    ['too long', `whsec_${Buffer.alloc(65).toString('base64')}`],
    ['not base64', 'whsec_!!!!'],
  ])('a signing secret with %s is refused', (_what, secret) => {
    expect(() => channelConfig('webhook', { secret }, 'channels.webhook')).toThrow(
      expect.objectContaining({ code: 'invalid', field: 'channels.webhook.secret' }),
    );
  });
});

describe('settings', () => {
  test('an address from before a rule is refused, not tried', async () => {
    for (const [name, config] of [
      ['webhook', { secret: `whsec_${Buffer.alloc(24).toString('base64')}` }],
      ['ntfy', {}],
    ] as const)
      expect(await sendThrough(name, config, 'not an address', message, options)).toEqual({
        outcome: 'refused',
        reason: `The address does not fit the ${name} channel: Invalid URL`,
      });
  });

  test('a value from the environment is judged when it is known', () => {
    const fromEnvironment = (name: string) => `\${env:${name}}`;
    const sms = { account_sid: fromEnvironment('SID'), auth_token: fromEnvironment('TOKEN'), from: '+3197010000000' };
    expect(() => channelConfig('sms', sms, 'channels.sms')).not.toThrow();
    expect(() => channelConfig('sms', { ...sms, from: '0612345678' }, 'channels.sms')).toThrow(
      expect.objectContaining({ field: 'channels.sms.from' }),
    );
    expect(() => channelConfig('sms', { ...sms, tokn: 'x' }, 'channels.sms')).toThrow(
      expect.objectContaining({ field: 'channels.sms' }),
    );
  });
});

describe('Retry-After', () => {
  test.each([
    ['120', 120_000],
    ['0', 0],
    ['Sun, 15 Nov 2026 02:39:30 GMT', 90_000],
    ['Sun, 15 Nov 2026 02:00:00 GMT', 0],
    ['Fri, 31 Dec 2100 23:59:59 GMT', 86_400_000],
    ['999999999', 86_400_000],
    ['Sun, 99 Nov 2026 02:39:30 GMT', undefined],
    ['soon', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    [null, undefined],
  ])('%j is %s ms', (header, ms) => expect(retryAfterMs(header, now)).toBe(ms));
});
