import { z } from 'zod';
import { invalid } from '../../platform/errors.ts';
import { pushButtons } from '../chat-text.ts';
import { cutBytes } from '../cut-bytes.ts';
import { failureOf, jsonObject } from '../http-reply.ts';
import { normalizeWebAddress } from '../public-url.ts';
import type { Channel, Message } from '../types.ts';

const config = z
  .strictObject({
    server: z.url({ protocol: /^https?$/ }).default('https://ntfy.sh'),
    token: z.string().min(1).optional(),
    username: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
  })
  .refine((given) => (given.username === undefined) === (given.password === undefined), {
    message: 'Give both username and password, or neither',
    path: ['password'],
  });
export type NtfyConfig = z.output<typeof config>;

const TOPIC = /^[-_A-Za-z0-9]{1,64}$/;
const PRIORITY = { critical: 5, high: 4, medium: 3, low: 2 } as const;
/** The server takes 4,096 bytes of message; longer ones become an attachment that nobody opens at night. */
const MAX_MESSAGE_BYTES = 4_000;

const normalizeAddress = (address: string): string => {
  const text = address.trim();
  if (TOPIC.test(text)) return text;
  if (!/^https?:/i.test(text))
    throw invalid('Give a topic (letters, digits, - and _, at most 64) or its full web address', 'address');
  const url = new URL(normalizeWebAddress(text));
  const topic = url.pathname.slice(1);
  if (!TOPIC.test(topic) || url.search)
    throw invalid('The web address must end in the topic, such as https://ntfy.sh/my-topic', 'address');
  return url.toString();
};

const destination = (settings: NtfyConfig, address: string): { server: string; topic: string; ours: boolean } => {
  const ours = new URL(settings.server).origin;
  if (TOPIC.test(address)) return { server: ours, topic: address, ours: true };
  const url = new URL(address);
  return { server: url.origin, topic: url.pathname.slice(1), ours: url.origin === ours };
};

const authorization = (settings: NtfyConfig): Record<string, string> => {
  if (settings.token) return { authorization: `Bearer ${settings.token}` };
  if (!settings.username) return {};
  return { authorization: `Basic ${Buffer.from(`${settings.username}:${settings.password}`).toString('base64')}` };
};

/** The JSON form of https://docs.ntfy.sh/publish/#publish-as-json; `http` actions POST from the phone, no app of ours needed. */
const publication = (topic: string, message: Message) => {
  const facts = message.facts.map((fact) => `${fact.label}: ${fact.value}`);
  const lead = message.short === message.subject && facts.length > 0 ? '' : message.short;
  const text = [lead, facts.join('\n'), message.body ?? ''].filter(Boolean).join('\n\n');
  return {
    topic,
    title: cutBytes(message.subject, 250),
    message: cutBytes(text, MAX_MESSAGE_BYTES),
    ...(message.severity ? { priority: PRIORITY[message.severity], tags: [message.severity] } : {}),
    ...(message.actionUrl ? { click: message.actionUrl } : {}),
    ...(message.actions?.length
      ? {
          actions: pushButtons(message)
            .slice(0, 3)
            .map(({ title, url }) => ({ action: 'http' as const, label: title, url, method: 'POST' as const, clear: true })),
        }
      : {}),
  };
};

export const ntfy: Channel<NtfyConfig> = {
  name: 'ntfy',
  config,
  normalizeAddress,
  // Who knows a topic on a shared server reads it, so it is as secret as a password.
  secrets: (settings, address) => [
    settings.token ?? '',
    settings.password ?? '',
    settings.username ? `${settings.username}:${settings.password}` : '',
    destination(settings, address).topic,
  ],
  send: async (settings, address, message, ctx) => {
    const { server, topic, ours } = destination(settings, address);
    const response = await ctx.fetch(`${server}/`, {
      method: 'POST',
      // The administrator's credentials go to the administrator's server only.
      headers: { 'content-type': 'application/json', ...(ours ? authorization(settings) : {}) },
      body: JSON.stringify(publication(topic, message)),
      signal: ctx.signal,
    });
    const reply = await jsonObject(response);
    if (!response.ok) return failureOf('ntfy', response, typeof reply?.error === 'string' ? reply.error : undefined, ctx);
    if (typeof reply?.id !== 'string')
      return { outcome: 'retry', reason: `ntfy answered ${response.status} without a message id` };
    return { outcome: 'sent', providerId: reply.id, receipts: false };
  },
};
