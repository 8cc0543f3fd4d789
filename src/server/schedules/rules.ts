import type { OnCallRole, Schedule, ShiftTraining } from '../../contract/schedule.ts';
import type { Sentence } from '../../contract/wording.ts';
import { tell } from '../channels/words/words.ts';
import { byDuty, byOrigin, join, seatsBetween } from './shifts.ts';
import { complement, union } from './shifts-intervals.ts';
import { isTraining, type ScheduleOverride, type Seat } from './shifts-overrides.ts';
import { day, parseWall } from './shifts-zone.ts';

export type { ScheduleOverride } from './shifts-overrides.ts';

/** One person on call in one role from `start` to before `end`, for one reason. */
export type Shift = {
  person: string;
  role: OnCallRole;
  /** Notified, never counted. */
  shadow: boolean;
  start: Temporal.Instant;
  end: Temporal.Instant;
  /** Absent when an override alone puts the person on call. */
  layer?: string;
  override_id?: string;
  /** Of a shadow who is in training. */
  training?: ShiftTraining;
  /** A short sentence. */
  reason: string;
};

export type Gap = { start: Temporal.Instant; end: Temporal.Instant };

/** Someone on call now. */
export type OnCallEntry = Omit<Shift, 'start' | 'end'> & {
  /** When the person came on call in this role, by whatever layers and overrides, however long ago. */
  since: Temporal.Instant;
  /** `reason`, to be told in any language. */
  why: Sentence;
  /** When the person goes off call in this role; absent when the next five years show no end. */
  until?: Temporal.Instant;
};

/** How far ahead a duty that does not end is followed. */
const farAhead = 5 * 366 * day;

const instantOf = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms);

function whyOf({ role, shadow }: Seat, layer = '', override: ScheduleOverride | undefined): Sentence {
  if (!override) return shadow ? { key: 'why.layer_shadow', values: { role, layer } } : { key: 'why.layer', values: { layer } };
  const { kind, id, replaces } = override;
  if (kind === 'shadow' || kind === 'reverse_shadow') return { key: `why.${kind}`, values: { person: replaces ?? '' } };
  if (kind === 'add') return { key: 'why.added', values: { override: id } };
  return replaces === undefined
    ? { key: 'why.replaces_all', values: { role, override: id } }
    : { key: 'why.replaces', values: { person: replaces, override: id } };
}
const asReason = (why: Sentence): string => `${tell('en', why).replace(/^\w/, (first) => first.toUpperCase())}.`;

const trainingOf = (override: ScheduleOverride | undefined): Pick<Shift, 'training'> =>
  override && (override.kind === 'shadow' || override.kind === 'reverse_shadow')
    ? {
        training: {
          stage: override.kind,
          mentor: override.replaces ?? null,
          loud: override.loud === true,
          behind_seconds: override.behind_seconds ?? 0,
        },
      }
    : {};

function origin(
  schedule: Schedule,
  overrides: readonly ScheduleOverride[],
  seat: Seat,
  said: Map<string, string>,
): Omit<Shift, 'start' | 'end'> {
  const layer = seat.layer === undefined ? undefined : schedule.layers[seat.layer]!.name;
  const override = overrides[seat.override];
  const key = `${seat.layer} ${seat.override} ${seat.role} ${seat.shadow}`;
  const reason = said.get(key) ?? asReason(whyOf(seat, layer, override));
  said.set(key, reason);
  return {
    person: seat.person,
    role: seat.role,
    shadow: seat.shadow,
    ...(layer !== undefined && { layer }),
    ...(override && !isTraining(override) && { override_id: override.id }),
    ...trainingOf(override),
    reason,
  };
}

/** A year of hourly turns has tens of thousands of seats but few handoffs and reasons that differ, and making those is what costs. */
function asShifts(schedule: Schedule, overrides: readonly ScheduleOverride[], seats: readonly Seat[]): Shift[] {
  const made = new Map<number, Temporal.Instant>();
  const said = new Map<string, string>();
  const at = (ms: number) => {
    const known = made.get(ms) ?? instantOf(ms);
    made.set(ms, known);
    return known;
  };
  return seats.map((seat) =>
    Object.assign(origin(schedule, overrides, seat, said), { start: at(seat.start), end: at(seat.end) }),
  );
}

/**
 * Who is on call from `from` to before `to`, in order of start: the one answer that pager, API, CLI and calendar share.
 * Cut to the window, so two windows that meet say what the one that spans them says. Overrides are given oldest first.
 * Times are exact to the millisecond.
 */
export function shifts(
  schedule: Schedule,
  overrides: readonly ScheduleOverride[],
  from: Temporal.Instant,
  to: Temporal.Instant,
): Shift[] {
  const seats = join(seatsBetween(schedule, overrides, from.epochMilliseconds, to.epochMilliseconds), byOrigin);
  return asShifts(schedule, overrides, seats);
}

