import { cutUnits } from '../channels/chat-text.ts';
import { editMessage, type TelegramBot, telegramBot, updatesSecret } from '../channels/telegram/client.ts';
import { isTelegram, type TelegramPress, type TelegramStart } from '../channels/telegram/inbound.ts';
import * as paging from '../paging/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { AppError } from '../platform/errors.ts';
import type { JobMap } from '../platform/jobs.ts';
import { answerPress, noteRefused, standOf } from './chat.ts';
import * as requests from './chat-store.ts';

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
/** A message 4,096; a page leaves room for what is said below it. */
const MAX_TEXT = 4_000;

/** A pressed button: answered, and the message loses its buttons and says what is now. The answer to the request is a call of Telegram's. */
export const telegramPressed = async (outside: Outside, press: TelegramPress): Promise<object> => {
  const said = await answerPress(outside, {
    channel: 'telegram',
    id: press.update,
    from: { address: press.from.id, shown: press.from.shown },
    token: press.token,
    action: press.action,
  });
  const { message } = press;
  if (said.done && message)
    await outside.transaction((ctx) =>
      ctx.enqueue('incidents.tell_telegram', [
        {
          data: {
            incident_id: said.id,
            chat_id: message.chat,
            message_id: message.id,
            text: message.text,
            entities: JSON.stringify(message.entities),
          },
        },
      ]),
    );
  return {
    method: 'answerCallbackQuery',
    callback_query_id: press.id,
    text: cutUnits(said.text, MAX_TOAST),
    show_alert: !said.done,
  };
};

/**
 * Takes the buttons off a message that was answered, and has it say how the incident stands now: of two answers either may be told last.
 * A failure is logged and not tried again: the answer itself counts already.
 */
export const tellTelegram = async (
  outside: Outside,
  { incident_id, chat_id, message_id, text, entities }: JobMap['incidents.tell_telegram'],
): Promise<void> => {
  const { bot, stand } = await outside.transaction(async (ctx) => ({
    bot: await botOf(ctx),
    stand: await standOf(ctx, incident_id),
  }));
  if (!bot) return;
  const edit = {
    chat_id,
    message_id,
    text: cutUnits(`${text}\n\n${stand.text}`, MAX_TEXT),
    entities: JSON.parse(entities) as unknown,
    link_preview_options: { is_disabled: true },
  };
  const problem = await editMessage(bot, edit, outside.allowedHosts);
  if (problem) outside.log.warn({ problem }, 'a message in Telegram still shows its buttons');
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
