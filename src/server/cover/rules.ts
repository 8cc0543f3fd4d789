import type { z } from 'zod';
import type { coverState } from '../../contract/cover.ts';
import { say } from '../channels/words/words.ts';

export type State = z.infer<typeof coverState>;
export type Asked = { state: State; person: string; asked: string[]; declined: string[]; taken_by: string | null };
type Verdict = { ok: true } | { ok: false; code: 'conflict' | 'forbidden'; why: string };

const ended = (state: Exclude<State, 'open'>, { taken_by }: Asked, locale?: string): string =>
  say(locale, `cover.${state}`, { person: taken_by ?? '' });

/** Whether somebody may accept or decline. A second answer of the same kind changes nothing and is no error: see the action. */
export const mayAnswer = (request: Asked, who: string): Verdict => {
  if (!request.asked.includes(who)) return { ok: false, code: 'forbidden', why: `Only ${listed(request.asked)} may answer this` };
  if (request.state !== 'open') return { ok: false, code: 'conflict', why: ended(request.state, request) };
  return { ok: true };
};

/** What became of a request, to one of those who were asked and need not answer any more, in their language. */
export const endedAs = (request: Asked, who: string, locale: string): string => {
  const { state, taken_by, declined } = request;
  if (state === 'accepted' && taken_by === who) return `${say(locale, 'cover.mine')}.`;
  if (state !== 'open') return `${ended(state, request, locale)}.`;
  return `${say(locale, declined.includes(who) ? 'cover.refused' : 'cover.not_asked')}.`;
};

/** After one more has declined. */
export const stateAfterDecline = (request: Asked, who: string): { declined: string[]; state: 'open' | 'declined' } => {
  const declined = [...new Set([...request.declined, who])];
  return { declined, state: request.asked.every((one) => declined.includes(one)) ? 'declined' : 'open' };
};

/** Whoever is asked is gone: what is left of a request. */
export const withoutPerson = (request: Asked, who: string): { asked: string[]; declined: string[]; state: State } => {
  const asked = request.asked.filter((one) => one !== who);
  const declined = request.declined.filter((one) => one !== who);
  return { asked, declined, state: asked.length === declined.length ? 'declined' : request.state };
};

export const listed = (names: string[]): string =>
  names.length < 2 ? (names[0] ?? 'nobody') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

/** `Thu 26 Nov 18:00 to Fri 27 Nov 09:00 (Europe/Amsterdam)`, on the reader's clocks and in the reader's language. */
export const spanSaid = (starts: Temporal.Instant, ends: Temporal.Instant, zone: string, locale: string): string => {
  const local = (at: Temporal.Instant) =>
    at.toZonedDateTimeISO(zone).toLocaleString(locale, {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  return say(locale, 'cover.span', { from: local(starts), until: local(ends), zone });
};
