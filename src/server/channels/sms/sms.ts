import { z } from 'zod';
import { bare, plivoAccount, plivoSecrets, postToPlivo } from '../plivo/client.ts';
import { e164, normalizePhone, postToTwilio, twilioAccount, twilioSecrets } from '../twilio/client.ts';
import type { Channel, Message } from '../types.ts';
import { eitherVendor } from '../vendors.ts';
import { say } from '../words/words.ts';
import { composeSms } from './gsm7.ts';

/** A number, a short code or an alphanumeric sender; people can answer only a number. */
const sender = z.union([e164, z.string().regex(/^(\d{3,6}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/)], {
  error: 'A number such as +31612345678, a short code, or a name of at most 11 letters and digits',
});
const twilio = twilioAccount
  .extend({
    from: sender.optional(),
    messaging_service_sid: z
      .string()
      .regex(/^MG[0-9a-fA-F]{32}$/)
      .optional(),
  })
  .refine((given) => (given.from === undefined) !== (given.messaging_service_sid === undefined), {
    message: 'Give either from or messaging_service_sid',
    path: ['from'],
  });
const plivo = plivoAccount.extend({ from: sender });
const config = eitherVendor(twilio, plivo);
export type SmsConfig = z.output<typeof twilio> | z.output<typeof plivo>;

/** How an SMS is answered, the usual words first, then shorter ones. */
export const smsHints = (locale: string | undefined): string[] =>
  (['sms.answers', 'sms.keys'] as const).map((key) => say(locale, key));

/** As it is worded; else the one line, and of a page that a person can answer, how. */
export const smsText = (message: Message): string => {
  const answerable = message.kind === 'page' && (message.replyToken ?? message.callbackUrl) !== undefined;
  const hints = answerable ? smsHints(message.locale) : [];
  return message.sms ?? composeSms('{title}\n{answers}\n{link}', hints, { title: message.short, link: message.actionUrl });
};

export const sms: Channel<SmsConfig> = {
  name: 'sms',
  config,
  normalizeAddress: normalizePhone,
  secrets: (settings) => (settings.vendor === 'plivo' ? plivoSecrets(settings) : twilioSecrets(settings)),
  send: (settings, address, message, ctx) =>
    settings.vendor === 'plivo'
      ? postToPlivo(
          settings,
          'Message',
          {
            src: bare(settings.from),
            dst: bare(address),
            text: smsText(message),
            type: 'sms',
            ...(message.callbackUrl ? { url: message.callbackUrl, method: 'POST' } : {}),
          },
          message.callbackUrl !== undefined,
          ctx,
        )
      : postToTwilio(
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
