import { createHmac, randomBytes } from 'node:crypto';
import type { SlackBlock } from '../../src/server/channels/slack/blocks.ts';
import { type FakeReply, type FakeRequest, startHttpFake } from './http-fake.ts';

export type FakeSlackMessage = { channel: string; member: string; ts: string; text: string; blocks: SlackBlock[] };
type Member = { id: string; email?: string; deleted?: boolean; team?: string };
/** What `response_url` was given. */
type Response = { replace_original?: boolean; response_type?: string; text: string; blocks?: SlackBlock[] };

const BOT_TOKEN = 'xoxb-7777-slack-token-4be1';
export const APP_TOKEN = 'xapp-1-A0000000001-7777-slack-app-token';
const TEAM = 'T0000000001';
const SIGNING_SECRET = 'slack-signing-secret-19c4';

const ok = (body: object): FakeReply => ({ status: 200, body: { ok: true, ...body } });
const no = (error: string, more: object = {}): FakeReply => ({ status: 200, body: { ok: false, error, ...more } });

/** Block Kit's limits, as Slack enforces them: the error it answers, or undefined. */
const wrongBlocks = (blocks: SlackBlock[]): string | undefined => {
  if (blocks.length > 50) return 'invalid_blocks';
  if (JSON.stringify(blocks).length > 13_200) return 'msg_blocks_too_long';
  const fits = blocks.every((block) => {
    if (block.type === 'header') return block.text.text.length >= 1 && [...block.text.text].length <= 150;
    if (block.type === 'section')
      return (
        (block.text?.text.length ?? 1) <= 3000 &&
        (block.fields?.length ?? 1) >= 1 &&
        (block.fields?.length ?? 0) <= 10 &&
        (block.fields ?? []).every(({ text }) => text.length <= 2000)
      );
    if (block.type === 'actions')
      return (
        block.elements.length <= 25 &&
        block.elements.every(
          (element) =>
            element.text.text.length <= 75 &&
            element.action_id.length <= 255 &&
            (element.value ?? '').length <= 2000 &&
            (element.url ?? '').length <= 3000,
        )
      );
    return block.type === 'context';
  });
  return fits ? undefined : 'invalid_blocks';
};

