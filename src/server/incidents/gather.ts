import { serviceById } from '../catalog/actions.ts';
import * as escalation from '../escalation/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { newId } from '../platform/id.ts';
import { aboutOf, escalate, finish, riseTo, say } from './moves.ts';
import { worse } from './rules.ts';
import * as store from './store.ts';
import type { Opening } from './types.ts';

/** Opens an incident in triage and begins its escalation, in one transaction. Returns its row. */
export const open = async (ctx: Ctx, opening: Opening): Promise<store.IncidentRow> => {
  const row = await store.insert(ctx, {
    id: newId(),
    number: await store.takeNumber(ctx),
    service_id: opening.service_id,
    title: opening.title,
    description: opening.description ?? null,
    severity: opening.severity,
    urgency: opening.urgency,
    group_key: opening.group_key,
    details: JSON.stringify(opening.details ?? {}),
    alert_count: opening.alerts,
    open_alert_count: opening.alerts,
    last_alert_at: opening.alerts > 0 ? ctx.now : null,
    flapping: opening.flapping === true,
  });
  await say(ctx, row.id, 'incident.opened', `${row.number} opened: ${row.title}`, {
    service: opening.service,
    severity: row.severity,
    urgency: row.urgency,
    why_urgency: opening.why_urgency,
    alerts: opening.alerts,
  });
  await escalation.start(ctx, {
    incident_id: row.id,
    service_id: row.service_id,
    service: opening.service,
    policy: opening.escalation_policy,
    urgency: opening.urgency,
    about: aboutOf(row, opening.service),
    why: `${row.number} opened, urgency ${opening.urgency}: ${opening.why_urgency}`,
  });
  return row;
};

/** One grouper at a time for a service, until the transaction ends: taken before `findGroup`. */
export const lockGrouping = store.lockGrouping;

/** The open incident that alerts of this group join, if there is one, locked. */
export const findGroup = (ctx: Ctx, serviceId: string, groupKey: string, windowSeconds: number, maxAgeSeconds: number) =>
  store.openOfGroup(
    ctx,
    serviceId,
    groupKey,
    ctx.now.subtract({ seconds: windowSeconds }),
    ctx.now.subtract({ seconds: maxAgeSeconds }),
  );

/** More alerts join: counts, and the worse severity. A rise from low to high urgency begins escalation anew. */
export const join = async (
  ctx: Ctx,
  row: store.IncidentRow,
  alerts: { count: number; severity: string; urgency: string; titles: string[]; flapping: boolean },
): Promise<void> => {
  const severity = worse(row.severity, alerts.severity);
  const urgency = alerts.urgency === 'high' ? 'high' : row.urgency;
  const changed = await store.countAlerts(ctx, row.id, {
    added: alerts.count,
    opened: alerts.count,
    severity,
    urgency,
    flapping: alerts.flapping,
  });
  await say(
    ctx,
    row.id,
    'incident.alerts_joined',
    alerts.count === 1
      ? `Alert joined: ${alerts.titles[0]}`
      : `${alerts.count} alerts joined: ${alerts.titles.slice(0, 3).join('; ')}${alerts.count > 3 ? ' …' : ''}`,
    {
      count: alerts.count,
      ...(severity !== row.severity ? { severity: [row.severity, severity] } : {}),
    },
  );
  if (changed) await riseTo(ctx, row, changed);
};

/** One of its alerts came again worse than it was. */
export const worsen = async (
  ctx: Ctx,
  id: string,
  alert: { severity: string; urgency: string; title: string },
): Promise<void> => {
  const row = await store.lock(ctx, id);
  if (row?.status !== 'triage' && row?.status !== 'acknowledged') return;
  const severity = worse(row.severity, alert.severity);
  const urgency = alert.urgency === 'high' ? 'high' : row.urgency;
  if (severity === row.severity && urgency === row.urgency) return;
  const changed = await store.countAlerts(ctx, id, { added: 0, opened: 0, severity, urgency, flapping: false });
  await say(ctx, id, 'incident.worsened', `${alert.title}: now ${severity}`, { severity: [row.severity, severity] });
  if (changed) await riseTo(ctx, row, changed);
};

/** Some of its alerts resolved; after the last one the service's rule decides what becomes of the incident. */
export const alertsResolved = async (ctx: Ctx, id: string, count: number): Promise<void> => {
  const row = await store.lock(ctx, id);
  if (!row) return;
  const left = Math.max(0, row.open_alert_count - count);
  await store.change(ctx, id, { open_alert_count: left });
  if (left > 0 || row.status === 'resolved' || row.status === 'closed') return;
  const service = await serviceById(ctx, row.service_id);
  if (row.flapping && service)
    return ctx.enqueue('incidents.flapping_over', [
      { data: { incident_id: id }, at: ctx.now.add({ seconds: service.flapping.within_seconds }) },
    ]);
  await afterLast(ctx, row, service?.on_all_resolved, 'every alert resolved');
};

/** The last alert is over: the service's rule says what becomes of the incident. */
const afterLast = (ctx: Ctx, row: store.IncidentRow, rule: string | undefined, why: string): Promise<void> =>
  rule === 'auto'
    ? finish(ctx, row, why, 'alerts')
    : say(
        ctx,
        row.id,
        'incident.alerts_all_resolved',
        rule === 'ask'
          ? 'Every alert resolved. Resolve the incident?'
          : 'Every alert resolved. The service keeps its incidents open',
      );

/** A flapping incident stays open through the calm between two flaps, so that it pages once. */
export const flappingOver = async (ctx: Ctx, { incident_id }: { incident_id: string }): Promise<void> => {
  const row = await store.lock(ctx, incident_id);
  if (!row || row.open_alert_count > 0 || row.status === 'resolved' || row.status === 'closed') return;
  const service = await serviceById(ctx, row.service_id);
  const calmSince = ctx.now.subtract({ seconds: service?.flapping.within_seconds ?? 0 });
  if (row.last_alert_at && Temporal.Instant.compare(row.last_alert_at, calmSince) > 0) return;
  await afterLast(ctx, row, service?.on_all_resolved, 'the flapping alert stayed calm');
};

/** An open incident whose escalation is gone gets a new one: the auditor's repair. */
export const restartEscalation = (ctx: Ctx, row: store.IncidentRow): Promise<void> =>
  escalate(ctx, row, 'the auditor found it open with no step to come');
