import type { OnCallRole, Schedule } from '../../../contract/schedule.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { join, seatsBetween } from '../shifts.ts';
import type { ScheduleOverride, Seat } from '../shifts-overrides.ts';
import * as schedules from '../store.ts';
import type { TurnsChanged } from '../types.ts';

type Said = { schedule: Schedule; overrides: readonly ScheduleOverride[] };
type Span = { start: number; end: number; role: OnCallRole };

const iso = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toString();
/** What must be equal for nothing to have changed: every hour, in its role. */
const hoursOf = (seats: readonly Seat[]): string =>
  join(seats, ({ role }) => role)
    .map(({ start, end, role }) => `${role} ${start} ${end}`)
    .join();

/** Whole turns, in order: the pieces into which office hours cut a turn are one, and so are turns that follow each other. */
const spansOf = (seats: readonly Seat[]): Span[] => {
  const turns = Map.groupBy(seats, (seat) =>
    seat.layer === undefined ? `${seat.role} ${seat.start}` : `${seat.role} ${seat.layer} ${seat.turn}`,
  );
  const spans = [...turns.values()].map(
    (pieces): Span => ({
      start: Math.min(...pieces.map(({ start }) => start)),
      end: Math.max(...pieces.map(({ end }) => end)),
      role: pieces[0]!.role,
    }),
  );
  return spans
    .toSorted((a, b) => a.start - b.start)
    .reduce<Span[]>((done, span) => {
      const last = done.findLast((one) => one.role === span.role);
      if (last && last.end >= span.start) last.end = Math.max(last.end, span.end);
      else done.push({ ...span });
      return done;
    }, []);
};

/** Whose turns are others than before between two instants (ms): by person what they had, and what they have. */
const turnsChanged = (before: Said, after: Said, from: number, to: number): TurnsChanged[] => {
  const seats = ({ schedule, overrides }: Said) =>
    Map.groupBy(
      seatsBetween(schedule, overrides, from, to).filter(({ shadow }) => !shadow),
      ({ person }) => person,
    );
  const [had, has] = [seats(before), seats(after)];
  return [...new Set([...had.keys(), ...has.keys()])].sort().flatMap((person) => {
    const [was, is] = [had.get(person) ?? [], has.get(person) ?? []];
    if (hoursOf(was) === hoursOf(is)) return [];
    const told = (own: readonly Seat[]) =>
      spansOf(own).map(({ start, end, role }) => ({ starts: iso(start), ends: iso(end), role }));
    return [{ person, had: told(was), has: told(is) }];
  });
};

type Row = { schedule: string; schedule_id: string; starts_at: Temporal.Instant; ends_at: Temporal.Instant };
/** Changes a schedule by a rota, and has each person whose turns become others told, once. */
export const telling = async (
  ctx: Ctx,
  row: Row,
  what: 'in_force' | 'taken_back',
  change: () => Promise<void>,
): Promise<void> => {
  const from = Temporal.Instant.compare(row.starts_at, ctx.now) < 0 ? ctx.now : row.starts_at;
  const read = async (): Promise<Said | undefined> => {
    const found = await schedules.byName(ctx, row.schedule);
    const overrides = await schedules.overrides(ctx, row.schedule_id, from, row.ends_at);
    return found && { schedule: found.definition, overrides };
  };
  const before = await read();
  await change();
  const after = await read();
  if (!before || !after) return;
  const people = turnsChanged(before, after, from.epochMilliseconds, row.ends_at.epochMilliseconds);
  if (people.length > 0)
    await ctx.emit('schedule.rota_changed', {
      schedule: row.schedule,
      title: after.schedule.title || row.schedule,
      what,
      starts: from.toString(),
      ends: row.ends_at.toString(),
      people,
    });
};
