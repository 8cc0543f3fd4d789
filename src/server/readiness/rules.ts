import type { Digest, Readiness, TestPagePlan } from '../../contract/readiness.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const WEEKS = ['first', 'second', 'third', 'fourth'];

type When = Pick<TestPagePlan, 'week' | 'day' | 'at'>;

/** Whether the plan means this day. */
export const isDay = ({ week, day }: Pick<When, 'week' | 'day'>, date: Temporal.PlainDate): boolean => {
  if (DAYS[date.dayOfWeek - 1] !== day) return false;
  if (week === 'every') return true;
  if (week === 'last') return date.day + 7 > date.daysInMonth;
  return WEEKS[Math.ceil(date.day / 7) - 1] === week;
};

/** Days between two first Mondays, and a few. */
const FAR = 40;

type Occurrence = { on: string; at: Temporal.Instant };
const occurrence = (date: Temporal.PlainDate, { at }: Pick<When, 'at'>, timeZone: string): Occurrence => ({
  on: date.toString(),
  at: date.toZonedDateTime({ timeZone, plainTime: at }).toInstant(),
});

/** The newest moment that was, on the clock of that zone; a local time that the clock skips is an hour later. */
export const lastOf = (when: When, timeZone: string, now: Temporal.Instant): Occurrence | undefined => {
  const today = now.toZonedDateTimeISO(timeZone).toPlainDate();
  for (let back = 0; back <= FAR; back += 1) {
    const date = today.subtract({ days: back });
    if (!isDay(when, date)) continue;
    const found = occurrence(date, when, timeZone);
    if (Temporal.Instant.compare(found.at, now) <= 0) return found;
  }
  return undefined;
};
/** The next one. */
export const nextOf = (when: When, timeZone: string, now: Temporal.Instant): Occurrence | undefined => {
  const today = now.toZonedDateTimeISO(timeZone).toPlainDate();
  for (let ahead = 0; ahead <= FAR; ahead += 1) {
    const date = today.add({ days: ahead });
    if (!isDay(when, date)) continue;
    const found = occurrence(date, when, timeZone);
    if (Temporal.Instant.compare(found.at, now) > 0) return found;
  }
  return undefined;
};

/** A server that stood still makes up for it within so long; what is older waits for the next time. */
const TEST_CAUGHT_UP = { hours: 48 };
const DIGEST_CAUGHT_UP = { hours: 6 * 24 };
const within = (found: Occurrence | undefined, since: Temporal.Instant, now: Temporal.Instant, late: { hours: number }) =>
  found && Temporal.Instant.compare(found.at, since) >= 0 && Temporal.Instant.compare(found.at.add(late), now) > 0
    ? found
    : undefined;

/** The day for which a person is to be tested now, if there is one. */
export const testDue = (plan: When & { since: Temporal.Instant }, timeZone: string, now: Temporal.Instant): string | undefined =>
  within(lastOf(plan, timeZone, now), plan.since, now, TEST_CAUGHT_UP)?.on;

/** The day whose digest is to go out to somebody now, if there is one. */
export const digestDue = (
  { day, at, since }: Pick<Digest, 'day' | 'at'> & { since: Temporal.Instant },
  timeZone: string,
  now: Temporal.Instant,
): string | undefined => within(lastOf({ week: 'every', day, at }, timeZone, now), since, now, DIGEST_CAUGHT_UP)?.on;

type Person = Readiness['people'][number];

export const stateOf = (problems: readonly { level: string }[]): Person['state'] =>
  problems.some((one) => one.level === 'error') ? 'unreachable' : problems.length > 0 ? 'doubtful' : 'ready';

const MOST = 40;
const people = (count: number) => `${count} ${count === 1 ? 'person' : 'people'}`;
/** Of somebody, worst first, as one line. */
const line = ({ problems, policies, state }: Person): string => {
  const said = problems.toSorted((a, b) => a.level.localeCompare(b.level)).map((one) => one.problem);
  const counts = state === 'unreachable' && policies.length > 0 ? [`counted on by ${policies.slice(0, 5).join(', ')}`] : [];
  return [...said, ...counts].join('; ');
};

/** What the digest says: who could not be reached and why, then who may not be. */
export const digestOf = (
  list: readonly Person[],
): { subject: string; text: string; facts: { label: string; value: string }[] } => {
  const lost = list.filter((one) => one.state === 'unreachable');
  const weak = list.filter((one) => one.state === 'doubtful');
  const named = [...lost, ...weak];
  const untested = list.filter((one) => !one.last_test).length;
  const subject =
    lost.length > 0
      ? `Readiness: nothing reaches ${people(lost.length)} of ${list.length}`
      : weak.length > 0
        ? `Readiness: ${people(weak.length)} of ${list.length} may not be reached`
        : `Readiness: nothing speaks against reaching ${list.length === 1 ? 'the one person' : `all ${list.length} people`}`;
  const text = [
    lost.length > 0 ? 'A policy that counts on somebody who cannot be reached pages nobody in that step.' : '',
    untested > 0 ? `${people(untested)} never got a test page.` : '',
  ]
    .filter(Boolean)
    .join(' ');
  const facts = named.slice(0, MOST).map((one) => ({
    label: one.display_name,
    value: `${one.state === 'unreachable' ? 'No way works: ' : ''}${line(one)}`,
  }));
  if (named.length > MOST) facts.push({ label: 'And', value: `${people(named.length - MOST)} more, on the screen` });
  return { subject, text: text || 'Each of them has a way that works.', facts };
};
