import { z } from 'zod';
import { seal } from '../../platform/links.ts';
import { bare, plivoAccount, plivoSecrets, postToPlivo } from '../plivo/client.ts';
import * as plivoXml from '../plivo/xml.ts';
import { e164, normalizePhone, postToTwilio, twilioAccount, twilioSecrets } from '../twilio/client.ts';
import * as twiml from '../twilio/twiml.ts';
import type { Channel, Message, SendContext, SendResult } from '../types.ts';
import { eitherVendor } from '../vendors.ts';

const twilio = twilioAccount.extend({ from: e164 });
const plivo = plivoAccount.extend({ from: e164 });
const config = eitherVendor(twilio, plivo);
type TwilioVoice = z.output<typeof twilio>;
type PlivoVoice = z.output<typeof plivo>;

/** About 20 seconds of speech; said twice, even with every character escaped, it stays under the 4,000 that Twilio takes inline. */
const MAX_SPOKEN = 250;
/** How long it rings. A call that has told nothing for longer than this and the time to set it up has failed. */
const RING_SECONDS = 45;
/** Nothing that is said here takes longer. */
const CALL_SECONDS = 300;

const lineOf = (message: Message): string =>
  (message.spoken ?? message.short)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_SPOKEN)
    .replace(/[^.!?]$/, '$&.');
const asksForKey = (message: Message): boolean => message.kind === 'page' && message.callbackUrl !== undefined;

const twilioScript = (message: Message): string =>
  asksForKey(message)
    ? twiml.askForKey(lineOf(message), message.callbackUrl!, message.locale)
    : twiml.sayTwice(lineOf(message), message.locale);

/** What Plivo fetches once a call is answered, sealed in the address that it fetches. */
const script = z.object({
  line: z.string(),
  locale: z.string().optional(),
  /** Where a key goes; its last part is the token of the message. */
  keyUrl: z.string().optional(),
});
type Script = z.infer<typeof script>;
export const readScript = (sealed: unknown): Script | undefined => script.safeParse(sealed).data;
export const plivoScript = ({ line, locale, keyUrl }: Script): string =>
  keyUrl === undefined ? plivoXml.sayTwice(line, locale) : plivoXml.askForKey(line, keyUrl, locale);

const callByPlivo = async (settings: PlivoVoice, address: string, message: Message, ctx: SendContext): Promise<SendResult> => {
  if (!ctx.sender) return { outcome: 'refused', reason: 'Plivo asks this installation what to say, and it has no address' };
  const { secret, publicUrl } = ctx.sender;
  const said: Script = {
    line: lineOf(message),
    ...(message.locale ? { locale: message.locale } : {}),
    ...(asksForKey(message) ? { keyUrl: message.callbackUrl } : {}),
  };
  return postToPlivo(
    settings,
    'Call',
    {
      from: bare(settings.from),
      to: bare(address),
      answer_url: `${publicUrl}/answer/call/${seal(secret, said)}`,
      answer_method: 'POST',
      ring_timeout: RING_SECONDS,
      time_limit: CALL_SECONDS,
      ...(message.callbackUrl ? { hangup_url: message.callbackUrl, hangup_method: 'POST' } : {}),
    },
    message.callbackUrl !== undefined,
    ctx,
  );
};

export const voice: Channel<TwilioVoice | PlivoVoice> = {
  name: 'voice',
  config,
  normalizeAddress: normalizePhone,
  secrets: (settings) => (settings.vendor === 'plivo' ? plivoSecrets(settings) : twilioSecrets(settings)),
  send: (settings, address, message, ctx) =>
    settings.vendor === 'plivo'
      ? callByPlivo(settings, address, message, ctx)
      : postToTwilio(
          settings,
          'Calls',
          {
            To: address,
            From: settings.from,
            Twiml: twilioScript(message),
            Timeout: String(RING_SECONDS),
            StatusCallback: message.callbackUrl,
            StatusCallbackEvent: message.callbackUrl ? ['answered', 'completed'] : undefined,
          },
          ctx,
        ),
};
