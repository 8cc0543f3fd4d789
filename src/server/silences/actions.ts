import type { z } from 'zod';
import type { Silence, silenceWindow } from '../../contract/silence.ts';
import { allServices } from '../catalog/actions.ts';
import { allow } from '../identity/permissions.ts';
import { changesOf, journal } from '../journal/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid, notFound } from '../platform/errors.ts';
import { assertMatcher, describeMatcher, type Facts, matchNothing } from '../platform/matching.ts';
import { activeUntil, type SilenceRow, silencedBy, type Window, windowsOf } from './rules.ts';
import * as store from './store.ts';
import './types.ts';

export { covers, type SilenceRow } from './rules.ts';

/** Hiding what teams own takes the permission for each of them; hiding by matchers alone, everywhere. */
const allowOver = (ctx: Ctx, names: string[], services: { name: string; team_id: string | null }[]) => {
  if (names.length === 0) allow(ctx, 'silence.write', null);
  for (const name of names) allow(ctx, 'silence.write', services.find((service) => service.name === name)?.team_id ?? null);
};

/**
 * Starts a silence or maintenance window, or brings the named one to this state. Refuses one that
 * would hide everything, names a service that is not here, has no end, or ends before it starts. Returns its id.
 */
export const saveSilence = async (ctx: Ctx, input: Silence): Promise<string> => {
  allow(ctx, 'silence.write');
  const { starts_at, ends_at } = await check(ctx, input);
  const tooBroad = whyTooBroad(input);
  if (tooBroad) throw invalid(tooBroad, 'matchers');
  const services = await allServices(ctx);
  allowOver(ctx, input.services, services);
  const row = {
    kind: input.kind,
    comment: input.comment,
    services: input.services,
    matchers: JSON.stringify(input.matchers),
    starts_at,
    ends_at,
    recurs: input.recurs ? JSON.stringify(input.recurs) : null,
  };
  const existing = input.name ? await store.byName(ctx, input.name) : undefined;
  const id = existing?.id ?? (await store.insert(ctx, { ...row, name: input.name ?? null })).id;
  if (existing) {
    allowOver(ctx, existing.services, services);
    await store.replace(ctx, id, input.starts_at ? row : { ...row, starts_at: existing.starts_at });
  }
  if (ends_at) await ctx.enqueue('silence.window_over', [{ data: { id }, at: ends_at }]);
  await journal(ctx, {
    type: 'silence.saved',
    subject: { type: 'silence', id },
    text: `${input.kind === 'maintenance' ? 'Maintenance' : 'Silence'} ${[...input.services, ...input.matchers.map(describeMatcher)].join(', ')}: ${input.comment}`,
    data: {
      ...input,
      starts_at,
      ends_at,
      changes: changesOf(
        existing && plainOf(existing),
        plainOf({ ...input, starts_at: existing && !input.starts_at ? existing.starts_at : starts_at, ends_at }),
      ),
    },
  });
  // It may cover less than before: what it no longer covers must not wait for its end.
  if (existing) await ctx.emit('silence.over', { id });
  return id;
};

const plainOf = (
  one: { kind: string } & Omit<Silence, 'kind' | 'starts_at' | 'ends_at' | 'name' | 'recurs'> &
    Pick<SilenceRow, 'starts_at' | 'ends_at'> & { recurs?: unknown },
) => ({
  kind: one.kind,
  comment: one.comment,
  services: one.services,
  matchers: one.matchers,
  starts_at: one.starts_at.toString(),
  ends_at: one.ends_at?.toString() ?? null,
  recurs: one.recurs ?? null,
});

/** Refuses times and names that cannot be, naming the field. */
const check = async (ctx: Ctx, input: Silence) => {
  const starts_at = input.starts_at ? Temporal.Instant.from(input.starts_at) : ctx.now;
  const ends_at = input.ends_at ? Temporal.Instant.from(input.ends_at) : null;
  if (!ends_at && !input.recurs) throw invalid('needed: a silence without an end hides trouble for ever', 'ends_at');
  if (ends_at && Temporal.Instant.compare(ends_at, starts_at) <= 0) throw invalid('must be after starts_at', 'ends_at');
  if (ends_at && Temporal.Instant.compare(ends_at, ctx.now) <= 0 && !input.name) throw invalid('is in the past', 'ends_at');
  for (const [index, matcher] of input.matchers.entries()) assertMatcher(matcher, `matchers.${index}`);
  const known = new Set((await allServices(ctx)).map((service) => service.name));
  const unknown = input.services.findIndex((name) => !known.has(name));
  if (unknown >= 0) throw invalid(`there is no service named ${input.services[unknown]}`, `services.${unknown}`);
  return { starts_at, ends_at };
};

/** What only asks that a value be there narrows little: every alert has a summary. */
const whyTooBroad = (input: Silence): string | undefined => {
  const narrowing = input.matchers.filter(({ op, value }) => value !== '' && !(op === '=~' && value === '.+'));
  return input.services.length === 0 && matchNothing(narrowing)
    ? 'needs a service or a matcher that narrows it: this would silence everything'
    : undefined;
};

