import type { z } from 'zod';
import type { Incident, IncidentQuery, IncidentStatus, incidentCounts } from '../../contract/incident.ts';
import { repairOverdue, runsOf } from '../escalation/actions.ts';
import { nameOf } from '../identity/actions.ts';
import { repairStuck } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid, notFound } from '../platform/errors.ts';
import { PATIENCE_SECONDS } from './dead-man.ts';
import { restartEscalation } from './gather.ts';
import * as lists from './list-store.ts';
import { cursorOf, positionOf } from './rules.ts';
import * as store from './store.ts';
import './types.ts';

export { pingDeadMan } from './dead-man.ts';

export { alertsResolved, findGroup, flappingOver, join, lockGrouping, open, worsen } from './gather.ts';
export { heldAloneBy, personLeft, refuseWhileHolding } from './leaving.ts';
export { reply as answerByReply } from './messages.ts';
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
  unsnooze,
} from './respond.ts';
export { worse } from './rules.ts';
export { runsOf };

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
    const own = assignees.filter((one) => one.incident_id === row.id);
    return {
      id: row.id,
      number: row.number,
      title: row.title,
      description: row.description,
      labels: row.details.labels ?? {},
      links: row.details.links ?? [],
      service: row.service,
      status: row.status as IncidentStatus,
      severity: row.severity as Incident['severity'],
      urgency: row.urgency as Incident['urgency'],
      flapping: row.flapping,
      assignees: own.map((one) => one.name),
      people: [
        ...own.map(({ name, display_name }) => ({ name, display_name })),
        ...(row.acknowledger && !own.some((one) => one.name === row.acknowledger)
          ? [{ name: row.acknowledger, display_name: row.acknowledger_name ?? row.acknowledger }]
          : []),
      ],
      alert_count: row.alert_count,
      open_alert_count: row.open_alert_count,
      opened_at: row.opened_at.toString(),
      acknowledged_at: text(row.acknowledged_at),
      acknowledged_by: row.acknowledger,
      acknowledged_via: row.acknowledged_at ? row.acknowledged_via : null,
      resolved_at: text(row.resolved_at),
      closed_at: text(row.closed_at),
      snoozed_until: text(row.snoozed_until),
      reminder_at: text(row.reminder_at),
      merged_into: row.merged_number,
      escalation: run
        ? { state: run.state, step: run.step + 1, of: run.snapshot.steps.length, round: run.round + 1, next_at: text(run.due_at) }
        : null,
      url: `${ctx.publicUrl}/incidents/${row.number}`,
    };
  });
};

export const incident = async (ctx: Ctx, id: string): Promise<Incident> => {
  const row = await store.shownById(ctx, id);
  const [shown] = row ? await incidentsOf(ctx, [row]) : [];
  if (!shown) throw notFound('Incident');
  return shown;
};

const STATUSES = ['triage', 'acknowledged', 'resolved', 'closed'];
const statusesOf = (text: string | undefined): string[] | undefined => {
  const status = text?.split(',').flatMap((word) => (word === 'open' ? ['triage', 'acknowledged'] : [word]));
  const wrong = status?.find((word) => !STATUSES.includes(word));
  if (wrong !== undefined) throw invalid(`must be open or among ${STATUSES.join(', ')}, not ${wrong}`, 'status');
  return status;
};

/** Incidents in the order asked for, a page at a time. Names that nobody has find nothing. */
export const list = async (ctx: Ctx, query: IncidentQuery) => {
  const after = positionOf(query.sort, query.cursor);
  if (after === 'invalid') throw invalid('is no cursor of this sort', 'cursor');
  const found = await lists.page(ctx, {
    ...query,
    status: statusesOf(query.status),
    assignee: nameOf(ctx, query.assignee, 'assignee'),
    acknowledged_by: nameOf(ctx, query.acknowledged_by, 'acknowledged_by'),
    after,
  });
  const last = found.length === query.limit ? found.at(-1) : undefined;
  return {
    items: await shownInOrder(
      ctx,
      found.map((row) => row.id),
    ),
    next: last ? cursorOf(query.sort, last) : null,
  };
};
const shownInOrder = async (ctx: Ctx, ids: string[]): Promise<Incident[]> => {
  const shown = new Map((await incidentsOf(ctx, await store.shownByIds(ctx, ids))).map((one) => [one.id, one]));
  return ids.flatMap((id) => shown.get(id) ?? []);
};

/** How many there are, for badges. */
export const counts = async (ctx: Ctx): Promise<z.input<typeof incidentCounts>> => {
  const rows = await lists.counts(ctx);
  const sum = (fits: (row: (typeof rows)[number]) => boolean) => rows.filter(fits).reduce((total, row) => total + row.n, 0);
  const isOpen = ({ status }: { status: string }) => status === 'triage' || status === 'acknowledged';
  const ofStatus = (status: string) => sum((row) => row.status === status);
  const ofSeverity = (severity: string) => sum((row) => isOpen(row) && row.severity === severity);
  return {
    open: sum(isOpen),
    mine: ctx.actor.kind === 'person' ? await lists.countMine(ctx, ctx.actor.id) : null,
    status: {
      triage: ofStatus('triage'),
      acknowledged: ofStatus('acknowledged'),
      resolved: ofStatus('resolved'),
      closed: ofStatus('closed'),
    },
    severity: {
      critical: ofSeverity('critical'),
      error: ofSeverity('error'),
      warning: ofSeverity('warning'),
      info: ofSeverity('info'),
    },
  };
};

/** How late a step may begin before the auditor takes it for lost. */
const GRACE_SECONDS = 15;

/**
 * Each minute: every open, unacknowledged incident has a step to come or in flight. What has none gets one,
 * what is overdue (steps, messages, ends of snoozes, reminders) is made due, and each repair is on its incident's timeline and in the log.
 */
export const audit = async (ctx: Ctx): Promise<void> => {
  const grace = ctx.now.subtract({ seconds: GRACE_SECONDS });
  const lost = await store.unescalated(ctx, ctx.now);
  let repaired = 0;
  for (const row of lost) {
    if (Temporal.Instant.compare(row.opened_at, grace) >= 0) continue;
    await restartEscalation(ctx, row);
    repaired += 1;
  }
  const overdue = await repairOverdue(ctx, GRACE_SECONDS);
  const stuck = await repairStuck(ctx, GRACE_SECONDS * 2);
  const quiet = (await store.overdueQuiet(ctx, grace)).map(({ id }) => ({
    data: { incident_id: id },
  }));
  await ctx.enqueue('incidents.snooze_over', quiet);
  await ctx.enqueue('incidents.reminder_due', quiet);
  if (overdue + stuck + quiet.length > 0)
    ctx.log.warn(
      { overdue_steps: overdue, stuck_messages: stuck, overdue_reminders: quiet.length },
      'auditor: repaired what had not begun in time',
    );
  const stillLost = repaired > 0 ? await store.unescalated(ctx, ctx.now) : lost;
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
