import { sql } from 'kysely';
import type { Schedule } from '../../contract/schedule.ts';
import type { Version as Kept } from '../journal/versions.ts';
import type { Ctx } from '../platform/ctx.ts';

/**
 * What a schedule says from now on; null: it is removed. Saves of one schedule come one after the other, so each is put after the one
 * before it, whatever its clock says. What changes nothing is no version. `made`: there was no such schedule.
 */
export const keepVersion = (ctx: Ctx, scheduleId: string, schedule: Schedule | null, made = false): Promise<unknown> =>
  sql`
    insert into schedule_versions (schedule_id, starts_at, definition, saved_by, source, made)
    select ${scheduleId}::uuid, greatest(${ctx.now}::timestamptz, last.starts_at + interval '1 microsecond'), said.definition,
      ${ctx.actor.name}, ${ctx.source}, ${made} and last.starts_at is null
    from (select ${schedule && JSON.stringify(schedule)}::jsonb as definition) said
    left join lateral (
      select starts_at, definition from schedule_versions where schedule_id = ${scheduleId} order by starts_at desc limit 1
    ) last on true
    where said.definition is distinct from last.definition`.execute(ctx.tx);

export type Version = {
  schedule_id: string;
  definition: Schedule;
  starts_at: Temporal.Instant;
  ends_at: Temporal.Instant | null;
  /** The first that is known of the name: what was before it is what it says. */
  first: boolean;
};
/** What schedules, or the one of a name, said in a window: by name, in order of time. */
export const versionsBetween = async (
  ctx: Ctx,
  from: Temporal.Instant,
  to: Temporal.Instant,
  name?: string,
): Promise<Version[]> =>
  (
    await sql<Version>`
      with v as (
        select schedule_id, definition, starts_at,
          lead(starts_at) over (partition by schedule_id order by starts_at) as ends_at,
          row_number() over (partition by definition ->> 'name' order by starts_at) = 1 as first
        from schedule_versions
      )
      select * from v
      where definition is not null and (first or starts_at < ${to}) and (ends_at is null or ends_at > ${from})
        and (${name ?? null}::text is null or definition ->> 'name' = ${name ?? null})
      order by definition ->> 'name', starts_at`.execute(ctx.tx)
  ).rows;

/** Every version of the schedules that had a name, or of all, in order of time; of one that was removed also that. */
export const allVersions = async (ctx: Ctx, name?: string): Promise<Kept<Schedule>[]> =>
  (
    await sql<Kept<Schedule>>`
      select schedule_id as id, starts_at, definition, saved_by, source, made from schedule_versions
      where ${name ?? null}::text is null
        or schedule_id in (select schedule_id from schedule_versions where definition ->> 'name' = ${name ?? null})
      order by starts_at`.execute(ctx.tx)
  ).rows;

/** Overrides of a window that were entered more than a minute after they began. */
export const overridesEnteredLate = (ctx: Ctx, from: Temporal.Instant, to: Temporal.Instant) =>
  ctx.tx
    .selectFrom('schedule_overrides')
    .select(['schedule_id', 'person', 'replaces', 'starts_at', 'ends_at', 'created_by', 'created_at'])
    .where('starts_at', '<', to)
    .where('ends_at', '>', from)
    .where(sql<boolean>`created_at > starts_at + interval '1 minute'`)
    .orderBy('id')
    .execute();
