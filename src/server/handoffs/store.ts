import { sql } from 'kysely';
import type { HandoffNotices, LeftBehind } from '../../contract/handoff.ts';
import type { OnCallRole } from '../../contract/schedule.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { Side, State } from './types.ts';

const rows = (ctx: Ctx) =>
  ctx.tx
    .selectFrom('handoffs as h')
    .innerJoin('schedules as s', 's.id', 'h.schedule_id')
    .selectAll('h')
    .select([
      's.name as schedule',
      's.definition as definition',
      sql<string[]>`array(select person from handoff_people p where p.handoff_id = h.id and p.side = 'outgoing' order by 1)`.as(
        'outgoing',
      ),
      sql<string[]>`array(select person from handoff_people p where p.handoff_id = h.id and p.side = 'incoming' order by 1)`.as(
        'incoming',
      ),
    ])
    .$narrowType<{ state: State; role: OnCallRole }>();
export type Row = NonNullable<Awaited<ReturnType<typeof byId>>>;

export const byId = (ctx: Ctx, id: string) => rows(ctx).where('h.id', '=', id).executeTakeFirst();
/** Held until the transaction ends, so that two answers come one after the other. */
export const locked = async (ctx: Ctx, id: string): Promise<Row | undefined> => {
  const held = await ctx.tx.selectFrom('handoffs').select('id').where('id', '=', id).forUpdate().executeTakeFirst();
  return held && byId(ctx, id);
};

export const find = (
  ctx: Ctx,
  filter: { person?: string | undefined; schedule?: string | undefined; open?: boolean | undefined; from: Temporal.Instant },
) =>
  rows(ctx)
    .where('h.at', '>=', filter.from)
    .where('h.state', '<>', 'withdrawn')
    .$if(filter.schedule !== undefined, (query) => query.where('s.name', '=', filter.schedule ?? ''))
    .$if(filter.open === true, (query) => query.where('h.state', '=', 'open'))
    .$if(filter.person !== undefined, (query) =>
      query.where('h.id', 'in', (eb) =>
        eb
          .selectFrom('handoff_people')
          .select('handoff_id')
          .where('person', '=', filter.person ?? ''),
      ),
    )
    .orderBy('h.at')
    .orderBy('h.id')
    .limit(200)
    .execute();

/** Those of a schedule that may still change: to come, or begun and not confirmed. */
export const alive = (ctx: Ctx, scheduleId: string) =>
  rows(ctx)
    .where('h.schedule_id', '=', scheduleId)
    .where('h.state', 'in', ['open', 'confirmed'])
    .where((eb) => eb.or([eb('h.at', '>', ctx.now), eb('h.state', '=', 'open')]))
    .orderBy('h.at')
    .execute();

/** The one before it in the same role that left something to watch. */
export const lastNote = (ctx: Ctx, row: Row) =>
  ctx.tx
    .selectFrom('handoffs')
    .select(['id', 'at', 'note', 'note_by'])
    .where('schedule_id', '=', row.schedule_id)
    .where('role', '=', row.role)
    .where('at', '<', row.at)
    .where('state', '<>', 'withdrawn')
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();

type Times = { at: Temporal.Instant; until: Temporal.Instant | null; outgoing_until: Temporal.Instant | null };
type People = { outgoing: string[]; incoming: string[] };
export const insert = async (ctx: Ctx, scheduleId: string, role: OnCallRole, times: Times, people: People): Promise<void> => {
  const { id } = await ctx.tx
    .insertInto('handoffs')
    .values({ schedule_id: scheduleId, role, ...times, created_at: ctx.now })
    .returning('id')
    .executeTakeFirstOrThrow();
  await setPeople(ctx, id, people);
};
/** Other people or another time: it is to be confirmed again. */
export const replan = async (ctx: Ctx, id: string, times: Times, people: People): Promise<void> => {
  await ctx.tx
    .updateTable('handoffs')
    .set({
      ...times,
      state: 'open',
      confirmed_by: null,
      left_behind: null,
      ended_at: null,
      reminded_at: null,
      escalated_at: null,
    })
    .where('id', '=', id)
    .execute();
  await setPeople(ctx, id, people);
};
export const setEnds = (ctx: Ctx, id: string, times: Omit<Times, 'at'>) =>
  ctx.tx.updateTable('handoffs').set(times).where('id', '=', id).execute();
