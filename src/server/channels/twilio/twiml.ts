const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
// XML 1.0 §2.2 allows no other control characters, surrogates or non-characters, escaped or not.
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Text for XML content or an attribute; characters that XML cannot carry are dropped. */
export const escapeXml = (text: string): string => text.replace(NOT_XML, '').replace(/[&<>"']/g, (char) => ENTITIES[char]!);

/** What we say is English, so only the English voices read it well. */
const ENGLISH_VOICES = ['en-US', 'en-GB', 'en-AU', 'en-IN'];
const say = (text: string, locale: string | undefined): string =>
  `<Say language="${locale && ENGLISH_VOICES.includes(locale) ? locale : 'en-US'}">${escapeXml(text)}</Say>`;
const respond = (verbs: string): string => `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs}</Response>`;

/** Says the text twice. Source of the verbs here: https://www.twilio.com/docs/voice/twiml */
export const sayTwice = (text: string, locale?: string): string =>
  respond(`${say(text, locale)}<Pause length="1"/>${say(text, locale)}`);

/** Says the text twice and waits for one key, which is posted to `actionUrl` as `Digits`. */
export const askForKey = (text: string, actionUrl: string, locale?: string): string => {
  const said = say(`${text} Press 4 to acknowledge, 5 to escalate, 6 to resolve.`, locale);
  return respond(
    `<Gather numDigits="1" timeout="10" method="POST" action="${escapeXml(actionUrl)}">${said}<Pause length="1"/>${said}</Gather>` +
      say('No key was pressed. Goodbye.', locale),
  );
};

/** Answer to a pressed key: says the text and hangs up. */
export const sayAndHangUp = (text: string, locale?: string): string => respond(`${say(text, locale)}<Hangup/>`);

/** Answer to an inbound SMS: sends the text back, or nothing. */
export const answerSms = (text?: string): string => respond(text === undefined ? '' : `<Message>${escapeXml(text)}</Message>`);
