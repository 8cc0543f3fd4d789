import { sql } from 'kysely';
import type { EscalationPolicy } from '../../contract/escalation.ts';
import type { About } from '../paging/types.ts';
import type { Ctx } from '../platform/ctx.ts';

export const policies = (ctx: Ctx) => ctx.tx.selectFrom('escalation_policies').selectAll().orderBy('name').execute();
export const policyByName = (ctx: Ctx, name: string) =>
  ctx.tx.selectFrom('escalation_policies').selectAll().where('name', '=', name).executeTakeFirst();
export const upsertPolicy = (ctx: Ctx, policy: EscalationPolicy) =>
  ctx.tx
    .insertInto('escalation_policies')
    .values({ name: policy.name, definition: JSON.stringify(policy) })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ definition: JSON.stringify(policy) }))
    .returning('id')
    .executeTakeFirstOrThrow();
export const deletePolicy = (ctx: Ctx, name: string) =>
  ctx.tx.deleteFrom('escalation_policies').where('name', '=', name).returning('id').executeTakeFirst();

/** No row: one is alive for the incident already. */
export const insertRun = (
  ctx: Ctx,
  row: {
    id: string;
    incident_id: string;
    service_id: string;
    policy: string;
    snapshot: EscalationPolicy;
    urgency: string;
    about: About;
    due_at: Temporal.Instant;
  },
) =>
  ctx.tx
    .insertInto('escalation_runs')
    .values({
      ...row,
      snapshot: JSON.stringify(row.snapshot),
      about: JSON.stringify(row.about),
      state: 'running',
      step: 0,
      round: 0,
      started_at: ctx.now,
    })
    // A literal: a generic plan matches no parameter with the predicate of the partial index.
    .onConflict((conflict) => conflict.column('incident_id').where('state', '<>', sql.lit('stopped')).doNothing())
    .returningAll()
    .executeTakeFirst();
export const runById = (ctx: Ctx, id: string) =>
  ctx.tx.selectFrom('escalation_runs').selectAll().where('id', '=', id).executeTakeFirst();
export const lockRun = (ctx: Ctx, id: string) =>
  ctx.tx
    .selectFrom('escalation_runs')
    .selectAll()
    .where('id', '=', id)
    .where('state', '<>', 'stopped')
    .forUpdate()
    .executeTakeFirst();
export const lockRunOf = (ctx: Ctx, incidentId: string) =>
  ctx.tx
    .selectFrom('escalation_runs')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .where('state', '<>', 'stopped')
    .forUpdate()
    .executeTakeFirst();
export type RunRow = NonNullable<Awaited<ReturnType<typeof runById>>>;
export const runsOf = (ctx: Ctx, incidentIds: string[]) =>
  incidentIds.length === 0
    ? Promise.resolve([])
    : ctx.tx
        .selectFrom('escalation_runs')
        .selectAll()
        .where('incident_id', 'in', incidentIds)
        .orderBy('started_at')
        .orderBy('ended_at', (order) => order.asc().nullsLast())
        .execute();
export const moveRun = (
  ctx: Ctx,
  id: string,
  to: { state: 'running' | 'waiting' | 'exhausted'; round: number; step: number; due_at: Temporal.Instant },
) => ctx.tx.updateTable('escalation_runs').set(to).where('id', '=', id).where('state', '<>', 'stopped').execute();
export const endRun = (ctx: Ctx, incidentId: string, reason: string) =>
  ctx.tx
    .updateTable('escalation_runs')
    .set({ state: 'stopped', due_at: null, ended_at: ctx.now, end_reason: reason })
    .where('incident_id', '=', incidentId)
    .where('state', '<>', 'stopped')
    .returningAll()
    .executeTakeFirst();

/** Runs in flight whose present step asks a schedule; of one that waits, any step. */
export const runsUsing = async (ctx: Ctx, schedule: string): Promise<RunRow[]> => {
  const rows = await ctx.tx
    .selectFrom('escalation_runs')
    .selectAll()
    .where('state', 'in', ['running', 'waiting'])
    .forUpdate()
    .execute();
  return rows.filter((row) =>
    row.snapshot.steps.some(
      (step, at) =>
        (row.state === 'waiting' || at === row.step) &&
        step.targets.some((target) => 'schedule' in target && target.schedule === schedule),
    ),
  );
};

/** Runs that are not over, locked in one order. */
export const liveRuns = (ctx: Ctx): Promise<RunRow[]> =>
  ctx.tx.selectFrom('escalation_runs').selectAll().where('state', '<>', 'stopped').orderBy('id').forUpdate().execute();
export const setSnapshot = (ctx: Ctx, id: string, snapshot: EscalationPolicy) =>
  ctx.tx
    .updateTable('escalation_runs')
    .set({ snapshot: JSON.stringify(snapshot) })
    .where('id', '=', id)
    .execute();

/** Runs whose step is overdue by more than `seconds`: their timer was lost or is stuck. */
export const overdue = (ctx: Ctx, seconds: number) =>
  ctx.tx
    .selectFrom('escalation_runs')
    .selectAll()
    .where('state', '<>', 'stopped')
    .where('due_at', '<', ctx.now.subtract({ seconds }))
    .limit(500)
    .execute();

/** Whose turn comes next, taking none. */
export const nextTurn = async (ctx: Ctx, policy: string, step: number, target: number): Promise<number> =>
  (
    await ctx.tx
      .selectFrom('round_robins')
      .select('next')
      .where('policy', '=', policy)
      .where('step', '=', step)
      .where('target', '=', target)
      .executeTakeFirst()
  )?.next ?? 0;

/** Whose turn it is: an index that goes up by one a call. */
export const takeTurn = async (ctx: Ctx, policy: string, step: number, target: number): Promise<number> => {
  const { rows } = await sql<{ turn: number }>`
    insert into round_robins (policy, step, target, next) values (${policy}, ${step}, ${target}, 1)
    on conflict (policy, step, target) do update set next = round_robins.next + 1
    returning next - 1 as turn`.execute(ctx.tx);
  return (rows[0] as { turn: number }).turn;
};
