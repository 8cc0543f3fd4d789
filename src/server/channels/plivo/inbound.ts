import { createHmac, timingSafeEqual } from 'node:crypto';
import { actionOfDigit, actionOfLine, quoted } from '../answer-words.ts';
import type { InboundReply, Receipt } from '../types.ts';

/** The fields of a form that Plivo posted. */
export type PlivoForm = Record<string, string>;

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const sorted = (pairs: Iterable<[string, string]>, joint: string): string[] =>
  [...pairs].sort((a, b) => order(a[0], b[0]) || order(a[1], b[1])).map(([name, value]) => `${name}${joint}${value}`);
const macOf = (authToken: string, text: string): Buffer => createHmac('sha256', authToken).update(text).digest();
const fits = (mac: Buffer, signatures: string): boolean =>
  signatures.split(',').some((one) => {
    const given = Buffer.from(one.trim(), 'base64');
    return given.length === mac.length && timingSafeEqual(given, mac);
  });

/**
 * True when Plivo signed this request. Calls: `X-Plivo-Signature-V3`, HMAC-SHA256 over the public URL, the sorted form and
 * a nonce (https://www.plivo.com/docs/voice/concepts/signature-validation). Messages: `X-Plivo-Signature-V2`, over the URL
 * without its query and a nonce (https://www.plivo.com/docs/messaging/concepts/signature-validation); it does not cover the
 * form, so it is taken for messages only, where the secret in the address is what ties a receipt to its message.
 */
export const isSignedByPlivo = (
  authToken: string,
  headers: Headers,
  url: string,
  form: PlivoForm,
  about: 'sms' | 'voice',
): boolean => {
  if (authToken === '' || !URL.canParse(url)) return false;
  const { origin, pathname, searchParams } = new URL(url);
  const v3 = headers.get('x-plivo-signature-v3');
  if (v3 !== null) {
    const query = sorted(searchParams, '=').join('&');
    const fields = sorted(Object.entries(form), '').join('');
    const mark = query && fields ? '.' : '';
    const base = `${origin}${pathname}${query || fields ? '?' : ''}${query}${mark}${fields}`;
    return fits(macOf(authToken, `${base}.${headers.get('x-plivo-signature-v3-nonce') ?? ''}`), v3);
  }
  const v2 = about === 'sms' ? headers.get('x-plivo-signature-v2') : null;
  return v2 !== null && fits(macOf(authToken, `${origin}${pathname}${headers.get('x-plivo-signature-v2-nonce') ?? ''}`), v2);
};

export const withPlus = (number: string): string => (/^[1-9]\d{6,14}$/.test(number) ? `+${number}` : number);

/** An SMS answer to a page (https://www.plivo.com/docs/messaging/xml/request: From, To, Text), as in `parseSmsReply` of Twilio. */
export const parsePlivoReply = (form: PlivoForm): InboundReply | undefined => {
  const text = (form.Text ?? '').trim();
  const action = actionOfDigit(text) ?? actionOfLine(text);
  return action && form.From ? { action, from: withPlus(form.From), said: quoted(text) } : undefined;
};

/** A key pressed during our call (https://www.plivo.com/docs/voice/xml/getdigits: Digits). The person is `To`. */
export const parsePlivoKey = (form: PlivoForm): InboundReply | undefined => {
  const action = actionOfDigit(form.Digits ?? '');
  return action ? { action, said: form.Digits!, ...(form.To ? { from: withPlus(form.To) } : {}) } : undefined;
};

const DELIVERED = new Set(['delivered', 'read', 'in-progress', 'completed']);
const FAILED = new Set(['failed', 'undelivered', 'rejected', 'busy', 'no-answer', 'timeout', 'cancel', 'canceled']);

/**
 * A status callback as a receipt (https://www.plivo.com/docs/messaging/api/message/message-status-callbacks: Status; and
 * https://www.plivo.com/docs/voice/api/call/make-a-call: CallStatus). Undefined while it is still on its way.
 */
export const parsePlivoReceipt = (form: PlivoForm): Receipt | undefined => {
  // A call is known by what its request was answered; messages have but one id.
  const providerId = form.MessageUUID ?? form.RequestUUID ?? form.CallUUID;
  const status = (form.Status ?? form.CallStatus ?? '').toLowerCase();
  if (!providerId) return undefined;
  if (DELIVERED.has(status)) return { providerId, state: 'delivered' };
  if (!FAILED.has(status)) return undefined;
  const why = form.ErrorCode || form.HangupCauseName;
  return { providerId, state: 'failed', reason: why ? `${status} (${why})` : status };
};
