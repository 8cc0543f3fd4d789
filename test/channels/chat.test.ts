import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { cutUnits, escapeMarkdown, withoutMentions } from '../../src/server/channels/chat-text.ts';
import { parseAction } from '../../src/server/channels/mattermost/inbound.ts';
import { channelConfig, channels, checkThrough, sendThrough, updateThrough } from '../../src/server/channels/registry.ts';
import { isTelegram, parseUpdate } from '../../src/server/channels/telegram/inbound.ts';
import type { ChannelName, Message } from '../../src/server/channels/types.ts';
import { startDiscord, startMattermost, startTeams } from '../fakes/chat-webhooks.ts';
import { MATRIX_TOKEN, startMatrix } from '../fakes/matrix.ts';
import { startTelegram } from '../fakes/telegram.ts';

const NOW = Temporal.Instant.from('2026-11-15T02:38:00Z');
const LINK = 'https://allclear.example.com/p/1';
const TOKEN = 'x'.repeat(50);
const message: Message = {
  kind: 'page',
  idempotencyKey: 'delivery-1',
  replyToken: TOKEN,
  subject: 'INC-1 @all <b>down</b> *now* [pay](https://evil.example)',
  short: 'INC-1 checkout: down',
  facts: [
    { label: 'Service', value: '@here `checkout` <@&1>' },
    { label: 'Runbook', value: 'https://wiki.example.com/a_b' },
  ],
  severity: 'critical',
  urgency: 'high',
  actionUrl: LINK,
};
const huge = (character: string): Message => {
  const long = character.repeat(50_000);
  const facts = Array.from({ length: 40 }, () => ({ label: long, value: long }));
  return { ...message, subject: long, short: long, body: `${long}.`, facts };
};
const options = {
  timeoutMs: 5_000,
  allowPrivate: ['127.0.0.1'],
  now: NOW,
  sender: { secret: Buffer.alloc(32, 7), publicUrl: 'https://allclear.example.com' },
};
const send = (name: ChannelName, config: unknown, address: string, changes: Partial<Message> = {}) =>
  sendThrough(name, config, address, { ...message, ...changes }, options);

const matrix = await startMatrix();
const [telegram, teams, discord, mattermost] = await Promise.all([
  startTelegram(),
  startTeams(),
  startDiscord(),
  startMattermost(),
]);
const all = [telegram, teams, discord, mattermost, matrix];
const settings = {
  telegram: telegram.bot,
  teams: { extra_hosts: '127.0.0.1', webhooks: { ops: { secret_url: `${teams.url}/workflows/1` } } },
  discord: { webhooks: { ops: { secret_url: `${discord.url}/api/webhooks/1/token` } } },
  mattermost: { secret_url: mattermost.webhook },
  matrix: { homeserver: matrix.url, access_token: MATRIX_TOKEN },
};
beforeEach(() => {
  for (const one of all) {
    one.mode('ok');
    one.received.length = 0;
  }
  matrix.forget();
});
afterAll(async () => {
  for (const one of all) await one.stop();
});

test.each([
  ['abcd', 4, 'abcd'],
  ['abcde', 4, 'abc…'],
  ['ab😀e', 4, 'ab…'],
  ['abc😀', 4, 'abc…'],
  ['😀😀😀', 5, '😀😀…'],
])('%s cut to %i', (text, limit, cut) => expect(cutUnits(text, limit)).toBe(cut));
test('nobody is mentioned, mail addresses stay, links stay whole', () => {
  expect(withoutMentions('@all, ask ana@example.com or (@ben)')).toBe('@\u2060all, ask ana@example.com or (@\u2060ben)');
  expect(escapeMarkdown('*a_b* https://x.example/a_b')).toBe('\\*a\\_b\\* https://x.example/a_b');
});

test.each(['x', '日', '😀', '*', '\u0001'])('the longest message of %j fits, with its link', async (character) => {
  for (const [name, address] of [
    ['telegram', '1'],
    ['teams', 'ops'],
    ['discord', 'ops'],
    ['mattermost', '@ana'],
    ['matrix', '!room:example.com'],
  ] as const)
    expect(await send(name, settings[name], address, huge(character)), name).toMatchObject({ outcome: 'sent' });
  for (const one of all) expect(JSON.stringify(one.received[0])).toContain(LINK);
});

