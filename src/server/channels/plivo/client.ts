import { z } from 'zod';
import { failureOf, jsonObject } from '../http-reply.ts';
import type { SendContext, SendResult } from '../types.ts';

/** Settings that SMS and voice share. */
export const plivoAccount = z.strictObject({
  vendor: z.literal('plivo'),
  auth_id: z.string().regex(/^[A-Za-z0-9]{10,64}$/, 'The auth ID starts with MA or SA and has 20 characters'),
  auth_token: z.string().min(1),
  base_url: z.url({ protocol: /^https?$/ }).default('https://api.plivo.com'),
  next: z.unknown().optional(),
});
export type PlivoAccount = z.output<typeof plivoAccount>;

export const plivoSecrets = (config: PlivoAccount): string[] => [config.auth_token, `${config.auth_id}:${config.auth_token}`];

/**
 * Creates a message or a call by Plivo's REST API (https://www.plivo.com/docs/messaging/api/message/send-a-message and
 * https://www.plivo.com/docs/voice/api/call/make-a-call): JSON with basic authentication, answered `202 {message_uuid: [id]}`
 * or `201 {request_uuid: id}`, else `{error}`.
 */
export const postToPlivo = async (
  config: PlivoAccount,
  resource: 'Message' | 'Call',
  body: Record<string, unknown>,
  receipts: boolean,
  ctx: SendContext,
): Promise<SendResult> => {
  const response = await ctx.fetch(`${config.base_url.replace(/\/+$/, '')}/v1/Account/${config.auth_id}/${resource}/`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      authorization: `Basic ${Buffer.from(`${config.auth_id}:${config.auth_token}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    signal: ctx.signal,
  });
  const reply = await jsonObject(response);
  if (response.ok) {
    const given = resource === 'Message' ? reply?.message_uuid : reply?.request_uuid;
    const id: unknown = Array.isArray(given) ? given[0] : given;
    if (typeof id !== 'string')
      return { outcome: 'retry', reason: `Plivo answered ${response.status} without an id`, uncertain: true };
    return {
      outcome: 'sent',
      providerId: id,
      receipts,
      ...(typeof reply?.message === 'string' ? { detail: reply.message } : {}),
    };
  }
  if (response.status === 401) return { outcome: 'refused', reason: 'Plivo refused the auth ID or auth token (401)' };
  return failureOf('Plivo', response, typeof reply?.error === 'string' ? reply.error : undefined, ctx);
};

/** Plivo writes numbers without the plus. */
export const bare = (number: string): string => number.replace(/^\+/, '');
