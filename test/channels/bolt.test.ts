import { App, HTTPReceiver, type Logger, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendThrough } from '../../src/server/channels/registry.ts';
import { APP_TOKEN, type FakeSlack, startSlack } from '../fakes/slack.ts';
import { startSlackSocket } from '../fakes/slack-socket.ts';

// Slack's own framework, unmodified, takes what our fake of Slack sends, and calls it back: so what the other tests are held to is Slack's protocol.

const ANA = 'U0000000001';
const now = () => Temporal.Now.instant();
let slack: FakeSlack;
const warnings: string[] = [];
const nothing = () => undefined;
const warn = (...words: unknown[]) => void warnings.push(words.join(' '));
const logger: Logger = {
  debug: nothing,
  info: nothing,
  warn,
  error: warn,
  setLevel: nothing,
  getLevel: () => LogLevel.WARN,
  setName: nothing,
};

beforeAll(async () => {
  slack = await startSlack([{ id: ANA, email: 'ana@example.com' }]);
});
afterAll(() => slack.stop());

/** An app as its documentation writes one. It notes what it was asked. */
const anApp = async (receiver: HTTPReceiver | SocketModeReceiver) => {
  const asked: string[] = [];
  const app = new App({
    token: slack.app.bot_token,
    receiver,
    logger,
    clientOptions: { slackApiUrl: slack.app.base_url },
    deferInitialization: true,
  });
  await app.init();
  app.action('allclear:acknowledge', async ({ ack, action, body, respond, client, context }) => {
    await ack();
    if (action.type !== 'button' || body.type !== 'block_actions') throw new Error('no button');
    asked.push(`${body.user.id} ${action.value} ${context.retryNum ?? 'first'}`);
    await respond({ text: 'Taken', response_type: 'ephemeral' });
    await client.chat.update({ channel: body.channel?.id ?? '', ts: body.message?.ts ?? '', text: 'Acknowledged', blocks: [] });
  });
  app.command('/allclear', async ({ ack, command, client }) => {
    asked.push(`${command.user_id} ${command.text}`);
    const { user } = await client.users.lookupByEmail({ email: 'ana@example.com' });
    await ack({ response_type: 'ephemeral', text: `${user?.id} is on call` });
  });
  return { app, asked };
};

/** A page of ours, as it lies with Slack. */
const aPage = async () => {
  const sent = await sendThrough(
    'slack',
    slack.app,
    'ana@example.com',
    { kind: 'page', idempotencyKey: 'd1', replyToken: 'token-1', subject: 'INC-1 down', short: 'INC-1 down', facts: [] },
    { timeoutMs: 5_000, allowPrivate: ['127.0.0.0/8'], now: now() },
  );
  expect(sent.outcome).toBe('sent');
  const page = slack.received.at(-1);
  if (!page) throw new Error('no page');
  return page;
};

describe('bolt', () => {
  test('HTTP: a button, one that is sent again, a command, and what is not Slack’s', async () => {
    const receiver = new HTTPReceiver({ signingSecret: slack.app.signing_secret, endpoints: '/in', logger });
    const { app, asked } = await anApp(receiver);
    const server = await receiver.start({ port: 0, host: '127.0.0.1' });
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/in`;
    try {
      const page = await aPage();
      const { id, status } = await slack.press(url, page, 'Acknowledge', { at: now() });
      await slack.press(url, page, 'Acknowledge', { at: now(), again: id });
      expect([status, await slack.command(url, ANA, 'who', { at: now() })]).toMatchObject([
        200,
        { status: 200, text: `${ANA} is on call`, type: 'ephemeral' },
      ]);
      await expect
        .poll(() => [asked, slack.responses, slack.received.at(-1)?.text])
        .toEqual([
          [`${ANA} token-1 first`, `${ANA} token-1 1`, `${ANA} who`],
          [
            { text: 'Taken', response_type: 'ephemeral' },
            { text: 'Taken', response_type: 'ephemeral' },
          ],
          'Acknowledged',
        ]);
      expect(warnings).toEqual([]);
      for (const wrong of [{ secret: 'another', at: now() }, { at: now().subtract({ minutes: 6 }) }])
        expect((await slack.command(url, ANA, 'who', wrong)).status).toBe(401);
      expect([asked.length, warnings.length]).toEqual([3, 2]);
    } finally {
      await app.stop();
    }
  });

  test('Socket Mode: the same over the socket, and an end that Slack announces', async () => {
    const far = await startSlackSocket();
    let opened = 0;
    slack.connectTo(() => {
      opened += 1;
      return far.ticket();
    });
    warnings.length = slack.responses.length = 0;
    const { app, asked } = await anApp(
      new SocketModeReceiver({
        appToken: APP_TOKEN,
        clientPingTimeout: 400,
        logger,
        installerOptions: { clientOptions: { slackApiUrl: slack.app.base_url } },
      }),
    );
    try {
      await app.start();
      const over = (type: string, payload: object) => void far.envelope(type, payload, { id: `${type} 1` });
      await slack.press(over, await aPage(), 'Acknowledge', { at: now() });
      await expect
        .poll(() => [far.acknowledged, asked, slack.received.at(-1)?.text])
        .toEqual([['interactive 1'], [`${ANA} token-1 first`], 'Acknowledged']);
      await slack.command(over, ANA, 'who', { at: now() });
      await expect.poll(() => far.acknowledged).toEqual(['interactive 1', 'slash_commands 1']);
      far.ping();
      await expect.poll(() => far.acknowledged.at(-1)).toBe('pong');
      far.send({ type: 'disconnect', reason: 'refresh_requested' });
      await expect.poll(() => [opened, far.connections()], { timeout: 5_000 }).toEqual([2, 1]);
      expect(warnings).toEqual([]);
    } finally {
      await app.stop();
      await far.stop();
    }
  });
});
