import { invalid } from '../../platform/errors.ts';
import { ANSWERS, answerWord, bodyOf, cutUnits, linkOf, titleOf, tokenOf, withoutMentions } from '../chat-text.ts';
import type { Channel, Message, SendContext } from '../types.ts';
import {
  callTelegram,
  idOfMessage,
  placeOf,
  type TelegramBot,
  type TelegramReply,
  telegramBot,
  updatesAt,
  updatesSecret,
  verdictOf,
} from './client.ts';

/** A message takes 4,096 UTF-16 units; the rest is for what is added once it is answered. */
const MAX_TEXT = 3_600;
const MAX_NOW = 480;
const MAX_TITLE = 400;
const MAX_FACT = 400;
const MAX_FACTS = 20;

type Entity = { type: 'bold' | 'url'; offset: number; length: number };

/**
 * A message as text and where it is bold (https://core.telegram.org/bots/api#messageentity): nothing in it is markup, so nothing
 * an alert says can be. The link comes last and is never cut.
 */
const textOf = (message: Message): { text: string; entities: Entity[] } => {
  let text = '';
  const entities: Entity[] = [];
  const add = (words: string, type?: Entity['type']) => {
    if (type) entities.push({ type, offset: text.length, length: words.length });
    text += words;
  };
  const link = linkOf(message);
  const room = MAX_TEXT - (link ? link.url.length + 20 : 0);
  add(cutUnits(withoutMentions(titleOf(message)), MAX_TITLE), 'bold');
  add('\n');
  for (const { label, value } of message.facts.slice(0, MAX_FACTS)) {
    const [name, words] = [cutUnits(withoutMentions(label), 100), cutUnits(withoutMentions(value), MAX_FACT)];
    if (text.length + name.length + words.length + 10 > room) break;
    add('\n');
    add(`${name}:`, 'bold');
    add(` ${words}`);
  }
  const body = withoutMentions(bodyOf(message).trim());
  if (body && room - text.length > 10) add(`\n\n${cutUnits(body, room - text.length - 4)}`);
  if (link) {
    add(`\n\n${link.word}: `);
    add(link.url, 'url');
  }
  if (message.now) add(`\n\n${cutUnits(withoutMentions(message.now.text), MAX_NOW)}`);
  return { text: text.trimEnd(), entities };
};

/** Buttons, where their answer would find its way back. 64 bytes is all that one carries. */
const buttonsOf = (bot: TelegramBot, message: Message, { sender }: SendContext) => {
  const token = tokenOf(message);
  if (!token || !sender || !updatesAt(bot, sender.publicUrl)) return {};
  const left = ANSWERS.filter((action) => message.now?.actions.includes(action) ?? true);
  // A change without any takes them off.
  if (left.length === 0) return {};
  const row = left.map((action) => ({ text: answerWord(message.locale, action), callback_data: `${action[0]}:${token}` }));
  return { reply_markup: { inline_keyboard: [row] } };
};

const shownAs = (bot: TelegramBot, message: Message, ctx: SendContext) => ({
  ...textOf(message),
  link_preview_options: { is_disabled: true },
  ...buttonsOf(bot, message, ctx),
});
const post = (bot: TelegramBot, chat: string | number, message: Message, ctx: SendContext): Promise<TelegramReply> =>
  callTelegram(bot, 'sendMessage', { chat_id: chat, ...shownAs(bot, message, ctx) }, ctx);

const idOf = ({ result }: TelegramReply): string | undefined => {
  const { message_id: id, chat } = (result ?? {}) as { message_id?: unknown; chat?: { id?: unknown } };
  return typeof id === 'number' && typeof chat?.id === 'number' ? idOfMessage(chat.id, id) : undefined;
};

type WebhookInfo = { url?: unknown; last_error_date?: unknown; last_error_message?: unknown };
/** An error older than this is over. */
const RECENT_SECONDS = 900;

/** Telegram (https://core.telegram.org/bots/api). An address is the id of a chat: of a person, or negative, of a group. */
export const telegram: Channel<TelegramBot> = {
  name: 'telegram',
  config: telegramBot,
  normalizeAddress: (address) => {
    const text = address.trim();
    if (/^-?[1-9]\d{0,18}$/.test(text) || /^@[A-Za-z]\w{3,31}$/.test(text)) return text;
    throw invalid('Give the id of a chat, such as 123456789 or -1001234567890, or @name of a public channel', 'address');
  },
  secrets: (bot) => [bot.bot_token],
  send: async (bot, address, message, ctx) => {
    let reply = await post(bot, address, message, ctx);
    let advice: string | undefined;
    const moved = reply.parameters.migrate_to_chat_id;
    if (typeof moved === 'number') {
      // A group that grew has another id. The page goes there now; whoever reads this corrects the address.
      advice = `this group is ${moved} now: correct the address`;
      reply = await post(bot, moved, message, ctx);
    }
    const providerId = idOf(reply);
    return providerId ? { outcome: 'sent', providerId, receipts: false, ...(advice ? { advice } : {}) } : verdictOf(reply, ctx);
  },
  update: async (bot, { providerId }, message, ctx) => {
    const place = placeOf(providerId);
    if (!place) return { outcome: 'refused', reason: 'The message cannot be found again' };
    const reply = await callTelegram(bot, 'editMessageText', { ...place, ...shownAs(bot, message, ctx) }, ctx);
    // Two changes at once make the same text twice.
    if (reply.result !== undefined || /not modified/i.test(reply.said ?? ''))
      return { outcome: 'sent', providerId, receipts: false };
    return verdictOf(reply, ctx);
  },
  check: async (bot, ctx) => {
    const me = await callTelegram(bot, 'getMe', {}, ctx);
    if (me.result === undefined) {
      const verdict = verdictOf(me, ctx);
      return verdict.outcome === 'sent' ? undefined : verdict.reason;
    }
    const url = ctx.sender && updatesAt(bot, ctx.sender.publicUrl);
    if (!ctx.sender || !url) return undefined;
    const info = ((await callTelegram(bot, 'getWebhookInfo', {}, ctx)).result ?? {}) as WebhookInfo;
    const failed = typeof info.last_error_message === 'string' ? info.last_error_message : undefined;
    const recent = Number(info.last_error_date) > ctx.now.epochMilliseconds / 1000 - RECENT_SECONDS;
    // 403: our own refusal, of one that was set with another secret.
    if (info.url === url && !(recent && failed?.includes('403')))
      return recent && failed ? `pages arrive, but buttons do not: Telegram could not reach ${url}: ${failed}` : undefined;
    const set = await callTelegram(
      bot,
      'setWebhook',
      { url, secret_token: updatesSecret(ctx.sender.secret, bot), allowed_updates: ['message', 'callback_query'] },
      ctx,
    );
    return set.response.ok ? undefined : `pages arrive, but buttons do not: Telegram says ${set.said ?? set.response.status}`;
  },
};
