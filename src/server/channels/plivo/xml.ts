import { say, spokenIn } from '../words/words.ts';
import { escapeXml, respond } from '../xml.ts';

export const speak = (text: string, locale: string | undefined): string =>
  `<Speak language="${spokenIn(locale)}">${escapeXml(text)}</Speak>`;

/** Says the text twice. Source of the verbs here: https://www.plivo.com/docs/voice/xml */
export const sayTwice = (text: string, locale?: string): string =>
  respond(`${speak(text, locale)}<Wait length="1"/>${speak(text, locale)}`);

/** Says the text twice and waits for one key, which is posted to `actionUrl` as `Digits`. GetDigits may hold no Wait. */
export const askForKey = (text: string, actionUrl: string, locale?: string): string => {
  const said = speak(`${text} ${say(locale, 'call.keys')}`, locale);
  return respond(
    `<GetDigits numDigits="1" timeout="10" retries="1" redirect="true" method="POST" action="${escapeXml(actionUrl)}">${said}${said}</GetDigits>` +
      speak(say(locale, 'call.noKey'), locale),
  );
};

/** Answer to a pressed key: says the text and hangs up. */
export const sayAndHangUp = (text: string, locale?: string): string => respond(`${speak(text, locale)}<Hangup/>`);

/** Answer to an inbound SMS from `from` to `to`: sends the text back. */
export const answerSms = (text: string, from: string, to: string): string =>
  respond(`<Message src="${escapeXml(to)}" dst="${escapeXml(from)}">${escapeXml(text)}</Message>`);
