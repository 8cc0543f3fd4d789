import { randomBytes } from 'node:crypto';
import { type FakeReply, type FakeRequest, startHttpFake } from './http-fake.ts';

type Json = Record<string, unknown>;
const parsed = (request: FakeRequest): Json => JSON.parse(request.body) as Json;

/** A workflow of Teams: takes a message of one card, 28 KB at most, and says no more than 202. */
export const startTeams = async () => {
  const received: Json[] = [];
  let refused: FakeReply = { status: 404, body: { error: { code: 'WorkflowNotFound' } } };
  const server = await startHttpFake({
    ok: (request) => {
      const body = parsed(request);
      const [card, ...more] = (body.attachments ?? []) as { contentType: string; content: Json }[];
      if (Buffer.byteLength(request.body) > 28 * 1024) return { status: 413, body: { error: { code: 'RequestEntityTooLarge' } } };
      if (body.type !== 'message' || more.length > 0 || card?.contentType !== 'application/vnd.microsoft.card.adaptive')
        return { status: 400, body: { error: { code: 'TriggerInputSchemaMismatch' } } };
      received.push(card.content);
      return { status: 202, headers: { 'x-ms-workflow-run-id': '08584513227485' } };
    },
    retryable: () => ({ status: 429, headers: { 'retry-after': '7' } }),
    refused: () => refused,
    malformed: { status: 502, body: '<html>Bad gateway</html>' },
  });
  return {
    ...server,
    received,
    refuseWith: (reply: FakeReply): void => {
      refused = reply;
    },
  };
};

type Embed = { title?: string; description?: string; color?: number; fields?: { name: string; value: string }[] };
type FakeDiscordMessage = { id: string; content: string; embeds: Embed[]; allowed_mentions: { parse: string[] } };

/** What Discord says is wrong with a message, by its limits (https://discord.com/developers/docs/resources/message). */
const wrongMessage = ({ content = '', embeds = [] }: Partial<FakeDiscordMessage>): string | undefined => {
  if (content === '' && embeds.length === 0) return 'Cannot send an empty message';
  if (content.length > 2000 || embeds.length > 10) return 'Invalid Form Body';
  const fields = embeds.flatMap((embed) => embed.fields ?? []);
  const total = embeds.reduce((sum, embed) => sum + (embed.title ?? '').length + (embed.description ?? '').length, 0);
  const said = fields.reduce((sum, field) => sum + field.name.length + field.value.length, total);
  return embeds.some((embed) => (embed.description ?? '').length > 4096 || (embed.fields?.length ?? 0) > 25) ||
    fields.some(({ name, value }) => name.trim() === '' || value.trim() === '' || name.length > 256 || value.length > 1024) ||
    said > 6000
    ? 'Invalid Form Body'
    : undefined;
};

/** Webhooks of channels in Discord. */
export const startDiscord = async () => {
  const received: FakeDiscordMessage[] = [];
  const edits: FakeDiscordMessage[] = [];
  const server = await startHttpFake({
    ok: (request) => {
      const url = new URL(request.path, 'http://x');
      const [, hook, id] = /^(\/api\/webhooks\/\d+\/[\w-]+)(?:\/messages\/(\d+))?$/.exec(url.pathname) ?? [];
      if (!hook || request.method !== (id ? 'PATCH' : 'POST'))
        return { status: 404, body: { message: '404: Not Found', code: 0 } };
      const given = parsed(request) as Partial<FakeDiscordMessage>;
      const wrong = wrongMessage(given);
      if (wrong) return { status: 400, body: { message: wrong, code: 50035 } };
      if (id) {
        const known = received.find((one) => one.id === id);
        if (!known) return { status: 404, body: { message: 'Unknown Message', code: 10008 } };
        edits.push({ ...known, ...given });
        return { status: 200, body: edits.at(-1) };
      }
      const message = { id: `9${randomBytes(6).readUIntBE(0, 6)}`, embeds: [], ...given } as FakeDiscordMessage;
      received.push(message);
      return url.searchParams.get('wait') === 'true' ? { status: 200, body: message } : { status: 204 };
    },
    retryable: () => ({ status: 429, body: { message: 'You are being rate limited.', retry_after: 6.9991, global: false } }),
    refused: () => ({ status: 404, body: { message: 'Unknown Webhook', code: 10015 } }),
    malformed: { status: 200, body: '<html>Captive portal</html>' },
  });
  return { ...server, received, /** Changes of messages, in order. */ edits };
};

type Action = { name: string; integration: { url: string; context: Json } };
type Attachment = { fallback: string; title: string; title_link?: string; text: string; fields?: Json[]; actions?: Action[] };
type FakePost = { channel: string; attachments: Attachment[] };

/** Mattermost: an incoming webhook, and a person who presses buttons. */
export const startMattermost = async () => {
  const received: FakePost[] = [];
  let refusal = { id: 'web.incoming_webhook.user.app_error', message: "Couldn't find the user.", status_code: 400 };
  const server = await startHttpFake({
    ok: (request) => {
      if (request.path !== '/hooks/kq7x1n5f3tbdmgz1h8w4e6yuac') return { status: 400, body: { message: 'Invalid webhook.' } };
      received.push(parsed(request) as FakePost);
      return { status: 200, body: 'ok' };
    },
    retryable: () => ({ status: 429, body: 'limit exceeded', headers: { 'retry-after': '7' } }),
    refused: () => ({ status: refusal.status_code, body: refusal }),
    malformed: { status: 200, body: '<html>Captive portal</html>' },
  });
  let presses = 0;
  return {
    ...server,
    received,
    webhook: `${server.url}/hooks/kq7x1n5f3tbdmgz1h8w4e6yuac`,
    refuseWith: (id: string, message: string): void => {
      refusal = { id, message, status_code: 400 };
    },
    /** Mattermost posts what it kept with the button, and says who pressed it. `to`: our address as the test has it. */
    press: async (to: string, post: FakePost, label: string, user: string, again?: number) => {
      const action = post.attachments.flatMap((one) => one.actions ?? []).find((one) => one.name === label);
      if (!action) throw new Error(`No button "${label}"`);
      presses += 1;
      const id = again ?? presses;
      const body = {
        user_id: 'u1',
        user_name: user,
        channel_id: 'c1',
        post_id: 'p1',
        trigger_id: `t${id}`,
        type: 'button',
        context: action.integration.context,
      };
      const response = await fetch(`${to}${new URL(action.integration.url).pathname}`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      const text = await response.text();
      type Answer = { update?: { props: { attachments: Attachment[] } }; ephemeral_text?: string };
      return { id, status: response.status, answer: JSON.parse(text) as Answer };
    },
  };
};
