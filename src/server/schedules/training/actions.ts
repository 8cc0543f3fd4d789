import type { z } from 'zod';
import type { TrainingStage } from '../../../contract/schedule.ts';
import type { TrainingInput, training } from '../../../contract/training.ts';
import { personNamed } from '../../identity/actions.ts';
import { allow } from '../../identity/permissions.ts';
import { changesOf, journal } from '../../journal/actions.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { AppError, invalid, notFound } from '../../platform/errors.ts';
import { scheduleNamed } from '../actions.ts';
import * as schedules from '../store.ts';
import { turnsDone } from './rules.ts';
import * as store from './store.ts';

type Shown = z.input<typeof training>;

/** How far back turns are counted. */
const COUNTED = { hours: 24 * 730 };

/** Who learns to be on call, in one schedule or everywhere, those who are signed off included. */
export const trainings = async (
  ctx: Ctx,
  filter: { schedule?: string | undefined; person?: string | undefined },
): Promise<Shown[]> => {
  const found = await store.find(ctx, filter);
  const shown: Shown[] = [];
  for (const row of found) shown.push(await shownOf(ctx, row));
  return shown;
};

/** Begins a training, or changes what is asked of one. A new mentor is accompanied from now on. */
export const saveTraining = async (ctx: Ctx, schedule: string, name: string, given: TrainingInput): Promise<Shown> => {
  allow(ctx, 'schedule.write');
  const { id: scheduleId, definition } = await scheduleNamed(ctx, schedule);
  allow(ctx, 'schedule.write', definition.team ?? null);
  const person = await personNamed(ctx, name);
  if (!person.active) throw invalid(`${person.display_name} is deactivated`, 'person');
  const mentor = await personNamed(ctx, given.mentor, 'mentor');
  if (!mentor.active) throw invalid(`${mentor.display_name} is deactivated`, 'mentor');
  if (mentor.id === person.id) throw invalid('must be somebody else than the person', 'mentor');
  const theirs = await store.locked(ctx, schedule, mentor.name);
  if (theirs && !theirs.ready_at) throw invalid(`${mentor.display_name} is in training here too`, 'mentor');
  const was = await store.locked(ctx, schedule, name);
  if (was?.ready_at) throw new AppError('conflict', `${was.display_name} is signed off: take that back first`);
  const id = await store.upsert(ctx, scheduleId, person.id, given);
  if (was?.mentor !== mentor.name) await store.toStage(ctx, id, { stage: was?.stage ?? 'shadow', mentor_id: mentor.id });
  const asked = ({ mentor: by, shadow_wanted, reverse_wanted, loud, behind_seconds }: store.Row) => ({
    mentor: by,
    shadow_wanted,
    reverse_shadow_wanted: reverse_wanted,
    loud,
    behind_seconds,
  });
  if (was?.mentor !== mentor.name) await tellOf(ctx, { schedule, name }, { before: was?.mentor });
  return noted(
    ctx,
    { schedule, name },
    was ? 'changed' : 'begun',
    (row) =>
      was
        ? `The training of ${row.display_name} in ${schedule} was changed`
        : `${row.display_name} is in training in ${schedule}, with ${mentor.display_name}`,
    { changes: changesOf(was && asked(was), given) },
  );
};

/** On to reverse-shadow, or back to shadowing. */
export const moveTraining = async (ctx: Ctx, schedule: string, name: string, stage: TrainingStage): Promise<Shown> => {
  const row = await taught(ctx, schedule, name);
  if (row.ready_at) throw new AppError('conflict', `${row.display_name} is signed off: take that back first`);
  if (row.stage === stage) return shownOf(ctx, row);
  if (stage === 'reverse_shadow' && !row.mentor)
    throw new AppError('conflict', 'The mentor was removed: name another first, who is behind them');
  await store.toStage(ctx, row.id, { stage, mentor_id: await store.mentorId(ctx, row.id) });
  await tellOf(ctx, { schedule, name });
  return noted(ctx, { schedule, name }, 'moved', () =>
    stage === 'shadow'
      ? `${row.display_name} shadows again in ${schedule}`
      : `${row.display_name} is asked first in ${schedule}, with ${row.mentor_name} behind them`,
  );
};

/** Somebody signs that a person is ready to be on call alone; not the person. */
export const signOff = async (ctx: Ctx, schedule: string, name: string, note: string): Promise<Shown> => {
  const row = await taught(ctx, schedule, name);
  if (row.ready_at) throw new AppError('conflict', `${row.ready_by} has signed already`);
  await store.setReady(ctx, row.id, { by: ctx.actor.name, note });
  await store.toStage(ctx, row.id);
  await tellOf(ctx, { schedule, name });
  return noted(ctx, { schedule, name }, 'signed_off', () => `${row.display_name} is ready for solo in ${schedule}`, { note });
};

