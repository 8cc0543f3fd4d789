import { ECDH } from 'node:crypto';
import { z } from 'zod';
import { invalid } from '../../platform/errors.ts';
import { failureOf } from '../http-reply.ts';
import { normalizeWebAddress } from '../public-url.ts';
import type { Channel } from '../types.ts';
import { payloadOf, topicOf } from './payload.ts';
import { subjectOf, vapidKeys } from './vapid.ts';

const config = z.strictObject({
  contact: z
    .string()
    .regex(/^(mailto:[^@\s]+@[^@\s]+|https:\/\/[^\s/]+\S*)$/, 'A contact is mailto:name@example.com or an https:// address')
    .optional(),
});

const BASE64URL = /^[-_A-Za-z0-9]+=*$/;
const ofBytes = (count: number, what: string) =>
  z
    .string()
    .regex(BASE64URL, what)
    .refine((text) => Buffer.from(text, 'base64url').length === count, what);
/** What `PushSubscription.toJSON()` gives. */
const subscription = z.object({
  endpoint: z.string(),
  keys: z.object({ p256dh: ofBytes(65, 'not a key of P-256'), auth: ofBytes(16, 'not a secret of 16 bytes') }),
});

const jsonOf = (address: string): unknown => {
  try {
    return JSON.parse(address);
  } catch {
    return undefined;
  }
};
const isPoint = (key: string): boolean => {
  try {
    return ECDH.convertKey(key, 'prime256v1', 'base64url', 'hex', 'compressed') !== '';
  } catch {
    return false;
  }
};

const read = (address: string): z.output<typeof subscription> => {
  const parsed = subscription.safeParse(jsonOf(address));
  if (!parsed.success || !isPoint(parsed.data.keys.p256dh))
    throw invalid('This is no subscription of a browser: let the device itself be added, under My settings', 'address');
  const endpoint = normalizeWebAddress(parsed.data.endpoint);
  if (!endpoint.startsWith('https:')) throw invalid('A push service has an address that starts with https://', 'address');
  return { endpoint, keys: parsed.data.keys };
};

/** Seconds a push service keeps a message for a device that is off. After an hour the page has long gone to others. */
const TTL = 3_600;

export const webpush: Channel<z.output<typeof config>> = {
  name: 'webpush',
  config,
  normalizeAddress: (address) => JSON.stringify(read(address)),
  // Who knows the endpoint and both keys can write to the device, were it not for ours.
  secrets: (_, address) => {
    const { endpoint, keys } = read(address);
    const { pathname } = new URL(endpoint);
    return [endpoint, ...[pathname, ...pathname.split('/')].filter(isLong), keys.p256dh, keys.auth];
  },
  send: async (settings, address, message, ctx) => {
    if (!ctx.sender) return { outcome: 'refused', reason: 'A push is signed by an installation, and there is none' };
    const device = read(address);
    const { default: library } = await import('web-push');
    const { headers, body } = library.generateRequestDetails(device, payloadOf(message), {
      vapidDetails: { subject: subjectOf(settings.contact, ctx.sender), ...vapidKeys(ctx.sender.secret) },
      TTL,
      // A phone that sleeps wakes up for `high` only (RFC 8030 §5.3).
      urgency: message.urgency === 'low' ? 'normal' : 'high',
      ...(message.thread ? { topic: topicOf(message.thread) } : {}),
    });
    const { 'Content-Length': _, ...sent } = headers;
    const response = await ctx.fetch(device.endpoint, {
      method: 'POST',
      headers: Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, String(value)])),
      body: new Uint8Array(body),
      signal: ctx.signal,
    });
    const who = new URL(device.endpoint).hostname;
    if (response.status === 404 || response.status === 410)
      return {
        outcome: 'refused',
        gone: true,
        reason: `${who} answered ${response.status}: the device takes no pushes any more; let it be paged anew, under My settings`,
      };
    if (!response.ok) return failureOf(who, response, (await response.text()).trim() || undefined, ctx);
    const id = /[\w:-]{6,100}$/.exec(response.headers.get('location') ?? '')?.[0];
    return { outcome: 'sent', receipts: false, ...(id ? { providerId: id } : {}) };
  },
};

/** Shorter parts of a path are words of the service, such as `send`. */
const isLong = (part: string): boolean => part.length >= 8;
