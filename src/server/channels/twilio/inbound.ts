import webhooks from 'twilio/lib/webhooks/webhooks.js';
import { actionOfDigit, actionOfLine, quoted } from '../answer-words.ts';
import type { InboundReply, Receipt } from '../types.ts';

/** The fields of a form that Twilio posted. */
export type TwilioForm = Record<string, string>;

/**
 * True when Twilio signed this request: `X-Twilio-Signature` is HMAC-SHA1 over the public URL and the sorted form
 * (https://www.twilio.com/docs/usage/security). `url` is the address Twilio was given; it is tried with and without port.
 */
export const isSignedByTwilio = (authToken: string, signature: string | undefined, url: string, form: TwilioForm): boolean =>
  signature !== undefined && authToken !== '' && URL.canParse(url) && webhooks.validateRequest(authToken, signature, url, form);

/**
 * An SMS answer to a page (https://www.twilio.com/docs/messaging/guides/webhook-request: From, Body): `4`, `5` or `6`
 * alone, or a word such as `ack` at the start. Undefined for everything else, STOP and questions included.
 */
export const parseSmsReply = (form: TwilioForm): InboundReply | undefined => {
  const body = (form.Body ?? '').trim();
  const action = actionOfDigit(body) ?? actionOfLine(body);
  return action && form.From ? { action, from: form.From, said: quoted(body) } : undefined;
};

/**
 * A key pressed during our call (https://www.twilio.com/docs/voice/twiml/gather: Digits). The person is `To`, since the
 * call went out. Undefined for a key without meaning and for a request that is no key press.
 */
export const parseKeyPress = (form: TwilioForm): InboundReply | undefined => {
  const action = actionOfDigit(form.Digits ?? '');
  return action ? { action, said: form.Digits!, ...(form.To ? { from: form.To } : {}) } : undefined;
};

const DELIVERED = new Set(['delivered', 'read', 'in-progress', 'completed']);
const FAILED = new Set(['failed', 'undelivered', 'busy', 'no-answer', 'canceled']);

/**
 * A status callback as a receipt (https://www.twilio.com/docs/messaging/guides/track-outbound-message-status and
 * https://www.twilio.com/docs/voice/api/call-resource#statuscallback). A call that was answered has arrived. Undefined while
 * it is still on its way, and for a key press.
 */
export const parseReceipt = (form: TwilioForm): Receipt | undefined => {
  const status = form.MessageStatus ?? form.CallStatus ?? '';
  const providerId = form.MessageSid ?? form.CallSid;
  if (!providerId || form.Digits !== undefined) return undefined;
  if (DELIVERED.has(status)) return { providerId, state: 'delivered' };
  if (!FAILED.has(status)) return undefined;
  return { providerId, state: 'failed', reason: form.ErrorCode ? `${status} (${form.ErrorCode})` : status };
};
