/**
 * The schedule rules a second time, as slowly and plainly as they can be said, for tests to compare with: ask Temporal,
 * walk from the first handoff, look at one instant. Exact when every time is a multiple of a quarter of an hour.
 */
import type { Restriction } from '../../contract/restriction.ts';
import type { Layer, OnCallRole, Schedule } from '../../contract/schedule.ts';
import type { ScheduleOverride } from './rules.ts';

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const nameOf = (date: Temporal.PlainDate) => dayNames[date.dayOfWeek - 1]!;
const isAtOrBefore = (a: Temporal.Instant, b: Temporal.Instant) => Temporal.Instant.compare(a, b) <= 0;

/** The dates and times of the window that begins on the date, if one does. */
function windowOn(
  { from, to, days }: Restriction,
  date: Temporal.PlainDate,
): [Temporal.PlainDateTime, Temporal.PlainDateTime] | undefined {
  if (from.length === 5) {
    if (days && !days.includes(nameOf(date) as 'mon')) return undefined;
    return [date.toPlainDateTime(from), (to <= from ? date.add({ days: 1 }) : date).toPlainDateTime(to)];
  }
  if (nameOf(date) !== from.slice(0, 3)) return undefined;
  const begin = date.toPlainDateTime(from.slice(4));
  let end = date.toPlainDateTime(to.slice(4));
  while (nameOf(end.toPlainDate()) !== to.slice(0, 3) || Temporal.PlainDateTime.compare(end, begin) <= 0)
    end = end.add({ days: 1 });
  return [begin, end];
}

/** The windows that could hold a time of the date, as walls; asked of Temporal once a date. */
function windowsOf(layer: Layer): (date: Temporal.PlainDate) => [Temporal.PlainDateTime, Temporal.PlainDateTime][] {
  const known = new Map<string, [Temporal.PlainDateTime, Temporal.PlainDateTime][]>();
  return (date) => {
    const key = date.toString();
    const asked = known.get(key);
    if (asked) return asked;
    const dates = Array.from({ length: 13 }, (_, back) => date.add({ days: 2 - back }));
    const found = (layer.restrictions ?? []).flatMap((one) =>
      dates.map((each) => windowOn(one, each)).filter((pair) => pair !== undefined),
    );
    known.set(key, found);
    return found;
  };
}

/** Who the layer puts on call at an instant, asked again and again with what is worth keeping kept. */
function layerOracle(layer: Layer, zone: string): (at: Temporal.Instant) => string[] {
  const instantOf = (wall: Temporal.PlainDateTime) => wall.toZonedDateTime(zone, { disambiguation: 'compatible' }).toInstant();
  const first = Temporal.PlainDateTime.from(layer.starts);
  const handoffs: { wall: Temporal.PlainDateTime; at: Temporal.Instant }[] = [];
  const handoff = (k: number) => {
    for (let n = handoffs.length; n <= k; n++) {
      const wall = first.add({ [`${layer.rotation.unit}s`]: n * layer.rotation.every });
      handoffs.push({ wall, at: instantOf(wall) });
    }
    return handoffs[k]!;
  };
  const windowsAround = windowsOf(layer);
  const isOpen = (k: number): boolean => {
    if (!layer.restrictions) return true;
    const end = handoff(k + 1).wall;
    for (let wall = handoff(k).wall; Temporal.PlainDateTime.compare(wall, end) < 0; wall = wall.add({ minutes: 15 })) {
      const holds = ([from, to]: [Temporal.PlainDateTime, Temporal.PlainDateTime]) =>
        Temporal.PlainDateTime.compare(from, wall) <= 0 && Temporal.PlainDateTime.compare(wall, to) < 0;
      if (windowsAround(wall.toPlainDate()).some(holds)) return true;
    }
    return false;
  };
  const turns: number[] = [];
  const turnAt = (k: number): number => {
    for (let n = turns.length; n <= k; n++) turns.push((turns.at(-1) ?? -1) + (isOpen(n) ? 1 : 0));
    return turns[k]!;
  };
  return (at) => {
    if (layer.ends !== undefined && isAtOrBefore(instantOf(Temporal.PlainDateTime.from(layer.ends)), at)) return [];
    const local = at.toZonedDateTimeISO(zone).toPlainDateTime();
    const far = local.add({ days: 3 });
    while (handoffs.length === 0 || Temporal.PlainDateTime.compare(handoffs.at(-1)!.wall, far) <= 0) handoff(handoffs.length);
    const current = handoffs.findLastIndex((passed) => isAtOrBefore(passed.at, at));
    if (current < 0) return [];
    const isAllowed =
      !layer.restrictions ||
      windowsAround(local.toPlainDate()).some(
        ([from, to]) => isAtOrBefore(instantOf(from), at) && !isAtOrBefore(instantOf(to), at),
      );
    if (!isAllowed) return [];
    const turn = turnAt(current);
    return [layer.participants[Math.max(0, turn) % layer.participants.length]!].flat();
  };
}

/** `ana primary` or `ana primary shadow` for everyone on call at the instant, sorted. */
export function oracle(schedule: Schedule, overrides: readonly ScheduleOverride[]): (at: Temporal.Instant) => string[] {
  const layers = schedule.layers.map((layer) => ({ layer, ask: layerOracle(layer, schedule.time_zone) }));
  return (at) => {
    const active = overrides.map(
      ({ starts, ends }) => isAtOrBefore(Temporal.Instant.from(starts), at) && !isAtOrBefore(Temporal.Instant.from(ends), at),
    );
    const outcome = (person: string, role: OnCallRole, since: number): string | undefined => {
      const later = overrides.filter(
        (one, n) =>
          n > since &&
          active[n] &&
          (one.role ?? (one.replaces === undefined ? 'primary' : role)) === role &&
          one.person !== person,
      );
      const named = later.filter((one) => one.kind === 'replace' && one.replaces === person).at(-1);
      if (named) return outcome(named.person!, role, overrides.indexOf(named));
      return later.some((one) => one.kind !== 'add' && (one.replaces === undefined || one.replaces === person))
        ? undefined
        : person;
    };
    const found = new Set<string>();
    for (const role of ['primary', 'secondary', 'tertiary'] as const) {
      const own = layers.filter(({ layer }) => layer.role === role);
      const top = own.filter(({ layer }) => !layer.shadow).findLast(({ ask }) => ask(at).length > 0);
      const counted = (top?.ask(at) ?? []).map((person) => outcome(person, role, -1));
      for (const [n, one] of overrides.entries())
        if (active[n] && one.person && one.replaces === undefined && (one.role ?? 'primary') === role)
          counted.push(outcome(one.person, role, n));
      const present = counted.filter((person) => person !== undefined);
      for (const person of present) found.add(`${person} ${role}`);
      for (const { layer, ask } of own)
        if (layer.shadow) for (const person of ask(at)) if (!present.includes(person)) found.add(`${person} ${role} shadow`);
    }
    return [...found].toSorted();
  };
}
