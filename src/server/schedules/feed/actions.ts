import type { z } from 'zod';
import type { layerCalendar, Schedule } from '../../../contract/schedule.ts';
import { calendarAddress, type Entry, readFeed } from '../../absences/feed.ts';
import { allPeople, assertPeople } from '../../identity/actions.ts';
import { allow } from '../../identity/permissions.ts';
import { journal } from '../../journal/actions.ts';
import type { Ctx, Outside } from '../../platform/ctx.ts';
import { AppError, invalid, notFound } from '../../platform/errors.ts';
import * as schedules from '../store.ts';
import { matcher } from './match.ts';
import { changesOf, settle, turnsBefore, withKnown } from './rules.ts';
import * as store from './store.ts';
import type { CalendarTurn } from './types.ts';

type Key = { schedule_id: string; layer: string };
type Row = NonNullable<Awaited<ReturnType<typeof store.calendarOf>>>;

/** How far a calendar is read ahead, and behind for what runs on. */
const READ_DAYS = { behind: 31, ahead: 200 };
/** What is unchanged is read whole once a day all the same: events of the days that came near are not known yet. */
const WHOLE_HOURS = 24;
const MOST_FINDINGS = 50;
const daysFrom = (at: Temporal.Instant, days: number) => at.add({ hours: 24 * days });
/** Turns are exact to the millisecond. */
const nowOf = (ctx: Ctx) => Temporal.Instant.fromEpochMilliseconds(ctx.now.epochMilliseconds);

/** Refuses calendars of layers that cannot be read at all, and people of their tables who are not here. */
export const assertCalendars = async (ctx: Ctx, schedule: Schedule, prefix = ''): Promise<void> => {
  for (const [index, { calendar }] of schedule.layers.entries()) {
    if (!calendar) continue;
    const field = `${prefix}layers.${index}.calendar`;
    try {
      calendarAddress(calendar.address);
    } catch (thrown) {
      throw thrown instanceof AppError ? invalid(thrown.message, `${field}.address`) : thrown;
    }
    await assertPeople(ctx, Object.values(calendar.people ?? {}), `${field}.people`);
  }
};

/** Brings a layer's turns from now on to what its calendar held last. Answers whether somebody's turn is another. */
const settleTurns = async (ctx: Ctx, key: Key, schedule: Schedule, events: readonly Entry[]): Promise<boolean> => {
  const table = schedule.layers.find(({ name }) => name === key.layer)?.calendar?.people;
  const now = nowOf(ctx);
  const people = await allPeople(ctx);
  const { turns, findings, unreadable } = settle(events, schedule.time_zone, matcher(people, table), now);
  await store.noteFindings(ctx, key, findings);
  const known = await store.turnsAhead(ctx, key);
  const here = new Set(people.flatMap(({ name, active }) => (active ? [name] : [])));
  const changes = changesOf(known, unreadable.length > 0 ? withKnown(turns, known, here) : turns, now);
  await store.change(ctx, key, changes);
  if (changes.remove.length + changes.end.length + changes.add.length === 0) return false;
  await journal(ctx, {
    type: 'schedule.calendar_read',
    subject: { type: 'schedule', id: key.schedule_id },
    text: `Turns of layer ${key.layer} in ${schedule.name} changed with its calendar`,
    data: {
      layer: key.layer,
      turns: turns.length,
      added: changes.add.length,
      ended: changes.end.length,
      removed: changes.remove.length,
    },
  });
  return true;
};

/** The turns that people of `before` keep in a layer until the calendar it has instead is read: as far as that would be read. */
export const turnsKept = (ctx: Ctx, before: Schedule | undefined, after: Schedule, layer: string): CalendarTurn[] =>
  turnsBefore(before, after, layer, nowOf(ctx), daysFrom(nowOf(ctx), READ_DAYS.ahead));

/**
 * A schedule was saved, or null, is removed: its layers' calendars are read from now on, and those it has no longer are not. A wrong
 * address takes nobody off call: until a calendar is read, turns stay as they were.
 */
export const followCalendars = async (
  ctx: Ctx,
  id: string,
  schedule: Schedule | null,
  said?: Schedule | undefined,
): Promise<void> => {
  const wanted = (schedule?.layers ?? []).flatMap(({ name, calendar }) =>
    calendar ? [{ layer: name, address: calendarAddress(calendar.address) }] : [],
  );
  const before = await store.holdCalendarsOf(ctx, id);
  const taken = new Set(before.map(({ layer }) => layer));
  for (const { layer, address } of before) {
    if (wanted.some((one) => one.layer === layer)) continue;
    const key = { schedule_id: id, layer };
    const ahead = await store.turnsAhead(ctx, key);
    await store.change(ctx, key, changesOf(ahead, [], nowOf(ctx)));
    // A layer that has only another name keeps what was read.
    const renamed = wanted.find((one) => one.address === address && !taken.has(one.layer));
    if (renamed) {
      taken.add(renamed.layer);
      await store.renameLayer(ctx, key, renamed.layer);
      await store.change(ctx, { ...key, layer: renamed.layer }, changesOf([], ahead, nowOf(ctx)));
    } else await store.dropCalendar(ctx, key);
  }
  const known = await store.calendarsOf(ctx, id);
  for (const { layer, address } of wanted) {
    const key = { schedule_id: id, layer };
    const last = known.find((one) => one.layer === layer);
    // By the table and the zone as they are now, whether or not it can be read again.
    if (schedule && last && last.events.length > 0) await settleTurns(ctx, key, schedule, last.events);
    if (schedule && !last) await store.change(ctx, key, changesOf([], turnsKept(ctx, said, schedule, layer), nowOf(ctx)));
    await store.setCalendar(ctx, key, address, last !== undefined && last.address !== address);
    await ctx.enqueue('schedules.read_calendar', [{ data: key }]);
  }
};

