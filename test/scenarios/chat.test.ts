import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { startDiscord, startMattermost, startTeams } from '../fakes/chat-webhooks.ts';
import { MATRIX_TOKEN, startMatrix } from '../fakes/matrix.ts';
import { type FakeTelegramMessage, startTelegram } from '../fakes/telegram.ts';
import { aTeam, type Team } from './world.ts';

const ANA = { id: 4242, first_name: 'Ana', username: 'ana_b' };
const EVE = { id: 6666, first_name: 'Eve' };
const GROUP = '-1009';
const OPS = { channel: 'telegram', address: GROUP };

const aChat = async (w: Team) => {
  const [telegram, mattermost] = await Promise.all([startTelegram(), startMattermost()]);
  onTestFinished(telegram.stop);
  onTestFinished(mattermost.stop);
  await w.settings({ channels: { telegram: telegram.bot, mattermost: { secret_url: mattermost.webhook } } });
  await w.settle();
  return { telegram, mattermost };
};
const linked = async (w: Team, telegram: Awaited<ReturnType<typeof startTelegram>>, name: string, as: typeof ANA) => {
  const { url } = await w.call<{ url: string }>('POST', `/api/people/${name}/telegram-link`, {});
  const code = new URL(url).searchParams.get('start') ?? '';
  return { url, code, said: await telegram.says(w.url, `/start ${code}`, as) };
};
const reachOf = (w: Team, name: string) =>
  w.call<{ contact_methods: { label: string; channel: string; address: string; verified: boolean }[] }>(
    'GET',
    `/api/people/${name}/reach`,
  );

test('Telegram is linked by a code, once; its buttons answer, once, and then go', async () => {
  const w = await aTeam({ ana: {}, ben: {} });
  expect(await w.request('POST', '/api/people/ana/telegram-link', {})).toMatchObject({ status: 409 });
  const { telegram } = await aChat(w);
  const { url, code, said } = await linked(w, telegram, 'ana', ANA);
  expect(url).toMatch(/^https:\/\/t\.me\/allclear_bot\?start=[\w-]{1,64}$/);
  expect(said).toMatchObject({
    status: 200,
    call: { method: 'sendMessage', chat_id: ANA.id, text: expect.stringContaining('pages Ana') },
  });
  expect((await reachOf(w, 'ana')).contact_methods).toEqual([
    { label: 'telegram', channel: 'telegram', address: '4242', verified: true },
  ]);
  const answers = async (text: string, as: { id: number; first_name: string }, chat?: number) =>
    (await telegram.says(w.url, text, as, chat)).call?.text;
  expect(await answers(`/start ${code}`, EVE)).toContain('used already');
  expect(await answers('/start nonsense', EVE)).toContain('does not know this link');
  expect((await linked(w, telegram, 'ben', ANA)).said.call?.text).toContain('somebody else');
  expect(await answers('/start', EVE)).toContain('My settings');
  expect(await answers('/start@allclear_bot', EVE, Number(GROUP))).toContain('The id of this chat is -1009');
  await w.jump('1m');
  const late = await w.call<{ url: string }>('POST', '/api/people/ben/telegram-link', {});
  await w.jump('16m');
  expect(await answers(`/start ${new URL(late.url).searchParams.get('start')}`, EVE)).toContain('older than 15 minutes');

  await w.alertFires('down');
  const [page] = telegram.received as [FakeTelegramMessage];
  expect(page).toMatchObject({ chat: ANA.id, text: expect.stringMatching(/^Critical: INC-2026-0001 down is wrong\n/) });
  expect((await telegram.press(w.url, page, 'Resolve', ANA, undefined, 'guessed')).status).toBe(403);
  expect((await w.incident()).status).toBe('triage');
  const { items } = await w.call<{ items: { text: string }[] }>('GET', '/api/journal?type=channel.request_refused');
  expect(items.map(({ text }) => text)).toEqual([
    'A request to the address for Telegram was refused: it carries no secret of this installation',
  ]);

  const first = await telegram.press(w.url, page, 'Escalate', ANA);
  expect(first.call).toMatchObject({
    method: 'answerCallbackQuery',
    text: expect.stringMatching(/^The next person is paged/),
    show_alert: false,
  });
  expect((await telegram.press(w.url, page, 'Escalate', ANA, first.id)).status).toBe(200);
  await telegram.press(w.url, page, 'Acknowledge', ANA);
  await w.settle();
  expect(await w.incident()).toMatchObject({ status: 'acknowledged', acknowledged_by: 'ana', acknowledged_via: 'telegram' });
  expect((await w.story()).filter((type) => type === 'page.answered')).toHaveLength(2);
  expect(telegram.edits.at(-1)).toMatchObject({
    message_id: page.message_id,
    text: `${page.text}\n\nINC-2026-0001 is acknowledged by Ana.`,
    entities: page.entities,
  });
  await w.jump('73h');
  expect((await telegram.press(w.url, page, 'Resolve', ANA)).call).toMatchObject({
    show_alert: true,
    text: expect.stringContaining('older than three days'),
  });
  w.ignoreMessages();
});

