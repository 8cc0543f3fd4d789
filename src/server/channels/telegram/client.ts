import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { failureOf, jsonObject } from '../http-reply.ts';
import { guardedFetch } from '../public-url.ts';
import type { SendContext, SendResult } from '../types.ts';

const OFFICIAL = 'https://api.telegram.org';

/** A bot of one's own. `base_url`: a Bot API server of one's own, where there is one (https://core.telegram.org/bots/api#using-a-local-bot-api-server). */
export const telegramBot = z.strictObject({
  bot_token: z.string().regex(/^\d+:[\w-]{20,}$/, 'A bot token looks like 123456:ABC-DEF…; BotFather gives it'),
  base_url: z.url({ protocol: /^https?$/ }).default(OFFICIAL),
});
export type TelegramBot = z.output<typeof telegramBot>;

type Asking = Pick<SendContext, 'fetch' | 'signal'>;
/** What Telegram answered. `said`, `code` and `parameters` are of a call that failed. */
export type TelegramReply = {
  response: Response;
  result?: unknown;
  said?: string;
  code: number;
  parameters: { retry_after?: unknown; migrate_to_chat_id?: unknown };
};

/** One call of the Bot API (https://core.telegram.org/bots/api#making-requests). */
export const callTelegram = async (bot: TelegramBot, method: string, body: object, asking: Asking): Promise<TelegramReply> => {
  const response = await asking.fetch(`${bot.base_url.replace(/\/+$/, '')}/bot${bot.bot_token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: asking.signal,
  });
  const reply = await jsonObject(response);
  const parameters = typeof reply?.parameters === 'object' && reply.parameters !== null ? reply.parameters : {};
  return {
    response,
    code: typeof reply?.error_code === 'number' ? reply.error_code : response.status,
    parameters,
    ...(reply?.ok === true ? { result: reply.result } : {}),
    ...(typeof reply?.description === 'string' ? { said: reply.description } : {}),
  };
};

/** Telegram's own words for a chat that takes no more messages: whoever it is must act before it does again. */
const GONE = /bot was blocked|user is deactivated|bot was kicked|bot is not a member|group chat was deleted/i;

/** What a call that failed means for the message. */
export const verdictOf = ({ response, code, said, parameters }: TelegramReply, ctx: SendContext): SendResult => {
  const wait = Number(parameters.retry_after);
  if (code === 429 && wait > 0)
    return { outcome: 'retry', reason: `Telegram answered 429${said ? `: ${said}` : ''}`, afterMs: Math.ceil(wait * 1000) };
  if (response.ok) return { outcome: 'retry', reason: `Telegram answered ${response.status} without a message id` };
  if (code === 401 || (code === 404 && said !== undefined))
    return { outcome: 'refused', reason: 'Telegram does not accept the bot token: ask BotFather for it again' };
  if (code === 403)
    return {
      outcome: 'refused',
      reason: `Telegram answered 403: ${said ?? 'forbidden'}. Open the chat with the bot and press Start`,
      ...(GONE.test(said ?? '') ? { gone: true as const } : {}),
    };
  return failureOf('Telegram', response, said, ctx);
};

/** Where Telegram posts what people do; undefined where it could not: it reaches https alone, a server of one's own anything. */
export const updatesAt = (bot: TelegramBot, publicUrl: string): string | undefined =>
  publicUrl.startsWith('https://') || !bot.base_url.startsWith(OFFICIAL) ? `${publicUrl}/in/telegram/update` : undefined;

/** What Telegram proves itself with: from this installation's secret, another for each bot. */
export const updatesSecret = (secret: Buffer, bot: TelegramBot): string =>
  createHmac('sha256', secret).update(`telegram updates ${bot.bot_token}`).digest('base64url');

const ASKING_MS = 5_000;
const outsideOf = (allow: readonly string[]): Asking => ({
  fetch: guardedFetch({ allow }),
  signal: AbortSignal.timeout(ASKING_MS),
});

/** The bot's name, as its links have it; undefined when Telegram does not say in time. Never throws. */
export const botName = async (bot: TelegramBot, allow: readonly string[]): Promise<string | undefined> => {
  try {
    const { result } = await callTelegram(bot, 'getMe', {}, outsideOf(allow));
    const name: unknown = typeof result === 'object' && result !== null ? Reflect.get(result, 'username') : undefined;
    return typeof name === 'string' && /^\w{3,64}$/.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
};

/** Where a message is. */
export const idOfMessage = (chat: number, message: number): string => `${chat}:${message}`;
export const placeOf = (providerId: string): { chat_id: number; message_id: number } | undefined => {
  const [, chat, message] = /^(-?\d+):(\d+)$/.exec(providerId) ?? [];
  return chat && message ? { chat_id: Number(chat), message_id: Number(message) } : undefined;
};
