import { randomBytes, randomUUID } from 'node:crypto';
import type { startPlivo } from './plivo.ts';
import type { startTwilio } from './twilio.ts';

type Form = Record<string, string>;
type Answer = { status: number; body: string };
type Element = { name: string; attributes: Form; text: string };
export type Verb = 'twilio' | 'plivo';

const undo = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
const elements = (document: string): Element[] =>
  [...document.matchAll(/<([A-Z]\w+)((?:\s+\w+="[^"]*")*)\s*\/?>([^<]*)/g)].map(([, name = '', attributes = '', text = '']) => ({
    name,
    attributes: Object.fromEntries([...attributes.matchAll(/(\w+)="([^"]*)"/g)].map((one) => [one[1] ?? '', undo(one[2] ?? '')])),
    text: undo(text),
  }));

type Ways = {
  twilio: Pick<Awaited<ReturnType<typeof startTwilio>>, 'post' | 'url' | 'account'>;
  plivo: Pick<Awaited<ReturnType<typeof startPlivo>>, 'post' | 'url' | 'account'>;
};

/**
 * A caller, and the vendor between them and us: it asks for documents, carries their verbs out, and tells what happened as the
 * vendor's own documentation says it does. `lines.*`: our addresses, as they are given to the vendor's number.
 */
export const callBy = (vendor: Verb, ways: Ways, line: { url: string; ended: string; number: string }) => {
  const twilio = vendor === 'twilio';
  const post = (url: string, form: Form): Promise<Answer> =>
    twilio ? ways.twilio.post(url, form) : ways.plivo.post('v3', url, form);
  const bare = (number: string) => (twilio ? number : number.replace('+', ''));
  const newId = () => (twilio ? `CA${randomBytes(16).toString('hex')}` : randomUUID());

  return async (from: string) => {
    const id = newId();
    const said: string[] = [];
    /** Every request so far, to be sent once more. */
    const sent: { url: string; form: Form; answer: string }[] = [];
    let current: Element[] = [];
    let leg = '';
    const own = (status: string): Form =>
      twilio
        ? { CallSid: id, From: from, To: line.number, Direction: 'inbound', CallStatus: status }
        : { CallUUID: id, From: bare(from), To: bare(line.number), Direction: 'inbound', CallStatus: status };
    const ask = async (url: string, form: Form): Promise<Answer> => {
      const answer = await post(url, form);
      sent.push({ url, form, answer: answer.body });
      return answer;
    };
    const carryOut = (answer: Answer): Answer => {
      current = elements(answer.body);
      said.push(...current.filter((one) => one.name === 'Say' || one.name === 'Speak').map((one) => one.text));
      return answer;
    };
    const verb = (name: string): Element => {
      const found = current.find((one) => one.name === name);
      if (!found) throw new Error(`the caller is not at ${name}: ${JSON.stringify(current)}`);
      return found;
    };
    const ofLeg = (status: string): Form => {
      const to = verb('Number').text;
      const caller = verb('Dial').attributes.callerId ?? '';
      return twilio
        ? { CallSid: leg, ParentCallSid: id, From: caller, To: to, Direction: 'outbound-dial', CallStatus: status }
        : { CallUUID: leg, From: caller, To: to, Direction: 'outbound', CallStatus: status };
    };
    /** The Dial is over: the caller comes back. */
    const back = async (status: string, caller: string): Promise<Answer> => {
      const { action = '' } = verb('Dial').attributes;
      const told: Form = twilio
        ? { DialCallStatus: status, ...(leg ? { DialCallSid: leg } : {}) }
        : { DialStatus: status, DialALegUUID: id, ...(leg ? { DialBLegUUID: leg } : {}) };
      leg = '';
      return carryOut(await ask(action, { ...own(caller), ...told }));
    };
    const first = carryOut(await ask(line.url, { ...own('ringing'), ...(twilio ? {} : { Event: 'StartApp' }) }));
    let connected = false;

    return {
      id,
      first,
      said,
      sent,
      /** Who is rung now, as the vendor dials them. */
      rings: () => {
        const dial = current.find((one) => one.name === 'Dial');
        return dial && { to: `+${bare(verb('Number').text).replace('+', '')}`, seconds: Number(dial.attributes.timeout) };
      },
      isAtTone: () => current.some((one) => one.name === 'Record'),
      isConnected: () => connected,
      nobodyAnswers: () => back('no-answer', 'in-progress'),
      /** Whoever is rung answers, or their voicemail does; gives back what is said to them. */
      isAnswered: async (): Promise<string[]> => {
        leg = newId();
        const url = twilio ? verb('Number').attributes.url : verb('Dial').attributes.confirmSound;
        const { body } = await ask(url ?? '', ofLeg('in-progress'));
        return elements(body).flatMap((one) => (one.name === 'Say' || one.name === 'Speak' ? [one.text] : []));
      },
      /** Whoever answered presses a key. */
      presses: async (digit: string): Promise<void> => {
        const dial = verb('Dial').attributes;
        if (!twilio) {
          if (digit !== dial.confirmKey) return;
          connected = true;
          await ask(dial.callbackUrl ?? '', {
            ...own('in-progress'),
            DialAction: 'connected',
            DialBLegStatus: 'connected',
            DialALegUUID: id,
            DialBLegUUID: leg,
          });
          return;
        }
        const whisper = sent.at(-1);
        const gather = elements(whisper?.answer ?? '').find((one) => one.name === 'Gather');
        const { body } = await ask(gather?.attributes.action ?? '', { ...ofLeg('in-progress'), Digits: digit });
        // A document without a verb ends the screening: the two hear each other.
        connected = elements(body).filter((one) => one.name !== 'Response').length === 0;
      },
      /** They answered and did not press 1: their side is hung up. */
      isDeclined: () => back(twilio ? 'completed' : 'no-answer', 'in-progress'),
      /** Whoever took the call hangs up first. */
      theyHangUp: () => back('completed', 'in-progress'),
      leavesMessage: async (seconds: number): Promise<Answer> => {
        const { action = '' } = verb('Record').attributes;
        const recording: Form = twilio
          ? {
              RecordingUrl: `${ways.twilio.url}/2010-04-01/Accounts/${ways.twilio.account.sid}/Recordings/RE${randomBytes(16).toString('hex')}`,
              RecordingDuration: String(seconds),
              Digits: '#',
            }
          : (() => {
              const recordingId = randomUUID();
              return {
                RecordingID: recordingId,
                RecordUrl: `${ways.plivo.url}/v1/Account/${ways.plivo.account.id}/Recording/${recordingId}.mp3`,
                RecordingDuration: String(seconds),
              };
            })();
        const { recordingStatusCallback, callbackUrl } = verb('Record').attributes;
        const answer = carryOut(await ask(action, { ...own('in-progress'), ...recording }));
        // The vendor tells of the same recording once more when its file is there.
        await ask(recordingStatusCallback ?? callbackUrl ?? '', {
          ...(twilio ? { CallSid: id, RecordingStatus: 'completed' } : { CallUUID: id, Event: 'RecordStop' }),
          ...recording,
        });
        return answer;
      },
      wordsCome: (text: string) => {
        const url = sent.findLast((one) => one.answer.includes('<Record'))?.answer ?? '';
        const { transcribeCallback, transcriptionUrl } = elements(url).find((one) => one.name === 'Record')?.attributes ?? {};
        return ask(
          transcribeCallback ?? transcriptionUrl ?? '',
          twilio
            ? { CallSid: id, TranscriptionStatus: 'completed', TranscriptionText: text }
            : { call_uuid: id, transcription: text },
        );
      },
      hangsUp: () => ask(line.ended, { ...own('completed'), ...(twilio ? { CallDuration: '9' } : { Event: 'Hangup' }) }),
      /** The vendor sends a request again, as it was. */
      again: async (index: number): Promise<Answer & { before: string }> => {
        const one = sent.at(index);
        return { ...(await post(one?.url ?? '', one?.form ?? {})), before: one?.answer ?? '' };
      },
    };
  };
};
