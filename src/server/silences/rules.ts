import type { Matcher } from '../../contract/common.ts';
import { describeMatcher, type Facts, matches } from '../platform/matching.ts';

export type SilenceRow = {
  id: string;
  kind: string;
  comment: string;
  services: string[];
  matchers: Matcher[];
  starts_at: Temporal.Instant;
  ends_at: Temporal.Instant | null;
  recurs: { time_zone: string; days: readonly string[]; from: string; to: string } | null;
  created_by: string;
  ended_at: Temporal.Instant | null;
};

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const earlier = (a: Temporal.Instant, b: Temporal.Instant | null) => (b && Temporal.Instant.compare(b, a) < 0 ? b : a);

type Recurring = NonNullable<SilenceRow['recurs']>;
export type Window = { start: Temporal.Instant; end: Temporal.Instant | null };
const later = (a: Temporal.Instant, b: Temporal.Instant) => (Temporal.Instant.compare(a, b) < 0 ? b : a);
const before = (a: Temporal.Instant, b: Temporal.Instant) => Temporal.Instant.compare(a, b) < 0;

/** The window that begins on a local date, as that day's clocks have it. */
const windowOn = ({ time_zone, from, to }: Recurring, date: Temporal.PlainDate) => ({
  begins: date.toZonedDateTime({ timeZone: time_zone, plainTime: from }).toInstant(),
  ends: (to > from ? date : date.add({ days: 1 })).toZonedDateTime({ timeZone: time_zone, plainTime: to }).toInstant(),
});

/**
 * Until when the silence is active, if it is now. A recurring window runs from local `from` to local
 * `to`, on the next day when `to` is not later, and is cut by the silence's own end.
 */
export const activeUntil = (silence: SilenceRow, now: Temporal.Instant): Temporal.Instant | undefined => {
  const started = Temporal.Instant.compare(silence.starts_at, now) <= 0;
  const over =
    (silence.ends_at && Temporal.Instant.compare(silence.ends_at, now) <= 0) ||
    (silence.ended_at && Temporal.Instant.compare(silence.ended_at, now) <= 0);
  if (!started || over) return undefined;
  if (!silence.recurs) return silence.ends_at ?? undefined;
  const { recurs } = silence;
  const local = now.toZonedDateTimeISO(recurs.time_zone);
  for (const date of [local.toPlainDate(), local.toPlainDate().subtract({ days: 1 })]) {
    if (!recurs.days.includes(DAYS[date.dayOfWeek - 1] as string)) continue;
    const { begins, ends } = windowOn(recurs, date);
    if (Temporal.Instant.compare(begins, now) <= 0 && Temporal.Instant.compare(now, ends) < 0)
      return earlier(ends, silence.ends_at);
  }
  return undefined;
};

/**
 * When a silence is active between two instants, each window whole as far as the silence itself goes: at most `limit`, in order.
 * A window whose hour the clocks skip that day is left out.
 */
export const windowsOf = (
  silence: Pick<SilenceRow, 'starts_at' | 'ends_at' | 'ended_at' | 'recurs'>,
  from: Temporal.Instant,
  to: Temporal.Instant,
  limit: number,
): Window[] => {
  const { starts_at, recurs } = silence;
  const over = silence.ended_at ? earlier(silence.ended_at, silence.ends_at) : silence.ends_at;
  const touches = (start: Temporal.Instant, end: Temporal.Instant | null) =>
    before(start, to) && (!end || (before(from, end) && before(start, end)));
  if (!recurs) return touches(starts_at, over) ? [{ start: starts_at, end: over }] : [];
  const out: Window[] = [];
  const first = later(from, starts_at);
  const last = over ? earlier(to, over) : to;
  const end = last.toZonedDateTimeISO(recurs.time_zone).toPlainDate();
  let date = first.toZonedDateTimeISO(recurs.time_zone).toPlainDate().subtract({ days: 1 });
  for (; out.length < limit && Temporal.PlainDate.compare(date, end) <= 0; date = date.add({ days: 1 })) {
    if (!recurs.days.includes(DAYS[date.dayOfWeek - 1] as string)) continue;
    const window = windowOn(recurs, date);
    const [start, ends] = [later(window.begins, starts_at), earlier(window.ends, over)];
    if (touches(start, ends)) out.push({ start, end: ends });
  }
  return out;
};

/** Whether a silence is about such an alert, at whatever time. */
export const covers = (silence: Pick<SilenceRow, 'services' | 'matchers'>, service: string, facts: Facts): boolean =>
  (silence.services.length === 0 || silence.services.includes(service)) &&
  silence.matchers.every((matcher) => matches(matcher, facts));

/** The first active silence that covers an alert of a service, with the sentence that says so. */
export const silencedBy = (
  silences: SilenceRow[],
  service: string,
  facts: Facts,
  now: Temporal.Instant,
): { silence: SilenceRow; until: Temporal.Instant; why: string } | undefined => {
  for (const silence of silences) {
    if (!covers(silence, service, facts)) continue;
    const until = activeUntil(silence, now);
    if (!until) continue;
    const by = silence.matchers.length > 0 ? ` on ${silence.matchers.map(describeMatcher).join(', ')}` : '';
    const what = silence.kind === 'maintenance' ? 'Maintenance' : 'Silence';
    return {
      silence,
      until,
      why: `${what}${by} by ${silence.created_by} until ${until.toString({ smallestUnit: 'second' })}: ${silence.comment}`,
    };
  }
  return undefined;
};
