import { z } from 'zod';
import { invalid } from '../../platform/errors.ts';
import { failureOf, jsonObject } from '../http-reply.ts';
import type { SendContext, SendResult } from '../types.ts';

/** Settings that SMS and voice share. `base_url` also serves providers that speak Twilio's API. */
export const twilioAccount = z.strictObject({
  vendor: z.literal('twilio').default('twilio'),
  account_sid: z.string().regex(/^[A-Za-z0-9-]{10,64}$/, 'The account SID starts with AC and has 34 characters'),
  auth_token: z.string().min(1),
  base_url: z.url({ protocol: /^https?$/ }).default('https://api.twilio.com'),
  /** The vendor after it, where there is one. */
  next: z.unknown().optional(),
});
export type TwilioAccount = z.output<typeof twilioAccount>;

const E164 = /^\+[1-9]\d{6,14}$/;
export const e164 = z.string().regex(E164, 'A phone number starts with + and the country, such as +31612345678');

/** A phone number as E.164 (ITU-T E.164: at most 15 digits); spaces, dots, hyphens and brackets are dropped. */
export const normalizePhone = (address: string): string => {
  const number = address.replace(/[\s().-]/g, '');
  if (!E164.test(number)) throw invalid('A phone number starts with + and the country, such as +31612345678', 'address');
  return number;
};

export const twilioSecrets = (config: TwilioAccount): string[] => [
  config.auth_token,
  `${config.account_sid}:${config.auth_token}`,
];

const AUTHENTICATE = 20_003;

/**
 * Creates a message or a call by Twilio's REST API (https://www.twilio.com/docs/usage/requests-to-twilio): a form with
 * basic authentication, answered `201 {sid, status}` or `{code, message, status}`.
 */
export const postToTwilio = async (
  config: TwilioAccount,
  resource: 'Messages' | 'Calls',
  form: Record<string, string | string[] | undefined>,
  ctx: SendContext,
): Promise<SendResult> => {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) for (const one of [value ?? []].flat()) body.append(name, one);
  const response = await ctx.fetch(
    `${config.base_url.replace(/\/+$/, '')}/2010-04-01/Accounts/${config.account_sid}/${resource}.json`,
    {
      method: 'POST',
      body,
      headers: { authorization: `Basic ${Buffer.from(`${config.account_sid}:${config.auth_token}`).toString('base64')}` },
      signal: ctx.signal,
    },
  );
  const reply = await jsonObject(response);
  if (response.ok) {
    if (typeof reply?.sid !== 'string')
      return { outcome: 'retry', reason: `Twilio answered ${response.status} without a message id`, uncertain: true };
    return {
      outcome: 'sent',
      providerId: reply.sid,
      receipts: form.StatusCallback !== undefined,
      ...(typeof reply.status === 'string' ? { detail: reply.status } : {}),
    };
  }
  if (reply?.code === AUTHENTICATE)
    return { outcome: 'refused', reason: `Twilio refused the account SID or auth token (${AUTHENTICATE})` };
  const said = typeof reply?.message === 'string' ? `${reply.message} (${String(reply.code)})` : undefined;
  return failureOf('Twilio', response, said, ctx);
};
