import { type RawBuilder, sql } from 'kysely';
import type { Override, Schedule } from '../../contract/schedule.ts';
import type { Ctx } from '../platform/ctx.ts';
import { isTraining, isTurn, type ScheduleOverride } from './shifts-overrides.ts';

export const schedules = (ctx: Ctx) => ctx.tx.selectFrom('schedules').selectAll().orderBy('name').execute();
/** Those that Slack user groups follow. */
export const withGroups = (ctx: Ctx) =>
  ctx.tx
    .selectFrom('schedules')
    .select(['id', 'definition'])
    .where(sql<boolean>`definition ? 'slack_user_groups'`)
    .orderBy('name')
    .execute();
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
/** Overrides to come go with it; what was, stays. */
export const remove = async (ctx: Ctx, name: string) => {
  const row = await ctx.tx.deleteFrom('schedules').where('name', '=', name).returning('id').executeTakeFirst();
  if (row)
    await ctx.tx.deleteFrom('schedule_overrides').where('schedule_id', '=', row.id).where('starts_at', '>=', ctx.now).execute();
  return row;
};

/** Of an override that nobody made: somebody is deactivated, and out of every turn since then. */
const LEFT = 'left-';
export type MadeOverride = ScheduleOverride & { kind: Override['kind'] };
export const isMade = (override: ScheduleOverride): override is MadeOverride =>
  !override.id.startsWith(LEFT) && !isTraining(override) && !isTurn(override);

type Row = {
  id: string;
  kind: ScheduleOverride['kind'];
  person: string | null;
  replaces: string | null;
  role: NonNullable<Override['role']> | null;
  starts_at: Temporal.Instant;
  ends_at: Temporal.Instant;
  loud?: boolean | null;
  behind_seconds?: number | null;
  layer?: string | null;
};
const shownOf = (row: Row): ScheduleOverride => ({
  id: row.id,
  kind: row.kind,
  ...(row.person ? { person: row.person } : {}),
  ...(row.replaces ? { replaces: row.replaces } : {}),
  ...(row.role ? { role: row.role } : {}),
  starts: row.starts_at,
  ends: row.ends_at,
  ...(row.layer ? { layer: row.layer } : {}),
  ...(row.behind_seconds ? { loud: row.loud === true, behind_seconds: row.behind_seconds } : {}),
});
/** Of people whom `named` selects: an override for each who is deactivated before the window ends. */
const whoLeft = (named: RawBuilder<unknown>, from: Temporal.Instant, to: Temporal.Instant) => sql<Row>`
  select ${LEFT} || p.name as id, 'remove' as kind, null as person, p.name as replaces, null as role,
    coalesce(p.left_at, ${from}) as starts_at, ${to}::timestamptz as ends_at, true as gone
  from people p
  where p.name in (${named}) and not p.active and coalesce(p.left_at, ${from}) < ${to}::timestamptz`;

/** People who take turns in a definition. */
const namesIn = (definition: RawBuilder<unknown>) =>
  sql`jsonb_path_query(${definition}, '$.layers[*].participants[*][*]') #>> '{}'`;

/** Of a schedule that is not saved: what `overrides` has last, for the people it names. */
export const leftOf = async (
  ctx: Ctx,
  names: string[],
  from: Temporal.Instant,
  to: Temporal.Instant,
): Promise<ScheduleOverride[]> => {
  const { rows } = await sql<Row>`${whoLeft(sql`select unnest(${names}::text[])`, from, to)} order by id`.execute(ctx.tx);
  return rows.map(shownOf);
};

/** That somebody learns is followed so far beyond the window. */
const LEARNS_ON = { hours: 24 * 366 * 6 };