/** Who was told and stays is not told anew. */
const setPeople = async (ctx: Ctx, id: string, people: People): Promise<void> => {
  const all = (['outgoing', 'incoming'] as const).flatMap((side) =>
    people[side].map((person) => ({ handoff_id: id, person, side })),
  );
  await ctx.tx
    .deleteFrom('handoff_people')
    .where('handoff_id', '=', id)
    .where(
      'person',
      'not in',
      all.map(({ person }) => person),
    )
    .execute();
  await ctx.tx
    .insertInto('handoff_people')
    .values(all)
    .onConflict((conflict) =>
      conflict.columns(['handoff_id', 'person']).doUpdateSet((eb) => ({
        side: eb.ref('excluded.side'),
        told_before_at: sql`case when handoff_people.side = excluded.side then handoff_people.told_before_at end`,
      })),
    )
    .execute();
};
/** The link and what was told of each person. */
export const peopleOf = (ctx: Ctx, id: string) =>
  ctx.tx
    .selectFrom('handoff_people')
    .selectAll()
    .where('handoff_id', '=', id)
    .$narrowType<{ side: Side }>()
    .orderBy('id')
    .execute();
export const personById = (ctx: Ctx, id: string) =>
  ctx.tx.selectFrom('handoff_people').selectAll().where('id', '=', id).$narrowType<{ side: Side }>().executeTakeFirst();

/** False when it is not open any more. */
export const setNote = async (ctx: Ctx, id: string, note: string): Promise<boolean> => {
  const row = await ctx.tx
    .updateTable('handoffs')
    .set((eb) => ({ note, note_version: eb('note_version', '+', 1), note_by: ctx.actor.name, note_at: ctx.now }))
    .where('id', '=', id)
    .where('state', '=', 'open')
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
};
/** False when it was no longer open, or its note is another. */
export const confirm = async (ctx: Ctx, row: Row, left: LeftBehind): Promise<boolean> => {
  const done = await ctx.tx
    .updateTable('handoffs')
    .set({ state: 'confirmed', confirmed_by: ctx.actor.name, left_behind: JSON.stringify(left), ended_at: ctx.now })
    .where('id', '=', row.id)
    .where('state', '=', 'open')
    .where('note_version', '=', row.note_version)
    .returning('id')
    .executeTakeFirst();
  return done !== undefined;
};
export const end = async (ctx: Ctx, id: string, state: 'lapsed' | 'withdrawn'): Promise<boolean> => {
  const row = await ctx.tx
    .updateTable('handoffs')
    .set({ state, ended_at: ctx.now, confirmed_by: null, left_behind: null })
    .where('id', '=', id)
    .where('state', 'in', ['open', 'confirmed'])
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
};