/** Takes the signature back: the person is asked first again, with the mentor behind them, or shadows where there is none. */
export const takeBack = async (ctx: Ctx, schedule: string, name: string): Promise<Shown> => {
  const row = await taught(ctx, schedule, name);
  if (!row.ready_at) throw new AppError('conflict', `Nobody has signed that ${row.display_name} is ready`);
  await store.setReady(ctx, row.id, null);
  await store.toStage(ctx, row.id, {
    stage: row.mentor ? 'reverse_shadow' : 'shadow',
    mentor_id: await store.mentorId(ctx, row.id),
  });
  await tellOf(ctx, { schedule, name }, { note: 'The sign-off was taken back.' });
  return noted(
    ctx,
    { schedule, name },
    'taken_back',
    () => `The sign-off of ${row.display_name} in ${schedule} was taken back: in training again`,
  );
};

/** Gives a training up: nothing is asked of the person any more, and nothing warned of. */
export const endTraining = async (ctx: Ctx, schedule: string, name: string): Promise<void> => {
  allow(ctx, 'schedule.write');
  allow(ctx, 'schedule.write', (await scheduleNamed(ctx, schedule)).definition.team ?? null);
  const row = await rowOf(ctx, schedule, name);
  await tellOf(ctx, { schedule, name }, { stage: 'ended' });
  await store.toStage(ctx, row.id);
  await store.end(ctx, row.id);
  await say(ctx, row, 'ended', `The training of ${row.display_name} in ${schedule} was ended`);
};

const rowOf = async (ctx: Ctx, schedule: string, name: string): Promise<store.Row> => {
  const row = await store.locked(ctx, schedule, name);
  if (!row) throw notFound(`A training of ${name} in ${schedule}`);
  return row;
};

/** A training, for its mentor or whoever manages the schedule; nobody judges themselves. */
const taught = async (ctx: Ctx, schedule: string, name: string): Promise<store.Row> => {
  allow(ctx, 'override.write');
  const row = await rowOf(ctx, schedule, name);
  const me = ctx.actor.kind === 'person' ? ctx.actor.name : undefined;
  if (me === row.person) throw new AppError('forbidden', 'Your mentor or a manager does this, not you yourself');
  if (me === undefined || me !== row.mentor) allow(ctx, 'schedule.write', row.definition.team ?? null);
  return row;
};

const say = async (ctx: Ctx, row: store.Row, what: string, text: string, data: Record<string, unknown> = {}) => {
  await journal(ctx, {
    type: `schedule.training_${what}`,
    subject: { type: 'schedule', id: row.schedule_id },
    text,
    data: { person: row.person, mentor: row.mentor, ...data },
  });
  await ctx.emit('schedule.changed', { name: row.schedule });
};

/** Has the learner and the mentor told of the stage that the training is at now. */
const tellOf = async (
  ctx: Ctx,
  { schedule, name }: { schedule: string; name: string },
  { before, note, stage }: { before?: string | null | undefined; note?: string; stage?: 'ended' } = {},
): Promise<void> => {
  const row = await rowOf(ctx, schedule, name);
  await ctx.emit('training.changed', {
    schedule,
    title: row.definition.title || schedule,
    person: row.person,
    mentor: row.mentor,
    ...(before ? { before } : {}),
    stage: stage ?? (row.ready_at ? 'solo' : row.stage),
    behind_seconds: row.behind_seconds,
    note: note ?? (row.ready_at ? row.ready_note : ''),
  });
};

const noted = async (
  ctx: Ctx,
  { schedule, name }: { schedule: string; name: string },
  what: string,
  text: (row: store.Row) => string,
  data?: Record<string, unknown>,
): Promise<Shown> => {
  const row = await rowOf(ctx, schedule, name);
  await say(ctx, row, what, text(row), data);
  return shownOf(ctx, row);
};

const shownOf = async (ctx: Ctx, row: store.Row): Promise<Shown> => {
  const earliest = ctx.now.subtract(COUNTED);
  const since = Temporal.Instant.compare(row.since, earliest) < 0 ? earliest : row.since;
  const overrides = await schedules.overrides(ctx, row.schedule_id, since, ctx.now.add({ hours: 24 * 32 }));
  const done = turnsDone(row.definition, overrides, row.person, since.epochMilliseconds, ctx.now.epochMilliseconds);
  return {
    schedule: row.schedule,
    title: row.definition.title || row.schedule,
    team: row.definition.team ?? null,
    person: row.person,
    display_name: row.display_name,
    mentor: row.mentor,
    mentor_name: row.mentor_name,
    since: row.since.toString(),
    stage: row.ready_at ? 'solo' : row.stage,
    stage_since: (row.ready_at ?? row.stage_since).toString(),
    shadow_done: done.shadow,
    shadow_wanted: row.shadow_wanted,
    reverse_shadow_done: done.reverse_shadow,
    reverse_shadow_wanted: row.reverse_wanted,
    loud: row.loud,
    behind_seconds: row.behind_seconds,
    ready: row.ready_by && row.ready_at ? { by: row.ready_by, at: row.ready_at.toString(), note: row.ready_note } : null,
  };
};
