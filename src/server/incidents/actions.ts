import type { Incident, IncidentStatus } from '../../contract/incident.ts';
import { repairOverdue, runsOf } from '../escalation/actions.ts';
import { repairStuck } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid, notFound } from '../platform/errors.ts';
import { PATIENCE_SECONDS } from './dead-man.ts';
import { restartEscalation } from './gather.ts';
import * as store from './store.ts';
import './types.ts';

export { pingDeadMan } from './dead-man.ts';

export { alertsResolved, findGroup, flappingOver, join, lockGrouping, open, worsen } from './gather.ts';
export {
  acknowledge,
  answered,
  close,
  create,
  escalateNow,
  merge,
  note,
  reassign,
  reminderDue,
  reopen,
  resolve,
  snooze,
  snoozeOver,
} from './respond.ts';
export { worse } from './rules.ts';

/** The id behind a number or an id. */
export const idOf = async (ctx: Ctx, numberOrId: string): Promise<string> => {
  const id = await store.idOf(ctx, numberOrId);
  if (!id) throw notFound(`Incident ${numberOrId}`);
  return id;
};

export const incidentById = store.byId;
/** The incident, locked, if it is open. */
export const lockOpen = async (ctx: Ctx, id: string): Promise<store.IncidentRow | undefined> => {
  const row = await store.lock(ctx, id);
  return row && (row.status === 'triage' || row.status === 'acknowledged') ? row : undefined;
};

const incidentsOf = async (ctx: Ctx, rows: store.ShownRow[]): Promise<Incident[]> => {
  const ids = rows.map((row) => row.id);
  const assignees = await store.assigneesOf(ctx, ids);
  const runs = await runsOf(ctx, ids);
  const text = (at: Temporal.Instant | null) => at?.toString() ?? null;
  return rows.map((row) => {
    const run = runs.findLast((one) => one.incident_id === row.id);
    return {
      id: row.id,
      number: row.number,
      title: row.title,
      service: row.service,
      status: row.status as IncidentStatus,
      severity: row.severity as Incident['severity'],
      urgency: row.urgency as Incident['urgency'],
      assignees: assignees.filter((one) => one.incident_id === row.id).map((one) => one.name),
      alert_count: row.alert_count,
      open_alert_count: row.open_alert_count,
      opened_at: row.opened_at.toString(),
      acknowledged_at: text(row.acknowledged_at),
      acknowledged_by: row.acknowledger,
      resolved_at: text(row.resolved_at),
      closed_at: text(row.closed_at),
      snoozed_until: text(row.snoozed_until),
      merged_into: row.merged_number,
      escalation: run
        ? { state: run.state, step: run.step + 1, of: run.snapshot.steps.length, round: run.round + 1, next_at: text(run.due_at) }
        : null,
      url: `${ctx.publicUrl}/api/incidents/${row.number}`,
    };
  });
};

export const incident = async (ctx: Ctx, id: string): Promise<Incident> => {
  const row = await store.shownById(ctx, id);
  const [shown] = row ? await incidentsOf(ctx, [row]) : [];
  if (!shown) throw notFound('Incident');
  return shown;
};

/** Incidents, newest first, a page at a time. `status` may name several, comma-separated; `open` means triage and acknowledged. */
export const list = async (
  ctx: Ctx,
  query: { status?: string | undefined; service?: string | undefined; cursor?: string | undefined; limit: number },
) => {
  const known: IncidentStatus[] = ['triage', 'acknowledged', 'resolved', 'closed'];
  const status = query.status?.split(',').flatMap((word) => (word === 'open' ? ['triage', 'acknowledged'] : [word]));
  const wrong = status?.find((word) => !(known as string[]).includes(word));
  if (wrong !== undefined) throw invalid(`must be open or among ${known.join(', ')}, not ${wrong}`, 'status');
  const rows = await store.list(ctx, { status, service: query.service, before: query.cursor, limit: query.limit });
  return { items: await incidentsOf(ctx, rows), next: rows.length === query.limit ? (rows.at(-1)?.id ?? null) : null };
};

/** How late a step may begin before the auditor takes it for lost. */
const GRACE_SECONDS = 15;

/**
 * Each minute: every open, unacknowledged incident has a step to come or in flight. What has none gets one,
 * what is overdue (steps, messages, ends of snoozes, reminders) is made due, and each repair is on its incident's timeline and in the log.
 */
export const audit = async (ctx: Ctx): Promise<void> => {
  const lost = await store.unescalated(ctx, ctx.now.subtract({ seconds: GRACE_SECONDS }));
  let repaired = 0;
  for (const row of lost) {
    await restartEscalation(ctx, row);
    repaired += 1;
  }
  const overdue = await repairOverdue(ctx, GRACE_SECONDS);
  const stuck = await repairStuck(ctx, GRACE_SECONDS * 2);
  const quiet = (await store.overdueQuiet(ctx, ctx.now.subtract({ seconds: GRACE_SECONDS }))).map(({ id }) => ({
    data: { incident_id: id },
  }));
  await ctx.enqueue('incidents.snooze_over', quiet);
  await ctx.enqueue('incidents.reminder_due', quiet);
  if (overdue + stuck + quiet.length > 0)
    ctx.log.warn(
      { overdue_steps: overdue, stuck_messages: stuck, overdue_reminders: quiet.length },
      'auditor: repaired what had not begun in time',
    );
  const stillLost = await store.unescalated(ctx, ctx.now);
  if (repaired > stillLost.length)
    ctx.log.warn({ incidents: repaired - stillLost.length }, 'auditor: began escalation that was missing');
  const oldest = await store.oldestUnpaged(ctx);
  ctx.metrics.oldestUnpaged.set(oldest ? (ctx.now.epochMilliseconds - oldest.epochMilliseconds) / 1000 : 0);
  const unreached = oldest && Temporal.Instant.compare(oldest, ctx.now.subtract({ seconds: PATIENCE_SECONDS })) < 0;
  ctx.metrics.healthy.set(stillLost.length === 0 && !unreached ? 1 : 0);
};

/** Nobody is left to page, or nobody could be: on the timeline already; here in the log and the metrics, for whoever watches Allclear. */
export const shout = async (ctx: Ctx, { incident_id, why }: { incident_id: string; why: string }): Promise<void> => {
  const row = await store.byId(ctx, incident_id);
  ctx.metrics.exhausted.inc();
  ctx.log.warn({ incident: row?.number, why }, 'NOBODY IS LEFT TO PAGE');
};