test('somebody who blocks the bot is reached another way, and the method says why until it is linked anew', async () => {
  const w = await aTeam({ ana: { by: ['sms'] } });
  const { telegram } = await aChat(w);
  await linked(w, telegram, 'ana', ANA);
  telegram.mode('refused');
  telegram.refuseWith(403, 'Forbidden: bot was blocked by the user');
  await w.alertFires('down');
  const { problems } = await w.call<{ problems: string[] }>('GET', '/api/people/ana/reach');
  expect(problems).toEqual([expect.stringMatching(/^telegram: .*blocked by the user/)]);
  // Saving something else brings no dead way back.
  const { contact_methods, notification_rules } = await w.call('GET', '/api/people/ana/reach');
  const saved = await w.call<{ problems: string[] }>('PUT', '/api/people/ana/reach', { contact_methods, notification_rules });
  expect(saved.problems).toEqual(problems);
  telegram.mode('ok');
  await w.jump('1m');
  await linked(w, telegram, 'ana', ANA);
  expect((await w.call<{ problems: string[] }>('GET', '/api/people/ana/reach')).problems).toEqual([]);
  w.ignoreMessages();
});

test('in a group whoever is known acts as themselves, anybody else is told so and the timeline has it', async () => {
  const w = await aTeam({ ana: {}, ben: {} }, { steps: [{ targets: [OPS, { person: 'ben' }] }] });
  const { telegram } = await aChat(w);
  await w.alertFires('down');
  const [told] = telegram.received as [FakeTelegramMessage];
  expect(told).toMatchObject({ chat: Number(GROUP), text: expect.stringMatching(/Open: http.*\/incidents\/INC-2026-0001$/) });
  for (const _ of [1, 2])
    expect((await telegram.press(w.url, told, 'Acknowledge', EVE)).call).toMatchObject({
      show_alert: true,
      text: expect.stringContaining('does not know who you are'),
    });
  expect((await w.incident()).status).toBe('triage');
  expect((await w.timeline()).filter((entry) => entry.type === 'incident.stranger_answered').map((entry) => entry.text)).toEqual([
    'Eve pressed Acknowledge in Telegram, but is nobody Allclear knows: nothing was changed',
  ]);
  await linked(w, telegram, 'ana', ANA);
  // As if it had been sent twice, or by a version that kept none: it is known from the press on.
  await w.system((ctx) => sql`delete from place_messages`.execute(ctx.tx));
  await telegram.press(w.url, told, 'Acknowledge', ANA);
  await w.settle();
  expect(await w.incident()).toMatchObject({ status: 'acknowledged', acknowledged_by: 'ana', acknowledged_via: 'telegram' });
  expect(telegram.edits.at(-1)?.text).toContain('is acknowledged by Ana');
  await w.does('resolve');
  expect(telegram.edits.at(-1)).toMatchObject({
    message_id: told.message_id,
    text: `${told.text}\n\nINC-2026-0001 is resolved.`,
    buttons: [],
  });
  expect((await telegram.press(w.url, told, 'Acknowledge', ANA)).call).toMatchObject({
    show_alert: true,
    text: expect.stringContaining('is resolved'),
  });
  await w.call('PUT', '/api/people/ana', {
    display_name: 'Ana',
    email: 'ana@example.com',
    role: 'stakeholder',
    contact_methods: [{ label: 'telegram', channel: 'telegram', address: String(ANA.id), verified: true }],
  });
  expect((await telegram.press(w.url, told, 'Resolve', ANA)).call?.text).toContain('may not do this');
  w.ignoreMessages();
});

