import type { OnCallRole, Schedule } from '../../contract/schedule.ts';
import { layerTurns } from './shifts-calendar.ts';
import { subtract, union } from './shifts-intervals.ts';
import { applyOverrides, dropDoubles, type ScheduleOverride, type Seat } from './shifts-overrides.ts';
import type { Turn } from './shifts-rotation.ts';
import { localClock } from './shifts-zone.ts';

export const roles: readonly OnCallRole[] = ['primary', 'secondary', 'tertiary'];

/** The layers' own seats in one role: from the last layer to the first, each fills what later ones leave. */
function stack(schedule: Schedule, overrides: readonly ScheduleOverride[], role: OnCallRole, from: number, to: number): Seat[] {
  const clock = localClock(schedule.time_zone);
  const seat = (layer: number, shadow: boolean, turns: Turn[]): Seat[] =>
    turns.flatMap(({ start, end, turn, people }) =>
      people.map((person) => ({ start, end, person, role, shadow, layer, turn, override: -1 })),
    );
  const seats: Seat[] = [];
  let covered: { start: number; end: number }[] = [];
  for (let at = schedule.layers.length - 1; at >= 0; at--) {
    const layer = schedule.layers[at]!;
    if (layer.role !== role) continue;
    if (layer.shadow) {
      seats.push(...seat(at, true, layerTurns(layer, overrides, clock, from, to)));
      continue;
    }
    const isFull = covered.length === 1 && covered[0]!.start <= from && covered[0]!.end >= to;
    if (isFull) continue;
    const turns = layerTurns(layer, overrides, clock, from, to);
    for (const visible of seat(at, false, subtract(turns, covered))) seats.push(visible);
    covered = union([...covered, ...turns]);
  }
  return seats;
}

/** Who is on call between two instants (ms): layers stacked, overrides applied, cut to the window, in no order. */
export function seatsBetween(schedule: Schedule, overrides: readonly ScheduleOverride[], from: number, to: number): Seat[] {
  if (from >= to) return [];
  const base = roles.flatMap((role) => stack(schedule, overrides, role, from, to));
  const settled = applyOverrides(base, overrides, from, to);
  const mayRepeat = overrides.length > 0 || base.some(({ shadow }) => shadow);
  return mayRepeat ? dropDoubles(settled) : settled;
}

/** In order of start, then role; seats that touch and share a key are made one. */
export function join(seats: readonly Seat[], keyOf: (seat: Seat) => string): Seat[] {
  const joined: Seat[] = [];
  const latest = new Map<string, Seat>();
  for (const seat of seats.toSorted(
    (a, b) =>
      a.start - b.start ||
      roles.indexOf(a.role) - roles.indexOf(b.role) ||
      Number(a.shadow) - Number(b.shadow) ||
      (a.person < b.person ? -1 : 1),
  )) {
    const key = keyOf(seat);
    const last = latest.get(key);
    if (last && last.end === seat.start) {
      last.end = seat.end;
      continue;
    }
    const copy = { ...seat };
    joined.push(copy);
    latest.set(key, copy);
  }
  return joined;
}

export const byOrigin = ({ person, role, shadow, layer, override }: Seat) => `${person} ${role} ${shadow} ${layer} ${override}`;
export const byDuty = ({ person, role, shadow }: Seat) => `${person} ${role} ${shadow}`;
