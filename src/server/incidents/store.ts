import { sql } from 'kysely';
import type { Ctx } from '../platform/ctx.ts';

export const takeNumber = async (ctx: Ctx): Promise<string> => {
  const year = ctx.now.toZonedDateTimeISO('UTC').year;
  const { last } = await ctx.tx
    .insertInto('incident_numbers')
    .values({ year, last: 1 })
    .onConflict((conflict) => conflict.column('year').doUpdateSet((eb) => ({ last: eb('incident_numbers.last', '+', 1) })))
    .returning('last')
    .executeTakeFirstOrThrow();
  return `INC-${year}-${String(last).padStart(4, '0')}`;
};

export const insert = (
  ctx: Ctx,
  row: {
    id: string;
    number: string;
    service_id: string;
    title: string;
    description: string | null;
    severity: string;
    urgency: string;
    group_key: string | null;
    details: string;
    alert_count: number;
    open_alert_count: number;
    last_alert_at: Temporal.Instant | null;
    flapping: boolean;
  },
) =>
  ctx.tx
    .insertInto('incidents')
    .values({ ...row, status: 'triage', opened_at: ctx.now })
    .returningAll()
    .executeTakeFirstOrThrow();
export type IncidentRow = Awaited<ReturnType<typeof insert>>;

/** One grouper at a time for a service, so that two batches never open two incidents for one trouble. */
export const lockGrouping = (ctx: Ctx, serviceId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`group ${serviceId}`}, 0))`.execute(ctx.tx);

/** The open incident an alert of the group may join, locked: its last alert is recent and it is not too old. */
export const openOfGroup = (
  ctx: Ctx,
  serviceId: string,
  groupKey: string,
  lastAfter: Temporal.Instant,
  openedAfter: Temporal.Instant,
) =>
  ctx.tx
    .selectFrom('incidents')
    .selectAll()
    .where('service_id', '=', serviceId)
    .where('group_key', '=', groupKey)
    .where('status', 'in', ['triage', 'acknowledged'])
    // One that is snoozed must not swallow new trouble.
    .where('snoozed_until', 'is', null)
    .where('last_alert_at', '>=', lastAfter)
    .where('opened_at', '>=', openedAfter)
    .orderBy('last_alert_at', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();

export const countAlerts = (
  ctx: Ctx,
  id: string,
  change: { added: number; opened: number; severity: string; urgency: string; flapping: boolean },
) =>
  ctx.tx
    .updateTable('incidents')
    .set((eb) => ({
      alert_count: eb('alert_count', '+', change.added),
      open_alert_count: eb('open_alert_count', '+', change.opened),
      last_alert_at: change.opened > 0 ? ctx.now : eb.ref('last_alert_at'),
      severity: change.severity,
      urgency: change.urgency,
      flapping: change.flapping ? true : eb.ref('flapping'),
    }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();

export const lock = (ctx: Ctx, id: string) =>
  ctx.tx.selectFrom('incidents').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
export const byId = (ctx: Ctx, id: string) => ctx.tx.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst();
export const idOf = async (ctx: Ctx, numberOrId: string): Promise<string | undefined> => {
  const isId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(numberOrId);
  const query = ctx.tx.selectFrom('incidents').select('id');
  return (
    await (isId ? query.where('id', '=', numberOrId) : query.where('number', '=', numberOrId.toUpperCase())).executeTakeFirst()
  )?.id;
};

/** Does the work; when it throws, what it did is taken back and what was done before it stays. */
export const orTakeBack = async (ctx: Ctx, work: () => Promise<void>): Promise<void> => {
  await sql`savepoint one_of_many`.execute(ctx.tx);
  try {
    await work();
  } catch (thrown) {
    await sql`rollback to savepoint one_of_many`.execute(ctx.tx);
    throw thrown;
  } finally {
    await sql`release savepoint one_of_many`.execute(ctx.tx);
  }
};

type Change = Partial<{
  status: 'triage' | 'acknowledged' | 'resolved' | 'closed';
  title: string;
  acknowledged_at: Temporal.Instant | null;
  acknowledged_by: string | null;
  acknowledged_via: string | null;
  resolved_at: Temporal.Instant | null;
  closed_at: Temporal.Instant | null;
  snoozed_until: Temporal.Instant | null;
  reminder_at: Temporal.Instant | null;
  merged_into: string;
  open_alert_count: number;
}>;
export const change = (ctx: Ctx, id: string, to: Change) =>
  ctx.tx.updateTable('incidents').set(to).where('id', '=', id).returningAll().executeTakeFirstOrThrow();

export const setAssignees = async (ctx: Ctx, id: string, personIds: string[]) => {
  await ctx.tx.deleteFrom('incident_assignees').where('incident_id', '=', id).execute();
  if (personIds.length > 0)
    await ctx.tx
      .insertInto('incident_assignees')
      .values(personIds.map((person_id) => ({ incident_id: id, person_id })))
      .execute();
};
export const assigneesOf = (ctx: Ctx, ids: string[]) =>
  ids.length === 0
    ? Promise.resolve([])
    : ctx.tx
        .selectFrom('incident_assignees')
        .innerJoin('people', 'people.id', 'incident_assignees.person_id')
        .select(['incident_id', 'people.name', 'people.display_name'])
        .where('incident_id', 'in', ids)
        .orderBy('people.name')
        .execute();

export const assigneeIds = async (ctx: Ctx, id: string): Promise<string[]> =>
  (await ctx.tx.selectFrom('incident_assignees').select('person_id').where('incident_id', '=', id).execute()).map(
    (row) => row.person_id,
  );
/** Open incidents that a person acknowledged and has, or was given. */
export const heldBy = (ctx: Ctx, personId: string) =>
  ctx.tx
    .selectFrom('incidents')
    .leftJoin('incident_assignees', (join) =>
      join.onRef('incident_id', '=', 'incidents.id').on('incident_assignees.person_id', '=', personId),
    )
    .select('incidents.id')
    .where('status', 'in', ['triage', 'acknowledged'])
    .where((eb) => eb.or([eb('incident_assignees.person_id', 'is not', null), eb('acknowledged_by', '=', personId)]))
    .orderBy('incidents.id')
    .execute();

/** The incident and those that were merged into it, or into one of them. */
export const wholeOf = async (ctx: Ctx, id: string): Promise<string[]> =>
  (
    await sql<{ id: string }>`
      with recursive whole as (
        select ${id}::uuid as id union select incidents.id from incidents join whole on incidents.merged_into = whole.id
      ) select id from whole`.execute(ctx.tx)
  ).rows.map((row) => row.id);

const shown = (ctx: Ctx) =>
  ctx.tx
    .selectFrom('incidents')
    .innerJoin('services', 'services.id', 'incidents.service_id')
    .leftJoin('people', 'people.id', 'incidents.acknowledged_by')
    .leftJoin('incidents as target', 'target.id', 'incidents.merged_into')
    .selectAll('incidents')
    .select([
      'services.name as service',
      'people.name as acknowledger',
      'people.display_name as acknowledger_name',
      'target.number as merged_number',
    ]);
export const shownById = (ctx: Ctx, id: string) => shown(ctx).where('incidents.id', '=', id).executeTakeFirst();
export type ShownRow = NonNullable<Awaited<ReturnType<typeof shownById>>>;
export const shownByIds = (ctx: Ctx, ids: string[]) =>
  ids.length === 0 ? Promise.resolve([]) : shown(ctx).where('incidents.id', 'in', ids).execute();

/** Open, unacknowledged, no escalation is alive, though the service has a policy to escalate by. */
export const unescalated = (ctx: Ctx, before: Temporal.Instant) =>
  ctx.tx
    .selectFrom('incidents')
    .selectAll()
    .where('status', '=', 'triage')
    .where('opened_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('escalation_runs')
            .select('escalation_runs.id')
            .whereRef('escalation_runs.incident_id', '=', 'incidents.id')
            .where('escalation_runs.state', '<>', 'stopped'),
        ),
      ),
    )
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('services')
          .innerJoin('escalation_policies', 'escalation_policies.name', 'services.escalation_policy')
          .select('services.id')
          .whereRef('services.id', '=', 'incidents.service_id'),
      ),
    )
    .orderBy('id')
    .limit(500)
    .forUpdate()
    .skipLocked()
    .execute();

/** Acknowledged, and the time to page again is past: the timer was lost or is stuck. */
export const overdueQuiet = (ctx: Ctx, before: Temporal.Instant) =>
  ctx.tx
    .selectFrom('incidents')
    .select('id')
    .where('status', '=', 'acknowledged')
    .where((eb) => eb.or([eb('snoozed_until', '<', before), eb('reminder_at', '<', before)]))
    .limit(500)
    .execute();

/**
 * When the oldest open, unacknowledged incident was opened of which no message has reached anybody: nobody was paged, or
 * every provider failed. One that waits for somebody's quiet hours to end is as it should be.
 */
export const oldestUnpaged = async (ctx: Ctx): Promise<Temporal.Instant | undefined> =>
  (
    await ctx.tx
      .selectFrom('incidents')
      .select('opened_at')
      .where('status', '=', 'triage')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('pages')
              .select('pages.id')
              .whereRef('pages.incident_id', '=', 'incidents.id')
              .where('pages.shadow', '=', false)
              .where((eb) => eb.or([eb('pages.first_sent_at', 'is not', null), eb('pages.status', '=', 'waiting')])),
          ),
        ),
      )
      .orderBy('opened_at')
      .limit(1)
      .executeTakeFirst()
  )?.opened_at;
