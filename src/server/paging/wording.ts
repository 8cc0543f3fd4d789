import type { Wording, WordingKey } from '../../contract/wording.ts';
import { composeSms } from '../channels/sms/gsm7.ts';
import { smsHints } from '../channels/sms/sms.ts';
import type { ChannelName, Message } from '../channels/types.ts';
import { fill, fillTo, type Values } from '../channels/words/fill.ts';
import { templateOf, wordingKind } from '../channels/words/wording.ts';
import { say, unfilled } from '../channels/words/words.ts';

/** Characters of a segment of SMS, and of about 20 s of speech. */
const LINE = 160;
const SPOKEN = 250;
/** So many other incidents are named where there is little room. */
const NAMED = 3;

/** How this installation words a message to somebody, by a channel. */
export type Told = {
  own: Wording | undefined;
  channel: ChannelName;
  locale: string | undefined;
  /** It tells a place, where nobody answers. */
  place?: true;
};
type Words = Pick<Message, 'subject' | 'short' | 'spoken' | 'sms' | 'body'>;

const worded = ({ own, channel, locale }: Told, key: WordingKey) =>
  templateOf(wordingKind(channel) ? own : undefined, key, locale);

/** Title and text of a message by a channel that has both. */
const written = (told: Told, about: 'page' | 'test', values: Values) => {
  const kind = wordingKind(told.channel);
  const where = kind === 'chat' || kind === 'push' ? kind : 'email';
  const title = worded(told, `${where}.${about}_title`);
  const text = fill(worded(told, `${where}.${about}_text`).template, values).trim();
  return { title, text };
};

const SMS_AND_CALL = {
  page: { sms: 'sms.page', voice: 'voice.page' },
  test: { sms: 'sms.test', voice: 'voice.test' },
} as const;
/** The text of an SMS, or what a call says. */
const narrow = (told: Told, about: 'page' | 'test', values: Values, briefly = ''): Pick<Words, 'sms' | 'spoken'> => {
  const { channel, locale } = told;
  const keys = SMS_AND_CALL[about];
  if (channel === 'sms') return { sms: composeSms(worded(told, keys.sms).template, told.place ? [] : smsHints(locale), values) };
  return channel === 'voice' ? { spoken: fillTo(worded(told, keys.voice).template, { ...values, more: briefly }, SPOKEN) } : {};
};

/** A page: `others` are the numbers of the incidents that it speaks of besides. */
export const pageWords = (told: Told, values: Values, others: string[]): Words => {
  const { locale } = told;
  const count = others.length;
  const named = [...others.slice(0, NAMED), ...(count > NAMED ? ['...'] : [])].join(', ');
  const more = count > 0 ? say(locale, 'more.line', { count, numbers: named }) : '';
  const { title, text } = written(told, 'page', { ...values, title: `${values.title}${more}` });
  const briefly = count > 0 ? say(locale, 'more.short', { count }) : '';
  const subject = fill(title.template, { ...values, title: `${values.title}${briefly}` });
  return {
    subject,
    // Where a title has words of its own, a notification says them too.
    short: title.isOwn ? subject : fillTo(unfilled(locale, 'line'), { ...values, more }, LINE),
    // Nobody can write down numbers that are read out at night.
    ...narrow(told, 'page', { ...values, more }, briefly),
    ...(text ? { body: text } : {}),
  };
};

/** A test page. */
export const testWords = (told: Told, values: Values): Words => {
  const { title, text } = written(told, 'test', values);
  const subject = fill(title.template, values);
  return { subject, short: text || subject, ...narrow(told, 'test', values), ...(text ? { body: text } : {}) };
};

/** How an incident stands now, said on a message that was sent about it. `state` is a predicate such as `is resolved`. */
export const updateWords = (own: Wording | undefined, locale: string | undefined, values: Values): string =>
  fill(templateOf(own, 'chat.update', locale).template, values);

/** What in the wording of this message could not be used, so that the usual took its place. */
export const unusedWording = (told: Told, about: 'page' | 'test'): string[] => {
  const kind = wordingKind(told.channel);
  const keys: WordingKey[] =
    kind === undefined
      ? []
      : kind === 'sms' || kind === 'voice'
        ? [`${kind}.${about}`]
        : [
            `${kind}.${about}_title`,
            `${kind}.${about}_text`,
            // What a page in a chat will say once it is answered.
            ...(kind === 'chat' && about === 'page' ? (['chat.update'] as const) : []),
          ];
  return keys.flatMap((key) => {
    const { problem } = templateOf(told.own, key, told.locale);
    return problem ? [`${key.replace('.', ' ')}: ${problem}`] : [];
  });
};