/** Somebody left, or is back: what the calendars of a schedule held last is told of by who is here now. Answers whether turns changed. */
export const settleAgain = async (ctx: Ctx, { id, definition }: schedules.ScheduleRow): Promise<boolean> => {
  let isOther = false;
  for (const { layer, events } of await store.holdCalendarsOf(ctx, id))
    if (events.length > 0 && (await settleTurns(ctx, { schedule_id: id, layer }, definition, events))) isOther = true;
  return isOther;
};

/** Has the calendars of every schedule read. */
export const readCalendars = async (ctx: Ctx): Promise<void> =>
  ctx.enqueue(
    'schedules.read_calendar',
    (await store.calendars(ctx)).map((data) => ({ data })),
  );

/** Has a layer's calendar read now. */
export const readNow = async (ctx: Ctx, name: string, layer: string): Promise<void> => {
  allow(ctx, 'schedule.write');
  const row = await schedules.byName(ctx, name);
  if (!row) throw notFound(`Schedule ${name}`);
  allow(ctx, 'schedule.write', row.definition.team ?? null);
  const key = { schedule_id: row.id, layer };
  if (!(await store.calendarOf(ctx, key))) throw notFound(`A calendar of layer ${layer}`);
  await ctx.enqueue('schedules.read_calendar', [{ data: key }]);
};

const knownOf = ({ etag, whole_at, events }: Row, now: Temporal.Instant) =>
  etag && whole_at && Temporal.Instant.compare(now, whole_at.add({ hours: WHOLE_HOURS })) < 0
    ? { etag, entries: events }
    : undefined;

/** Reads a layer's calendar. One that cannot be read is noted, and the turns that were known stay. */
export const readCalendar = async (outside: Outside, key: Key): Promise<void> => {
  const row = await outside.transaction((ctx) => store.calendarOf(ctx, key));
  if (!row) return;
  const now = outside.now();
  const known = knownOf(row, now);
  const read = await readFeed(
    row.address,
    outside.allowedHosts,
    {
      zone: row.definition.time_zone,
      from: daysFrom(now, -READ_DAYS.behind).toString(),
      to: daysFrom(now, READ_DAYS.ahead).toString(),
      parties: true,
    },
    known,
  );
  await outside.transaction(async (ctx) => {
    const { name } = row.definition;
    if ('wrong' in read) {
      if (!(await store.noteFailed(ctx, key, row.address, read.wrong)) || row.error === read.wrong) return;
      return journal(ctx, {
        type: 'schedule.calendar_failed',
        subject: { type: 'schedule', id: key.schedule_id },
        text: `The calendar of layer ${key.layer} in ${name} cannot be read: ${read.wrong}`,
        data: { layer: key.layer, error: read.wrong },
      });
    }
    const isWhole = !known || read.entries !== known.entries;
    const whole = isWhole ? { events: read.entries, etag: read.etag ?? null } : undefined;
    if (!(await store.noteRead(ctx, key, row.address, whole))) return;
    // As the schedule is now: it may have been saved while the calendar was read.
    const current = (await store.calendarOf(ctx, key))?.definition;
    if (current && (await settleTurns(ctx, key, current, read.entries))) await ctx.emit('schedule.changed', { name });
  });
};

/** All schedules; a layer that reads a calendar has whoever has turns to come by it as its participants. */
export const schedulesWithTakers = async (ctx: Ctx): Promise<Schedule[]> => {
  const takers = Map.groupBy(await store.takers(ctx), ({ schedule_id, layer }) => `${schedule_id} ${layer}`);
  return (await schedules.schedules(ctx)).map(({ id, definition }) => ({
    ...definition,
    layers: definition.layers.map((layer) =>
      layer.calendar ? { ...layer, participants: (takers.get(`${id} ${layer.name}`) ?? []).map(({ person }) => person) } : layer,
    ),
  }));
};

/** The calendars that layers of a schedule take their turns from, and how reading them goes. */
export const calendarsOf = async (
  ctx: Ctx,
  { id, definition }: schedules.ScheduleRow,
): Promise<z.input<typeof layerCalendar>[]> => {
  const now = nowOf(ctx);
  return (await store.calendarsOf(ctx, id)).map((row) => {
    // Of a calendar that was never read nothing is known: what there is was of the one before.
    const read = row.read_at ? row : { events: [], findings: [] };
    const findings = read.findings.filter(({ ends }) => Temporal.Instant.compare(ends, now) > 0);
    const { events, unreadable } = settle(read.events, definition.time_zone, matcher([]), now);
    return {
      layer: row.layer,
      address: row.address,
      tried_at: row.tried_at?.toString() ?? null,
      read_at: row.read_at?.toString() ?? null,
      error: row.error,
      events,
      findings: findings.slice(0, MOST_FINDINGS),
      more_findings: Math.max(0, findings.length - MOST_FINDINGS),
      unreadable,
    };
  });
};