test('a message that is changed says how it stands, however long it is, and keeps its link', async () => {
  const now = { text: `@all INC-1 is acknowledged by Ana <3. ${'日'.repeat(2_000)}`, actions: ['resolve' as const] };
  for (const [name, address] of [
    ['telegram', '1'],
    ['discord', 'ops'],
    ['matrix', '!room:example.com'],
  ] as const) {
    const sent = await send(name, settings[name], address, huge('*'));
    const providerId = (sent.outcome === 'sent' && sent.providerId) || '';
    const changed = { ...huge('*'), now };
    expect(await updateThrough(name, settings[name], { address, providerId }, changed, options), name).toMatchObject({
      outcome: 'sent',
    });
  }
  expect(telegram.edits.at(-1)).toMatchObject({ buttons: ['Resolve'], text: expect.stringContaining('acknowledged by Ana <3') });
  expect(discord.edits.at(-1)?.content).toContain('acknowledged by Ana \\<3');
  expect(discord.edits.at(-1)?.allowed_mentions).toEqual({ parse: [] });
  expect(matrix.edits.at(-1)?.formatted_body).toContain('acknowledged by Ana &lt;3');
  for (const one of [telegram, discord, matrix]) expect(JSON.stringify(one.edits.at(-1))).toContain(LINK);
});

test.each([
  ['telegram', ' -1001234567890 ', '-1001234567890'],
  ['telegram', '@status_channel', '@status_channel'],
  ['telegram', '0', undefined],
  ['telegram', 'ana', undefined],
  ['teams', 'ops', 'ops'],
  ['teams', 'https://a.logic.azure.com/workflows/1?sig=2', 'https://a.logic.azure.com/workflows/1?sig=2'],
  ['teams', 'Ops Team', undefined],
  ['discord', 'https://discord.com/api/webhooks/1/a-b_c', 'https://discord.com/api/webhooks/1/a-b_c'],
  ['discord', 'https://discord.com/channels/1/2', undefined],
  ['mattermost', '@Ana.B', '@ana.b'],
  ['mattermost', '~town-square', 'town-square'],
  ['mattermost', 'Town Square', undefined],
  ['matrix', ' !abc:example.com ', '!abc:example.com'],
  ['matrix', '#ops:example.com', undefined],
] as const)('%s: the address %j', (name, given, address) => {
  if (address) expect(channels[name].normalizeAddress(given)).toBe(address);
  else expect(() => channels[name].normalizeAddress(given)).toThrow(expect.objectContaining({ field: 'address' }));
});

test.each([
  [
    'teams',
    { webhooks: { ops: { secret_url: 'https://evil.example/hook' } } },
    'channels.teams.webhooks.ops.secret_url',
    /no host of Teams/,
  ],
  [
    'teams',
    { webhooks: { ops: { secret_url: 'https://logic.azure.com.evil.example/' } } },
    'channels.teams.webhooks.ops.secret_url',
    /no host/,
  ],
  [
    'teams',
    { webhooks: { 'Ops Team': { secret_url: 'https://a.logic.azure.com/' } } },
    'channels.teams.webhooks.Ops Team',
    /lower-case/,
  ],
  ['teams', { extra_hosts: 'a.example, b/c' }, 'channels.teams.extra_hosts.1', /host name/],
  [
    'discord',
    { webhooks: { ops: { secret_url: 'https://discord.com/x' } } },
    'channels.discord.webhooks.ops.secret_url',
    /looks like/,
  ],
  ['telegram', { bot_token: 'nonsense' }, 'channels.telegram.bot_token', /BotFather/],
] as const)('%s refuses %j', (name, config, field, words) => {
  expect(() => channelConfig(name, config, `channels.${name}`)).toThrow(
    expect.objectContaining({ field, message: expect.stringMatching(words) }),
  );
});
test('what the environment holds is judged when it is read', () => {
  for (const name of ['teams', 'discord'] as const)
    channelConfig(name, { webhooks: { ops: { secret_url: '${env:HOOK}' } } }, 'channels');
});