test('answered elsewhere: what was sent says so and loses its buttons; a provider that will not is asked again, and nobody is paged for it', async () => {
  const w = await aTeam(
    { ana: {}, ben: { by: ['sms'] } },
    { steps: [{ targets: [{ person: 'ana' }, { person: 'ben' }, OPS, { channel: 'discord', address: 'ops' }] }] },
  );
  const [telegram, discord, matrix] = await Promise.all([startTelegram(), startDiscord(), startMatrix()]);
  for (const fake of [telegram, discord, matrix]) onTestFinished(fake.stop);
  const twilio = { account_sid: w.twilio.account.sid, auth_token: w.twilio.account.authToken, base_url: w.twilio.url };
  await w.settings({
    channels: {
      telegram: telegram.bot,
      discord: { webhooks: { ops: { secret_url: `${discord.url}/api/webhooks/1/secret` } } },
      matrix: { homeserver: matrix.url, access_token: MATRIX_TOKEN },
      sms: { ...twilio, from: '+3197010000000' },
    },
  });
  await w.call('PUT', '/api/people/ana/reach', {
    contact_methods: [
      { label: 'telegram', channel: 'telegram', address: '4242', verified: true },
      { label: 'matrix', channel: 'matrix', address: '!ana:example.com', verified: true },
    ],
    notification_rules: { high: [{ methods: ['telegram', 'matrix'] }] },
  });
  await w.alertFires('down');
  w.expectSms('ben');
  const sent = () => [telegram.received.length, discord.received.length, matrix.received.length];
  expect(sent()).toEqual([2, 1, 1]);
  const [mine, group] = [ANA.id, Number(GROUP)].map((chat) => telegram.received.find((one) => one.chat === chat)!);
  const shown = (message = mine) => telegram.edits.findLast((one) => one.message_id === message!.message_id);

  telegram.mode('broken');
  discord.mode('retryable');
  await w.request('POST', '/api/incidents/INC-2026-0001/acknowledge', {}, await w.tokenOf('ben'));
  await w.settle();
  expect(matrix.edits.at(-1)).toMatchObject({ event_id: matrix.received[0]?.event_id });
  expect(matrix.edits.at(-1)?.body).toContain('INC-2026-0001 is acknowledged by Ben.');
  expect([telegram.edits, discord.edits]).toEqual([[], []]);
  for (const fake of [telegram, discord]) fake.mode('ok');
  await w.fastForward('31s');
  const said = 'INC-2026-0001 is acknowledged by Ben.';
  expect(shown()).toMatchObject({ text: `${mine!.text}\n\n${said}`, entities: mine!.entities, buttons: ['Escalate', 'Resolve'] });
  expect(shown(group)).toMatchObject({ text: `${group!.text}\n\n${said}`, buttons: ['Escalate', 'Resolve'] });
  expect(discord.edits.at(-1)?.content).toContain(`\n${said}\nOpen: <`);

  // One that is gone there is let be.
  discord.received.length = 0;
  await w.does('resolve');
  expect(shown(group)).toMatchObject({ text: expect.stringContaining('INC-2026-0001 is resolved.'), buttons: [] });
  expect(shown()).toMatchObject({ buttons: [] });
  await w.fastForward('1h');
  expect(sent()).toEqual([2, 0, 1]);
  expect((await w.story()).filter((type) => /failed|retried/.test(type))).toEqual([]);

  // Merged, and merged again: what was sent about each follows the one that is left.
  for (const title of ['a', 'b', 'c']) await w.call('POST', '/api/incidents', { title, service: 'db', severity: 'critical' });
  await w.settle();
  await w.does('merge', { into: 'INC-2026-0003' }, 'INC-2026-0002');
  await w.does('merge', { into: 'INC-2026-0004' }, 'INC-2026-0003');
  await w.does('resolve', {}, 'INC-2026-0004');
  const merged = telegram.received.slice(2);
  expect(merged.filter((one) => one.chat === Number(GROUP))).toHaveLength(3);
  for (const one of merged)
    expect(shown(one), one.text).toMatchObject({ text: `${one.text}\n\nINC-2026-0004 is resolved.`, buttons: [] });
  w.ignoreMessages();
});