/** Slack as a self-made app sees it: its Web API, `response_url`s, and a member who presses buttons and types commands. */
export const startSlack = async (members: Member[] = [{ id: 'U0000000001' }]) => {
  const received: FakeSlackMessage[] = [];
  const responses: Response[] = [];
  const lookups: string[] = [];
  const updates: { ts: string; text: string }[] = [];
  const groups: { id: string; handle: string; users: string[]; disabled?: boolean }[] = [];
  const groupCalls: string[] = [];
  let groupRefusal: string | undefined;
  let groupPause: number | undefined;
  let ticket: (() => string) | undefined;
  let refusal = 'account_inactive';
  let count = 0;

  const answer = ({ method, path, headers, body }: FakeRequest): FakeReply => {
    if (method !== 'POST') return { status: 405, body: '' };
    if (path.startsWith('/respond/')) {
      responses.push(JSON.parse(body) as Response);
      return { status: 200, body: 'ok' };
    }
    if (path === '/api/apps.connections.open') {
      if (headers.authorization !== `Bearer ${APP_TOKEN}` || !ticket) return no('invalid_auth');
      return ok({ url: ticket() });
    }
    if (headers.authorization !== `Bearer ${BOT_TOKEN}`) return no('invalid_auth');
    const form = new URLSearchParams(body);
    const shown = ({ id, email, deleted = false, team = TEAM }: Member) =>
      ok({ user: { id, team_id: team, deleted, profile: { email } } });
    switch (path) {
      case '/api/auth.test':
        return ok({ team_id: TEAM, user_id: 'U0000000BOT' });
      case '/api/users.lookupByEmail': {
        lookups.push(form.get('email') ?? '');
        const found = members.find((member) => member.email === form.get('email') && !member.deleted);
        return found ? shown(found) : no('users_not_found');
      }
      case '/api/users.info': {
        const found = members.find((member) => member.id === form.get('user'));
        return found ? shown(found) : no('user_not_found');
      }
      case '/api/chat.postMessage': {
        const member = form.get('channel') ?? '';
        const blocks = JSON.parse(form.get('blocks') ?? '[]') as SlackBlock[];
        const wrong = wrongBlocks(blocks);
        if (!members.some(({ id }) => id === member)) return no('channel_not_found');
        if (wrong) return no(wrong);
        count += 1;
        const message = {
          channel: `D${member.slice(1)}`,
          member,
          ts: `1794709080.${String(count).padStart(6, '0')}`,
          text: form.get('text') ?? '',
          blocks,
        };
        received.push(message);
        return ok({ channel: message.channel, ts: message.ts, message });
      }
      case '/api/chat.update': {
        const message = received.find(({ channel, ts }) => channel === form.get('channel') && ts === form.get('ts'));
        const blocks = JSON.parse(form.get('blocks') ?? '[]') as SlackBlock[];
        const wrong = wrongBlocks(blocks);
        if (!message) return no('message_not_found');
        if (wrong) return no(wrong);
        updates.push({ ts: message.ts, text: form.get('text') ?? '' });
        Object.assign(message, { text: form.get('text') ?? '', blocks });
        return ok({ channel: message.channel, ts: message.ts, text: message.text });
      }
      case '/api/usergroups.list':
        return ok({ usergroups: groups.map(({ disabled, ...group }) => ({ ...group, date_delete: disabled ? 1 : 0 })) });
      case '/api/usergroups.users.update': {
        const group = groups.find(({ id }) => id === form.get('usergroup'));
        const users = (form.get('users') ?? '').split(',').filter(Boolean);
        groupCalls.push(`${group?.handle}: ${users.join(' ')}`);
        if (groupRefusal) return no(groupRefusal, { needed: 'usergroups:write' });
        if (groupPause)
          return { status: 429, body: { ok: false, error: 'ratelimited' }, headers: { 'retry-after': String(groupPause) } };
        if (!group) return no('no_such_subteam');
        if (users.length === 0) return no('no_users_provided');
        if (users.some((id) => !members.some((member) => member.id === id && !member.deleted))) return no('invalid_users');
        group.users = users;
        return ok({ usergroup: group });
      }
      default:
        return no('unknown_method');
    }
  };
  const server = await startHttpFake({
    ok: answer,
    retryable: () => ({ status: 429, body: { ok: false, error: 'ratelimited' }, headers: { 'retry-after': '7' } }),
    refused: () => no(refusal, { needed: 'chat:write' }),
    malformed: { status: 200, body: '<html>Captive portal</html>' },
  });

  type Sending = { at: Temporal.Instant; secret?: string; retry?: boolean };
  /** Where Slack delivers: an address of ours, or a connection of Socket Mode. */
  type Way = string | ((type: 'interactive' | 'slash_commands', payload: object) => void);
  /** Posts a form as Slack does, signed. */
  const deliver = async (url: Way, form: Record<string, string>, { at, secret = SIGNING_SECRET, retry }: Sending) => {
    if (typeof url === 'function') {
      if (form.payload) url('interactive', JSON.parse(form.payload) as object);
      else url('slash_commands', { ...form, response_url: `${server.url}/respond/command` });
      return { status: 200, body: '' };
    }
    const body = new URLSearchParams(form).toString();
    const timestamp = String(Math.floor(at.epochMilliseconds / 1000));
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`,
        ...(retry ? { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' } : {}),
      },
    });
    return { status: response.status, body: await response.text() };
  };
  const trigger = () => `${randomBytes(6).toString('hex')}.${randomBytes(6).toString('hex')}`;

  return {
    ...server,
    received,
    responses,
    /** Changes of messages, in order; `received` has each message as it is shown now. */
    updates,
    /** Mail addresses that were looked up. */
    lookups,
    members,
    groups,
    /** What `usergroups.users.update` was asked for, in order. */
    groupCalls,
    /** From now on `apps.connections.open` names these. */
    connectTo: (next: () => string): void => {
      ticket = next;
    },
    /** From now on changes of groups are refused so, or answered 429 for so many seconds. */
    refuseGroups: (error?: string, seconds?: number): void => {
      groupRefusal = error;
      groupPause = seconds;
    },
    app: { bot_token: BOT_TOKEN, signing_secret: SIGNING_SECRET, base_url: `${server.url}/api/` },
    /** What Slack says in the mode `refused`. */
    refuseWith: (error: string): void => {
      refusal = error;
    },
    /** The member taps a button. `again`: the trigger of an earlier press, which Slack sends a second time. */
    press: async (url: Way, message: FakeSlackMessage, label: string, { again, ...sending }: Sending & { again?: string }) => {
      const actions = message.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
      const button = actions.find((element) => element.text.text === label);
      if (!button) throw new Error(`No button "${label}" on "${message.text}"`);
      const id = again ?? trigger();
      const payload = {
        type: 'block_actions',
        team: { id: TEAM },
        user: { id: message.member },
        trigger_id: id,
        response_url: `${server.url}/respond/${id}`,
        container: { type: 'message', message_ts: message.ts, channel_id: message.channel },
        channel: { id: message.channel, name: 'directmessage' },
        message: { type: 'message', ts: message.ts, text: message.text, blocks: message.blocks },
        actions: [{ type: 'button', block_id: 'b', action_id: button.action_id, value: button.value }],
      };
      return { id, ...(await deliver(url, { payload: JSON.stringify(payload) }, { ...sending, retry: again !== undefined })) };
    },
    /** The member types `/allclear` and this. Answers what Slack is told to show. */
    command: async (url: Way, member: string, text: string, { again, ...sending }: Sending & { again?: string }) => {
      const id = again ?? trigger();
      const form = { command: '/allclear', text, user_id: member, team_id: TEAM, trigger_id: id };
      const { status, body } = await deliver(url, form, { ...sending, retry: again !== undefined });
      const shown = status === 200 && body ? (JSON.parse(body) as { response_type: string; text: string }) : undefined;
      return { id, status, body, text: shown?.text ?? '', type: shown?.response_type };
    },
  };
};
export type FakeSlack = Awaited<ReturnType<typeof startSlack>>;
