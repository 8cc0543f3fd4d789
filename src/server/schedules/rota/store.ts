import { sql } from 'kysely';
import type { RotaChange, RotaPreferences, RotaResult } from '../../../contract/rota.ts';
import type { Schedule } from '../../../contract/schedule.ts';
import type { Ctx } from '../../platform/ctx.ts';

export const preferencesOf = (ctx: Ctx, people: string[]) =>
  people.length === 0
    ? Promise.resolve([])
    : ctx.tx.selectFrom('rota_preferences').selectAll().where('person_id', 'in', people).execute();
export const savePreferences = (ctx: Ctx, personId: string, preferences: RotaPreferences) =>
  ctx.tx
    .insertInto('rota_preferences')
    .values({ person_id: personId, ...preferences })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(preferences))
    .execute();
export const deletePreferences = (ctx: Ctx, personId: string) =>
  ctx.tx.deleteFrom('rota_preferences').where('person_id', '=', personId).returning('person_id').executeTakeFirst();

export const insertProposal = async (
  ctx: Ctx,
  row: { schedule_id: string; definition: Schedule; starts: string; ends: string; result: RotaResult; change: RotaChange },
) => {
  const { id } = await ctx.tx
    .insertInto('rota_proposals')
    .values({
      schedule_id: row.schedule_id,
      definition: JSON.stringify(row.definition),
      starts_at: Temporal.Instant.from(row.starts),
      ends_at: Temporal.Instant.from(row.ends),
      result: JSON.stringify(row.result),
      change: JSON.stringify(row.change),
      created_by: ctx.actor.name,
      created_at: ctx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
};

const proposals = (ctx: Ctx) =>
  ctx.tx
    .selectFrom('rota_proposals as r')
    .innerJoin('schedules as s', 's.id', 'r.schedule_id')
    .selectAll('r')
    .select(['s.name as schedule', 's.definition as current', sql<boolean>`s.definition <> r.definition`.as('changed')]);
export const proposal = (ctx: Ctx, id: string) => proposals(ctx).where('r.id', '=', id).executeTakeFirst();
export const lockedProposal = (ctx: Ctx, id: string) =>
  proposals(ctx).where('r.id', '=', id).forUpdate(['r', 's']).executeTakeFirst();
export type ProposalRow = NonNullable<Awaited<ReturnType<typeof proposal>>>;
export const recentProposals = (ctx: Ctx, scheduleId: string, limit: number) =>
  proposals(ctx).where('r.schedule_id', '=', scheduleId).orderBy('r.created_at', 'desc').limit(limit).execute();
/** The changes of plans that are or were in force: their layers may still be in the schedule. */
export const changesInForce = async (ctx: Ctx, scheduleId: string): Promise<RotaChange[]> =>
  (
    await ctx.tx
      .selectFrom('rota_proposals')
      .select('change')
      .where('schedule_id', '=', scheduleId)
      .where('state', '<>', 'proposed')
      .execute()
  ).map((row) => row.change);

/** Whether it was still in the state it leaves. */
export const decideProposal = async (
  ctx: Ctx,
  id: string,
  from: 'proposed' | 'in_force',
  to: 'in_force' | 'taken_back',
  overrideIds?: string[],
): Promise<boolean> => {
  const row = await ctx.tx
    .updateTable('rota_proposals')
    .set({
      state: to,
      decided_by: ctx.actor.name,
      decided_at: ctx.now,
      ...(overrideIds ? { override_ids: overrideIds } : {}),
    })
    .where('id', '=', id)
    .where('state', '=', from)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
};
