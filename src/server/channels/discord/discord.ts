import { z } from 'zod';
import { bodyOf, cutUnits, escapeMarkdown, linkOf, titleOf } from '../chat-text.ts';
import { failureOf, jsonObject } from '../http-reply.ts';
import { namedWebhooks, nameOrUrl, secretsOfUrls, urlsOf, webhookAt } from '../named-webhooks.ts';
import type { Channel, Message, SendContext, SendResult } from '../types.ts';

/** The address that Discord shows under Integrations, Webhooks; `?thread_id=` for one thread of the channel. */
const wrongAddress = (url: string): string | undefined =>
  URL.canParse(url) && /\/api\/(v\d+\/)?webhooks\/\d+\/[\w-]+\/?$/.test(new URL(url).pathname)
    ? undefined
    : 'A webhook of Discord looks like https://discord.com/api/webhooks/123/abc';
const config = z.strictObject({ webhooks: namedWebhooks(wrongAddress) });
type Config = z.output<typeof config>;

// https://discord.com/developers/docs/resources/message#embed-object-embed-limits: all of an embed's texts 6,000.
const MAX_CONTENT = 1_900;
const MAX_FIELDS = 10;
const COLOURS = { critical: 0xc62828, high: 0xe65100, medium: 0xf9a825, low: 0x607d8b } as const;

/** Text in which Discord marks nothing up, cut as it is sent: a cut never leaves half an escape. */
const plain = (text: string, limit: number): string => {
  const escaped = (words: string) => escapeMarkdown(words).replace(/</g, '\\<');
  let words = cutUnits(text, limit);
  while (escaped(words).length > limit)
    words = cutUnits(words, Math.max(2, words.length - Math.max(1, escaped(words).length - limit)));
  return escaped(words);
};
/** Discord refuses a name or value of white space. */
const filled = (text: string): string => (text.trim() === '' ? '–' : text);

const field = ({ label, value }: { label: string; value: string }) => ({
  name: filled(plain(label, 100)),
  value: filled(plain(value, 350)),
  inline: value.length <= 40,
});

/** The words, which notifications show, then an embed with the facts. The link stands in the words: embeds can be switched off. */
const payloadOf = (message: Message) => {
  const link = linkOf(message);
  // In angle brackets Discord makes no preview of it.
  const last = `${message.now ? `\n${plain(message.now.text, 450)}` : ''}${link ? `\n${link.word}: <${link.url}>` : ''}`;
  const body = bodyOf(message);
  const embed = {
    ...(body.trim() ? { description: plain(body, 1_000) } : {}),
    ...(message.facts.length > 0 ? { fields: message.facts.slice(0, MAX_FIELDS).map(field) } : {}),
  };
  return {
    content: `**${filled(plain(titleOf(message), MAX_CONTENT - last.length - 4))}**${last}`,
    ...(Object.keys(embed).length > 0
      ? { embeds: [{ ...embed, ...(message.severity ? { color: COLOURS[message.severity] } : {}) }] }
      : {}),
    // Whatever an alert says, nobody is mentioned.
    allowed_mentions: { parse: [] },
  };
};

/** Asks the webhook, or what is below it. */
const ask = async (
  { webhooks }: Config,
  address: string,
  { method, below = '', wait }: { method: string; below?: string; wait?: true },
  message: Message,
  ctx: SendContext,
): Promise<SendResult> => {
  const hook = webhookAt(webhooks, address);
  if (!hook) return { outcome: 'refused', reason: `There is no webhook named ${address} in the settings of Discord` };
  const url = new URL(hook);
  url.pathname = `${url.pathname.replace(/\/$/, '')}${below}`;
  if (wait) url.searchParams.set('wait', 'true');
  const response = await ctx.fetch(url.toString(), {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payloadOf(message)),
    signal: ctx.signal,
  });
  const reply = await jsonObject(response);
  const said = typeof reply?.message === 'string' ? reply.message : undefined;
  // Seconds, with a fraction.
  const seconds = Number(reply?.retry_after);
  if (response.status === 429 && seconds > 0)
    return { outcome: 'retry', reason: `Discord answered 429: ${said ?? ''}`, afterMs: Math.ceil(seconds * 1000) };
  if (response.status === 404)
    return {
      outcome: 'refused',
      reason: `Discord answered 404: ${said ?? 'the webhook was deleted'}`,
      ...(hook === address ? { gone: true as const } : {}),
    };
  if (!response.ok) return failureOf('Discord', response, said, ctx);
  if (typeof reply?.id !== 'string')
    return { outcome: 'retry', reason: `Discord answered ${response.status} without a message id` };
  return { outcome: 'sent', providerId: reply.id, receipts: false };
};

/** A webhook of a channel in Discord (https://discord.com/developers/docs/resources/webhook#execute-webhook). */
export const discord: Channel<Config> = {
  name: 'discord',
  config,
  normalizeAddress: (address) => nameOrUrl(address, wrongAddress),
  secrets: ({ webhooks }, address) => secretsOfUrls(urlsOf(webhooks, address)),
  // With `wait` Discord answers once the message is posted, with its id.
  send: (settings, address, message, ctx) => ask(settings, address, { method: 'POST', wait: true }, message, ctx),
  update: (settings, { address, providerId }, message, ctx) =>
    ask(settings, address, { method: 'PATCH', below: `/messages/${encodeURIComponent(providerId)}` }, message, ctx),
};