/** Everybody who is to be told of a change in the coming week, or of one of the last day, and was not told of it when it came. */
export const toTell = async (ctx: Ctx) => {
  const told = await ctx.tx
    .selectFrom('handoff_people as p')
    .innerJoin('handoffs as h', 'h.id', 'p.handoff_id')
    .innerJoin('people', 'people.name', 'p.person')
    .leftJoin('handoff_notices as n', 'n.person_id', 'people.id')
    .select(['p.id', 'p.handoff_id', 'p.person', 'p.side', 'p.told_before_at', 'people.id as person_id'])
    .select(['n.lead_hours', 'n.before_by', 'n.change_by', 'h.at', 'h.outgoing_until'])
    .where('h.state', 'in', ['open', 'confirmed'])
    .where('p.told_at', 'is', null)
    .where('people.active', '=', true)
    .where('h.at', '>', ctx.now.subtract({ hours: 24 }))
    .where('h.at', '<', ctx.now.add({ hours: 24 * 22 }))
    .orderBy('h.at')
    .orderBy('p.id')
    .$narrowType<{ side: Side }>()
    .execute();
  return told;
};
/** False when somebody else did it first. */
export const claimTold = async (ctx: Ctx, id: string, which: 'told_before_at' | 'told_at'): Promise<boolean> => {
  const row = await ctx.tx
    .updateTable('handoff_people')
    .set({ [which]: ctx.now })
    .where('id', '=', id)
    .where(which, 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
};
/** Begun, not confirmed, and not escalated yet. */
export const unconfirmed = (ctx: Ctx) =>
  rows(ctx)
    .where('h.state', '=', 'open')
    .where('h.at', '<', ctx.now)
    .where('h.at', '>', ctx.now.subtract({ hours: 24 * 8 }))
    .where('h.escalated_at', 'is', null)
    .orderBy('h.at')
    .execute();
export const claimChase = async (ctx: Ctx, id: string, which: 'reminded_at' | 'escalated_at'): Promise<boolean> => {
  const row = await ctx.tx
    .updateTable('handoffs')
    .set({ [which]: ctx.now })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where(which, 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
};
export const noteEscalatedTo = (ctx: Ctx, id: string, escalated_to: string[]) =>
  ctx.tx.updateTable('handoffs').set({ escalated_to }).where('id', '=', id).execute();

// ---- what is left behind

type Left = {
  number: string;
  title: string;
  service: string;
  severity: LeftBehind['open_incidents']['items'][number]['severity'];
  status: string;
  opened_at: Temporal.Instant;
};
const SHOWN = 20;
export const openIncidents = async (ctx: Ctx, services: string[]) => {
  const { rows: items } = await sql<Left & { total: number }>`
    select i.number, i.title, s.name as service, i.severity, i.status, i.opened_at, count(*) over ()::int as total
    from incidents i join services s on s.id = i.service_id
    where i.status in ('triage', 'acknowledged') and s.name = any(${services})
    order by i.id desc limit ${SHOWN}`.execute(ctx.tx);
  return { total: items[0]?.total ?? 0, items: items.map(({ total: _, ...one }) => one) };
};
/** What paged somebody since then: incidents open now or opened since, which are the only ones that can. */
export const pagesSince = async (ctx: Ctx, services: string[], since: Temporal.Instant) => {
  const { rows: items } = await sql<Left & { pages: number; last_at: Temporal.Instant; total: number; incidents: number }>`
    select i.number, i.title, s.name as service, i.severity, i.status, i.opened_at, count(*)::int as pages, max(p.created_at) as last_at,
      (sum(count(*)) over ())::int as total, (count(*) over ())::int as incidents
    from incidents i join services s on s.id = i.service_id join pages p on p.incident_id = i.id
    where s.name = any(${services}) and (i.status in ('triage', 'acknowledged') or coalesce(i.resolved_at, i.opened_at) >= ${since})
      and p.created_at >= ${since} and p.first_sent_at is not null and not p.shadow
    group by i.id, s.name order by pages desc, i.id desc limit ${SHOWN}`.execute(ctx.tx);
  return {
    total: items[0]?.total ?? 0,
    incidents: items[0]?.incidents ?? 0,
    items: items.map(({ total: _, incidents: __, ...one }) => one),
  };
};

// ---- how people want to be told

export const noticesOf = (ctx: Ctx, personId: string) =>
  ctx.tx
    .selectFrom('handoff_notices')
    .select(['lead_hours', 'before_by', 'change_by'])
    .where('person_id', '=', personId)
    .executeTakeFirst();
export const saveNotices = (ctx: Ctx, personId: string, { lead_hours, before_by, change_by }: HandoffNotices) => {
  const row = { lead_hours, before_by: JSON.stringify(before_by), change_by: JSON.stringify(change_by) };
  return ctx.tx
    .insertInto('handoff_notices')
    .values({ person_id: personId, ...row })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(row))
    .execute();
};

/** Until the transaction ends nobody else plans the handoffs of this schedule. */
export const holdSchedule = (ctx: Ctx, scheduleId: string) =>
  ctx.tx.selectFrom('schedules').select('id').where('id', '=', scheduleId).forNoKeyUpdate().execute();
