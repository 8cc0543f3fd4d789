import type { Schedule } from '../../contract/schedule.ts';
import { historyOf, type Version, versionAt } from '../journal/versions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { notFound } from '../platform/errors.ts';
import { allVersions } from './history-store.ts';
import { wordsOf } from './history-words.ts';
import { type OnCallEntry, onCallAt } from './rules.ts';
import * as store from './store.ts';

const LOOK = { hours: 24 * 35 };
const isBefore = (a: Temporal.Instant, b: Temporal.Instant) => Temporal.Instant.compare(a, b) < 0;

const versionsOf = async (ctx: Ctx, name: string) => {
  const versions = await allVersions(ctx, name);
  if (versions.length === 0) throw notFound(`Schedule ${name}`);
  return versions;
};

/** What a schedule said at a moment, also one that is removed since. */
export const scheduleAt = async (ctx: Ctx, name: string, at: Temporal.Instant): Promise<Schedule> =>
  versionAt(await versionsOf(ctx, name), at, `Schedule ${name}`).definition;

/** Every version of a schedule, and who put it in force, newest first. */
export const scheduleHistory = async (ctx: Ctx, name: string) =>
  historyOf(name, 'schedule', await versionsOf(ctx, name), wordsOf);

/** Who was on call by one version at a moment. */
const seatedAt = async (ctx: Ctx, { id, definition }: Version<Schedule>, at: Temporal.Instant): Promise<OnCallEntry[]> =>
  definition === null
    ? []
    : onCallAt(definition, await store.overridesInForce(ctx, id, definition, at.subtract(LOOK), at.add(LOOK)), at);

type Then = OnCallEntry & { schedule: string };
export type OnCallThen = {
  entries: Then[];
  /** Schedules of which nothing is kept so far back, and from when it is. */
  unknown: { schedule: string; since: Temporal.Instant }[];
};

/**
 * Who was on call at a moment in the past, in every schedule there was: by what each said then, and by overrides that were entered
 * by then. `since` and `until` follow a person across later and earlier changes of the schedule, as they happened.
 */
export const onCallThen = async (ctx: Ctx, at: Temporal.Instant): Promise<OnCallThen> => {
  const found: OnCallThen = { entries: [], unknown: [] };
  for (const versions of Map.groupBy(await allVersions(ctx), ({ id }) => id).values()) {
    const index = versions.findLastIndex((one) => !isBefore(at, one.starts_at));
    const then = versions[index];
    const [first] = versions as [Version<Schedule>];
    if (!then && !first.made && first.definition) found.unknown.push({ schedule: first.definition.name, since: first.starts_at });
    if (!then?.definition) continue;
    const schedule = then.definition.name;
    for (const entry of await seatedAt(ctx, then, at)) {
      const since = await sinceOf(ctx, versions, index, entry);
      const { until: _, ...rest } = entry;
      const until = await untilOf(ctx, versions, index, entry);
      found.entries.push({ ...rest, schedule, since, ...(until ? { until } : {}) });
    }
  }
  found.entries.sort((a, b) => (a.schedule < b.schedule ? -1 : a.schedule > b.schedule ? 1 : 0));
  found.unknown.sort((a, b) => (a.schedule < b.schedule ? -1 : 1));
  return found;
};

const sameDuty = (a: OnCallEntry) => (b: OnCallEntry) => a.person === b.person && a.role === b.role && a.shadow === b.shadow;

const sinceOf = async (ctx: Ctx, versions: Version<Schedule>[], index: number, entry: OnCallEntry): Promise<Temporal.Instant> => {
  let { since } = entry;
  for (let n = index; n > 0; n -= 1) {
    const began = (versions[n] as Version<Schedule>).starts_at;
    if (!isBefore(since, began)) return since;
    const last = await seatedAt(ctx, versions[n - 1] as Version<Schedule>, began.subtract({ milliseconds: 1 }));
    const before = last.find(sameDuty(entry));
    if (!before) return began;
    since = before.since;
  }
  const first = versions[0] as Version<Schedule>;
  return first.made && isBefore(since, first.starts_at) ? first.starts_at : since;
};

const untilOf = async (
  ctx: Ctx,
  versions: Version<Schedule>[],
  index: number,
  entry: OnCallEntry,
): Promise<Temporal.Instant | undefined> => {
  let { until } = entry;
  for (const next of versions.slice(index + 1)) {
    if (until && !isBefore(next.starts_at, until)) return until;
    const after = (await seatedAt(ctx, next, next.starts_at)).find(sameDuty(entry));
    if (!after) return next.starts_at;
    until = after.until;
  }
  return until;
};