describe('telegram', () => {
  test('a page is text without markup, with buttons that carry 64 bytes at most', async () => {
    expect(await send('telegram', telegram.bot, '42')).toEqual({
      outcome: 'sent',
      providerId: expect.stringMatching(/^42:\d+$/),
      receipts: false,
    });
    const [page] = telegram.received;
    expect(page?.text).toBe(
      'Critical: INC-1 @\u2060all <b>down</b> *now* [pay](https://evil.example)\n\nService: @\u2060here `checkout` <@\u2060&1>\nRunbook: https://wiki.example.com/a_b\n\nAnswer: https://allclear.example.com/p/1',
    );
    expect(page?.entities.map(({ offset, length }) => page.text.slice(offset, offset + length))).toEqual([
      'Critical: INC-1 @\u2060all <b>down</b> *now* [pay](https://evil.example)',
      'Service:',
      'Runbook:',
      LINK,
    ]);
    expect(page?.buttons.map((one) => one.callback_data)).toEqual([`a:${TOKEN}`, `e:${TOKEN}`, `r:${TOKEN}`]);
  });
  test('no buttons where their answer would not come back, or none is wanted', async () => {
    const here = { ...options, sender: { ...options.sender, publicUrl: 'http://allclear.lan' } };
    const official = { bot_token: telegram.bot.bot_token };
    await send('telegram', telegram.bot, '42', { kind: 'test' });
    expect(telegram.received[0]?.buttons).toEqual([]);
    expect(
      await checkThrough('telegram', { ...official, base_url: 'https://api.telegram.org' }, { ...here, resolve: async () => [] }),
    ).toMatch(/No address/);
  });
  test.each([
    [
      403,
      'Forbidden: bot was blocked by the user',
      { outcome: 'refused', gone: true, reason: expect.stringContaining('press Start') },
    ],
    [403, 'Forbidden: user is deactivated', { outcome: 'refused', gone: true }],
    [403, 'Forbidden: bot was kicked from the supergroup chat', { outcome: 'refused', gone: true }],
    [401, 'Unauthorized', { outcome: 'refused', reason: expect.stringContaining('bot token') }],
    [500, 'Internal Server Error', { outcome: 'retry' }],
  ])('%i %s', async (code, description, verdict) => {
    telegram.mode('refused');
    telegram.refuseWith(code, description);
    expect(await send('telegram', telegram.bot, '42')).toMatchObject(verdict);
  });
  test.each([
    [403, "Forbidden: bot can't initiate conversation with a user"],
    [400, 'Bad Request: chat not found'],
  ])('%i %s is refused, and may be another bot’s chat: not given up on', async (code, description) => {
    telegram.mode('refused');
    telegram.refuseWith(code, description);
    const verdict = await send('telegram', telegram.bot, '42');
    expect(verdict).toMatchObject({ outcome: 'refused', reason: expect.stringContaining(description) });
    expect(verdict).not.toHaveProperty('gone');
  });
  test('a group that has another id now gets the page there', async () => {
    telegram.move('-77', -100_77);
    expect(await send('telegram', telegram.bot, '-77')).toMatchObject({
      outcome: 'sent',
      advice: 'this group is -10077 now: correct the address',
    });
    expect(telegram.received.map((one) => one.chat)).toEqual([-10_077]);
  });
  test('the check asks for updates once, again when they fail for their secret, and says when Telegram cannot reach us', async () => {
    const check = () => checkThrough('telegram', telegram.bot, options);
    const sets = () => telegram.calls.filter((call) => call === 'setWebhook').length;
    expect([await check(), await check(), sets()]).toEqual([undefined, undefined, 1]);
    expect(telegram.webhook()).toMatchObject({
      url: 'https://allclear.example.com/in/telegram/update',
      allowed_updates: ['message', 'callback_query'],
      secret_token: expect.stringMatching(/^[\w-]{43}$/),
    });
    telegram.fails(NOW, 'Connection timed out');
    expect(await check()).toMatch(/^pages arrive, but buttons do not: .*Connection timed out$/);
    telegram.fails(NOW.subtract({ hours: 1 }), 'Connection timed out');
    expect(await check()).toBeUndefined();
    telegram.fails(NOW, 'Wrong response from the webhook: 403 Forbidden');
    expect([await check(), sets()]).toEqual([undefined, 2]);
    telegram.mode('refused');
    telegram.refuseWith(401, 'Unauthorized');
    expect(await check()).toMatch(/does not accept the bot token/);
    telegram.mode('hang');
    expect(await checkThrough('telegram', telegram.bot, { ...options, timeoutMs: 100 })).toBeDefined();
  });
  test.each([
    ['nothing', undefined],
    ['a foreign button', { update_id: 1, callback_query: { id: '1', from: { id: 1 }, data: 'x:y' } }],
    ['a message', { update_id: 1, message: { chat: { id: 1, type: 'private' }, from: { id: 1 }, text: 'hello' } }],
    ['another command', { update_id: 1, message: { chat: { id: 1, type: 'private' }, from: { id: 1 }, text: '/started x' } }],
    ['what nobody said', { update_id: 1, message: { chat: { id: 1, type: 'channel' }, text: '/start x' } }],
  ])('an update that is none: %s', (_what, update) => expect(parseUpdate(update)).toBeUndefined());
  test('the secret', () => {
    expect([isTelegram('abc', 'abc'), isTelegram('abc', 'abd'), isTelegram('abc', 'ab'), isTelegram('abc', undefined)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

test('teams: runs of text, which no alert can mark up, and the link as a button', async () => {
  expect(await send('teams', settings.teams, 'ops')).toMatchObject({ outcome: 'sent', providerId: '08584513227485' });
  const [card] = teams.received as {
    body: { type: string; inlines: { text: string; selectAction?: object }[] }[];
    actions: object[];
  }[];
  expect(card?.body.every((block) => block.type === 'RichTextBlock')).toBe(true);
  expect(card?.body.map((block) => block.inlines.map((one) => one.text).join(''))).toEqual([
    `Critical: ${message.subject}`,
    'Service: @here `checkout` <@&1>',
    'Runbook',
  ]);
  expect(card?.actions).toEqual([{ type: 'Action.OpenUrl', title: 'Answer', url: LINK }]);
  expect(await send('teams', settings.teams, 'nobody')).toEqual({
    outcome: 'refused',
    reason: 'There is no webhook named nobody in the settings of Teams',
  });
  expect(await send('teams', { webhooks: {} }, `${teams.url}/workflows/1`)).toMatchObject({
    outcome: 'refused',
    reason: expect.stringContaining('no host of Teams'),
  });
  teams.mode('refused');
  expect(await send('teams', settings.teams, `${teams.url}/workflows/1`)).toMatchObject({ outcome: 'refused', gone: true });
  expect(await send('teams', settings.teams, 'ops')).not.toHaveProperty('gone');
});

test('discord: mentions nobody, escapes what marks up, waits as long as it is told', async () => {
  expect(await send('discord', settings.discord, 'ops')).toMatchObject({ outcome: 'sent' });
  const [said] = discord.received;
  expect(said?.allowed_mentions).toEqual({ parse: [] });
  expect(said?.content).toBe(
    `**Critical: INC-1 @all \\<b\\>down\\</b\\> \\*now\\* \\[pay\\]\\(https://evil.example\\)**\nAnswer: <${LINK}>`,
  );
  expect(said?.embeds[0]?.fields?.map((one) => one.value)).toEqual([
    '@here \\`checkout\\` \\<@&1\\>',
    'https://wiki.example.com/a_b',
  ]);
  discord.mode('retryable');
  expect(await send('discord', settings.discord, 'ops')).toMatchObject({ outcome: 'retry', afterMs: 7_000 });
  discord.mode('refused');
  expect(await send('discord', settings.discord, `${discord.url}/api/webhooks/1/token`)).toMatchObject({
    outcome: 'refused',
    gone: true,
  });
  expect(await send('discord', settings.discord, 'ops')).not.toHaveProperty('gone');
});

test('mattermost: mentions nobody; a person who left is told no more', async () => {
  expect(await send('mattermost', settings.mattermost, '@ana')).toMatchObject({ outcome: 'sent' });
  const [post] = mattermost.received;
  expect(post).toMatchObject({ channel: '@ana', attachments: [{ title_link: LINK, text: `[Answer](${LINK})` }] });
  expect(JSON.stringify(post)).not.toMatch(/@(all|here)/);
  expect(post?.attachments[0]?.actions?.[0]?.integration).toEqual({
    url: 'https://allclear.example.com/in/mattermost/action',
    context: { token: TOKEN, action: 'acknowledge' },
  });
  mattermost.mode('refused');
  expect(await send('mattermost', settings.mattermost, '@ana')).toMatchObject({
    outcome: 'refused',
    gone: true,
    reason: "Mattermost answered 400: Couldn't find the user.",
  });
  mattermost.refuseWith('web.incoming_webhook.invalid.app_error', 'Invalid webhook.');
  expect(await send('mattermost', settings.mattermost, '@ana')).not.toHaveProperty('gone');
  expect([
    parseAction(undefined),
    parseAction({ user_name: 'a b', trigger_id: '1', context: { token: 'x', action: 'resolve' } }),
  ]).toEqual([undefined, undefined]);
});

test('matrix: the same message again is no second one; nothing is markup, nobody mentioned', async () => {
  for (const _ of [1, 2]) expect(await send('matrix', settings.matrix, '!room:example.com')).toMatchObject({ outcome: 'sent' });
  expect(matrix.received).toHaveLength(1);
  const [event] = matrix.received;
  expect(event).toMatchObject({ room: '!room:example.com', 'm.mentions': {} });
  expect(event?.formatted_body).toContain('&lt;b&gt;down&lt;/b&gt;');
  expect(event?.formatted_body).toContain(`<a href="${LINK}">Answer</a>`);
  matrix.mode('refused');
  expect(await send('matrix', settings.matrix, '!room:example.com')).toMatchObject({
    outcome: 'refused',
    reason: expect.stringContaining('Invite the bot'),
  });
});