const FAR = { hours: 24 * 400 };
/** What a draft is: when it would be active next, and why it would be refused as too broad. Refuses what else is wrong with it. */
export const previewWindows = async (ctx: Ctx, input: Silence) => {
  const { starts_at, ends_at } = await check(ctx, input);
  const recurs = input.recurs ?? null;
  const windows = windowsOf({ starts_at, ends_at, ended_at: null, recurs }, ctx.now, ctx.now.add(FAR), 5);
  return {
    tooBroad: whyTooBroad(input) ?? null,
    activeNow: windows.some(({ start }) => Temporal.Instant.compare(start, ctx.now) <= 0),
    windows: windows.map((window) => shownWindow(window, recurs?.time_zone ?? 'UTC')),
  };
};

const shownWindow = ({ start, end }: Window, zone: string): z.input<typeof silenceWindow> => {
  const local = (at: Temporal.Instant) => at.toZonedDateTimeISO(zone).toString({ timeZoneName: 'never', smallestUnit: 'minute' });
  return {
    starts: start.toString(),
    ends: end?.toString() ?? null,
    local_starts: local(start),
    local_ends: end ? local(end) : null,
    time_zone: zone,
  };
};

const MAX_SILENCES = 1000;
const MAX_WINDOWS = 2000;
/** Every window of every silence between two instants, in order; recurring ones are there each time. At most 2,000. */
export const calendar = async (ctx: Ctx, from: Temporal.Instant, to: Temporal.Instant) => {
  if (Temporal.Instant.compare(to, from) <= 0) throw invalid('must be after `from`', 'to');
  if (Temporal.Instant.compare(to, from.add(FAR)) > 0) throw invalid('at most 400 days at a time', 'to');
  const rows = await store.between(ctx, from, to, MAX_SILENCES);
  const items = rows.flatMap((row) =>
    windowsOf(row, from, to, MAX_WINDOWS).map((window) => ({ row, ...shownWindow(window, row.recurs?.time_zone ?? 'UTC') })),
  );
  return items.sort((a, b) => Temporal.Instant.compare(a.starts, b.starts)).slice(0, MAX_WINDOWS);
};

/** Ends a silence now; alerts it hid that are still open are looked at again. Safe to repeat. */
export const endSilence = async (ctx: Ctx, id: string): Promise<void> => {
  allow(ctx, 'silence.write');
  const row = await store.byId(ctx, id);
  if (!row) throw notFound('Silence');
  allowOver(ctx, row.services, await allServices(ctx));
  if (!(await store.end(ctx, id))) return;
  await journal(ctx, {
    type: 'silence.ended',
    subject: { type: 'silence', id },
    text: `${row.kind === 'maintenance' ? 'Maintenance' : 'Silence'} ended early: ${row.comment}`,
  });
  await ctx.emit('silence.over', { id });
};

/** The time of a window's end came: lets what it hid be looked at again, unless it was extended. */
export const windowOver = async (ctx: Ctx, { id }: { id: string }): Promise<void> => {
  const row = await store.byId(ctx, id);
  if (row && !activeUntil(row, ctx.now)) await ctx.emit('silence.over', { id });
};

export const runningSilences = (ctx: Ctx): Promise<SilenceRow[]> => store.running(ctx);
/** Those that hide something now, each with when that ends. */
export const activeSilences = async (ctx: Ctx): Promise<{ silence: SilenceRow; until: Temporal.Instant }[]> =>
  (await store.running(ctx)).flatMap((silence) => {
    const until = activeUntil(silence, ctx.now);
    return until ? [{ silence, until }] : [];
  });
/** The newest that fit; those that are active or upcoming are few and all there. */
export const recentSilences = async (
  ctx: Ctx,
  filter: { state?: 'active' | 'upcoming' | 'past' | undefined; kind?: string | undefined; service?: string | undefined },
  limit: number,
) => {
  const { state, ...rest } = filter;
  const rows = await store.recent(ctx, { ...rest, ...(state ? { over: state === 'past' } : {}) }, limit);
  const wanted = state && ({ active: 'active', upcoming: 'pending', past: 'expired' } as const)[state];
  return wanted ? rows.filter((row) => stateOf(row, ctx.now) === wanted) : rows;
};
export const silenceById = store.byId;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** The silence with this id, or the one kept under this name. */
export const silenceFound = async (ctx: Ctx, idOrName: string) => {
  const row = (UUID.test(idOrName) ? await store.byId(ctx, idOrName) : undefined) ?? (await store.byName(ctx, idOrName));
  if (!row) throw notFound('Silence');
  return row;
};

/** Whether an alert of this service is silenced now, and why. `list` is what `runningSilences` gave. */
export const isSilenced = (ctx: Ctx, list: SilenceRow[], service: string, facts: Facts) =>
  silencedBy(list, service, facts, ctx.now);

/** A recurring window ends without a row changing: the moment is put in the queue when an alert is hidden by it. */
export const wakeAtEnd = (ctx: Ctx, id: string, until: Temporal.Instant): Promise<void> =>
  ctx.enqueue('silence.window_over', [{ data: { id }, at: until }]);

export const stateOf = (row: SilenceRow, now: Temporal.Instant): 'active' | 'pending' | 'expired' => {
  if (activeUntil(row, now)) return 'active';
  const over = row.ended_at || (row.ends_at && Temporal.Instant.compare(row.ends_at, now) <= 0);
  return over ? 'expired' : 'pending';
};
