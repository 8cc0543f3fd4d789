import type { HandoffNotices } from '../../contract/handoff.ts';
import type { OnCallRole, Schedule } from '../../contract/schedule.ts';
import type { State } from './types.ts';

const HOUR_MS = 3_600_000;
/** Nobody goes where nobody was on call for longer than this: what was left then is stale. */
const LONGEST_GAP_MS = 14 * 24 * HOUR_MS;
/** A handoff is confirmed from so long before it: late enough to know what is open, early enough to go to bed. */
const CONFIRM_FROM = { hours: 12 };

/** As somebody is told who chose nothing. */
export const USUAL_NOTICES: HandoffNotices = { lead_hours: 24, before_by: 'mail', change_by: 'usual' };

export const settingsOf = (definition: Pick<Schedule, 'handoff'>) =>
  definition.handoff ?? { on: true, min_hours: 6, remind_after_minutes: 30, escalate_after_minutes: 120 };

export type Duty = { person: string; role: OnCallRole; shadow: boolean; start: Temporal.Instant; end: Temporal.Instant };
/** The same people in a role from `start` to `end`, for `onCall` ms of it. */
export type Run = { people: string[]; start: number; end: number; onCall: number };

const joined = (runs: Run[]): Run[] => {
  const out: Run[] = [];
  for (const run of runs) {
    const last = out.at(-1);
    if (last && last.people.join() === run.people.join()) {
      last.end = run.end;
      last.onCall += run.onCall;
    } else out.push({ ...run });
  }
  return out;
};

/** Who has a role from moment to moment; the same people on both sides of a gap are one run. */
const stretchesOf = (duties: readonly Duty[], role: OnCallRole): Run[] => {
  const edges = duties
    .filter((duty) => duty.role === role && !duty.shadow)
    .flatMap(({ person, start, end }) => [
      { at: start.epochMilliseconds, person, by: 1 },
      { at: end.epochMilliseconds, person, by: -1 },
    ])
    .sort((a, b) => a.at - b.at);
  const here = new Map<string, number>();
  const out: Run[] = [];
  for (const [index, { at, person, by }] of edges.entries()) {
    const count = (here.get(person) ?? 0) + by;
    if (count === 0) here.delete(person);
    else here.set(person, count);
    const end = edges[index + 1]?.at ?? at;
    if (end > at && here.size > 0) out.push({ people: [...here.keys()].sort(), start: at, end, onCall: end - at });
  }
  return joined(out);
};

/**
 * Who has a role one after the other. Nights and weekends that nobody else has do not part a run, nor does somebody who has it for
 * fewer hours than `leastHours`; what is left of runs that short is not counted. Two windows agree wherever both see a run whole.
 */
export const runsOf = (duties: readonly Duty[], role: OnCallRole, leastHours: number): Run[] => {
  const isLong = (run: Run) => run.onCall >= leastHours * HOUR_MS;
  const out: Run[] = [];
  for (const run of stretchesOf(duties, role)) {
    const [before, between] = out.slice(-2);
    const same = before && between && !isLong(between) && before.people.join() === run.people.join();
    if (same && (isLong(before) || isLong(run)))
      out.splice(-2, 2, { ...before, end: run.end, onCall: before.onCall + run.onCall });
    else out.push(run);
  }
  return joined(out.filter(isLong));
};

export type Change = {
  role: OnCallRole;
  at: number;
  until: number | null;
  outgoing: string[];
  outgoingUntil: number | null;
  incoming: string[];
};

/**
 * The changes of people after `from` and up to `to`, ms. Who stays on call neither goes nor comes; whoever only goes, while others
 * stay, hands nothing over. `seenTo`: where the duties are cut.
 */
export const changesIn = (
  runs: readonly Run[],
  role: OnCallRole,
  { from, to, seenTo }: { from: number; to: number; seenTo: number },
): Change[] =>
  runs.flatMap((run, index) => {
    if (run.start <= from || run.start > to) return [];
    const before = runs[index - 1];
    const last = before && run.start - before.end <= LONGEST_GAP_MS ? before : undefined;
    const incoming = run.people.filter((person) => !last?.people.includes(person));
    const outgoing = last?.people.filter((person) => !run.people.includes(person)) ?? [];
    if (incoming.length === 0) return [];
    return {
      role,
      at: run.start,
      until: run.end < seenTo ? run.end : null,
      outgoing,
      outgoingUntil: last && outgoing.length > 0 ? last.end : null,
      incoming,
    };
  });

