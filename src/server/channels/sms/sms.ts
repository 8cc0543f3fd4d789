import { z } from 'zod';
import { e164, normalizePhone, postToTwilio, twilioAccount, twilioSecrets } from '../twilio/client.ts';
import type { Channel, Message } from '../types.ts';
import { composeSms } from './gsm7.ts';

const config = twilioAccount
  .extend({
    /** A number, a short code or an alphanumeric sender; people can answer only a number. */
    from: z.union([e164, z.string().regex(/^(\d{3,6}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/)]).optional(),
    messaging_service_sid: z
      .string()
      .regex(/^MG[0-9a-fA-F]{32}$/)
      .optional(),
  })
  .refine((given) => (given.from === undefined) !== (given.messaging_service_sid === undefined), {
    message: 'Give either from or messaging_service_sid',
    path: ['from'],
  });
export type SmsConfig = z.output<typeof config>;

/** A page that a person can answer ends with how. */
export const smsText = (message: Message): string => {
  const answerable = message.kind === 'page' && (message.replyToken ?? message.callbackUrl) !== undefined;
  return composeSms(message.short, answerable ? 'Reply 4 ack, 5 escalate, 6 resolve' : undefined, message.actionUrl);
};

export const sms: Channel<SmsConfig> = {
  name: 'sms',
  config,
  normalizeAddress: normalizePhone,
  secrets: twilioSecrets,
  send: (settings, address, message, ctx) =>
    postToTwilio(
      settings,
      'Messages',
      {
        To: address,
        From: settings.from,
        MessagingServiceSid: settings.messaging_service_sid,
        Body: smsText(message),
        StatusCallback: message.callbackUrl,
      },
      ctx,
    ),
};
