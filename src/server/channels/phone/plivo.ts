import { bare } from '../plivo/client.ts';
import { isSignedByPlivo, withPlus } from '../plivo/inbound.ts';
import { sayAndHangUp, speak } from '../plivo/xml.ts';
import { escapeXml, respond } from '../xml.ts';
import { type PhoneVendor, SHORTEST_SECONDS, TALK_SECONDS } from './types.ts';

const OVER = new Set(['completed', 'busy', 'failed', 'timeout', 'no-answer', 'cancel', 'canceled']);

/** Plivo keeps messages on hosts of its own. */
const isOfPlivo = (address: string, baseUrl: string): boolean => {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.origin === new URL(baseUrl).origin || (url.protocol === 'https:' && url.hostname.endsWith('.plivo.com'));
};

/**
 * Calls that come in by Plivo: https://www.plivo.com/docs/voice/xml, of it Dial with `confirmKey`, which Plivo asks for itself
 * before the two hear each other, and Record.
 */
export const plivoPhone: PhoneVendor = {
  isSigned: (token, headers, url, form) => isSignedByPlivo(token, headers, url, form, 'voice'),
  callId: (form) => form.CallUUID,
  caller: ({ From = '' }) => (/^\+?[1-9]\d{6,14}$/.test(From) ? withPlus(bare(From)) : undefined),
  called: ({ To = '' }) => withPlus(bare(To)),
  isOver: ({ CallStatus = '', Event = '' }) => Event === 'Hangup' || OVER.has(CallStatus.toLowerCase()),
  // `answer`, and a Dial that ended as completed, say nothing: a voicemail answers too.
  wasPutThrough: ({ DialAction }) => DialAction === 'connected',
  ring: ({ greeting, language, to, from, seconds, nextUrl, whisperUrl, takenUrl }) =>
    respond(
      `${greeting === undefined ? '' : speak(greeting, language)}<Dial timeout="${seconds}" timeLimit="${TALK_SECONDS}" callerId="${escapeXml(bare(from))}" method="POST" action="${escapeXml(nextUrl)}" confirmSound="${escapeXml(whisperUrl)}" confirmKey="1" callbackUrl="${escapeXml(takenUrl)}" callbackMethod="POST"><Number>${escapeXml(bare(to))}</Number></Dial>`,
    ),
  // Of a confirmSound only Speak, Play and Wait are heard.
  whisper: (text, _takeUrl, locale) => respond(`${speak(text, locale)}<Wait length="1"/>${speak(text, locale)}`),
  putThrough: respond(''),
  record: (text, url, seconds, language, wordsUrl) =>
    respond(
      `${speak(text, language)}<Record method="POST" action="${escapeXml(url)}" maxLength="${seconds}" timeout="10" finishOnKey="#" playBeep="true" callbackUrl="${escapeXml(url)}" callbackMethod="POST"${wordsUrl ? ` transcriptionType="auto" transcriptionUrl="${escapeXml(wordsUrl)}" transcriptionMethod="POST"` : ''}/><Hangup/>`,
    ),
  hangUp: sayAndHangUp,
  recording: (form, baseUrl) => {
    const [id, url, seconds] = [form.RecordingID, form.RecordUrl ?? '', Number(form.RecordingDuration)];
    return id && isOfPlivo(url, baseUrl) && seconds >= SHORTEST_SECONDS ? { id, url, seconds } : undefined;
  },
  words: (form) => form.transcription ?? form.Transcription,
};
