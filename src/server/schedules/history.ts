import type { Ctx } from '../platform/ctx.ts';
import type { Plan } from './health.ts';
import * as history from './history-store.ts';
import type { Window } from './preview.ts';
import { type Shift, shifts } from './rules.ts';
import * as store from './store.ts';

/** What a schedule said for a while, with what overrode it then. */
export type Stretch = Plan & {
  id: string;
  window: Window;
  /** When the schedule was first saved, where the window begins before: until then it counts as if it had been. */
  savedAt?: Temporal.Instant;
};

const later = (a: Temporal.Instant, b: Temporal.Instant) => (Temporal.Instant.compare(a, b) > 0 ? a : b);
const earlier = (a: Temporal.Instant, b: Temporal.Instant) => (Temporal.Instant.compare(a, b) < 0 ? a : b);

/**
 * Schedules, or the one of a name, as they stood at each moment of a window, also those that are removed since: by name, in order of
 * time, none over another. What is to come is as it stands now.
 */
export const stretchesOf = async (ctx: Ctx, { from, to }: Window, name?: string): Promise<Stretch[]> => {
  const stretches: Stretch[] = [];
  for (const version of await history.versionsBetween(ctx, from, to, name)) {
    const window = {
      from: version.first ? from : later(from, version.starts_at),
      to: version.ends_at ? earlier(to, version.ends_at) : to,
    };
    const { definition: schedule, schedule_id: id } = version;
    stretches.push({
      id,
      schedule,
      overrides: await store.overridesThen(ctx, id, schedule, window.from, window.to),
      window,
      ...(version.first && Temporal.Instant.compare(from, version.starts_at) < 0 ? { savedAt: version.starts_at } : {}),
    });
  }
  return stretches;
};

export const originOf = ({ person, role, shadow, layer, override_id }: Shift) =>
  `${person} ${role} ${shadow} ${layer} ${override_id}`;

/** Who was on call over stretches of one schedule, in order of start; what a change of the schedule left as it was is one shift. */
export const shiftsOver = (stretches: readonly Stretch[]): Shift[] => {
  const joined: Shift[] = [];
  const latest = new Map<string, Shift>();
  for (const { schedule, overrides, window } of stretches)
    for (const shift of shifts(schedule, overrides, window.from, window.to)) {
      const last = latest.get(originOf(shift));
      if (last?.end.equals(shift.start)) {
        last.end = shift.end;
        continue;
      }
      joined.push(shift);
      latest.set(originOf(shift), shift);
    }
  return joined.sort((a, b) => Temporal.Instant.compare(a.start, b.start));
};
