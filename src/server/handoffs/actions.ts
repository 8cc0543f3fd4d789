import type { z } from 'zod';
import type {
  confirmHandoff,
  HandoffNotices,
  handoff,
  handoffDetail,
  handoffNotices,
  handoffQuery,
} from '../../contract/handoff.ts';
import { nameOf, peopleNamed, personNamed } from '../identity/actions.ts';
import { allow } from '../identity/permissions.ts';
import { journal } from '../journal/actions.ts';
import { noticePeople, reachOf } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { AppError, invalid } from '../platform/errors.ts';
import { gather } from './left.ts';
import { mayConfirm, USUAL_NOTICES, whyNotWritable } from './rules.ts';
import { detailOf, mayWrite, shown, there } from './shown.ts';
import * as store from './store.ts';
import { titleOf } from './words.ts';

export { rotaChanged, trainingChanged } from './announce.ts';
export { checkOf } from './check.ts';
export { plan, planAll, scheduleRemoved } from './plan.ts';
export { tell } from './tell.ts';

type Detail = z.input<typeof handoffDetail>;

export const handoffOf = async (ctx: Ctx, id: string): Promise<Detail> => detailOf(ctx, await there(store.byId(ctx, id)));

/** In order of time: those of the last 30 days and to come, at most 200. */
export const handoffs = async (ctx: Ctx, query: z.output<typeof handoffQuery>): Promise<z.input<typeof handoff>[]> => {
  const from = query.from ? Temporal.Instant.from(query.from) : ctx.now.subtract({ hours: 24 * 30 });
  const rows = await store.find(ctx, { ...query, person: nameOf(ctx, query.person, 'person'), from });
  return rows.map(shown);
};

/** What whoever goes wants watched. Either side may write it, and whoever manages the schedule, until it is confirmed. */
export const writeNote = async (ctx: Ctx, id: string, note: string): Promise<Detail> => {
  allow(ctx, 'override.write');
  const row = await there(store.locked(ctx, id));
  if (!mayWrite(ctx, row)) allow(ctx, 'schedule.write', row.definition.team ?? null);
  const why = whyNotWritable(row);
  if (why) throw new AppError('conflict', why);
  if (row.note === note) return detailOf(ctx, row);
  await store.setNote(ctx, id, note);
  await journal(ctx, {
    type: 'handoff.saved',
    subject: { type: 'handoff', id },
    text: note ? `${ctx.actor.name} wrote what to watch` : `${ctx.actor.name} took out what was to watch`,
    data: { schedule: row.schedule, role: row.role, at: row.at.toString() },
  });
  return handoffOf(ctx, id);
};

/**
 * “I have it”: by one of those who come, from twelve hours before. What is open, paging and silenced is kept as it is now. Repeating it
 * changes nothing; a note that changed since it was read is `stale`.
 */
export const confirm = async (ctx: Ctx, id: string, { note_version }: z.output<typeof confirmHandoff>): Promise<Detail> => {
  allow(ctx, 'override.write');
  if (ctx.actor.kind !== 'person') throw invalid('a person confirms a handoff, and this token acts for nobody');
  const me = ctx.actor.name;
  const row = await there(store.locked(ctx, id));
  if (row.state === 'confirmed' && row.confirmed_by === me) return detailOf(ctx, row);
  const verdict = mayConfirm(row, me, ctx.now);
  if (!verdict.ok) throw new AppError(verdict.code, verdict.why);
  if (note_version !== undefined && note_version !== row.note_version)
    throw new AppError(
      'stale',
      `${row.note_by ?? 'Somebody'} changed what to watch since you read it. Read it again, then confirm`,
    );
  if (!(await store.confirm(ctx, row, await gather(ctx, row))))
    throw new AppError('conflict', 'It was answered at the same moment');
  const title = titleOf(row);
  await journal(ctx, {
    type: 'handoff.confirmed',
    subject: { type: 'handoff', id },
    text: `${me} has it`,
    data: { schedule: row.schedule, role: row.role, at: row.at.toString(), note_version: row.note_version },
  });
  if (row.escalated_at)
    await noticePeople(ctx, await peopleNamed(ctx, [...new Set([...row.outgoing, ...row.escalated_to])]), () => ({
      subject: `Confirmed after all: ${title}`,
      text: `${me} has confirmed the handoff.`,
      facts: [],
      path: `/handoffs/${id}`,
    }));
  return handoffOf(ctx, id);
};

/** How somebody is told of handoffs. */
export const noticesOf = async (ctx: Ctx, name: string): Promise<z.input<typeof handoffNotices>> => {
  const person = await personNamed(ctx, nameOf(ctx, name, 'name') ?? name);
  return (await store.noticesOf(ctx, person.id)) ?? USUAL_NOTICES;
};

/** Each chooses for oneself, and an administrator for anyone. Refuses a contact method that is not there, or that rings. */
export const saveNotices = async (ctx: Ctx, asked: string, notices: HandoffNotices): Promise<z.input<typeof handoffNotices>> => {
  const name = nameOf(ctx, asked, 'name') ?? asked;
  if (ctx.actor.kind === 'person' && ctx.actor.name === name) allow(ctx, 'self.write');
  else allow(ctx, 'people.write');
  const person = await personNamed(ctx, name);
  const methods = (await reachOf(ctx, [person.id])).get(person.id)?.contact_methods ?? [];
  for (const field of ['before_by', 'change_by'] as const) {
    const by = notices[field];
    if (typeof by === 'string') continue;
    const method = methods.find((one) => one.label === by.method);
    if (!method) throw invalid(`${person.display_name} has no contact method labelled ${by.method}`, field);
    if (method.channel === 'voice') throw invalid('a call rings: choose a way that does not', field);
  }
  await store.saveNotices(ctx, person.id, notices);
  await journal(ctx, {
    type: 'person.handoff_notices_saved',
    subject: { type: 'person', id: person.id },
    text: `How ${person.display_name} is told of handoffs was saved`,
    data: notices,
  });
  return notices;
};
