import type { InboundReply, Message } from './types.ts';
import { say } from './words/words.ts';

/** The text in at most so many UTF-16 units, at least 2, as chat services count; what was cut off is told by an ellipsis. */
export const cutUnits = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  const end = text.codePointAt(limit - 2)! > 0xffff ? limit - 2 : limit - 1;
  return `${text.slice(0, end)}…`;
};

const WORD_JOINER = '\u2060';
/** Text that wakes nobody: `@all` in an alert is no mention. A mail address stays as it is. */
export const withoutMentions = (text: string): string => text.replace(/(?<![\p{L}\p{N}_.+-])@(?=\S)/gu, `@${WORD_JOINER}`);

const WEB_ADDRESS = /(https?:\/\/[^\s<>()[\]"'`|]+)/;
/** Text in which a Markdown reader finds nothing but text. Web addresses stay whole, so that they can be opened. */
export const escapeMarkdown = (text: string): string =>
  text
    .split(WEB_ADDRESS)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[\\`*_~|[\]()#>]/g, '\\$&')))
    .join('');

/** Its severity in a word of the person's language; empty where it has none. */
export const severityOf = ({ severity, locale }: Message): string => (severity ? say(locale, `severity.${severity}`) : '');
/** What it is about, in one line, with its severity in words. */
export const titleOf = (message: Message): string =>
  message.severity ? `${severityOf(message)}: ${message.subject}` : message.subject;

/** What follows the facts, or stands alone: nothing that the title and the facts have said already. */
export const bodyOf = ({ kind, body, short, facts }: Message): string =>
  body ?? (kind === 'page' && facts.length > 0 ? '' : short);

/** Where the message leads, and the word for it: a person's own page answers, everybody else signs in first. */
export const linkOf = ({ kind, actionUrl, openUrl, locale }: Message): { url: string; word: string } | undefined => {
  const open = say(locale, 'button.open');
  if (actionUrl) return { url: actionUrl, word: kind === 'page' ? say(locale, 'button.answer') : open };
  return openUrl ? { url: openUrl, word: open } : undefined;
};

export const ANSWERS = ['acknowledge', 'escalate', 'resolve'] as const;
/** What stands on the button of an answer. */
export const answerWord = (locale: string | undefined, action: InboundReply['action']): string => say(locale, `button.${action}`);
/** What a button of a page carries back; undefined: the message wants no answer. */
export const tokenOf = ({ kind, replyToken, placeToken }: Message): string | undefined =>
  kind === 'page' ? (replyToken ?? placeToken) : undefined;

const ACTION = { Acknowledge: 'acknowledge', Escalate: 'escalate', Resolve: 'resolve' } as const;
/** The buttons of a notification, in the words of the person's language. */
export const pushButtons = ({ actions = [], locale }: Message) =>
  actions.map(({ label, url }) => ({ action: ACTION[label], title: answerWord(locale, ACTION[label]), url }));
