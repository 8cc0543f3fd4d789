import { answerWord } from '../channels/chat-text.ts';
import { say } from '../channels/words/words.ts';
import { actorOfPerson, peopleByIds } from '../identity/actions.ts';
import { journal, THE_ONLY } from '../journal/actions.ts';
import { newestOf } from '../journal/read.ts';
import * as paging from '../paging/actions.ts';
import type { Answer } from '../paging/types.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { AppError } from '../platform/errors.ts';
import { acknowledge, escalateNow, resolve } from './actions.ts';
import * as requests from './chat-store.ts';
import { sentenceOf, standing } from './messages.ts';

// What the chat services share: how an incident stands, and what becomes of a pressed button.

/** Anybody may knock at the addresses, and press a button again and again, so what was refused is written down once a minute. */
const NOTED_EVERY = { minutes: 1 };
const REFUSED = 'channel.request_refused';
const STRANGER = 'incident.stranger_answered';
const isRecent = (ctx: Ctx, last: { at: string } | undefined): boolean =>
  last !== undefined && Temporal.Instant.compare(Temporal.Instant.from(last.at).add(NOTED_EVERY), ctx.now) > 0;

export const noteRefused = async (ctx: Ctx, service: string, why: string): Promise<void> => {
  if (isRecent(ctx, await newestOf(ctx, { type: 'settings', id: THE_ONLY }, [REFUSED]))) return;
  await journal(ctx, {
    type: REFUSED,
    subject: { type: 'settings', id: THE_ONLY },
    text: `A request to the address for ${service} was refused: ${why}`,
    data: { channel: service.toLowerCase(), why },
  });
};

type Stand = { id: string; title: string; text: string; url: string; inTriage: boolean };
/** What to say after an answer. One that came too late to escalate paged nobody. */
const afterAnswer = ({ text, inTriage }: Stand, action: Answer['action'], locale: string | undefined): string =>
  action === 'escalate' && inTriage ? say(locale, 'chat.escalated', { text }) : text;

/** How an incident stands now, in a sentence of this language; of one that was merged, the one it went into. */
export const standOf = async (ctx: Ctx, id: string, locale?: string): Promise<Stand> => {
  const row = await standing(ctx, id);
  return {
    id: row.id,
    title: `${row.number} ${row.title}`,
    text: await sentenceOf(ctx, row, locale),
    url: `${ctx.publicUrl}/incidents/${row.number}`,
    inTriage: row.status === 'triage',
  };
};

type Pressed = {
  channel: 'telegram' | 'mattermost';
  /** The same when the service sends it again. */
  id: string;
  /** Who pressed: the address that a contact method of theirs has, and what people call them. */
  from: { address: string; shown: string };
  token: string;
  action: Answer['action'];
};
/** `about`: what the button was on. */
type Said =
  | { done: true; about: paging.PressedOn; title: string; text: string; url: string; locale: string | undefined }
  | { done: false; text: string };

const SERVICE = { telegram: 'Telegram', mattermost: 'Mattermost' } as const;
/** Throws AppError `forbidden` while the service is not set up here, which the audit log then has. */
export const assertSetUp = async (outside: Outside, channel: Pressed['channel']): Promise<void> => {
  const why = `${SERVICE[channel]} is not set up here`;
  const isSetUp = await outside.transaction(async (ctx) => {
    if ((await paging.readSettings(ctx)).channels[channel] !== undefined) return true;
    await noteRefused(ctx, SERVICE[channel], why);
    return false;
  });
  if (!isSetUp) throw new AppError('forbidden', `This request was refused: ${why}`);
};

const MOST_PAGES = 50;

/**
 * Answers a pressed button, once. A person's own page is answered as them; in a place, whoever pressed acts as the owner of the verified
 * contact method, with their role. Anybody else is told so, and the timeline has it. What is refused changes nothing.
 */
export const answerPress = async (outside: Outside, pressed: Pressed): Promise<Said> => {
  try {
    return await outside.transaction((ctx) => answered(ctx, pressed));
  } catch (thrown) {
    if (thrown instanceof AppError && ['invalid', 'forbidden', 'not_found', 'conflict'].includes(thrown.code))
      return { done: false, text: thrown.message };
    throw thrown;
  }
};

const answered = async (ctx: Ctx, pressed: Pressed): Promise<Said> => {
  const { channel, token: replyToken, action } = pressed;
  const test = await paging.testOfReply(ctx, { replyToken, action, said: action }, [channel]);
  if (test?.address === pressed.from.address) {
    await paging.confirmTest(ctx, test.id, channel);
    return { done: false, text: say(await paging.localeOfTest(ctx, test.id), 'answer.tested') };
  }
  const about = await paging.pressedOn(ctx, pressed.channel, pressed.token);
  if (about === 'forged') await noteRefused(ctx, SERVICE[pressed.channel], 'a button carried no token of this installation');
  if (about === 'forged' || about === 'expired') return { done: false, text: say(undefined, 'chat.too_old') };
  if (await requests.take(ctx, `${pressed.channel} ${pressed.id}`)) {
    const why = await act(ctx, pressed, about);
    if (why) return { done: false, text: why };
  }
  // What tells a place stays in the language it was told in.
  const locale = about.page?.address === pressed.from.address ? await localeOf(ctx, about.page.person_id) : undefined;
  const stand = await standOf(ctx, about.incident_id, locale);
  const { title, url } = stand;
  return { done: true, about, title, text: afterAnswer(stand, pressed.action, locale), url, locale };
};

const localeOf = async (ctx: Ctx, personId: string): Promise<string | undefined> =>
  (await peopleByIds(ctx, [personId]))[0]?.locale;

/** Does it; why not, or undefined. */
const act = async (
  ctx: Ctx,
  { channel, from, action }: Pressed,
  { incident_id, page }: paging.PressedOn,
): Promise<string | undefined> => {
  if (page?.address === from.address) {
    await paging.answer(ctx, page.id, action, channel);
    return undefined;
  }
  const { id } = await standOf(ctx, incident_id);
  const person = await paging.ownerOf(ctx, channel, from.address);
  const actor = person && (await actorOfPerson(ctx, person.id));
  if (!actor) {
    if (!isRecent(ctx, await newestOf(ctx, { type: 'incident', id }, [STRANGER])))
      await journal(ctx, {
        type: STRANGER,
        subject: { type: 'incident', id },
        text: `${from.shown} pressed ${answerWord(undefined, action)} in ${SERVICE[channel]}, but is nobody Allclear knows: nothing was changed`,
        data: { channel, from: from.address, action },
      });
    return `Allclear does not know who you are. Add ${SERVICE[channel]} as a contact method under My settings, then press again. Nothing was changed.`;
  }
  const own = (await paging.unansweredOf(ctx, actor.id, MOST_PAGES)).find((one) => one.incident_id === incident_id);
  if (own) await paging.answer(ctx, own.id, action, channel);
  else
    await { acknowledge, escalate: escalateNow, resolve: (as: Ctx, one: string) => resolve(as, one, undefined) }[action](
      { ...ctx, actor, source: channel },
      id,
    );
  return undefined;
};