type Known = { id: string; at: Temporal.Instant; outgoing: string[]; incoming: string[] };
const sameNames = (a: readonly string[], b: readonly string[]) => [...a].sort().join() === [...b].sort().join();
const samePeople = (known: Known, change: Change) =>
  sameNames(known.incoming, change.incoming) && sameNames(known.outgoing, change.outgoing);

/**
 * What becomes of the handoffs that are known when the schedule says this now: one at its moment stays or has other people; one
 * whose people change at another moment moves there, the nearest first; the others are withdrawn, and what is left is new.
 */
export const reconcile = <K extends Known>(
  known: readonly K[],
  changes: readonly Change[],
): { kept: [K, Change][]; moved: [K, Change][]; withdrawn: K[]; added: Change[] } => {
  const kept: [K, Change][] = [];
  const moved: [K, Change][] = [];
  let [left, added] = [[...known], [...changes]];
  const pair = (into: [K, Change][], one: K, change: Change) => {
    into.push([one, change]);
    left = left.filter((other) => other !== one);
    added = added.filter((other) => other !== change);
  };
  for (const one of known) {
    const change = added.find((other) => other.at === one.at.epochMilliseconds);
    if (change) pair(kept, one, change);
  }
  const distances = left
    .flatMap((one) => added.filter((change) => samePeople(one, change)).map((change) => ({ one, change })))
    .sort((a, b) => Math.abs(a.change.at - a.one.at.epochMilliseconds) - Math.abs(b.change.at - b.one.at.epochMilliseconds));
  for (const { one, change } of distances) if (left.includes(one) && added.includes(change)) pair(moved, one, change);
  return { kept, moved, withdrawn: left, added };
};

type Asked = { state: State; at: Temporal.Instant; incoming: string[]; confirmed_by: string | null };
export const confirmFrom = (at: Temporal.Instant): Temporal.Instant => at.subtract(CONFIRM_FROM);

const OVER: Record<Exclude<State, 'open'>, (one: Asked) => string> = {
  confirmed: (one) => `${one.confirmed_by} has confirmed it already`,
  lapsed: () => 'It is over: another is on call since',
  withdrawn: () => 'The schedule was changed: this handoff is none any more',
};

/** Whether somebody may confirm now. */
export const mayConfirm = (
  one: Asked,
  who: string,
  now: Temporal.Instant,
): { ok: true } | { ok: false; code: 'forbidden' | 'conflict'; why: string } => {
  if (!one.incoming.includes(who))
    return { ok: false, code: 'forbidden', why: `Only ${one.incoming.join(' or ')} may confirm this` };
  if (one.state !== 'open') return { ok: false, code: 'conflict', why: OVER[one.state](one) };
  if (Temporal.Instant.compare(now, confirmFrom(one.at)) < 0)
    return { ok: false, code: 'conflict', why: `Too early: from ${confirmFrom(one.at).toString({ smallestUnit: 'second' })} on` };
  return { ok: true };
};
export const whyNotWritable = (one: Asked): string | undefined => (one.state === 'open' ? undefined : OVER[one.state](one));

/** Addresses in a text, such as of runbooks; what ends a sentence is not part of one. */
export const linksIn = (text: string): string[] => [
  ...new Set(
    [...text.matchAll(/https?:\/\/[^\s<>"'`]+/g)]
      .map(([found]) => found.replace(/[.,;:!?)\]}]+$/, ''))
      .filter((one) => URL.canParse(one)),
  ),
];

const said = (at: Temporal.Instant, zone: string, locale: string): string =>
  at.toZonedDateTimeISO(zone).toLocaleString(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
/** `Thu 26 Nov, 18:00 (Europe/Amsterdam)` on the reader's clocks and in the reader's language. */
export const momentSaid = (at: Temporal.Instant, zone: string, locale: string): string => `${said(at, zone, locale)} (${zone})`;
/** `Thu 26 Nov, 18:00 to Fri 27 Nov, 09:00`, where the zone is said beside it. */
export const spanSaid = (from: Temporal.Instant, to: Temporal.Instant, zone: string, locale: string): string =>
  `${said(from, zone, locale)} to ${said(to, zone, locale)}`;
