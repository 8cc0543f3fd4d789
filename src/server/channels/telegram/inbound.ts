import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ANSWERS } from '../chat-text.ts';
import type { InboundReply } from '../types.ts';
import { idOfMessage } from './client.ts';

/** Whether the header `X-Telegram-Bot-Api-Secret-Token` is the one that was asked for (https://core.telegram.org/bots/api#setwebhook). */
export const isTelegram = (secret: string, given: string | undefined): boolean => {
  const [wanted, sent] = [Buffer.from(secret), Buffer.from(given ?? '')];
  return wanted.length === sent.length && timingSafeEqual(wanted, sent);
};

type Someone = { id: string; shown: string };
/** `message`: the one that has the button, as `providerId`. */
export type TelegramPress = {
  kind: 'press';
  update: string;
  id: string;
  from: Someone;
  token: string;
  action: InboundReply['action'];
  message?: string;
};
export type TelegramStart = {
  kind: 'start';
  update: string;
  from: Someone;
  chat: { id: number; isPrivate: boolean };
  code: string;
};

const id = z.number().int();
const user = z.looseObject({
  id,
  first_name: z.string().default(''),
  last_name: z.string().default(''),
  username: z.string().optional(),
});
const chat = z.looseObject({ id, type: z.string() });
const update = z.looseObject({
  update_id: id,
  message: z.looseObject({ chat, from: user.optional(), text: z.string().default('') }).optional(),
  callback_query: z
    .looseObject({
      id: z.string().min(1).max(200),
      from: user,
      data: z.string().max(64).default(''),
      message: z.looseObject({ chat, message_id: id }).optional(),
    })
    .optional(),
});

const someone = ({ id: number, first_name, last_name, username }: z.output<typeof user>): Someone => {
  const name = `${first_name} ${last_name}`.trim().slice(0, 100);
  return { id: String(number), shown: username ? `${name} (@${username.slice(0, 40)})` : name || String(number) };
};

/** What somebody did in Telegram (https://core.telegram.org/bots/api#update): pressed a button of ours, or said /start; undefined: neither. */
export const parseUpdate = (json: unknown): TelegramPress | TelegramStart | undefined => {
  const { data } = update.safeParse(json);
  if (!data) return undefined;
  const key = String(data.update_id);
  const press = data.callback_query;
  if (press) {
    const [letter, token] = press.data.split(':');
    const action = ANSWERS.find((one) => one[0] === letter);
    if (!action || !token) return undefined;
    const { message } = press;
    return {
      kind: 'press',
      update: key,
      id: press.id,
      from: someone(press.from),
      token,
      action,
      ...(message ? { message: idOfMessage(message.chat.id, message.message_id) } : {}),
    };
  }
  const said = data.message;
  const [, code] = /^\/start(?:@\w+)?(?:\s+(\S{1,64}))?\s*$/.exec(said?.text ?? '') ?? [null, null];
  if (!said?.from || code === null) return undefined;
  return {
    kind: 'start',
    update: key,
    from: someone(said.from),
    chat: { id: said.chat.id, isPrivate: said.chat.type === 'private' },
    code: code ?? '',
  };
};
