import type { Entry } from '../../absences/feed.ts';
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

type Settled = { turns: CalendarTurn[]; findings: Finding[]; events: number };

/** What events say of who is on call from `now` on. Events at the same time put several people on call together. */
export const settle = (events: readonly Entry[], zone: string, match: Match, now: Temporal.Instant): Settled => {
  const ahead = events
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
  return { turns: joined(turns), findings, events: ahead.length };
};

type KnownTurn = CalendarTurn & { id: string };
export type Changes = { remove: string[]; end: { id: string; ends: Temporal.Instant }[]; add: CalendarTurn[] };

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
