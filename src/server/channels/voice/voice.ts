import type { z } from 'zod';
import { e164, normalizePhone, postToTwilio, twilioAccount, twilioSecrets } from '../twilio/client.ts';
import { askForKey, sayTwice } from '../twilio/twiml.ts';
import type { Channel, Message } from '../types.ts';

const config = twilioAccount.extend({ from: e164 });
export type VoiceConfig = z.output<typeof config>;

/** About 20 seconds of speech; said twice, even with every character escaped, it stays under the 4,000 that Twilio takes inline. */
const MAX_SPOKEN = 250;

const voiceScript = (message: Message): string => {
  const line = message.short
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_SPOKEN)
    .replace(/[^.!?]$/, '$&.');
  return message.kind === 'page' && message.callbackUrl
    ? askForKey(line, message.callbackUrl, message.locale)
    : sayTwice(line, message.locale);
};

export const voice: Channel<VoiceConfig> = {
  name: 'voice',
  config,
  normalizeAddress: normalizePhone,
  secrets: twilioSecrets,
  send: (settings, address, message, ctx) =>
    postToTwilio(
      settings,
      'Calls',
      { To: address, From: settings.from, Twiml: voiceScript(message), StatusCallback: message.callbackUrl },
      ctx,
    ),
};
