import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { invalid } from '../../platform/errors.ts';
import { bodyOf, cutUnits, linkOf, titleOf, withoutMentions } from '../chat-text.ts';
import { failureOf, jsonObject } from '../http-reply.ts';
import type { Channel, Message, SendContext, SendResult } from '../types.ts';

const config = z.strictObject({
  homeserver: z.url({ protocol: /^https?$/ }),
  access_token: z.string().min(1).max(2_000),
});
type Config = z.output<typeof config>;

/** An event takes 65,536 bytes, with its two texts and what the server adds (https://spec.matrix.org/latest/client-server-api/#size-limits). */
const MAX_TITLE = 300;
const MAX_FACTS = 10;
const MAX_FACT = 200;
const MAX_BODY = 800;
const MAX_NOW = 300;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');

/** The same words twice: plain, and with the title and labels bold. Nothing an alert says is markup, and nobody is mentioned. */
const contentOf = (message: Message) => {
  const plain = (text: string, limit: number) => cutUnits(withoutMentions(text), limit);
  const title = plain(titleOf(message), MAX_TITLE);
  const facts = message.facts.slice(0, MAX_FACTS).map(({ label, value }) => [plain(label, 60), plain(value, MAX_FACT)] as const);
  const body = plain(bodyOf(message).trim(), MAX_BODY);
  const link = linkOf(message);
  const now = message.now ? plain(message.now.text, MAX_NOW) : '';
  return {
    msgtype: 'm.text',
    body: [
      title,
      facts.map(([label, value]) => `${label}: ${value}`).join('\n'),
      body,
      now,
      link ? `${link.word}: ${link.url}` : '',
    ]
      .filter(Boolean)
      .join('\n\n'),
    format: 'org.matrix.custom.html',
    formatted_body: [
      `<strong>${escapeHtml(title)}</strong>`,
      facts.map(([label, value]) => `<strong>${escapeHtml(label)}:</strong> ${escapeHtml(value)}`).join('<br>'),
      escapeHtml(body).replace(/\n/g, '<br>'),
      escapeHtml(now).replace(/\n/g, '<br>'),
      link ? `<a href="${escapeHtml(link.url)}">${link.word}</a>` : '',
    ]
      .filter(Boolean)
      .map((part) => `<p>${part}</p>`)
      .join(''),
    'm.mentions': {},
  };
};

/** An event's id may have characters that no other id of a message has. */
const idOfEvent = (event: string): string => Buffer.from(event).toString('base64url');
const eventOf = (providerId: string): string | undefined => {
  const event = Buffer.from(providerId, 'base64url').toString();
  return event.startsWith('$') ? event : undefined;
};

/** Puts an event into a room. The same transaction again is the same event. */
const put = async (
  { homeserver, access_token }: Config,
  room: string,
  transaction: string,
  content: object,
  ctx: SendContext,
): Promise<SendResult> => {
  const path = [room, 'send', 'm.room.message', transaction].map(encodeURIComponent).join('/');
  const response = await ctx.fetch(`${homeserver.replace(/\/+$/, '')}/_matrix/client/v3/rooms/${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
    body: JSON.stringify(content),
    signal: ctx.signal,
  });
  const reply = await jsonObject(response);
  const said = typeof reply?.error === 'string' ? reply.error : undefined;
  // Milliseconds, from servers that send no Retry-After.
  const wait = Number(reply?.retry_after_ms);
  if (response.status === 429 && wait > 0)
    return { outcome: 'retry', reason: `Matrix answered 429: ${said ?? ''}`, afterMs: Math.ceil(wait) };
  if (reply?.errcode === 'M_FORBIDDEN')
    return {
      outcome: 'refused',
      reason: `Matrix answered ${response.status}: ${said ?? ''}. Invite the bot to the room again, and let it join`,
    };
  if (!response.ok) return failureOf('Matrix', response, said, ctx);
  if (typeof reply?.event_id !== 'string')
    return { outcome: 'retry', reason: `Matrix answered ${response.status} without an event id` };
  return { outcome: 'sent', providerId: idOfEvent(reply.event_id), receipts: false };
};

/** Matrix (https://spec.matrix.org/latest/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid), by the access token of a bot's account. */
export const matrix: Channel<Config> = {
  name: 'matrix',
  config,
  normalizeAddress: (address) => {
    const text = address.trim();
    if (/^![\w.~=+/-]{1,200}(:[A-Za-z0-9.:[\]-]{1,200})?$/.test(text)) return text;
    throw invalid(
      'Give the id of a room, such as !abc:example.com; it stands under Advanced in the settings of the room',
      'address',
    );
  },
  secrets: ({ access_token }) => [access_token],
  // A copy sent after a crash is none.
  send: (settings, address, message, ctx) => put(settings, address, message.idempotencyKey, contentOf(message), ctx),
  // https://spec.matrix.org/latest/client-server-api/#event-replacements; programs that know of no changes show the first words alone.
  update: async (settings, { address, providerId }, message, ctx) => {
    const event_id = eventOf(providerId);
    if (!event_id) return { outcome: 'refused', reason: 'The message cannot be found again' };
    const content = contentOf(message);
    const result = await put(
      settings,
      address,
      randomUUID(),
      {
        msgtype: 'm.text',
        body: `* ${cutUnits(withoutMentions(message.now?.text ?? message.subject), MAX_NOW)}`,
        'm.mentions': {},
        'm.new_content': content,
        'm.relates_to': { rel_type: 'm.replace', event_id },
      },
      ctx,
    );
    return result.outcome === 'sent' ? { ...result, providerId } : result;
  },
};
