import type { Ctx } from '../platform/ctx.ts';
import type { Period } from './rules.ts';

export type NewPeriod = Period & { reason: string };
type Source = 'manual' | 'calendar';

/** Periods of people that may touch the window; whole days are looked for two days wider, whatever the zone. */
export const periods = (ctx: Ctx, personIds: string[], from: Temporal.Instant, to?: Temporal.Instant) => {
  if (personIds.length === 0) return Promise.resolve([]);
  const dayAt = (at: Temporal.Instant, days: number) => at.toZonedDateTimeISO('UTC').toPlainDate().add({ days }).toString();
  return ctx.tx
    .selectFrom('leave_periods')
    .select(['id', 'person_id', 'first_day', 'last_day', 'starts_at', 'ends_at', 'reason', 'source'])
    .where('person_id', 'in', personIds)
    .where((eb) => eb.or([eb('ends_at', '>', from), eb('last_day', '>=', dayAt(from, -2))]))
    .$if(to !== undefined, (query) =>
      query.where((eb) =>
        eb.or([eb('starts_at', '<', to as Temporal.Instant), eb('first_day', '<=', dayAt(to as Temporal.Instant, 2))]),
      ),
    )
    .execute();
};

export const countManual = async (ctx: Ctx, personId: string): Promise<number> =>
  Number(
    (
      await ctx.tx
        .selectFrom('leave_periods')
        .select((eb) => eb.fn.countAll().as('n'))
        .where('person_id', '=', personId)
        .where('source', '=', 'manual')
        .executeTakeFirstOrThrow()
    ).n,
  );

export const insertPeriods = (ctx: Ctx, personId: string, source: Source, rows: NewPeriod[]) =>
  ctx.tx
    .insertInto('leave_periods')
    .values(rows.map((row) => ({ ...row, person_id: personId, source, created_by: ctx.actor.name, created_at: ctx.now })))
    .returning('id')
    .execute();

export const periodById = (ctx: Ctx, personId: string, id: string) =>
  ctx.tx.selectFrom('leave_periods').selectAll().where('person_id', '=', personId).where('id', '=', id).executeTakeFirst();

export const updatePeriod = (ctx: Ctx, id: string, row: NewPeriod) =>
  ctx.tx
    .updateTable('leave_periods')
    .set(row)
    .where('id', '=', id)
    .where('source', '=', 'manual')
    .returning('id')
    .executeTakeFirst();

export const deletePeriod = (ctx: Ctx, id: string) =>
  ctx.tx.deleteFrom('leave_periods').where('id', '=', id).where('source', '=', 'manual').returning('id').executeTakeFirst();

export const deletePeriodsOf = (ctx: Ctx, personId: string, source: Source) =>
  ctx.tx.deleteFrom('leave_periods').where('person_id', '=', personId).where('source', '=', source).execute();

/** What was read from a calendar. */
export const imported = (ctx: Ctx, personId: string) =>
  ctx.tx
    .selectFrom('leave_periods')
    .select(['first_day', 'last_day', 'starts_at', 'ends_at', 'reason'])
    .where('person_id', '=', personId)
    .where('source', '=', 'calendar')
    .execute();

export const calendarOf = (ctx: Ctx, personId: string) =>
  ctx.tx.selectFrom('leave_calendars').selectAll().where('person_id', '=', personId).executeTakeFirst();

/** Of everybody who is active. */
export const calendars = (ctx: Ctx) =>
  ctx.tx
    .selectFrom('leave_calendars')
    .innerJoin('people', 'people.id', 'leave_calendars.person_id')
    .select('person_id')
    .where('people.active', '=', true)
    .execute();

export const saveCalendar = (ctx: Ctx, personId: string, address: string) =>
  ctx.tx
    .insertInto('leave_calendars')
    .values({ person_id: personId, address })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet({ address, tried_at: null, read_at: null, error: null }))
    .execute();

export const deleteCalendar = (ctx: Ctx, personId: string) =>
  ctx.tx.deleteFrom('leave_calendars').where('person_id', '=', personId).returning('person_id').executeTakeFirst();

/** Notes how reading it went; undefined when the calendar is another one by now. */
export const noteRead = (ctx: Ctx, personId: string, address: string, error: string | null) =>
  ctx.tx
    .updateTable('leave_calendars')
    .set({ tried_at: ctx.now, error, ...(error === null ? { read_at: ctx.now } : {}) })
    .where('person_id', '=', personId)
    .where('address', '=', address)
    .returning('person_id')
    .executeTakeFirst();
