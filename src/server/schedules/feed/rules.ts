import type { Schedule } from '../../../contract/schedule.ts';
import type { Entry } from '../../absences/feed.ts';
import { subtract, union } from '../shifts-intervals.ts';
import { turnsOf } from '../shifts-rotation.ts';
import { localClock } from '../shifts-zone.ts';
import type { Match } from './match.ts';
import type { CalendarTurn, Finding } from './types.ts';

const before = (a: Temporal.Instant, b: Temporal.Instant) => Temporal.Instant.compare(a, b) < 0;
const later = (a: Temporal.Instant, b: Temporal.Instant) => (before(a, b) ? b : a);

/** When an event is; whole days are those of `zone`. */
const spanOf = (event: Entry, zone: string): { starts: Temporal.Instant; ends: Temporal.Instant } => {
  if (event.starts && event.ends) return { starts: Temporal.Instant.from(event.starts), ends: Temporal.Instant.from(event.ends) };
  const startOf = (day: Temporal.PlainDate) => day.toZonedDateTime(zone).toInstant();
  const first = Temporal.PlainDate.from(event.first_day ?? '');
  return { starts: startOf(first), ends: startOf(Temporal.PlainDate.from(event.last_day ?? first).add({ days: 1 })) };
};

/** Turns of one person that overlap or touch are one. */
const joined = (turns: CalendarTurn[]): CalendarTurn[] =>
  [...Map.groupBy(turns, ({ person }) => person).values()].flatMap((own) => {
    const found: CalendarTurn[] = [];
    for (const turn of own.toSorted((a, b) => Temporal.Instant.compare(a.starts, b.starts))) {
      const last = found.at(-1);
      if (last && !before(last.ends, turn.starts)) last.ends = later(last.ends, turn.ends);
      else found.push({ ...turn });
    }
    return found;
  });

/** `events`: how many are not over; `unreadable`: titles of those whose times cannot be read. */
type Settled = { turns: CalendarTurn[]; findings: Finding[]; events: number; unreadable: string[] };

/** What events say of who is on call from `now` on. Events at the same time put several people on call together. */
export const settle = (events: readonly Entry[], zone: string, match: Match, now: Temporal.Instant): Settled => {
  const isReadable = ({ starts, first_day }: Entry) => starts !== null || first_day !== null;
  const ahead = events
    .filter(isReadable)
    .map((event) => ({ event, ...spanOf(event, zone) }))
    .filter(({ starts, ends }) => before(now, ends) && before(starts, ends))
    .sort((a, b) => Temporal.Instant.compare(a.starts, b.starts));
  const turns: CalendarTurn[] = [];
  const findings: Finding[] = [];
  for (const { event, starts, ends } of ahead) {
    const { people, problems } = match(event);
    for (const person of people) turns.push({ person, starts, ends });
    if (problems.length > 0)
      findings.push({ starts: starts.toString(), ends: ends.toString(), title: event.reason, problem: problems.join('; ') });
  }
  const unreadable = events.filter((event) => !isReadable(event)).map(({ reason }) => reason);
  return { turns: joined(turns), findings, events: ahead.length, unreadable };
};

type KnownTurn = CalendarTurn & { id: string };
export type Changes = { remove: string[]; end: { id: string; ends: Temporal.Instant }[]; add: CalendarTurn[] };

const spanned = ({ starts, ends }: CalendarTurn) => ({ start: starts.epochMilliseconds, end: ends.epochMilliseconds });
const turnOf = (person: string, { start, end }: { start: number; end: number }): CalendarTurn => ({
  person,
  starts: Temporal.Instant.fromEpochMilliseconds(start),
  ends: Temporal.Instant.fromEpochMilliseconds(end),
});

/**
 * With an event that cannot be read: nobody loses a turn to it. Hours that no other event has stay with whoever of `here` had them,
 * as nobody can say which these are of that event.
 */
export const withKnown = (
  wanted: readonly CalendarTurn[],
  known: readonly CalendarTurn[],
  here: ReadonlySet<string>,
): CalendarTurn[] => {
  const taken = union(wanted.map(spanned));
  const left = known
    .filter(({ person }) => here.has(person))
    .flatMap((one) => subtract([spanned(one)], taken).map((piece) => turnOf(one.person, piece)));
  return joined([...wanted, ...left]);
};

/**
 * Turns that a layer which has a calendar now had by its people before, between two instants. It is the layer of its name, or else the
 * one in its place and role that is gone.
 */
export const turnsBefore = (
  before: Schedule | undefined,
  after: Schedule,
  name: string,
  from: Temporal.Instant,
  to: Temporal.Instant,
): CalendarTurn[] => {
  const at = after.layers.findIndex((layer) => layer.name === name);
  const [layer, there] = [after.layers[at], before?.layers[at]];
  const isGone = there && after.layers.every((one) => one.name !== there.name);
  const old =
    before?.layers.find((one) => one.name === name) ??
    (isGone && there.role === layer?.role && there.shadow === layer.shadow ? there : undefined);
  if (!before || !old || !layer?.calendar || old.calendar) return [];
  return turnsOf(old, localClock(before.time_zone), from.epochMilliseconds, to.epochMilliseconds).flatMap((one) =>
    one.people.map((person) => turnOf(person, one)),
  );
};

/**
 * What makes the known turns those that are wanted, from `now` on: what has passed of them stays. A turn that runs and is no longer
 * wanted ends now; one that is found late begins now.
 */
export const changesOf = (known: readonly KnownTurn[], wanted: readonly CalendarTurn[], now: Temporal.Instant): Changes => {
  const open = known.filter(({ ends }) => before(now, ends));
  const goesOn = (turn: KnownTurn) =>
    wanted.find(
      (one) =>
        one.person === turn.person &&
        before(now, one.ends) &&
        (before(turn.starts, now) ? !before(now, one.starts) : later(one.starts, now).equals(turn.starts)),
    );
  const pairs = open.map((turn) => ({ turn, as: goesOn(turn) }));
  const taken = new Set(pairs.map(({ as }) => as));
  return {
    remove: pairs.filter(({ turn, as }) => !as && !before(turn.starts, now)).map(({ turn }) => turn.id),
    end: pairs.flatMap(({ turn, as }) => {
      const ends = as ? as.ends : now;
      return (as || before(turn.starts, now)) && !ends.equals(turn.ends) ? [{ id: turn.id, ends }] : [];
    }),
    add: wanted
      .filter((one) => before(now, one.ends) && !taken.has(one))
      .map((one) => ({ ...one, starts: later(one.starts, now) })),
  };
};
