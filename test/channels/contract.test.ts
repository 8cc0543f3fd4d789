import net from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { channels, sendThrough, updateThrough } from '../../src/server/channels/registry.ts';
import type { ChannelName, Message } from '../../src/server/channels/types.ts';
import { startDiscord, startMattermost, startTeams } from '../fakes/chat-webhooks.ts';
import type { Mode } from '../fakes/http-fake.ts';
import { MATRIX_TOKEN, startMatrix } from '../fakes/matrix.ts';
import { startNtfy } from '../fakes/ntfy.ts';
import { startPlivo } from '../fakes/plivo.ts';
import { startPushover } from '../fakes/pushover.ts';
import { startSlack } from '../fakes/slack.ts';
import { startSmtp } from '../fakes/smtp.ts';
import { startTelegram } from '../fakes/telegram.ts';
import { startTwilio } from '../fakes/twilio.ts';
import { startWebPush } from '../fakes/web-push.ts';
import { startWebhook } from '../fakes/webhook.ts';

const NOW = Temporal.Instant.from('2026-11-15T02:38:00Z');
const sender = { secret: Buffer.alloc(32, 7), publicUrl: 'https://allclear.example.com' };
const LINK_TOKEN = 'link-token-2d9c';
const message: Message = {
  kind: 'page',
  idempotencyKey: 'delivery-1',
  replyToken: 'reply-token-77aa',
  callbackUrl: `https://allclear.example.com/in/twilio/${LINK_TOKEN}`,
  subject: 'Checkout API returning 5xx',
  short: 'Critical: Checkout API returning 5xx since 03:12',
  facts: [{ label: 'Service', value: 'Checkout API' }],
  severity: 'critical',
  actionUrl: `https://allclear.example.com/a/${LINK_TOKEN}`,
  actions: [{ label: 'Acknowledge', url: `https://allclear.example.com/a/${LINK_TOKEN}/acknowledge` }],
};

type Fake = { url: string; received: unknown[]; mode: (mode: Mode) => void; stop: () => Promise<void> };
type Subject = {
  name: ChannelName;
  vendor?: string;
  start: () => Promise<Fake>;
  /** Settings and address for a provider at this URL. */
  reach: (url: string) => { config: Record<string, unknown>; address: string };
  secrets: string[];
  /** The provider says how long to wait. */
  saysWhen: boolean;
};

/** A free port that refuses connections: opened, noted, closed. */
const deadUrl = async (): Promise<string> => {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
};

