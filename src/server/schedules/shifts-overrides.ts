import type { OnCallRole, Override, TrainingStage } from '../../contract/schedule.ts';
import { type Interval, subtract, union } from './shifts-intervals.ts';

/**
 * An override as the wire has it, or with its times already read; or that `person` learns at the side of `replaces`, whose place
 * they do not take. Of one who learns and whose mentor is gone `replaces` is absent. A `turn` overrides nothing: it is `person`'s
 * turn in the layer `layer`, read from a calendar.
 */
export type ScheduleOverride = Omit<Override, 'starts' | 'ends' | 'kind'> & {
  kind: Override['kind'] | TrainingStage | 'turn';
  layer?: string;
  starts: Temporal.Instant | string;
  ends: Temporal.Instant | string;
  /** Of one who learns: paged loudly while they shadow, and how long after them the mentor is once they are asked first. */
  loud?: boolean;
  behind_seconds?: number;
};

/** One person on call in one role for a while. */
export type Seat = Interval & {
  person: string;
  role: OnCallRole;
  shadow: boolean;
  /** Place of the layer in the schedule, and which of its turns this is. None when an override alone seats the person. */
  layer?: number;
  turn?: number;
  /** Place of the override in the list that seated the person last; -1: the layer did. */
  override: number;
};

export const isTraining = ({ kind }: Pick<ScheduleOverride, 'kind'>): boolean => kind === 'shadow' || kind === 'reverse_shadow';

const milliseconds = (at: Temporal.Instant | string) => Temporal.Instant.from(at).epochMilliseconds;

export const isTurn = ({ kind }: Pick<ScheduleOverride, 'kind'>): boolean => kind === 'turn';

/** When somebody learns to be on call and nobody has signed yet that they are ready for it alone. */
export const learningOf = (person: string, overrides: readonly ScheduleOverride[]): Interval[] =>
  union(
    overrides
      .filter((one) => isTraining(one) && one.person === person)
      .map(({ starts, ends }) => ({ start: milliseconds(starts), end: milliseconds(ends) })),
  );

type Placed = Interval & { index: number; is: ScheduleOverride };

const concernsRole = ({ role, replaces }: ScheduleOverride, of: OnCallRole) =>
  role ? role === of : replaces !== undefined || of === 'primary';

const replacesByName = ({ is }: Placed, { person, role }: Seat) =>
  is.kind === 'replace' && is.replaces === person && is.person !== person && concernsRole(is, role);

const unseats = ({ is }: Placed, { person, role }: Seat) => {
  if (is.kind === 'add' || isTraining(is) || !concernsRole(is, role)) return false;
  return is.replaces === undefined ? is.person !== person : is.kind === 'remove' && is.replaces === person;
};

/** Who sits in a seat once every override in force over all of it has spoken; nobody is undefined. */
function settle(seat: Seat, inForce: readonly Placed[]): Seat | undefined {
  let settled = seat;
  // Each pass only looks at overrides later than the one before, so two people who replace each other end with the later word.
  for (;;) {
    const later = inForce.filter(({ index }) => index > settled.override);
    const next = later.findLast((candidate) => replacesByName(candidate, settled));
    if (!next) return later.some((candidate) => unseats(candidate, settled)) ? undefined : settled;
    settled = { ...settled, person: next.is.person!, override: next.index };
  }
}

/** The seat cut where an override begins or ends, each piece settled. */
function settlePieces(seat: Seat, overrides: readonly Placed[]): Seat[] {
  const touching = overrides.filter(({ start, end }) => start < seat.end && end > seat.start);
  if (touching.length === 0) return [seat];
  const cuts = touching.flatMap(({ start, end }) => [start, end]).filter((at) => at > seat.start && at < seat.end);
  const edges = [...new Set([seat.start, ...cuts, seat.end])].toSorted((a, b) => a - b);
  return edges.slice(0, -1).flatMap((start, at) => {
    const end = edges[at + 1]!;
    const inForce = touching.filter((placed) => placed.start <= start && placed.end >= end);
    return settle({ ...seat, start, end }, inForce) ?? [];
  });
}

/**
 * Counted seats after the overrides, which are given oldest first. Each acts once, on people as older ones left them:
 * A replaced by B and, later, B replaced by C is C. Of two that replace the same person the later holds; a person both
 * removed and replaced is replaced. An override that names nobody to replace clears its role, and its person, if any,
 * holds the role alone for all its time, also where nobody was on call. Shadows are left as they are. Last come
 * those who learn, at the side of whoever is on call in the end.
 */
export function applyOverrides(seats: readonly Seat[], overrides: readonly ScheduleOverride[], from: number, to: number): Seat[] {
  const placed = overrides
    .map(
      (is, index): Placed => ({
        is,
        index,
        start: Math.max(from, milliseconds(is.starts)),
        end: Math.min(to, milliseconds(is.ends)),
      }),
    )
    .filter(({ is, start, end }) => start < end && !isTurn(is));
  if (placed.length === 0) return [...seats];
  const seatedByOverride = placed.flatMap(({ is, index, start, end }): Seat[] =>
    is.person === undefined || is.replaces !== undefined || is.kind === 'remove' || isTraining(is)
      ? []
      : [{ start, end, person: is.person, role: is.role ?? 'primary', shadow: false, override: index }],
  );
  const settled = [...seats, ...seatedByOverride].flatMap((seat) => (seat.shadow ? [seat] : settlePieces(seat, placed)));
  return [...settled, ...placed.flatMap((one) => atTheSideOf(one, settled))];
}

/** Whoever learns is there whenever their mentor is on call, in the same role. */
const atTheSideOf = ({ is, index, start, end }: Placed, settled: readonly Seat[]): Seat[] =>
  isTraining(is) && is.person !== undefined
    ? settled
        .filter((seat) => !seat.shadow && seat.person === is.replaces && seat.start < end && seat.end > start)
        .map((seat) => ({
          ...seat,
          start: Math.max(seat.start, start),
          end: Math.min(seat.end, end),
          person: is.person as string,
          shadow: true,
          override: index,
        }))
    : [];

/** Lower is kept. Seats of one rank differ in nothing that is shown. */
const rank = ({ override, shadow, layer = 999 }: Seat) => (shadow ? 1e9 : override * 1000) + layer;

/** Every person at most once in a role at any instant: as the layer seats them, else by the oldest override, else as a shadow. */
export function dropDoubles(seats: readonly Seat[]): Seat[] {
  const perPerson = Map.groupBy(seats, ({ person, role }) => `${role} ${person}`);
  return [...perPerson.values()].flatMap((own) => {
    let taken: Interval[] = [];
    const kept: Seat[] = [];
    for (const [, same] of [...Map.groupBy(own, rank)].toSorted(([a], [b]) => a - b)) {
      let until = Number.NEGATIVE_INFINITY;
      const apart = same
        .toSorted((a, b) => a.start - b.start)
        .flatMap((seat) => {
          const start = Math.max(seat.start, until);
          until = Math.max(seat.end, until);
          return start < seat.end ? [{ ...seat, start }] : [];
        });
      kept.push(...subtract(apart, taken));
      taken = union([...taken, ...apart]);
    }
    return kept;
  });
}