/** The earliest moment anything in a schedule could put somebody on call. */
function beginning(schedule: Schedule, overrides: readonly ScheduleOverride[]): number {
  const starts = [
    ...schedule.layers.map((layer) => parseWall(layer.starts) - 2 * day),
    ...overrides.map((override) => Temporal.Instant.from(override.starts).epochMilliseconds),
  ];
  return Math.min(...starts);
}

/**
 * Seats that overlap the window, with their true start and end: the look is widened, four times further each time,
 * until nothing that overlaps the window touches its edge. Only an end more than five years ahead stays open.
 */
function wholeSeats(
  schedule: Schedule,
  overrides: readonly ScheduleOverride[],
  from: number,
  to: number,
  keyOf: (seat: Seat) => string,
): Seat[] {
  const earliest = Math.min(from, beginning(schedule, overrides));
  const latest = to + farAhead;
  let back = 0;
  let ahead = 0;
  for (;;) {
    const low = Math.max(earliest, from - back);
    const high = Math.min(latest, to + ahead);
    const seats = join(seatsBetween(schedule, overrides, low, high), keyOf).filter(({ start, end }) => start < to && end > from);
    const cutBefore = low > earliest && seats.some(({ start }) => start === low);
    const cutAfter = high < latest && seats.some(({ end }) => end === high);
    if (!cutBefore && !cutAfter) return seats;
    if (cutBefore) back = back * 4 || 8 * day;
    if (cutAfter) ahead = ahead * 4 || 8 * day;
  }
}

/**
 * Shifts that overlap the window, not cut to it: what a calendar shows, and what an identifier may be made of.
 * One whose end is more than five years past the window is cut there.
 */
export function wholeShifts(
  schedule: Schedule,
  overrides: readonly ScheduleOverride[],
  from: Temporal.Instant,
  to: Temporal.Instant,
): Shift[] {
  if (Temporal.Instant.compare(from, to) >= 0) return [];
  const seats = wholeSeats(schedule, overrides, from.epochMilliseconds, to.epochMilliseconds, byOrigin);
  return asShifts(schedule, overrides, seats);
}

/** Who is on call at an instant, in order of role, each person at most once in a role. */
export function onCallAt(schedule: Schedule, overrides: readonly ScheduleOverride[], at: Temporal.Instant): OnCallEntry[] {
  const now = at.epochMilliseconds;
  const said = new Map<string, string>();
  const duties = new Map(wholeSeats(schedule, overrides, now, now + 1, byDuty).map((seat) => [byDuty(seat), seat]));
  return join(seatsBetween(schedule, overrides, now, now + 1), byOrigin).map((seat) => {
    const { start, end } = duties.get(byDuty(seat))!;
    const layer = seat.layer === undefined ? undefined : schedule.layers[seat.layer]!.name;
    const why = whyOf(seat, layer, overrides[seat.override]);
    const entry = { ...origin(schedule, overrides, seat, said), why, since: instantOf(start) };
    return end < now + farAhead ? { ...entry, until: instantOf(end) } : entry;
  });
}

/** The first instant after `after`, at `horizon` at the latest, when somebody comes on or goes off call, shadows included. */
export function nextChange(
  schedule: Schedule,
  overrides: readonly ScheduleOverride[],
  after: Temporal.Instant,
  horizon: Temporal.Instant,
): Temporal.Instant | undefined {
  const from = after.epochMilliseconds;
  const limit = horizon.epochMilliseconds + 1;
  for (let reach = 2 * day; from < limit; reach *= 4) {
    const to = Math.min(limit, from + reach);
    const edges = join(seatsBetween(schedule, overrides, from, to), byDuty).flatMap(({ start, end }) => [start, end]);
    const next = edges.filter((edge) => edge > from && edge < to).reduce((least, edge) => Math.min(least, edge), to);
    if (next < to) return instantOf(next);
    if (to === limit) return undefined;
  }
  return undefined;
}

/** When nobody, shadows not counted, is on call in a role; without a role, when nobody is in any. */
export function gaps(
  schedule: Schedule,
  overrides: readonly ScheduleOverride[],
  from: Temporal.Instant,
  to: Temporal.Instant,
  role?: OnCallRole,
): Gap[] {
  const counted = seatsBetween(schedule, overrides, from.epochMilliseconds, to.epochMilliseconds).filter(
    (seat) => !seat.shadow && (role === undefined || seat.role === role),
  );
  return complement(union(counted), from.epochMilliseconds, to.epochMilliseconds).map(({ start, end }) => ({
    start: instantOf(start),
    end: instantOf(end),
  }));
}
