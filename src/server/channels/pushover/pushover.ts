import { z } from 'zod';
import { invalid } from '../../platform/errors.ts';
import { linkOf } from '../chat-text.ts';
import { failureOf, jsonObject } from '../http-reply.ts';
import type { Channel, Message } from '../types.ts';

const KEY = /^[A-Za-z0-9]{30}$/;
const config = z.strictObject({
  token: z.string().regex(KEY, 'The API token of the application has 30 letters and digits'),
  base_url: z.url({ protocol: /^https?$/ }).default('https://api.pushover.net'),
});
type Config = z.output<typeof config>;

const MAX_TITLE = 250;
const MAX_TEXT = 1_024;
/** An emergency rings this often, in seconds; 30 is the least that is taken. */
const RETRY = 30;
/** Seconds after which it stops ringing by itself: by then the escalation has gone on to others. */
const EXPIRE = 900;

const cut = (text: string, limit: number): string => {
  const characters = [...text];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
};

/**
 * Emergency (2) rings until it is acknowledged; high (1) rings once, through Pushover's quiet hours too (https://pushover.net/api#priority).
 * What is told to a place and not to a person has no urgency and nobody who answers: it rings once.
 */
const priorityOf = ({ kind, urgency }: Message): number => {
  if (urgency === 'high') return 2;
  return kind === 'test' || (kind === 'page' && urgency === undefined) ? 1 : 0;
};

const formOf = (settings: Config, user: string, message: Message): URLSearchParams => {
  const page = [message.body, ...message.facts.map((fact) => `${fact.label}: ${fact.value}`)].filter(Boolean).join('\n');
  const priority = priorityOf(message);
  const form = new URLSearchParams({
    token: settings.token,
    user,
    title: cut(message.subject, MAX_TITLE),
    message: cut(message.kind === 'page' ? page || message.short : (message.body ?? message.short), MAX_TEXT),
    priority: String(priority),
  });
  const link = linkOf(message);
  if (link) {
    form.set('url', link.url);
    form.set('url_title', link.word);
  }
  if (priority !== 2) return form;
  form.set('retry', String(RETRY));
  form.set('expire', String(EXPIRE));
  // Asked once somebody acknowledges on the phone.
  if (message.callbackUrl) form.set('callback', message.callbackUrl);
  return form;
};

const post = (settings: Config, path: string, form: URLSearchParams, ctx: { fetch: typeof fetch; signal: AbortSignal }) =>
  ctx.fetch(`${settings.base_url.replace(/\/+$/, '')}/1/${path}`, { method: 'POST', body: form, signal: ctx.signal });

/** Pushover (https://pushover.net/api): a form, answered `{status: 1, request, receipt?}` or `{status: 0, errors}`. */
export const pushover: Channel<Config> = {
  name: 'pushover',
  config,
  normalizeAddress: (address) => {
    const key = address.trim();
    if (!KEY.test(key)) throw invalid('A user or group key of Pushover has 30 letters and digits', 'address');
    return key;
  },
  secrets: (settings, address) => [settings.token, address],
  send: async (settings, address, message, ctx) => {
    const response = await post(settings, 'messages.json', formOf(settings, address, message), ctx);
    const reply = await jsonObject(response);
    if (!response.ok) {
      const said = Array.isArray(reply?.errors) ? reply.errors.join('; ') : undefined;
      return failureOf('Pushover', response, said, ctx);
    }
    const id = reply?.receipt ?? reply?.request;
    if (reply?.status !== 1 || typeof id !== 'string')
      return { outcome: 'retry', reason: `Pushover answered ${response.status} without an id` };
    return { outcome: 'sent', providerId: id, receipts: false };
  },
  silence: (settings, receipt, ctx) =>
    post(settings, `receipts/${encodeURIComponent(receipt)}/cancel.json`, new URLSearchParams({ token: settings.token }), ctx),
};

/** What Pushover posts to a message's callback address once it is acknowledged on a phone (https://pushover.net/api/receipts#callback). */
export const isAcknowledged = (form: Record<string, string>): boolean => form.acknowledged === '1';
