import { z } from 'zod';
import { failureOf } from '../http-reply.ts';
import { normalizeWebAddress } from '../public-url.ts';
import type { Channel, Message } from '../types.ts';
import { signWebhook } from './sign.ts';

const isSecret = (text: string): boolean => {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
  const bytes = encoded ? Buffer.from(encoded, 'base64').length : 0;
  return bytes >= 24 && bytes <= 64;
};
const secret = z.string().refine(isSecret, 'A signing secret is whsec_ and 24 to 64 bytes in base64');

const config = z.strictObject({
  secret,
  /** Signs too while receivers change over to `secret`. */
  previous_secret: secret.optional(),
});
export type WebhookConfig = z.output<typeof config>;

/** The body: `{type, timestamp, data}` as Standard Webhooks has it. */
const webhookBody = (message: Message, now: Temporal.Instant): string =>
  JSON.stringify({
    type: `${message.kind}.sent`,
    timestamp: now.toString(),
    data: {
      subject: message.subject,
      short: message.short,
      body: message.body,
      severity: message.severity,
      facts: message.facts,
      action_url: message.actionUrl,
      actions: message.actions,
    },
  });

export const webhook: Channel<WebhookConfig> = {
  name: 'webhook',
  config,
  normalizeAddress: normalizeWebAddress,
  secrets: (settings, address) => {
    const { pathname, search } = new URL(address);
    const path = pathname.length > 1 ? [pathname + search, pathname, search] : [search];
    const secrets = [settings.secret, settings.previous_secret ?? ''];
    return [...secrets, ...secrets.map((text) => text.replace('whsec_', '')), ...path];
  },
  send: async (settings, address, message, ctx) => {
    // A full stop separates the signed parts, so the id must hold none.
    const id = message.idempotencyKey.replace(/[^\w:-]/g, '_');
    const body = webhookBody(message, ctx.now);
    const secrets = [settings.secret, ...(settings.previous_secret ? [settings.previous_secret] : [])];
    const response = await ctx.fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(await signWebhook(secrets, id, ctx.now, body)) },
      body,
      signal: ctx.signal,
      redirect: 'manual',
    });
    if (response.ok) return { outcome: 'sent', providerId: id, receipts: false };
    const { host } = new URL(address);
    if (response.status === 410)
      return { outcome: 'refused', reason: `${host} answered 410: it wants no more messages`, gone: true };
    return failureOf(host, response, undefined, ctx);
  },
};
