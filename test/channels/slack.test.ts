import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { slackManifest } from '../../src/contract/slack-manifest.ts';
import { channels, sendThrough } from '../../src/server/channels/registry.ts';
import { notSlack, parseCommand, parsePress } from '../../src/server/channels/slack/inbound.ts';
import type { Message } from '../../src/server/channels/types.ts';
import { type FakeSlack, startSlack } from '../fakes/slack.ts';

// The worked example of https://docs.slack.dev/authentication/verifying-requests-from-slack
const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const TIME = '1531420618';
const BODY =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
const SIGNATURE = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
const after = (seconds: number) => Temporal.Instant.fromEpochMilliseconds((Number(TIME) + seconds) * 1000);

test.each([
  ['the documented example', SECRET, SIGNATURE, TIME, BODY, 0, undefined],
  ['five minutes later', SECRET, SIGNATURE, TIME, BODY, 300, undefined],
  ['a second more', SECRET, SIGNATURE, TIME, BODY, 301, 'older than 5 minutes'],
  ['from the future', SECRET, SIGNATURE, TIME, BODY, -301, 'older than 5 minutes'],
  ['another secret', `${SECRET}1`, SIGNATURE, TIME, BODY, 0, 'does not fit'],
  ['no secret', '', SIGNATURE, TIME, BODY, 0, 'no signature'],
  ['no signature', SECRET, undefined, TIME, BODY, 0, 'no signature'],
  ['half a signature', SECRET, SIGNATURE.slice(0, 40), TIME, BODY, 0, 'does not fit'],
  ['another version', SECRET, SIGNATURE.replace('v0', 'v1'), TIME, BODY, 0, 'does not fit'],
  ['no time', SECRET, SIGNATURE, undefined, BODY, 0, 'no signature'],
  ['a time in words', SECRET, SIGNATURE, 'now', BODY, 0, 'no signature'],
  ['another time', SECRET, SIGNATURE, String(Number(TIME) + 1), BODY, 0, 'does not fit'],
  ['a changed body', SECRET, SIGNATURE, TIME, `${BODY} `, 0, 'does not fit'],
])('signature: %s', (_what, secret, signature, timestamp, body, seconds, why) => {
  const found = notSlack(secret, { signature, timestamp }, body, after(seconds));
  if (why === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(why);
});

test.each([
  ['who', { verb: 'who' }],
  ['  WHO  now ', { verb: 'who' }],
  ['page db The disk  is full', { verb: 'page', service: 'db', words: 'The disk is full' }],
  ['page DB', { verb: 'help', wrong: 'Say which service and what is wrong.' }],
  ['ack', { verb: 'ack', number: undefined }],
  ['acknowledge inc-2026-0001', { verb: 'ack', number: 'INC-2026-0001' }],
  ['ack one two', { verb: 'help', wrong: 'One incident at a time.' }],
  ['cover db for 2h', { verb: 'cover', schedule: 'db', until: { minutes: 120 }, asked: [] }],
  ['cover DB until 18:00 @Ben cleo', { verb: 'cover', schedule: 'db', until: { local: '18:00' }, asked: ['ben', 'cleo'] }],
  ['cover db until 2026-11-27T09:00', { verb: 'cover', schedule: 'db', until: { local: '2026-11-27T09:00' }, asked: [] }],
  ['cover db until noon', { verb: 'help', wrong: expect.stringContaining('how long') }],
  ['cover', { verb: 'help', wrong: expect.stringContaining('how long') }],
  ['', { verb: 'help' }],
  ['help', { verb: 'help' }],
  ['constructor', { verb: 'help', wrong: 'There is no constructor.' }],
])('command: %j', (text, command) => {
  expect(parseCommand(new URLSearchParams({ user_id: 'U1', trigger_id: '1.2', text }))?.command).toEqual(command);
});

test.each([
  ['nothing', null],
  ['no JSON', '{'],
  ['another kind', JSON.stringify({ type: 'view_submission', trigger_id: '1' })],
  ['no button', JSON.stringify({ type: 'block_actions', trigger_id: '1', actions: [] })],
  ['a link', JSON.stringify({ type: 'block_actions', trigger_id: '1', actions: [{ action_id: 'allclear:open' }] })],
  ['a foreign button', JSON.stringify({ type: 'block_actions', trigger_id: '1', actions: [{ action_id: 'x', value: 'y' }] })],
])('a press that is none: %s', (_what, payload) => expect(parsePress(payload)).toBeUndefined());

test.each([
  [' u024be7lhx ', 'U024BE7LHX'],
  ['W024BE7LH', 'W024BE7LH'],
  ['Ana@Example.com', 'ana@example.com'],
])('the address %j', (given, address) => expect(channels.slack.normalizeAddress(given)).toBe(address));

test('the manifest is YAML, and the documentation shows this one', async () => {
  const manifest = slackManifest('https://allclear.example.com');
  expect(parse(manifest)).toMatchObject({
    features: { slash_commands: [{ url: 'https://allclear.example.com/in/slack/command' }] },
    settings: { interactivity: { request_url: 'https://allclear.example.com/in/slack/interactive' } },
  });
  expect(await readFile('docs/channels/slack.md', 'utf8')).toContain(manifest);
  const socket = parse(slackManifest(undefined));
  expect(socket.settings).toMatchObject({ interactivity: { is_enabled: true }, socket_mode_enabled: true });
  expect(JSON.stringify(socket)).not.toMatch(/url/);
  expect(socket.oauth_config).toEqual(parse(manifest).oauth_config);
});

describe('messages', () => {
  let slack: FakeSlack;
  beforeAll(async () => {
    slack = await startSlack([{ id: 'U0000000001', email: 'ana@example.com' }]);
  });
  afterEach(() => {
    slack.mode('ok');
    slack.received.length = 0;
    slack.lookups.length = 0;
  });
  afterAll(() => slack.stop());
  const message: Message = {
    kind: 'page',
    idempotencyKey: 'delivery-1',
    replyToken: 'reply-token',
    subject: 'INC-2026-0001 Checkout <API>',
    short: 'INC-2026-0001 checkout: <!channel> & 5xx',
    facts: [
      { label: 'Service', value: 'checkout' },
      { label: 'Runbook', value: 'https://wiki.example.com/run|book' },
    ],
    severity: 'critical',
    actionUrl: 'https://allclear.example.com/p/1',
  };
  const send = (address: string, changes: Partial<Message> = {}, now = '2026-11-15T02:38:00Z') =>
    sendThrough(
      'slack',
      slack.app,
      address,
      { ...message, ...changes },
      {
        timeoutMs: 5_000,
        allowPrivate: ['127.0.0.0/8'],
        now: Temporal.Instant.from(now),
      },
    );

  test('a page says its severity in words, mentions nobody, and carries its buttons', async () => {
    expect(await send('U0000000001')).toMatchObject({ outcome: 'sent', providerId: 'D0000000001:p1794709080000001' });
    const [{ text, blocks } = { text: '', blocks: [] }] = slack.received;
    expect(text).toBe('Critical: INC-2026-0001 checkout: &lt;!channel&gt; &amp; 5xx');
    expect(blocks).toMatchObject([
      { type: 'header', text: { type: 'plain_text', text: 'INC-2026-0001 Checkout <API>' } },
      { type: 'section', text: { text: '*Critical* · INC-2026-0001 checkout: &lt;!channel&gt; &amp; 5xx' } },
      { fields: [{ text: '*Service*\ncheckout' }, { text: '*<https://wiki.example.com/run%7Cbook|Runbook>*' }] },
      {
        elements: [
          { action_id: 'allclear:acknowledge', value: 'reply-token', text: { text: 'Acknowledge' } },
          { action_id: 'allclear:escalate', value: 'reply-token' },
          { action_id: 'allclear:resolve', value: 'reply-token' },
          { action_id: 'allclear:open', url: 'https://allclear.example.com/p/1' },
        ],
      },
    ]);
  });

  test('a test or a code has no buttons; the longest message fits', async () => {
    const { replyToken: _, actionUrl: __, ...bare } = message;
    await sendThrough(
      'slack',
      slack.app,
      'U0000000001',
      { ...bare, kind: 'test', facts: [] },
      {
        timeoutMs: 5_000,
        allowPrivate: ['127.0.0.0/8'],
        now: Temporal.Instant.from('2026-11-15T02:38:00Z'),
      },
    );
    expect(slack.received[0]?.blocks.map((block) => block.type)).toEqual(['header', 'section']);
    const long = '&'.repeat(50_000);
    const facts = Array.from({ length: 30 }, () => ({ label: long, value: long }));
    expect(await send('U0000000001', { subject: long, short: long, body: `${long}.`, facts })).toMatchObject({ outcome: 'sent' });
  });

  test('a mail address is looked up once an hour; one that is nobody’s is refused in words', async () => {
    for (const now of ['2026-11-15T02:38:00Z', '2026-11-15T03:37:59Z', '2026-11-15T03:38:00Z'])
      expect(await send('ana@example.com', {}, now)).toMatchObject({ outcome: 'sent' });
    expect(slack.lookups).toEqual(['ana@example.com', 'ana@example.com']);
    expect(await send('nobody@example.com')).toEqual({
      outcome: 'refused',
      reason: 'Slack finds no member of this address in the workspace (users_not_found)',
    });
  });

  test.each([
    ['invalid_auth', 'refused', 'does not accept the bot token'],
    ['account_inactive', 'refused', 'removed from the workspace'],
    ['channel_not_found', 'refused', 'no member of this address'],
    ['missing_scope', 'refused', 'lacks the scope chat:write'],
    ['some_new_error', 'refused', 'Slack refused it: some_new_error'],
    ['ratelimited', 'retry', 'ratelimited'],
    ['internal_error', 'retry', 'internal_error'],
  ])('Slack says %s: %s', async (error, outcome, words) => {
    slack.mode('refused');
    slack.refuseWith(error);
    expect(await send('U0000000001')).toMatchObject({ outcome, reason: expect.stringContaining(words) });
  });
});
