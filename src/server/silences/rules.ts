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
  const { time_zone, days, from, to } = silence.recurs;
  const local = now.toZonedDateTimeISO(time_zone);
  for (const date of [local.toPlainDate(), local.toPlainDate().subtract({ days: 1 })]) {
    if (!days.includes(DAYS[date.dayOfWeek - 1] as string)) continue;
    const begins = date.toZonedDateTime({ timeZone: time_zone, plainTime: from }).toInstant();
    const ends = (to > from ? date : date.add({ days: 1 })).toZonedDateTime({ timeZone: time_zone, plainTime: to }).toInstant();
    if (Temporal.Instant.compare(begins, now) <= 0 && Temporal.Instant.compare(now, ends) < 0)
      return earlier(ends, silence.ends_at);
  }
  return undefined;
};

/** The first active silence that covers an alert of a service, with the sentence that says so. */
export const silencedBy = (
  silences: SilenceRow[],
  service: string,
  facts: Facts,
  now: Temporal.Instant,
): { silence: SilenceRow; until: Temporal.Instant; why: string } | undefined => {
  for (const silence of silences) {
    if (silence.services.length > 0 && !silence.services.includes(service)) continue;
    if (!silence.matchers.every((matcher) => matches(matcher, facts))) continue;
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
