import { cutUnits } from '../channels/chat-text.ts';
import { placeOf, type TelegramBot, telegramBot, updatesSecret } from '../channels/telegram/client.ts';
import { isTelegram, type TelegramPress, type TelegramStart } from '../channels/telegram/inbound.ts';
import { toldAs } from '../escalation/actions.ts';
import * as paging from '../paging/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { AppError } from '../platform/errors.ts';
import { answerPress, noteRefused } from './chat.ts';
import * as requests from './chat-store.ts';
import { standing } from './messages.ts';
import * as store from './store.ts';

const botOf = async (ctx: Ctx): Promise<TelegramBot | undefined> => {
  const provider = paging.providerOf(await paging.readSettings(ctx), 'telegram');
  return 'config' in provider ? telegramBot.safeParse(provider.config).data : undefined;
};

/** Throws AppError `forbidden` for a request that is not Telegram's, which the audit log then has. */
export const assertTelegram = async (outside: Outside, secret: string | undefined): Promise<void> => {
  const why = await outside.transaction(async (ctx) => {
    const bot = await botOf(ctx);
    if (!bot) return 'Telegram is not set up here';
    return isTelegram(updatesSecret(ctx.secret, bot), secret) ? undefined : 'it carries no secret of this installation';
  });
  if (!why) return;
  await outside.transaction((ctx) => noteRefused(ctx, 'Telegram', why));
  throw new AppError('forbidden', `This request was refused: ${why}`);
};

/** A toast takes 200 characters (https://core.telegram.org/bots/api#answercallbackquery). */
const MAX_TOAST = 200;

/** A pressed button: answered, and its message says what is now. The answer to the request is a call of Telegram's. */
export const telegramPressed = async (outside: Outside, press: TelegramPress): Promise<object> => {
  const said = await answerPress(outside, {
    channel: 'telegram',
    id: press.update,
    from: { address: press.from.id, shown: press.from.shown },
    token: press.token,
    action: press.action,
  });
  const { message } = press;
  if (said.done && message) await outside.transaction((ctx) => follows(ctx, said.about, message));
  return {
    method: 'answerCallbackQuery',
    callback_query_id: press.id,
    text: cutUnits(said.text, MAX_TOAST),
    show_alert: !said.done,
  };
};

/** The message that was pressed says what is now, also where nothing changed, or where it was sent twice. */
const follows = async (ctx: Ctx, { incident_id, page, expires }: paging.PressedOn, on: string): Promise<void> => {
  if (page) return ctx.enqueue('incidents.show_stand', [{ data: { delivery_id: page.delivery_id, on, tries: 1 } }]);
  const place = placeOf(on);
  if (!place) return;
  // Held, so that whoever answers at this moment finds the message.
  await store.lock(ctx, (await standing(ctx, incident_id)).id);
  const message = { incident_id, channel: 'telegram' as const, address: String(place.chat_id), provider_id: on };
  const id = await toldAs(ctx, message, expires);
  if (id) await ctx.enqueue('incidents.show_place', [{ data: { place_message_id: id, tries: 1 } }]);
};

/** Somebody said /start, with the code of a link or without; what to say to them, as a call of Telegram's. Undefined: it was said already. */
export const telegramStarted = (outside: Outside, start: TelegramStart): Promise<object | undefined> =>
  outside.transaction(async (ctx) => {
    if (!(await requests.take(ctx, `telegram ${start.update}`))) return undefined;
    const { chat, code } = start;
    const text = !chat.isPrivate
      ? `The id of this chat is ${chat.id}. An escalation policy can name it, and then it is told.`
      : code === ''
        ? 'To be paged here, open My settings in Allclear and choose Link Telegram. Then press Start here once more.'
        : (await requests.take(ctx, `telegram link ${code}`))
          ? await paging.linkTelegram(ctx, code, start.from)
          : 'This link was used already. Ask for a new one under My settings in Allclear.';
    return { method: 'sendMessage', chat_id: chat.id, text };
  });
