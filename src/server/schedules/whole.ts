import type { Schedule } from '../../contract/schedule.ts';
import type { Version } from '../journal/versions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { originOf } from './history.ts';
import { allVersions } from './history-store.ts';
import type { Window } from './preview.ts';
import { type Shift, wholeShifts } from './rules.ts';
import * as store from './store.ts';

const before = (a: Temporal.Instant, b: Temporal.Instant) => Temporal.Instant.compare(a, b) < 0;
const later = (a: Temporal.Instant, b: Temporal.Instant) => (before(a, b) ? b : a);
const earlier = (a: Temporal.Instant, b: Temporal.Instant) => (before(a, b) ? a : b);
const toMillisecond = (at: Temporal.Instant) => Temporal.Instant.fromEpochMilliseconds(at.epochMilliseconds);
const EVER = Temporal.Instant.from('9999-01-01T00:00:00Z');
const NEVER = Temporal.Instant.from('1000-01-01T00:00:00Z');

/** A version while it was in force. */
type Reign = { id: string; schedule: Schedule | null; from: Temporal.Instant; to: Temporal.Instant };
const reignsOf = (versions: readonly Version<Schedule>[], isFirst: boolean): Reign[] =>
  versions
    .map((one, n) => ({
      id: one.id,
      schedule: one.definition,
      // As for reports: the first that is known of a name counts for the time before it too.
      from: n === 0 && isFirst ? NEVER : toMillisecond(one.starts_at),
      to: toMillisecond(versions[n + 1]?.starts_at ?? EVER),
    }))
    .filter(({ from, to }) => before(from, to));

/** Shifts of one reign that touch a window, whole but for where it begins and ends. */
const shiftsIn = async (ctx: Ctx, reign: Reign, window: Window): Promise<Shift[]> => {
  const [from, to] = [later(reign.from, window.from), earlier(reign.to, window.to)];
  if (!reign.schedule || !before(from, to)) return [];
  const overrides = await store.overridesThen(ctx, reign.id, reign.schedule, from, to);
  return wholeShifts(reign.schedule, overrides, from, to).map((shift) => ({
    ...shift,
    start: later(shift.start, reign.from),
    end: earlier(shift.end, reign.to),
  }));
};

/** From a reign on, backwards or forwards, what goes on of shifts that are cut where it begins or ends. */
const goesOn = async (ctx: Ctx, reigns: readonly Reign[], at: number, cut: Shift[], way: 'back' | 'ahead'): Promise<Shift[]> => {
  const found: Shift[] = [];
  let open = cut;
  for (let n = at; open.length > 0; n += way === 'back' ? -1 : 1) {
    const [here, next] = [reigns[n] as Reign, reigns[way === 'back' ? n - 1 : n + 1]];
    const edge = way === 'back' ? here.from : here.to;
    const touching = open.filter((one) => (way === 'back' ? one.start : one.end).equals(edge)).map(originOf);
    if (!next || touching.length === 0) break;
    const moment =
      way === 'back' ? { from: edge.subtract({ milliseconds: 1 }), to: edge } : { from: edge, to: edge.add({ milliseconds: 1 }) };
    open = (await shiftsIn(ctx, next, moment)).filter((one) => touching.includes(originOf(one)));
    found.push(...open);
  }
  return found;
};

const joined = (pieces: Shift[]): Shift[] => {
  const out: Shift[] = [];
  for (const own of Map.groupBy(pieces, originOf).values())
    for (const piece of own.sort((a, b) => Temporal.Instant.compare(a.start, b.start))) {
      const last = out.at(-1);
      if (last && originOf(last) === originOf(piece) && last.end.equals(piece.start)) last.end = piece.end;
      else out.push({ ...piece });
    }
  return out;
};

/**
 * Whole shifts that touch a window, by schedule: what was, as the schedule stood then, also of one that is removed since; what is to
 * come, as it stands now. `schedule`: as it stands last.
 */
export const wholeShiftsThen = async (
  ctx: Ctx,
  window: Window,
  name?: string,
): Promise<{ schedule: Schedule; shifts: Shift[] }[]> => {
  const found: { schedule: Schedule; shifts: Shift[] }[] = [];
  const seen = new Set<string>();
  for (const versions of Map.groupBy(await allVersions(ctx, name), ({ id }) => id).values()) {
    const schedule = versions.findLast((one) => one.definition)?.definition;
    if (!schedule) continue;
    const reigns = reignsOf(versions, !seen.has(schedule.name));
    seen.add(schedule.name);
    const asked = reigns.flatMap((one, n) => (before(one.from, window.to) && before(window.from, one.to) ? [n] : []));
    const [first, last] = [asked[0], asked.at(-1)];
    if (first === undefined || last === undefined) continue;
    const pieces: Shift[] = [];
    for (const n of asked) {
      const own = await shiftsIn(ctx, reigns[n] as Reign, window);
      pieces.push(...own);
      if (n === first) pieces.push(...(await goesOn(ctx, reigns, n, own, 'back')));
      if (n === last) pieces.push(...(await goesOn(ctx, reigns, n, own, 'ahead')));
    }
    found.push({ schedule, shifts: joined(pieces) });
  }
  return found;
};
