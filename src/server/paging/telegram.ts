import type { z } from 'zod';
import type { telegramLink as linkSchema } from '../../contract/people.ts';
import { botName, type TelegramBot, telegramBot, updatesAt } from '../channels/telegram/client.ts';
import { say } from '../channels/words/words.ts';
import { actorOfPerson, peopleByIds, personNamed } from '../identity/actions.ts';
import { journal } from '../journal/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { AppError } from '../platform/errors.ts';
import { readLink, signLink } from '../platform/links.ts';
import { allowReach } from './reach.ts';
import { providerOf, readSettings } from './settings.ts';
import * as store from './store.ts';

const LINK_LIFE = { minutes: 15 };
const MOST_METHODS = 20;

type Prepared = { bot: TelegramBot; code: string; expires: Temporal.Instant };

/** A code that makes whoever says it to the bot this person's Telegram, once. Refused while Telegram is not set up. */
export const prepareTelegramLink = async (ctx: Ctx, name: string): Promise<Prepared> => {
  allowReach(ctx, name);
  const person = await personNamed(ctx, name);
  const provider = providerOf(await readSettings(ctx), 'telegram');
  const bot = 'config' in provider ? telegramBot.safeParse(provider.config).data : undefined;
  if (!bot) throw new AppError('conflict', 'Telegram is not set up here: an administrator does that under Settings, Channels');
  if (!updatesAt(bot, ctx.publicUrl))
    throw new AppError(
      'conflict',
      `Telegram reaches https addresses alone, and this server calls itself ${ctx.publicUrl}. Add the id of the chat as a method instead`,
    );
  const expires = ctx.now.add(LINK_LIFE);
  return { bot, code: signLink(ctx.secret, 'telegram', person.id, expires), expires };
};

/** The link that opens the bot and says the code (https://core.telegram.org/bots/features#deep-linking). */
export const telegramLink = async (outside: Outside, { bot, code, expires }: Prepared): Promise<z.input<typeof linkSchema>> => {
  const name = await botName(bot, outside.allowedHosts);
  if (!name)
    throw new AppError('unavailable', 'Telegram did not say what the bot is called: try again, or look at Settings, Channels');
  return { url: `https://t.me/${name}?start=${code}`, expires_at: expires.toString({ smallestUnit: 'second' }) };
};

const ASK_AGAIN = 'Ask for a new link under My settings in Allclear.';

/** Somebody said the code in a chat with the bot: that chat is a verified contact method of the person. Answers what to say to them. */
export const linkTelegram = async (ctx: Ctx, code: string, from: { id: string; shown: string }): Promise<string> => {
  const link = readLink(ctx.secret, 'telegram', code, ctx.now);
  if (!link) return `Allclear does not know this link. ${ASK_AGAIN}`;
  const [person] = await peopleByIds(ctx, [link.id]);
  if (link.expired) return say(person?.locale, 'chat.link_old');
  const actor = await actorOfPerson(ctx, link.id);
  if (!person || !actor) return 'This person is deactivated in Allclear. Nothing was changed.';
  const owner = await store.ownerOf(ctx, 'telegram', from.id);
  if (owner && owner.id !== person.id)
    return 'This Telegram account is a contact method of somebody else in Allclear. It has to be removed there first.';
  const methods = await store.methodRows(ctx, [person.id]);
  const known = methods.find((row) => row.channel === 'telegram' && row.address === from.id);
  if (known) await store.setVerified(ctx, known.id);
  else {
    if (methods.length >= MOST_METHODS) return say(person.locale, 'chat.link_many', { count: MOST_METHODS });
    const label = ['telegram', ...methods.map((_, index) => `telegram-${index + 2}`)].find(
      (one) => !methods.some((row) => row.label === one),
    );
    await store.upsertMethod(ctx, {
      person_id: person.id,
      label: label ?? 'telegram',
      channel: 'telegram',
      address: from.id,
      verified_at: ctx.now,
    });
  }
  await journal(
    { ...ctx, actor, source: 'telegram' },
    {
      type: 'person.reach_saved',
      subject: { type: 'person', id: person.id },
      text: `Telegram was linked to ${person.display_name} by ${from.shown}`,
      data: { channel: 'telegram', by: from.shown },
    },
  );
  return say(person.locale, 'chat.linked', { person: person.display_name });
};
