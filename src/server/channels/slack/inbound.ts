import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { CoverVerb, InboundReply } from '../types.ts';
import { actionOfButton, idOfMessage, verbOfButton } from './blocks.ts';

const FIVE_MINUTES = 300;

/**
 * Why a request is not Slack's, or undefined: `X-Slack-Signature` is HMAC-SHA256 over the time and the body as it came
 * (https://docs.slack.dev/authentication/verifying-requests-from-slack). Slack's clock may differ by 5 minutes.
 */
export const notSlack = (
  secret: string,
  headers: { signature: string | undefined; timestamp: string | undefined },
  body: string,
  now: Temporal.Instant,
): string | undefined => {
  const { signature, timestamp } = headers;
  if (!secret || !signature || !timestamp || !/^\d{1,12}$/.test(timestamp)) return 'it carries no signature of Slack';
  if (Math.abs(now.epochMilliseconds / 1000 - Number(timestamp)) > FIVE_MINUTES)
    return 'it is older than 5 minutes, or the clock of this server is wrong';
  const wanted = Buffer.from(`v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`);
  const given = Buffer.from(signature);
  return wanted.length === given.length && timingSafeEqual(wanted, given)
    ? undefined
    : 'its signature does not fit the signing secret';
};

/** A button that somebody pressed. `id` is the same when Slack, or a proxy, sends it again. `on`: the message, as `providerId`. */
export type Press = {
  id: string;
  responseUrl: string | undefined;
  on: string | undefined;
} & (
  | { about: 'page'; reply: Pick<InboundReply, 'action' | 'said'> & { replyToken: string } }
  | { about: 'cover'; verb: CoverVerb; token: string }
);
const blockActions = z.looseObject({
  type: z.literal('block_actions'),
  trigger_id: z.string().min(1).max(500),
  response_url: z.url().max(2_000).optional(),
  actions: z.array(z.looseObject({ action_id: z.string(), value: z.string().max(2_000).optional() })).min(1),
  container: z
    .looseObject({ channel_id: z.string().regex(/^[A-Z0-9]{1,30}$/), message_ts: z.string().regex(/^\d{1,12}\.\d{6}$/) })
    .optional()
    .catch(undefined),
});

/** A pressed button of a page or of a request for cover (https://docs.slack.dev/reference/interaction-payloads/block_actions-payload); undefined: nothing to do. */
export const parsePress = (payload: string | null): Press | undefined => {
  let json: unknown;
  try {
    json = JSON.parse(payload ?? '');
  } catch {
    return undefined;
  }
  const { data } = blockActions.safeParse(json);
  const [pressed] = data?.actions ?? [];
  if (!data || !pressed?.value) return undefined;
  const from = {
    id: data.trigger_id,
    responseUrl: data.response_url,
    on: data.container && idOfMessage(data.container.channel_id, data.container.message_ts),
  };
  const action = actionOfButton(pressed.action_id);
  if (action) return { ...from, about: 'page', reply: { action, said: action, replyToken: pressed.value } };
  const verb = verbOfButton(pressed.action_id);
  return verb && { ...from, about: 'cover', verb, token: pressed.value };
};

export type Command =
  | { verb: 'who' }
  | { verb: 'page'; service: string; words: string }
  | { verb: 'ack'; number: string | undefined }
  | { verb: 'cover'; schedule: string; until: { minutes: number } | { local: string }; asked: string[] }
  | { verb: 'help'; wrong?: string };
export type Asked = { id: string; member: string; command: Command };

const COVER = 'Say which schedule and how long: cover db for 2h, or cover db until 18:00.';
const MINUTES: Record<string, number> = { m: 1, h: 60, d: 1440 };
/** `db for 2h ana ben`, `db until 18:00`, `db until 2026-11-27T09:00`. */
const coverOf = ([schedule, how, when = '', ...asked]: string[]): Command => {
  const wrong: Command = { verb: 'help', wrong: COVER };
  if (!schedule) return wrong;
  const found = (until: { minutes: number } | { local: string }): Command => ({
    verb: 'cover',
    schedule: schedule.toLowerCase(),
    until,
    asked: asked.map((name) => name.replace(/^@/, '').toLowerCase()),
  });
  const [, count, unit] = /^(\d{1,4})(m|h|d)$/i.exec(when) ?? [];
  if (how === 'for' && count && unit) return found({ minutes: Number(count) * (MINUTES[unit.toLowerCase()] as number) });
  if (how === 'until' && /^(\d{4}-\d\d-\d\dT)?([01]\d|2[0-3]):[0-5]\d$/.test(when)) return found({ local: when });
  return wrong;
};

const commandOf = (text: string): Command => {
  const [verb = '', ...rest] = text.trim().split(/\s+/);
  const [first, ...more] = rest;
  switch (verb.toLowerCase()) {
    case 'who':
      return { verb: 'who' };
    case 'page':
      return first && more.length > 0
        ? { verb: 'page', service: first.toLowerCase(), words: more.join(' ') }
        : { verb: 'help', wrong: 'Say which service and what is wrong.' };
    case 'ack':
    case 'acknowledge':
      return more.length > 0 ? { verb: 'help', wrong: 'One incident at a time.' } : { verb: 'ack', number: first?.toUpperCase() };
    case 'cover':
      return coverOf(rest);
    case '':
    case 'help':
      return { verb: 'help' };
    default:
      return { verb: 'help', wrong: `There is no ${verb.slice(0, 40)}.` };
  }
};

const MEMBER = /^[UW][A-Z0-9]{1,30}$/;
/** A slash command (https://docs.slack.dev/interactivity/implementing-slash-commands); undefined: a check of the certificate, or none. */
export const parseCommand = (form: URLSearchParams): Asked | undefined => {
  const member = form.get('user_id') ?? '';
  const id = form.get('trigger_id') ?? '';
  if (!MEMBER.test(member) || id === '' || id.length > 500) return undefined;
  return { id, member, command: commandOf((form.get('text') ?? '').slice(0, 2_000)) };
};