/** What every channel owes its caller, whatever its provider does. */
const channelContract = (subject: Subject) =>
  describe(`channel ${subject.name}${subject.vendor ? ` by ${subject.vendor}` : ''}`, () => {
    let fake: Fake;
    beforeAll(async () => {
      fake = await subject.start();
    });
    afterEach(() => {
      fake.mode('ok');
      fake.received.length = 0;
    });
    afterAll(() => fake.stop());

    const send = async (url: string, given: { timeoutMs?: number; allowPrivate?: string[] } = {}) => {
      const { config, address } = subject.reach(url);
      const result = await sendThrough(subject.name, config, address, message, {
        timeoutMs: 5_000,
        allowPrivate: ['127.0.0.0/8'],
        now: NOW,
        sender,
        ...given,
      });
      const shown = JSON.stringify(result);
      for (const secret of [...subject.secrets, LINK_TOKEN, message.replyToken!]) {
        expect(shown).not.toContain(secret);
        expect(shown).not.toContain(Buffer.from(secret).toString('base64'));
      }
      return result;
    };

    test('sent: the provider has it once, and gave it an id', async () => {
      const result = await send(fake.url);
      expect(result).toMatchObject({ outcome: 'sent', providerId: expect.stringMatching(/^[\w:-]{6,}$/) });
      expect(fake.received).toHaveLength(1);
    });

    test('retryable: retry, after the time the provider names', async () => {
      fake.mode('retryable');
      const result = await send(fake.url);
      expect(result).toMatchObject({ outcome: 'retry', ...(subject.saysWhen ? { afterMs: 7_000 } : {}) });
    });

    test('refused: final, with a reason', async () => {
      fake.mode('refused');
      expect(await send(fake.url)).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/\w{3}/) });
    });

    test('slow: sent all the same', async () => {
      fake.mode('slow');
      expect(await send(fake.url)).toMatchObject({ outcome: 'sent' });
    });

    test('hanging: retry at the time limit', async () => {
      fake.mode('hang');
      const started = performance.now();
      expect(await send(fake.url, { timeoutMs: 150 })).toEqual({
        outcome: 'retry',
        reason: 'No answer within 0.15 s',
        uncertain: true,
      });
      expect(performance.now() - started).toBeLessThan(2_000);
    });

    test('malformed reply: retry', async () => {
      fake.mode('malformed');
      expect(await send(fake.url)).toMatchObject({ outcome: 'retry' });
    });

    test('connection refused: retry', async () => {
      expect(await send(await deadUrl())).toMatchObject({ outcome: 'retry', reason: expect.stringMatching(/refused/i) });
    });

    test('stopping: retry at once', async () => {
      const { config, address } = subject.reach(fake.url);
      const result = await sendThrough(subject.name, config, address, message, {
        timeoutMs: 5_000,
        allowPrivate: ['127.0.0.0/8'],
        now: NOW,
        sender,
        signal: AbortSignal.abort(),
      });
      expect(result).toEqual({ outcome: 'retry', reason: 'Stopped before an answer came', uncertain: true });
    });

    if (channels[subject.name].update)
      test('a change of what was sent: it is no second message, and fails as a message does', async () => {
        const { config, address } = subject.reach(fake.url);
        const sent = await send(fake.url);
        const providerId = (sent.outcome === 'sent' && sent.providerId) || '';
        const change = (text: string, id = providerId, timeoutMs = 5_000) =>
          updateThrough(
            subject.name,
            config,
            { address, providerId: id },
            { ...message, now: { text, actions: ['resolve'] } },
            { timeoutMs, allowPrivate: ['127.0.0.0/8'], now: NOW, sender },
          );
        expect(await change('Ana has it')).toEqual({ outcome: 'sent', providerId, receipts: false });
        expect(await change('Ana has it')).toMatchObject({ outcome: 'sent' });
        expect(fake.received).toHaveLength(1);
        expect(await change('Ana has it', 'nonsense')).toMatchObject({ outcome: 'refused' });
        for (const [mode, outcome] of [
          ['retryable', 'retry'],
          ['refused', 'refused'],
          ['malformed', 'retry'],
        ] as const) {
          fake.mode(mode);
          expect(await change('Ben has it'), mode).toMatchObject({ outcome });
        }
        fake.mode('hang');
        expect(await change('Ben has it', providerId, 100)).toMatchObject({ outcome: 'retry' });
      });

    test('settings that are not complete: refused, naming the setting', async () => {
      const { address } = subject.reach(fake.url);
      const result = await sendThrough(subject.name, { nonsense: true }, address, message, {
        timeoutMs: 50,
        allowPrivate: [],
        now: NOW,
      });
      expect(result).toMatchObject({ outcome: 'refused', reason: expect.stringContaining(`The ${subject.name} settings`) });
    });

    test('an address nobody can have names the field', () => {
      expect(() => channels[subject.name].normalizeAddress('not an address!')).toThrow(
        expect.objectContaining({ code: 'invalid', field: 'address' }),
      );
    });

    // The administrator's own mail relay is on a private network as a rule, and speaks no HTTP.
    if (subject.name === 'email') return;
    test('a private host that is not allowed is refused and never reached', async () => {
      expect(await send(fake.url, { allowPrivate: [] })).toMatchObject({
        outcome: 'refused',
        reason: expect.stringContaining('not a public address'),
      });
      expect(fake.received).toHaveLength(0);
    });
  });

const smtpLogin = { username: 'pager', password: 'smtp-pass-9f3a' };
channelContract({
  name: 'email',
  start: () => startSmtp(smtpLogin),
  reach: (url) => ({
    config: {
      host: '127.0.0.1',
      port: Number(new URL(url).port),
      security: 'none',
      from: 'Allclear <pager@allclear.example.com>',
      reply_to: 'replies@allclear.example.com',
      ...smtpLogin,
    },
    address: 'ana@example.com',
  }),
  secrets: [smtpLogin.password],
  saysWhen: false,
});

const account = { sid: 'AC00000000000000000000000000000009', authToken: 'twilio-token-51ce' };
for (const name of ['sms', 'voice'] as const) {
  channelContract({
    name,
    start: () => startTwilio(account),
    reach: (url) => ({
      config: { account_sid: account.sid, auth_token: account.authToken, from: '+3197010000000', base_url: url },
      address: '+31612345678',
    }),
    secrets: [account.authToken],
    saysWhen: true,
  });
  channelContract({
    name,
    vendor: 'plivo',
    start: () => startPlivo(),
    reach: (url) => ({
      config: {
        vendor: 'plivo',
        auth_id: 'MAXXXXXXXXXXXXXXXXXX',
        auth_token: 'plivo-auth-token-0815',
        from: '+3197010000000',
        base_url: url,
      },
      address: '+31612345678',
    }),
    secrets: ['plivo-auth-token-0815'],
    saysWhen: true,
  });
}

