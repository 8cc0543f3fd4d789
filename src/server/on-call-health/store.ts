import { sql } from 'kysely';
import type { HealthLimits } from '../../contract/on-call-health.ts';
import { TEST_PAGE } from '../incidents/types.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { Fate, Sent } from './types.ts';

export const limits = async (ctx: Ctx): Promise<unknown> =>
  (await ctx.tx.selectFrom('health_limits').select('limits').executeTakeFirst())?.limits;
export const saveLimits = (ctx: Ctx, given: HealthLimits) => {
  const value = JSON.stringify(given);
  return ctx.tx
    .insertInto('health_limits')
    .values({ limits: value })
    .onConflict((conflict) => conflict.column('one').doUpdateSet({ limits: value }))
    .execute();
};

/** A page goes out at most this long after it was made: it may wait for a morning behind a long weekend. */
const LONGEST_WAIT_DAYS = 8;

/**
 * Messages that left for people between two moments, by person: what no provider took is none, nor is a test page of the set-up.
 */
export const sentTo = async (
  ctx: Ctx,
  personIds: string[],
  from: Temporal.Instant,
  to: Temporal.Instant,
): Promise<Map<string, Sent[]>> => {
  const { rows } = await sql<{ person_id: string; incident_id: string; at: Temporal.Instant; disturbs: boolean }>`
    select p.person_id, p.incident_id, p.first_sent_at as at,
      p.urgency = 'high' or exists (
        select from deliveries d where d.page_id = p.id and d.channel <> 'email' and d.sent_at is not null) as disturbs
    from pages p
    where p.person_id = any(${personIds}::uuid[]) and not p.shadow
      and p.created_at >= ${from.subtract({ hours: 24 * LONGEST_WAIT_DAYS })} and p.created_at < ${to}
      and p.first_sent_at >= ${from} and p.first_sent_at < ${to}
      and p.about->>'title' <> ${TEST_PAGE}`.execute(ctx.tx);
  return new Map(
    [...Map.groupBy(rows, (row) => row.person_id)].map(([id, own]) => [
      id,
      own.map(({ incident_id, at, disturbs }) => ({ incident_id, at: at.epochMilliseconds, disturbs })),
    ]),
  );
};

/** What became of incidents, and by whom, as the journal has it. */
export const fatesOf = async (ctx: Ctx, incidentIds: string[]): Promise<Map<string, Fate>> => {
  const { rows } = await sql<Fate & { id: string }>`
    select i.id, i.status, i.flapping, i.merged_into is not null as merged, i.acknowledged_by is not null as acknowledged_by_person,
      case
        when i.status not in ('resolved', 'closed') then null
        when r.by = 'alerts' then 'alerts'
        when r.by = 'person' and exists (select from people where id = r.actor_id) then 'person'
        else 'other'
      end as resolved_by
    from incidents i left join lateral (
      select data->>'by' as by, actor_id from journal
      where subject_type = 'incident' and subject_id = i.id and type = 'incident.resolved' order by id desc limit 1) r on true
    where i.id = any(${incidentIds}::uuid[])`.execute(ctx.tx);
  return new Map(rows.map(({ id, ...fate }) => [id, fate]));
};

/** Those of these people who were told of their week already. */
export const toldOf = async (ctx: Ctx, weeks: { person_id: string; week: string }[]): Promise<Set<string>> => {
  const { rows } = await sql<{ person_id: string }>`
    select n.person_id from health_notices n join jsonb_to_recordset(${JSON.stringify(weeks)}::jsonb) as w (person_id uuid, week text)
      on w.person_id = n.person_id and w.week = n.week`.execute(ctx.tx);
  return new Set(rows.map((row) => row.person_id));
};
/** False: somebody else was the first. */
export const noteTold = async (ctx: Ctx, personId: string, week: string): Promise<boolean> =>
  (await ctx.tx
    .insertInto('health_notices')
    .values({ person_id: personId, week, told_at: ctx.now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('person_id')
    .executeTakeFirst()) !== undefined;
