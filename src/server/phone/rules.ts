import type { PhoneLine } from '../../contract/phone.ts';
import type { Signal } from '../alerts/types.ts';
import type { CallRow } from './store.ts';

/** Calls are counted over so long. */
export const WINDOW = { minutes: 10 };
/** One who calls more often than this within ten minutes is told to wait: nobody is rung, and nothing more is paged. */
const MOST_OF_ONE = 5;
/** More than this on one line is no emergency but a flood, or an emergency that is known: nobody is rung, a message is still taken. */
const MOST_OF_ALL = 30;

/** What becomes of a call when these began within ten minutes before it. Hidden numbers may be many people: they are never refused. */
export const admission = (lately: { all: number; same: number }, caller: string | null): 'ring' | 'flood' | 'refuse' => {
  if (lately.same >= MOST_OF_ONE) return caller === null ? 'flood' : 'refuse';
  return lately.all >= MOST_OF_ALL ? 'flood' : 'ring';
};

/** Less is not worth ringing for. */
const SHORTEST_RING = 5;
/** How long to ring the one at this position, or undefined when nobody is left or the time is up. */
export const ringFor = (
  line: Pick<PhoneLine, 'ring_seconds' | 'total_seconds'>,
  call: Pick<CallRow, 'ladder' | 'began_at' | 'flood'>,
  position: number,
  now: Temporal.Instant,
): number | undefined => {
  const left = line.total_seconds - Math.floor((now.epochMilliseconds - call.began_at.epochMilliseconds) / 1000);
  if (call.flood || position >= call.ladder.length || left < SHORTEST_RING) return undefined;
  return Math.min(line.ring_seconds, left);
};

/** A number as it is spoken, figure by figure. */
export const figures = (number: string): string => number.replace('+', '').split('').join(' ');

const shown = (caller: string | null): string => caller ?? 'a hidden number';
const lasting = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** How many of the ladder were rung. */
export const rungOf = ({ state, position, ladder }: Pick<CallRow, 'state' | 'position' | 'ladder'>): number =>
  state === 'over' ? ladder.length : state === 'voicemail' ? position : Math.min(position + 1, ladder.length);

type Told = { kind: 'taken'; by: string } | { kind: 'voicemail' } | { kind: 'hung_up' };
/**
 * What a call tells as an alert. Each call that was taken and each message is one of its own; callers who hung up are one for
 * each number while it is open; all of a flood are one.
 */
export const alertOf = (
  call: CallRow,
  line: PhoneLine,
  integration: { id: string; name: string },
  told: Told,
  publicUrl: string,
): Signal => {
  const from = shown(call.caller);
  const rang = call.ladder
    .slice(0, rungOf(call))
    .map((one) => one.display_name)
    .join(', ');
  const recording = call.recording && {
    href: `${publicUrl}/api/recordings?call=${call.id}`,
    text: `Listen to the message (${lasting(call.recording.seconds)})`,
  };
  const summary = {
    taken: `Call from ${from}`,
    voicemail: `Voicemail from ${from}${call.recording ? `, ${lasting(call.recording.seconds)}` : ''}`,
    hung_up: `Missed call from ${from}${rang ? `; ${rang} did not take it` : '; nobody could be rung'}`,
  }[told.kind];
  const key = told.kind === 'hung_up' ? `missed:${call.caller ?? 'hidden'}` : `${told.kind}:${call.id}`;
  return {
    integrationId: integration.id,
    action: 'trigger',
    dedupKey: call.flood ? 'flood' : key,
    summary: call.flood ? `Very many calls; the last: ${summary}` : summary,
    severity: line.severity,
    source: line.number,
    labels: { call: told.kind, line: line.number, ...(call.caller ? { caller: call.caller } : {}) },
    links: recording ? [recording] : [],
    images: [],
    raw: {
      caller: call.caller,
      line: line.number,
      began_at: call.began_at.toString(),
      outcome: told.kind,
      taken_by: told.kind === 'taken' ? told.by : null,
      rang: rang || null,
      passed_over: call.notes,
      message_seconds: call.recording?.seconds ?? null,
    },
  };
};

/** `4 min 12 s` */
export const talked = (from: Temporal.Instant, to: Temporal.Instant): string => {
  const seconds = Math.max(0, Math.round((to.epochMilliseconds - from.epochMilliseconds) / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};
