import { ANSWERS, answerWord, severityOf } from '../chat-text.ts';
import type { CoverVerb, InboundReply, Message } from '../types.ts';
import { say } from '../words/words.ts';

// https://docs.slack.dev/reference/block-kit/blocks: header 150, section 3,000, 10 fields of 2,000, context element 2,000, and about
// 13,000 characters in all (`msg_blocks_too_long`), which these cuts keep away from.
const HEADER = 150;
const SECTION = 2_800;
const FIELDS = 10;
const FIELD = 400;
const TEXT = 3_000;

type Words = { type: 'plain_text'; text: string; emoji?: boolean };
type Markdown = { type: 'mrkdwn'; text: string; verbatim: boolean };
type Button = { type: 'button'; text: Words; action_id: string; value?: string; url?: string; style?: 'primary' };
/** What of Block Kit our messages are made of. */
export type SlackBlock =
  | { type: 'header'; text: Words }
  | { type: 'section'; text?: Markdown; fields?: Markdown[] }
  | { type: 'actions'; elements: Button[] }
  | { type: 'context'; elements: Markdown[] };

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const cut = (text: string, limit: number): string => {
  const characters = [...text];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
};

/** Text in which Slack finds no mention and no link (https://docs.slack.dev/messaging/formatting-message-text), cut to the limit as sent. */
export const plain = (text: string, limit = TEXT): string => {
  let out = '';
  for (const character of text) {
    const next = ENTITIES[character] ?? character;
    if (out.length + next.length > limit - 1) return `${out}…`;
    out += next;
  }
  return out;
};

const link = (url: string, words: string): string => `<${url.replace(/[<>|\s]/g, encodeURIComponent)}|${plain(words)}>`;
const markdown = (text: string): Markdown => ({ type: 'mrkdwn', text, verbatim: true });

const field = ({ label, value }: { label: string; value: string }): Markdown => {
  const isLink = value.length <= FIELD && /^https?:\/\//.test(value) && URL.canParse(value);
  return markdown(isLink ? `*${link(value, label)}*` : `*${plain(label, 100)}*\n${plain(value, FIELD)}`);
};

const PREFIX = 'allclear:';
/** What a button of ours does; undefined for one that only opens a page. */
export const actionOfButton = (actionId: string): InboundReply['action'] | undefined =>
  ANSWERS.find((action) => actionId === `${PREFIX}${action}`);

const VERBS = ['accept', 'decline'] as const;
/** What a button of a request for cover does; undefined for any other. */
export const verbOfButton = (actionId: string): CoverVerb | undefined =>
  VERBS.find((verb) => actionId === `${PREFIX}cover_${verb}`);

const buttons = ({ kind, replyToken, actionUrl, now, choices = [], locale }: Message): SlackBlock[] => {
  const answers: Button[] =
    kind === 'page' && replyToken
      ? ANSWERS.filter((action) => now?.actions.includes(action) ?? true).map((action) => ({
          type: 'button',
          text: { type: 'plain_text', text: answerWord(locale, action) },
          action_id: `${PREFIX}${action}`,
          value: replyToken,
          ...(action === 'acknowledge' ? { style: 'primary' } : {}),
        }))
      : [];
  const open: Button[] = actionUrl
    ? [
        {
          type: 'button',
          text: { type: 'plain_text', text: say(locale, 'button.open') },
          action_id: `${PREFIX}open`,
          url: actionUrl,
        },
      ]
    : [];
  const chosen = choices.map(
    ({ label, verb, token }): Button => ({
      type: 'button',
      text: { type: 'plain_text', text: label },
      action_id: `${PREFIX}cover_${verb}`,
      value: token,
      ...(verb === 'accept' ? { style: 'primary' } : {}),
    }),
  );
  const elements = [...answers, ...chosen, ...open];
  return elements.length > 0 ? [{ type: 'actions', elements }] : [];
};

/** A message as blocks, and as the one line that a phone's lock screen shows. */
export const blocksOf = (message: Message): { text: string; blocks: SlackBlock[] } => {
  const { subject, short, facts, body, now } = message;
  const severity = severityOf(message);
  // A line that the title says already is not said twice.
  const lead = [severity && `*${severity}*`, short === subject ? '' : plain(short, SECTION)].filter(Boolean).join(' · ');
  return {
    text: plain(now?.text ?? (severity ? `${severity}: ${short}` : short)),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(subject, HEADER), emoji: false } },
      ...(lead ? [{ type: 'section' as const, text: markdown(lead) }] : []),
      ...(facts.length > 0 ? [{ type: 'section' as const, fields: facts.slice(0, FIELDS).map(field) }] : []),
      ...(body && body !== short ? [{ type: 'section' as const, text: markdown(plain(body, SECTION)) }] : []),
      ...(now ? [{ type: 'context' as const, elements: [markdown(plain(now.text, 1_500))] }] : []),
      ...buttons(message),
    ],
  };
};

/** Seen by whoever asked, and by nobody else. */
export const aside = (text: string) => ({ response_type: 'ephemeral', replace_original: false, text });

/** Where a message is: its conversation and its time, written as in Slack's permalinks. */
export const idOfMessage = (channel: string, ts: string): string => `${channel}:p${ts.replace('.', '')}`;
export const placeOf = (providerId: string): { channel: string; ts: string } | undefined => {
  const [, channel, seconds, micros] = /^([A-Z0-9]+):p(\d+)(\d{6})$/.exec(providerId) ?? [];
  return channel && seconds && micros ? { channel, ts: `${seconds}.${micros}` } : undefined;
};
