import { peopleByIds } from '../identity/actions.ts';
import { openPagesOf } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid } from '../platform/errors.ts';
import { backToTriage, say } from './moves.ts';
import * as store from './store.ts';

type Held = { row: store.IncidentRow; others: string[] };
/** Open incidents that a person has or was given, locked, each with whoever else has it and is still here. */
const heldBy = async (ctx: Ctx, personId: string): Promise<Held[]> => {
  const held: Held[] = [];
  for (const { id } of await store.heldBy(ctx, personId)) {
    const row = await store.lock(ctx, id);
    if (!row || (row.status !== 'triage' && row.status !== 'acknowledged')) continue;
    const ids = [...(await store.assigneeIds(ctx, id)), ...(row.acknowledged_by ? [row.acknowledged_by] : [])];
    const active = (await peopleByIds(ctx, [...new Set(ids)])).filter((person) => person.active && person.id !== personId);
    held.push({ row, others: active.map((person) => person.id) });
  }
  return held;
};

/** Open incidents nobody but this person has. */
export const heldAloneBy = async (ctx: Ctx, personId: string): Promise<store.IncidentRow[]> =>
  (await heldBy(ctx, personId)).flatMap(({ row, others }) => (row.status === 'acknowledged' && others.length === 0 ? [row] : []));

/** Refuses to let somebody go by hand whom an open page or incident waits for, saying which. */
export const refuseWhileHolding = async (ctx: Ctx, { id, name }: { id: string; name: string }): Promise<void> => {
  const alone = await heldAloneBy(ctx, id);
  if (alone.length > 0)
    throw invalid(`${name} alone has ${alone.map((row) => row.number).join(', ')}: hand it to somebody else first`, 'name');
  const pages = await openPagesOf(ctx, id);
  if (pages.length > 0)
    throw invalid(
      `${name} is being paged for ${[...new Set(pages.map((page) => page.about.number))].join(', ')}: answer, reassign or escalate it first`,
      'name',
    );
};

/** Somebody left: incidents that only she had are paged again, from the first step; of the others she is taken off. Safe to repeat. */
export const personLeft = async (ctx: Ctx, { id, name }: { id: string; name: string }): Promise<void> => {
  for (const { row, others } of await heldBy(ctx, id)) {
    await store.setAssignees(ctx, row.id, others);
    if (row.status === 'acknowledged' && others.length === 0) await backToTriage(ctx, row, `${name}, who had it, left`);
    else await say(ctx, row.id, 'incident.person_left', `${name} left and is no longer on this`, { person: name });
  }
};
