import { say, spokenIn } from '../words/words.ts';
import { escapeXml, respond } from '../xml.ts';

export const speak = (text: string, locale: string | undefined): string =>
  `<Say language="${spokenIn(locale)}">${escapeXml(text)}</Say>`;

/** Says the text twice. Source of the verbs here: https://www.twilio.com/docs/voice/twiml */
export const sayTwice = (text: string, locale?: string): string =>
  respond(`${speak(text, locale)}<Pause length="1"/>${speak(text, locale)}`);

/** Says the text twice and waits for one key, which is posted to `actionUrl` as `Digits`. */
export const askForKey = (text: string, actionUrl: string, locale?: string): string => {
  const said = speak(`${text} ${say(locale, 'call.keys')}`, locale);
  return respond(
    `<Gather numDigits="1" timeout="10" method="POST" action="${escapeXml(actionUrl)}">${said}<Pause length="1"/>${said}</Gather>` +
      speak(say(locale, 'call.noKey'), locale),
  );
};

/** Answer to a pressed key: says the text and hangs up. */
export const sayAndHangUp = (text: string, locale?: string): string => respond(`${speak(text, locale)}<Hangup/>`);

/** Answer to an inbound SMS: sends the text back, or nothing. */
export const answerSms = (text?: string): string => respond(text === undefined ? '' : `<Message>${escapeXml(text)}</Message>`);
