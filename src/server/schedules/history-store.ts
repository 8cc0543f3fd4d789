import { sql } from 'kysely';
import type { Schedule } from '../../contract/schedule.ts';
import type { Ctx } from '../platform/ctx.ts';

/** What a schedule says from now on; null: it is removed. */
export const keepVersion = async (ctx: Ctx, scheduleId: string, schedule: Schedule | null): Promise<void> => {
  const definition = schedule && JSON.stringify(schedule);
  await ctx.tx
    .insertInto('schedule_versions')
    .values({ schedule_id: scheduleId, starts_at: ctx.now, definition })
    .onConflict((conflict) => conflict.columns(['schedule_id', 'starts_at']).doUpdateSet({ definition }))
    .execute();
};

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
