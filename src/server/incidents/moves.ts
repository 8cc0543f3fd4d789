import { serviceById } from '../catalog/actions.ts';
import * as escalation from '../escalation/actions.ts';
import { allow } from '../identity/permissions.ts';
import { journal } from '../journal/actions.ts';
import { changeableOf } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { AppError, notFound } from '../platform/errors.ts';
import { refuseMove } from './rules.ts';
import * as store from './store.ts';

// What the verbs of people and the ways of alerts share.

export const say = (ctx: Ctx, id: string, type: string, text: string, data: Record<string, unknown> = {}) =>
  journal(ctx, { type, subject: { type: 'incident', id }, text, data });
export const who = (ctx: Ctx) => ctx.actor.name;
export const personId = (ctx: Ctx) => (ctx.actor.kind === 'person' ? ctx.actor.id : undefined);

/** Messages about it, or about one that was merged into it, say how it stands now where they can still be changed. */
export const retell = async (ctx: Ctx, id: string): Promise<void> => {
  const whole = await store.wholeOf(ctx, id);
  await ctx.enqueue(
    'incidents.show_stand',
    (await changeableOf(ctx, whole)).map((delivery_id) => ({ data: { delivery_id, on: null, tries: 1 } })),
  );
  await ctx.enqueue(
    'incidents.show_place',
    (await escalation.toldPlaces(ctx, whole)).map((place_message_id) => ({ data: { place_message_id, tries: 1 } })),
  );
};

/** It stands otherwise now, and whoever was paged sees that. */
export const change = async (ctx: Ctx, id: string, to: Parameters<typeof store.change>[2]): Promise<store.IncidentRow> => {
  const row = await store.change(ctx, id, to);
  await retell(ctx, id);
  return row;
};

export const aboutOf = (row: store.IncidentRow, service: string) => ({
  number: row.number,
  title: row.title,
  service,
  severity: row.severity,
  opened_at: row.opened_at.toString(),
  ...row.details,
});

export const escalate = async (ctx: Ctx, row: store.IncidentRow, why: string, begin = escalation.start): Promise<void> => {
  const service = await serviceById(ctx, row.service_id);
  if (!service) return;
  await begin(ctx, {
    incident_id: row.id,
    service_id: row.service_id,
    service: service.name,
    policy: service.escalation_policy,
    urgency: row.urgency as 'high' | 'low',
    about: aboutOf(row, service.name),
    why,
  });
};

export const backToTriage = async (ctx: Ctx, row: store.IncidentRow, why: string, begin = escalation.start): Promise<void> => {
  const open = await change(ctx, row.id, {
    status: 'triage',
    acknowledged_at: null,
    acknowledged_by: null,
    snoozed_until: null,
    reminder_at: null,
  });
  await say(ctx, row.id, 'incident.unacknowledged', `Paged again: ${why}`, { why });
  await escalate(ctx, open, why, begin);
};

/** It became urgent, so the quieter rules of low urgency do not fit any more: whoever has it or not, it pages anew. */
export const riseTo = async (ctx: Ctx, before: store.IncidentRow, after: store.IncidentRow): Promise<void> => {
  if (before.urgency === after.urgency) return;
  if (before.status === 'acknowledged') return backToTriage(ctx, after, 'urgency rose to high');
  if (before.status !== 'triage') return;
  await escalation.stop(ctx, before.id, 'urgency rose to high');
  await escalate(ctx, after, 'urgency rose to high');
};

export const finish = async (ctx: Ctx, row: store.IncidentRow, why: string, by: 'alerts' | 'person'): Promise<void> => {
  await change(ctx, row.id, {
    status: 'resolved',
    resolved_at: ctx.now,
    snoozed_until: null,
    reminder_at: null,
    open_alert_count: 0,
  });
  await say(
    ctx,
    row.id,
    'incident.resolved',
    by === 'alerts' ? `Resolved: ${why}` : `Resolved by ${who(ctx)}${why ? `: ${why}` : ''}`,
    { by },
  );
  await escalation.stop(
    ctx,
    row.id,
    by === 'alerts' ? `resolved: ${why}` : `resolved by ${who(ctx)}`,
    by === 'person' ? personId(ctx) : undefined,
  );
  await ctx.emit('incident.resolved', { id: row.id, by });
};

export const locked = async (ctx: Ctx, id: string, move: Parameters<typeof refuseMove>[0]): Promise<store.IncidentRow> => {
  allow(ctx, 'incident.respond');
  const row = await store.lock(ctx, id);
  if (!row) throw notFound('Incident');
  allow(ctx, 'incident.respond', (await serviceById(ctx, row.service_id))?.team_id ?? null);
  const refused = refuseMove(move, row);
  if (refused) throw new AppError('conflict', refused);
  return row;
};

export const remindAt = async (ctx: Ctx, row: store.IncidentRow): Promise<Temporal.Instant | null> => {
  const seconds = (await serviceById(ctx, row.service_id))?.acknowledge_timeout_seconds;
  if (!seconds) return null;
  const at = ctx.now.add({ seconds });
  await ctx.enqueue('incidents.reminder_due', [{ data: { incident_id: row.id }, at }]);
  return at;
};
