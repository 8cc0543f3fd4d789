import type { TrainingStage } from '../../../contract/schedule.ts';
import type { TrainingInput } from '../../../contract/training.ts';
import type { Ctx } from '../../platform/ctx.ts';

/** Trainings that were not given up, each with its last stage. */
const rows = (ctx: Ctx) =>
  ctx.tx
    .selectFrom('on_call_training as t')
    .innerJoin('schedules as s', 's.id', 't.schedule_id')
    .innerJoin('people as p', 'p.id', 't.person_id')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('on_call_training_stages')
          .select(['stage', 'mentor_id', 'starts_at'])
          .whereRef('training_id', '=', 't.id')
          .orderBy('id', 'desc')
          .limit(1)
          .as('g'),
      (join) => join.onTrue(),
    )
    .leftJoin('people as m', 'm.id', 'g.mentor_id')
    .selectAll('t')
    .select(['s.name as schedule', 's.definition as definition', 'p.name as person', 'p.display_name as display_name'])
    .select(['m.name as mentor', 'm.display_name as mentor_name', 'g.starts_at as stage_since', 'g.stage as stage'])
    .where('t.ended_at', 'is', null)
    .$narrowType<{ stage: TrainingStage }>();
export type Row = Awaited<ReturnType<typeof find>>[number];

export const find = (ctx: Ctx, filter: { schedule?: string | undefined; person?: string | undefined }) =>
  rows(ctx)
    .$if(filter.schedule !== undefined, (query) => query.where('s.name', '=', filter.schedule ?? ''))
    .$if(filter.person !== undefined, (query) => query.where('p.name', '=', filter.person ?? ''))
    .where('p.active', '=', true)
    .orderBy('s.name')
    .orderBy('p.name')
    .execute();

/** Held until the transaction ends. */
export const locked = async (ctx: Ctx, schedule: string, person: string): Promise<Row | undefined> => {
  const one = await rows(ctx).where('s.name', '=', schedule).where('p.name', '=', person).executeTakeFirst();
  if (!one) return undefined;
  await ctx.tx.selectFrom('on_call_training').select('id').where('id', '=', one.id).forUpdate().execute();
  return rows(ctx).where('t.id', '=', one.id).executeTakeFirst();
};

/** Begins a training, or one that was given up again; of one that is under way what is asked of it. Returns its id. */
export const upsert = async (ctx: Ctx, scheduleId: string, personId: string, given: TrainingInput): Promise<string> => {
  const asked = {
    shadow_wanted: given.shadow_wanted,
    reverse_wanted: given.reverse_shadow_wanted,
    loud: given.loud,
    behind_seconds: given.behind_seconds,
    ended_at: null,
  };
  const { id } = await ctx.tx
    .insertInto('on_call_training')
    .values({ schedule_id: scheduleId, person_id: personId, since: ctx.now, ...asked })
    .onConflict((conflict) =>
      conflict.columns(['schedule_id', 'person_id']).doUpdateSet((eb) => ({
        ...asked,
        since: eb.case().when('on_call_training.ended_at', 'is', null).then(eb.ref('on_call_training.since')).else(ctx.now).end(),
      })),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
};

/** The stage that is ends now; another begins, or none. */
export const toStage = async (ctx: Ctx, trainingId: string, next?: { stage: TrainingStage; mentor_id: string | null }) => {
  await ctx.tx
    .updateTable('on_call_training_stages')
    .set({ ends_at: ctx.now })
    .where('training_id', '=', trainingId)
    .where('ends_at', 'is', null)
    .execute();
  if (next)
    await ctx.tx
      .insertInto('on_call_training_stages')
      .values({ training_id: trainingId, ...next, starts_at: ctx.now })
      .execute();
};

export const setReady = (ctx: Ctx, id: string, ready: { by: string; note: string } | null) =>
  ctx.tx
    .updateTable('on_call_training')
    .set({ ready_by: ready?.by ?? null, ready_at: ready ? ctx.now : null, ready_note: ready?.note ?? '' })
    .where('id', '=', id)
    .execute();
export const end = (ctx: Ctx, id: string) =>
  ctx.tx
    .updateTable('on_call_training')
    .set({ ended_at: ctx.now, ready_by: null, ready_at: null, ready_note: '' })
    .where('id', '=', id)
    .execute();

export const mentorId = async (ctx: Ctx, trainingId: string): Promise<string | null> =>
  (
    await ctx.tx
      .selectFrom('on_call_training_stages')
      .select('mentor_id')
      .where('training_id', '=', trainingId)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
  )?.mentor_id ?? null;
