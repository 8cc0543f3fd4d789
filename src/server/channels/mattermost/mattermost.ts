import { z } from 'zod';
import { invalid } from '../../platform/errors.ts';
import {
  ANSWERS,
  answerWord,
  bodyOf,
  cutUnits,
  escapeMarkdown,
  linkOf,
  titleOf,
  tokenOf,
  withoutMentions,
} from '../chat-text.ts';
import { failureOf } from '../http-reply.ts';
import { secretsOfUrls } from '../named-webhooks.ts';
import type { Channel, Message, SendContext } from '../types.ts';

const config = z.strictObject({
  /** An incoming webhook that is locked to no channel: it writes to every open channel of its team, and to people. */
  secret_url: z.url({ protocol: /^https?$/ }),
});
type Config = z.output<typeof config>;

const USER = /^@[a-z0-9][a-z0-9._-]{0,63}$/;
const CHANNEL = /^[a-z0-9][a-z0-9_-]{0,63}$/;

const MAX_TEXT = 4_000;
const MAX_FACTS = 20;
const COLOURS = { critical: '#c62828', high: '#e65100', medium: '#f9a825', low: '#607d8b' } as const;
/** Text in which Mattermost finds neither markup nor a mention. */
export const plain = (text: string, limit: number): string => escapeMarkdown(withoutMentions(cutUnits(text, limit)));

/** Where a pressed button is posted to. Mattermost keeps the context to itself, so whoever sends it was given it by us. */
const actionsOf = (message: Message, { sender }: SendContext) => {
  const token = tokenOf(message);
  if (!token || !sender) return {};
  return {
    actions: ANSWERS.map((action) => ({
      id: action,
      type: 'button',
      name: answerWord(message.locale, action),
      ...(action === 'acknowledge' ? { style: 'primary' } : {}),
      integration: { url: `${sender.publicUrl}/in/mattermost/action`, context: { token, action } },
    })),
  };
};

const payloadOf = (address: string, message: Message, ctx: SendContext) => {
  const link = linkOf(message);
  const title = titleOf(message);
  const body = bodyOf(message).trim();
  return {
    channel: address,
    attachments: [
      {
        // What a notification shows.
        fallback: cutUnits(withoutMentions(title), 300),
        ...(message.severity ? { color: COLOURS[message.severity] } : {}),
        // A title with a link is no Markdown; one without is.
        title: link ? cutUnits(withoutMentions(title), 300) : plain(title, 300),
        ...(link ? { title_link: link.url } : {}),
        text: [body ? plain(body, MAX_TEXT) : '', link ? `[${link.word}](${link.url})` : ''].filter(Boolean).join('\n\n'),
        fields: message.facts.slice(0, MAX_FACTS).map(({ label, value }) => ({
          short: value.length <= 40,
          title: plain(label, 100),
          value: plain(value, 500),
        })),
        ...actionsOf(message, ctx),
      },
    ],
  };
};

/** Mattermost's own ids of what is wrong (`{id, message}`); a person who is not there any more is told no more. */
const GONE = /web\.incoming_webhook\.user\.app_error|Couldn't find the user/i;

/** An incoming webhook of Mattermost (https://developers.mattermost.com/integrate/webhooks/incoming/). An address is @name, or a channel. */
export const mattermost: Channel<Config> = {
  name: 'mattermost',
  config,
  normalizeAddress: (address) => {
    const text = address.trim().toLowerCase().replace(/^~/, '');
    if (USER.test(text) || CHANNEL.test(text)) return text;
    throw invalid('Give @name of a person, or the name of a channel as its address has it, such as town-square', 'address');
  },
  secrets: ({ secret_url }) => secretsOfUrls([secret_url]),
  send: async ({ secret_url }, address, message, ctx) => {
    const response = await ctx.fetch(secret_url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payloadOf(address, message, ctx)),
      signal: ctx.signal,
    });
    const said = (await response.text()).trim();
    if (response.ok)
      return said === 'ok'
        ? { outcome: 'sent', providerId: message.idempotencyKey.replace(/[^\w:-]/g, '_'), receipts: false }
        : { outcome: 'retry', reason: 'The answer was not Mattermost’s' };
    const failure = failureOf('Mattermost', response, wordsOf(said), ctx);
    return failure.outcome === 'refused' && USER.test(address) && GONE.test(said) ? { ...failure, gone: true } : failure;
  },
};

const wordsOf = (said: string): string | undefined => {
  try {
    const { message } = JSON.parse(said) as { message?: unknown };
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
};