const overridesAmong = async (
  ctx: Ctx,
  scheduleId: string,
  from: Temporal.Instant,
  to: Temporal.Instant,
  named: RawBuilder<unknown>,
  starts = sql`starts_at`,
): Promise<ScheduleOverride[]> => {
  const { rows } = await sql<Row>`
    with made as (
      select id, kind, person, replaces, role, ${starts} as starts_at, ends_at from schedule_overrides
      where schedule_id = ${scheduleId} and ends_at > ${from} and ${starts} < least(ends_at, ${to})
    ), turns as (
      select id, layer, person, starts_at, ends_at from schedule_calendar_turns
      where schedule_id = ${scheduleId} and ends_at > ${from} and starts_at < ${to}
    )
    select id::text, kind, person, replaces, role, starts_at, ends_at, false as gone, null::bool as loud, null::int as behind_seconds,
      null as layer
      from made
    union all
    select left_ones.*, null, null, null
      from (${whoLeft(sql`${named} union select person from made where person is not null union select person from turns`, from, to)}) left_ones
    union all
    select g.id::text, g.stage, p.name, m.name, null, g.starts_at,
      coalesce(least(g.ends_at, p.left_at), ${to.add(LEARNS_ON)}::timestamptz), true, t.loud, t.behind_seconds, null
    from on_call_training t
      join on_call_training_stages g on g.training_id = t.id
      join people p on p.id = t.person_id
      left join people m on m.id = g.mentor_id
    where t.schedule_id = ${scheduleId} and g.starts_at < ${to} and coalesce(g.ends_at, 'infinity') > ${from}
      and coalesce(p.left_at, 'infinity') > greatest(g.starts_at, ${from})
    union all
    select 'turn-' || id, 'turn', person, null, null, starts_at, ends_at, true, null, null, layer from turns
    order by gone, id`.execute(ctx.tx);
  return rows.map(shownOf);
};

/**
 * Overrides that touch the window, oldest first: later ones act on what earlier ones made. Last come people of the schedule who are
 * deactivated: whoever stands in for one of them stays on call, and every other turn of theirs is a gap. Then those who learn, and turns that were read from calendars.
 */
export const overrides = (ctx: Ctx, scheduleId: string, from: Temporal.Instant, to: Temporal.Instant) =>
  overridesAmong(ctx, scheduleId, from, to, sql`select ${namesIn(sql`definition`)} from schedules where id = ${scheduleId}`);
/** As `overrides`, of what a schedule said once. */
export const overridesThen = (ctx: Ctx, scheduleId: string, said: Schedule, from: Temporal.Instant, to: Temporal.Instant) =>
  overridesAmong(ctx, scheduleId, from, to, sql`select ${namesIn(sql`${JSON.stringify(said)}::jsonb`)}`);
/** As `overridesThen`, each from when it was entered: what pages went by, whatever was written down afterwards. */
export const overridesInForce = (ctx: Ctx, scheduleId: string, said: Schedule, from: Temporal.Instant, to: Temporal.Instant) =>
  overridesAmong(
    ctx,
    scheduleId,
    from,
    to,
    sql`select ${namesIn(sql`${JSON.stringify(said)}::jsonb`)}`,
    sql`case when was_so then starts_at else greatest(starts_at, created_at) end`,
  );
/** `wasSo`: it is written down afterwards because it was so then. */
export const insertOverride = (ctx: Ctx, scheduleId: string, override: Omit<Override, 'id'>, wasSo = false) =>
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
      was_so: wasSo,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
/** One that has begun ends now: who was on call stays true. Undefined when there is none, or it is over. */
export const endOverride = async (ctx: Ctx, scheduleId: string, id: string) => {
  const cut = await ctx.tx
    .updateTable('schedule_overrides')
    .set({ ends_at: ctx.now })
    .where('schedule_id', '=', scheduleId)
    .where('id', '=', id)
    .where('starts_at', '<', ctx.now)
    .where('ends_at', '>', ctx.now)
    .returningAll()
    .executeTakeFirst();
  if (cut) return cut;
  return ctx.tx
    .deleteFrom('schedule_overrides')
    .where('schedule_id', '=', scheduleId)
    .where('id', '=', id)
    .where('starts_at', '>=', ctx.now)
    .returningAll()
    .executeTakeFirst();
};