channelContract({
  name: 'ntfy',
  start: () => startNtfy({ token: 'tk_ntfy-token-83bd' }),
  reach: (url) => ({ config: { server: url, token: 'tk_ntfy-token-83bd' }, address: 'topic-6d1f' }),
  secrets: ['tk_ntfy-token-83bd', 'topic-6d1f'],
  saysWhen: true,
});

channelContract({
  name: 'slack',
  start: () => startSlack(),
  reach: (url) => ({
    config: {
      bot_token: 'xoxb-7777-slack-token-4be1',
      signing_secret: 'slack-signing-secret-19c4',
      base_url: `${url}/api/`,
    },
    address: 'U0000000001',
  }),
  secrets: ['xoxb-7777-slack-token-4be1', 'slack-signing-secret-19c4'],
  saysWhen: true,
});

channelContract({
  name: 'webhook',
  start: startWebhook,
  reach: (url) => ({
    config: { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
    address: `${url}/hooks/path-token-1b2c?key=query-token-3d4e`,
  }),
  secrets: ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'path-token-1b2c', 'query-token-3d4e'],
  saysWhen: true,
});

const push = await startWebPush();
const device = push.subscribe('device-token-7c2a');
channelContract({
  name: 'webpush',
  start: async () => push,
  reach: (url) => ({
    config: {},
    address: JSON.stringify({ ...device, endpoint: `${url.replace('http:', 'https:')}/push/device-token-7c2a` }),
  }),
  secrets: ['device-token-7c2a', device.keys.auth, device.keys.p256dh],
  saysWhen: true,
});

channelContract({
  name: 'pushover',
  start: () => startPushover('azGDORePK8gMaC0QOYAMyEEuzJnyUi'),
  reach: (url) => ({
    config: { token: 'azGDORePK8gMaC0QOYAMyEEuzJnyUi', base_url: url },
    address: 'uQiRzpo4DXghDmr9QzzfQu27cmVRsG',
  }),
  secrets: ['azGDORePK8gMaC0QOYAMyEEuzJnyUi', 'uQiRzpo4DXghDmr9QzzfQu27cmVRsG'],
  saysWhen: true,
});

channelContract({
  name: 'telegram',
  start: startTelegram,
  reach: (url) => ({ config: { bot_token: '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11', base_url: url }, address: '4242' }),
  secrets: ['ABC-DEF1234ghIkl-zyx57W2v1u123ew11'],
  saysWhen: true,
});

channelContract({
  name: 'teams',
  start: startTeams,
  reach: (url) => ({
    config: {
      extra_hosts: '127.0.0.1',
      webhooks: { ops: { secret_url: `${url}/workflows/0123456789abcdef/triggers/manual/paths/invoke?sig=teams-sig-77e1` } },
    },
    address: 'ops',
  }),
  secrets: ['0123456789abcdef', 'teams-sig-77e1'],
  saysWhen: true,
});

channelContract({
  name: 'discord',
  start: startDiscord,
  reach: (url) => ({ config: { webhooks: {} }, address: `${url}/api/webhooks/4711/discord-token-0a1b` }),
  secrets: ['discord-token-0a1b'],
  saysWhen: true,
});

channelContract({
  name: 'mattermost',
  start: startMattermost,
  reach: (url) => ({ config: { secret_url: `${url}/hooks/kq7x1n5f3tbdmgz1h8w4e6yuac` }, address: '@ana' }),
  secrets: ['kq7x1n5f3tbdmgz1h8w4e6yuac'],
  saysWhen: true,
});

channelContract({
  name: 'matrix',
  start: async () => {
    const server = await startMatrix();
    // Each test sends the same message, and is a night of its own.
    const mode = (next: Mode) => {
      server.forget();
      server.mode(next);
    };
    return { ...server, mode };
  },
  reach: (url) => ({ config: { homeserver: url, access_token: MATRIX_TOKEN }, address: '!room:example.com' }),
  secrets: [MATRIX_TOKEN],
  saysWhen: true,
});
