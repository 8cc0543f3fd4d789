import type { Override, Schedule } from '../../contract/schedule.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { ScheduleOverride } from './rules.ts';

export const schedules = (ctx: Ctx) => ctx.tx.selectFrom('schedules').selectAll().orderBy('name').execute();
export const byName = (ctx: Ctx, name: string) =>
  ctx.tx.selectFrom('schedules').selectAll().where('name', '=', name).executeTakeFirst();
export const byCalendarSecret = (ctx: Ctx, secret: string) =>
  ctx.tx.selectFrom('schedules').selectAll().where('calendar_secret', '=', secret).executeTakeFirst();
export type ScheduleRow = NonNullable<Awaited<ReturnType<typeof byName>>>;

export const upsert = (ctx: Ctx, schedule: Schedule, calendarSecret: string) =>
  ctx.tx
    .insertInto('schedules')
    .values({ name: schedule.name, definition: JSON.stringify(schedule), calendar_secret: calendarSecret })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ definition: JSON.stringify(schedule) }))
    .returning('id')
    .executeTakeFirstOrThrow();
export const remove = (ctx: Ctx, name: string) =>
  ctx.tx.deleteFrom('schedules').where('name', '=', name).returning('id').executeTakeFirst();

/** Overrides that touch the window, oldest first: later ones act on what earlier ones made. */
export const overrides = async (
  ctx: Ctx,
  scheduleId: string,
  from: Temporal.Instant,
  to: Temporal.Instant,
): Promise<ScheduleOverride[]> => {
  const rows = await ctx.tx
    .selectFrom('schedule_overrides')
    .selectAll()
    .where('schedule_id', '=', scheduleId)
    .where('ends_at', '>', from)
    .where('starts_at', '<', to)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind as Override['kind'],
    ...(row.person ? { person: row.person } : {}),
    ...(row.replaces ? { replaces: row.replaces } : {}),
    ...(row.role ? { role: row.role as NonNullable<Override['role']> } : {}),
    starts: row.starts_at,
    ends: row.ends_at,
  }));
};
export const insertOverride = (ctx: Ctx, scheduleId: string, override: Omit<Override, 'id'>) =>
  ctx.tx
    .insertInto('schedule_overrides')
    .values({
      schedule_id: scheduleId,
      kind: override.kind,
      person: override.person ?? null,
      replaces: override.replaces ?? null,
      role: override.role ?? null,
      starts_at: Temporal.Instant.from(override.starts),
      ends_at: Temporal.Instant.from(override.ends),
      created_by: ctx.actor.name,
      created_at: ctx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
export const deleteOverride = (ctx: Ctx, scheduleId: string, id: string) =>
  ctx.tx
    .deleteFrom('schedule_overrides')
    .where('schedule_id', '=', scheduleId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
