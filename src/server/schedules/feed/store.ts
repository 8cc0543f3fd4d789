import { sql } from 'kysely';
import type { Entry } from '../../absences/feed.ts';
import type { Ctx } from '../../platform/ctx.ts';
import type { Changes } from './rules.ts';
import type { Finding } from './types.ts';

type Key = { schedule_id: string; layer: string };

/** Most rows of one statement, which has at most 65,535 parameters. */
const MOST_ROWS = 5000;

const ofSchedule = (ctx: Ctx, scheduleId: string) =>
  ctx.tx.selectFrom('schedule_calendars').selectAll().where('schedule_id', '=', scheduleId).orderBy('layer');
export const calendarsOf = (ctx: Ctx, scheduleId: string) => ofSchedule(ctx, scheduleId).execute();
/** Whoever changes turns holds their calendar first: a schedule that is saved and a calendar that was read wait for each other. */
export const holdCalendarsOf = (ctx: Ctx, scheduleId: string) => ofSchedule(ctx, scheduleId).forUpdate().execute();
export const calendarOf = (ctx: Ctx, { schedule_id, layer }: Key) =>
  ctx.tx
    .selectFrom('schedule_calendars')
    .innerJoin('schedules', 'schedules.id', 'schedule_calendars.schedule_id')
    .selectAll('schedule_calendars')
    .select('definition')
    .where('schedule_id', '=', schedule_id)
    .where('layer', '=', layer)
    .executeTakeFirst();
export const calendars = (ctx: Ctx) => ctx.tx.selectFrom('schedule_calendars').select(['schedule_id', 'layer']).execute();

/**
 * The calendar a layer has from now on, to be read whole the next time. Events of another stay until then; `isOther`: how reading that
 * went is nothing of this one.
 */
export const setCalendar = (ctx: Ctx, { schedule_id, layer }: Key, address: string, isOther: boolean) =>
  ctx.tx
    .insertInto('schedule_calendars')
    .values({ schedule_id, layer, address })
    .onConflict((conflict) =>
      conflict.columns(['schedule_id', 'layer']).doUpdateSet({
        address,
        etag: null,
        whole_at: null,
        ...(isOther ? { error: null, tried_at: null, read_at: null } : {}),
      }),
    )
    .execute();
export const renameLayer = (ctx: Ctx, { schedule_id, layer }: Key, name: string) =>
  ctx.tx
    .updateTable('schedule_calendars')
    .set({ layer: name })
    .where('schedule_id', '=', schedule_id)
    .where('layer', '=', layer)
    .execute();
export const dropCalendar = (ctx: Ctx, { schedule_id, layer }: Key) =>
  ctx.tx.deleteFrom('schedule_calendars').where('schedule_id', '=', schedule_id).where('layer', '=', layer).execute();

/** Notes why it could not be read; undefined when the calendar is another one by now. */
export const noteFailed = (ctx: Ctx, { schedule_id, layer }: Key, address: string, error: string) =>
  ctx.tx
    .updateTable('schedule_calendars')
    .set({ tried_at: ctx.now, error })
    .where('schedule_id', '=', schedule_id)
    .where('layer', '=', layer)
    .where('address', '=', address)
    .returning('layer')
    .executeTakeFirst();
/** Notes what was read; `etag` undefined: it is what was read before. Undefined when the calendar is another one by now. */
export const noteRead = (
  ctx: Ctx,
  { schedule_id, layer }: Key,
  address: string,
  read: { events: readonly Entry[]; etag: string | null } | undefined,
) =>
  ctx.tx
    .updateTable('schedule_calendars')
    .set({
      tried_at: ctx.now,
      read_at: ctx.now,
      error: null,
      ...(read ? { events: JSON.stringify(read.events), etag: read.etag, whole_at: ctx.now } : {}),
    })
    .where('schedule_id', '=', schedule_id)
    .where('layer', '=', layer)
    .where('address', '=', address)
    .returning('layer')
    .executeTakeFirst();
export const noteFindings = (ctx: Ctx, { schedule_id, layer }: Key, findings: readonly Finding[]) =>
  ctx.tx
    .updateTable('schedule_calendars')
    .set({ findings: JSON.stringify(findings) })
    .where('schedule_id', '=', schedule_id)
    .where('layer', '=', layer)
    .where(sql<boolean>`findings <> ${JSON.stringify(findings)}::jsonb`)
    .execute();

/** Who has turns to come by calendars, by schedule and layer. */
export const takers = (ctx: Ctx) =>
  ctx.tx
    .selectFrom('schedule_calendar_turns')
    .select(['schedule_id', 'layer', 'person'])
    .distinct()
    .where('ends_at', '>', ctx.now)
    .orderBy('person')
    .execute();

/** Turns by a layer's calendar that are not over. */
export const turnsAhead = async (ctx: Ctx, { schedule_id, layer }: Key) =>
  (
    await ctx.tx
      .selectFrom('schedule_calendar_turns')
      .selectAll()
      .where('schedule_id', '=', schedule_id)
      .where('layer', '=', layer)
      .where('ends_at', '>', ctx.now)
      .execute()
  ).map(({ id, person, starts_at, ends_at }) => ({ id, person, starts: starts_at, ends: ends_at }));
export const change = async (ctx: Ctx, { schedule_id, layer }: Key, { remove, end, add }: Changes): Promise<void> => {
  if (remove.length > 0) await ctx.tx.deleteFrom('schedule_calendar_turns').where('id', 'in', remove).execute();
  for (const { id, ends } of end)
    await ctx.tx.updateTable('schedule_calendar_turns').set({ ends_at: ends }).where('id', '=', id).execute();
  for (let at = 0; at < add.length; at += MOST_ROWS)
    await ctx.tx
      .insertInto('schedule_calendar_turns')
      .values(
        add
          .slice(at, at + MOST_ROWS)
          .map(({ person, starts, ends }) => ({ schedule_id, layer, person, starts_at: starts, ends_at: ends })),
      )
      .execute();
};
