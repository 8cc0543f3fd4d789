import { isSignedByTwilio } from '../twilio/inbound.ts';
import { sayAndHangUp, speak } from '../twilio/twiml.ts';
import { escapeXml, respond } from '../xml.ts';
import { type PhoneVendor, SHORTEST_SECONDS, TALK_SECONDS } from './types.ts';

/** Keypad spellings of ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE, which Twilio gives for a hidden number. */
const HIDDEN = new Set(['+266696687', '+7378742833', '+2562533', '+8656696', '+86282452253']);
const E164 = /^\+[1-9]\d{6,14}$/;
const OVER = new Set(['completed', 'busy', 'failed', 'no-answer', 'canceled']);

/**
 * Calls that come in by Twilio: https://www.twilio.com/docs/voice/twiml, of it Dial with a `url` on its Number, which runs for
 * whoever answers before the two hear each other, and Record.
 */
export const twilioPhone: PhoneVendor = {
  isSigned: (token, headers, url, form) => isSignedByTwilio(token, headers.get('x-twilio-signature') ?? undefined, url, form),
  callId: (form) => form.CallSid,
  caller: ({ From = '' }) => (E164.test(From) && !HIDDEN.has(From) ? From : undefined),
  called: ({ To = '' }) => To,
  isOver: ({ CallStatus = '' }) => OVER.has(CallStatus),
  // The key is told to us, and nothing else counts: a voicemail answers too.
  wasPutThrough: () => false,
  ring: ({ greeting, language, to, from, seconds, nextUrl, whisperUrl }) =>
    respond(
      `${greeting === undefined ? '' : speak(greeting, language)}<Dial timeout="${seconds}" timeLimit="${TALK_SECONDS}" callerId="${escapeXml(from)}" method="POST" action="${escapeXml(nextUrl)}"><Number method="POST" url="${escapeXml(whisperUrl)}">${escapeXml(to)}</Number></Dial>`,
    ),
  whisper: (text, takeUrl, locale) =>
    respond(
      `<Gather numDigits="1" timeout="6" method="POST" action="${escapeXml(takeUrl)}">${speak(text, locale)}<Pause length="1"/>${speak(text, locale)}</Gather><Hangup/>`,
    ),
  putThrough: respond(''),
  record: (text, url, seconds, language, wordsUrl) =>
    respond(
      `${speak(text, language)}<Record method="POST" action="${escapeXml(url)}" maxLength="${seconds}" timeout="10" finishOnKey="#" playBeep="true" recordingStatusCallback="${escapeXml(url)}" recordingStatusCallbackMethod="POST"${wordsUrl ? ` transcribe="true" transcribeCallback="${escapeXml(wordsUrl)}"` : ''}/><Hangup/>`,
    ),
  hangUp: sayAndHangUp,
  // Built anew from the id: what is fetched with our password is never what a form says.
  recording: (form, baseUrl) => {
    const id = /\/Recordings\/(RE[0-9a-fA-F]{32})\b/.exec(form.RecordingUrl ?? '')?.[1];
    const seconds = Number(form.RecordingDuration);
    if (!id || !(seconds >= SHORTEST_SECONDS)) return undefined;
    const account = /^[A-Za-z0-9-]{10,64}$/.exec(form.AccountSid ?? '')?.[0] ?? '';
    return { id, seconds, url: `${baseUrl}/2010-04-01/Accounts/${account}/Recordings/${id}.mp3` };
  },
  words: (form) => (form.TranscriptionStatus === 'completed' ? form.TranscriptionText : undefined),
};