test('Mattermost answers a page in its direct message and in a channel; a button of another service is no button of it', async () => {
  const w = await aTeam(
    { ana: {} },
    { steps: [{ targets: [{ person: 'ana' }, { channel: 'mattermost', address: 'ops' }, OPS] }] },
  );
  const { telegram, mattermost } = await aChat(w);
  await w.call('PUT', '/api/people/ana/reach', {
    contact_methods: [{ label: 'chat', channel: 'mattermost', address: '@ana', verified: true }],
  });
  await w.alertFires('down');
  const direct = mattermost.received.find((one) => one.channel === '@ana')!;
  const told = mattermost.received.find((one) => one.channel === 'ops')!;
  expect((await mattermost.press(w.url, direct, 'Escalate', 'eve')).answer.ephemeral_text).toContain('does not know who you are');
  const forged = structuredClone(told);
  forged.attachments[0]!.actions![0]!.integration.context = {
    token: telegram.received[0]!.buttons[0]!.callback_data.slice(2),
    action: 'acknowledge',
  };
  expect((await mattermost.press(w.url, forged, 'Acknowledge', 'ana')).answer.ephemeral_text).toContain(
    'does not know this page',
  );
  expect((await w.incident()).status).toBe('triage');
  const { answer } = await mattermost.press(w.url, told, 'Acknowledge', 'ana');
  expect(answer.update?.props.attachments[0]).toMatchObject({
    title: 'INC-2026-0001 down is wrong',
    text: expect.stringContaining('is acknowledged by Ana'),
  });
  expect(await w.incident()).toMatchObject({ acknowledged_by: 'ana', acknowledged_via: 'mattermost' });
  await mattermost.press(w.url, direct, 'Resolve', 'ana');
  expect((await w.incident()).status).toBe('resolved');
  // Too late: nobody is paged, and it does not say so.
  const late = await mattermost.press(w.url, direct, 'Escalate', 'ana');
  expect(late.answer.update?.props.attachments[0]?.text).toMatch(/^INC-2026-0001 is resolved/);
  expect((await w.request('POST', '/in/mattermost/action', '{}')).status).toBe(422);
  await w.settings();
  expect(
    (
      await w.request('POST', '/in/mattermost/action', {
        user_name: 'ana',
        trigger_id: 'x',
        context: { token: 'x', action: 'resolve' },
      })
    ).status,
  ).toBe(403);
  w.ignoreMessages();
});

test('a channel of Teams or Discord is told by the name of its webhook, which stays secret', async () => {
  const [teams, discord] = await Promise.all([startTeams(), startDiscord()]);
  onTestFinished(teams.stop);
  onTestFinished(discord.stop);
  const places = [
    { channel: 'teams', address: 'ops' },
    { channel: 'discord', address: 'ops' },
    { channel: 'discord', address: `${discord.url}/api/webhooks/2/other-secret` },
    { channel: 'discord', address: 'gone' },
  ];
  const w = await aTeam({ ana: {} }, { steps: [{ targets: [{ person: 'ana' }, ...places] }] });
  const channels = {
    teams: { extra_hosts: '127.0.0.1', webhooks: { ops: { secret_url: `${teams.url}/workflows/the-secret-of-teams` } } },
    discord: { webhooks: { ops: { secret_url: `${discord.url}/api/webhooks/1/the-secret-of-discord` } } },
  };
  await w.settings({ channels });
  const shown = await w.call<{ channels: typeof channels }>('GET', '/api/settings');
  expect(shown.channels.teams.webhooks.ops.secret_url).toBe('…');
  // Saved as it was read: nothing is lost.
  await w.call('PUT', '/api/settings', shown);
  const doctor = await w.call<{ problems: { problem: string; subject_name: string }[] }>('GET', '/api/doctor');
  expect(doctor.problems.filter((one) => one.subject_name === 'turns').map((one) => one.problem)).toEqual([
    'counts on Ana, who has no way that works: none of the channels of this person has a provider (email)',
    'tells gone by discord, where no webhook has this name',
  ]);
  await w.alertFires('down');
  expect([teams.received.length, discord.received.length]).toEqual([1, 2]);
  const entries = (await w.timeline()).filter((entry) => entry.type.startsWith('escalation.place'));
  expect(entries.map((entry) => entry.text).sort()).toEqual([
    `Webhook (discord) at ${new URL(discord.url).host} was told`,
    'gone (discord) failed: There is no webhook named gone in the settings of Discord',
    'ops (discord) was told',
    'ops (teams) was told',
  ]);
  const everything = JSON.stringify([
    await w.timeline(),
    await w.call('GET', '/api/journal?limit=200'),
    shown,
    await w.call('GET', '/api/process/export'),
  ]);
  expect(everything).not.toMatch(/the-secret-of/);
  w.ignoreMessages();
});
