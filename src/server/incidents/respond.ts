import type { z } from 'zod';
import type { newIncident } from '../../contract/incident.ts';
import { serviceById, serviceNamed } from '../catalog/actions.ts';
import { decideUrgency } from '../catalog/rules.ts';
import * as escalation from '../escalation/actions.ts';
import { peopleByIds, peopleNamed } from '../identity/actions.ts';
import { allow } from '../identity/permissions.ts';
import type { Answer } from '../paging/types.ts';
import type { Ctx } from '../platform/ctx.ts';
import { AppError, invalid, notFound } from '../platform/errors.ts';
import { open } from './gather.ts';
import {
  aboutOf,
  backToTriage,
  change,
  escalate,
  finish,
  locked,
  personId,
  remindAt,
  retell,
  riseTo,
  say,
  who,
} from './moves.ts';
import { refuseMove, worse } from './rules.ts';
import * as store from './store.ts';

/** Someone has it: paging stops. Acknowledging again, or after another, is recorded and changes only who helps. */
export const acknowledge = async (ctx: Ctx, id: string): Promise<void> => {
  const row = await locked(ctx, id, 'acknowledge');
  const me = personId(ctx);
  if (row.status === 'acknowledged') {
    if (me && row.acknowledged_by !== me) {
      await store.setAssignees(ctx, id, [...new Set([...(await assigneeIds(ctx, id)), me])]);
      await say(ctx, id, 'incident.joined', `${who(ctx)} joins; it was acknowledged already`);
    }
    return;
  }
  await change(ctx, id, {
    status: 'acknowledged',
    acknowledged_at: ctx.now,
    acknowledged_by: me ?? null,
    acknowledged_via: ctx.source,
    reminder_at: await remindAt(ctx, row),
  });
  if (me) await store.setAssignees(ctx, id, [me]);
  await say(ctx, id, 'incident.acknowledged', `Acknowledged by ${who(ctx)}`, { via: ctx.source });
  await escalation.stop(ctx, id, `acknowledged by ${who(ctx)}`, me);
};
const assigneeIds = async (ctx: Ctx, id: string): Promise<string[]> =>
  (
    await peopleNamed(
      ctx,
      (await store.assigneesOf(ctx, [id])).map((row) => row.name),
    )
  ).map((row) => row.id);

/** Merges of merges that an answer follows; more make no sense. */
const MERGES = 20;

/**
 * A person answered a page. An answer that comes too late changes nothing and says so on the timeline; one to an
 * incident that was merged counts for the one it was merged into.
 */
export const answered = async (ctx: Ctx, answer: Answer): Promise<void> => {
  let row = await store.lock(ctx, answer.incident_id);
  for (let n = 0; row?.merged_into && n < MERGES; n += 1) row = await store.lock(ctx, row.merged_into);
  if (!row) return;
  const [person] = await peopleByIds(ctx, [answer.person_id]);
  const asHer: Ctx = {
    ...ctx,
    source: answer.via,
    actor: { kind: 'person', id: answer.person_id, name: person?.name ?? 'unknown', role: 'responder' },
  };
  const gone = answer.action === 'escalate' && row.id === answer.incident_id && (await escalation.hasGoneOn(ctx, answer));
  const refused = refuseMove(answer.action, row) ?? (gone ? `${row.number} has gone on from that step already` : undefined);
  if (refused)
    return say(asHer, row.id, 'incident.answer_late', `${who(asHer)} answered (${answer.action}), too late: ${refused}`);
  if (answer.action === 'acknowledge') await acknowledge(asHer, row.id);
  else if (answer.action === 'resolve') await resolve(asHer, row.id, undefined);
  else await escalateNow(asHer, row.id);
};

export const resolve = async (ctx: Ctx, id: string, note: string | undefined): Promise<void> => {
  const row = await locked(ctx, id, 'resolve');
  if (row.status === 'resolved') return;
  await finish(ctx, row, note ?? '', 'person');
};

export const close = async (ctx: Ctx, id: string): Promise<void> => {
  const row = await locked(ctx, id, 'close');
  if (row.status === 'closed') return;
  await change(ctx, id, { status: 'closed', closed_at: ctx.now });
  await say(ctx, id, 'incident.closed', `Closed by ${who(ctx)}`);
};

/** Back to triage; escalation begins anew. */
export const reopen = async (ctx: Ctx, id: string): Promise<void> => {
  const row = await locked(ctx, id, 'reopen');
  if (row.merged_into) throw new AppError('conflict', `${row.number} was merged into another incident: reopen that one`);
  const open = await change(ctx, id, {
    status: 'triage',
    resolved_at: null,
    closed_at: null,
    acknowledged_at: null,
    acknowledged_by: null,
  });
  await say(ctx, id, 'incident.reopened', `Reopened by ${who(ctx)}`);
  await escalate(ctx, open, `reopened by ${who(ctx)}`);
};

/** Quiet until then; it counts as acknowledged, and escalates anew when the time is over. */
export const snooze = async (ctx: Ctx, id: string, seconds: number): Promise<void> => {
  const row = await locked(ctx, id, 'snooze');
  const until = ctx.now.add({ seconds });
  await change(ctx, id, {
    status: 'acknowledged',
    acknowledged_at: row.acknowledged_at ?? ctx.now,
    acknowledged_by: row.acknowledged_by ?? personId(ctx) ?? null,
    // None: nobody had it before the snooze.
    acknowledged_via: row.acknowledged_at ? row.acknowledged_via : null,
    snoozed_until: until,
    reminder_at: null,
  });
  await say(ctx, id, 'incident.snoozed', `Snoozed by ${who(ctx)} until ${until.toString({ smallestUnit: 'second' })}`, { until });
  await ctx.enqueue('incidents.snooze_over', [{ data: { incident_id: id }, at: until }]);
  await escalation.stop(ctx, id, `snoozed by ${who(ctx)}`, personId(ctx));
};

/** Takes a snooze back: whoever had it has it still; one that nobody had is in triage again, and pages. */
export const unsnooze = async (ctx: Ctx, id: string): Promise<void> => {
  const row = await locked(ctx, id, 'unsnooze');
  if (row.acknowledged_via === null) return backToTriage(ctx, row, `${who(ctx)} ended the snooze`);
  await change(ctx, id, { snoozed_until: null, reminder_at: await remindAt(ctx, row) });
  await say(ctx, id, 'incident.unsnoozed', `The snooze was ended by ${who(ctx)}`);
};

export const snoozeOver = async (ctx: Ctx, { incident_id }: { incident_id: string }): Promise<void> => {
  const row = await store.lock(ctx, incident_id);
  if (row?.status !== 'acknowledged' || !row.snoozed_until || Temporal.Instant.compare(row.snoozed_until, ctx.now) > 0) return;
  await backToTriage(ctx, row, 'the snooze is over and it is still open');
};

/** Acknowledged and then silent: paged again. A person's act since then has moved the time. */
export const reminderDue = async (ctx: Ctx, { incident_id }: { incident_id: string }): Promise<void> => {
  const row = await store.lock(ctx, incident_id);
  if (row?.status !== 'acknowledged' || !row.reminder_at) return;
  if (Temporal.Instant.compare(row.reminder_at, ctx.now) > 0)
    return ctx.enqueue('incidents.reminder_due', [{ data: { incident_id }, at: row.reminder_at }]);
  await backToTriage(ctx, row, 'acknowledged, then nothing happened');
};
/** Hands it to others, who are paged at once; the escalation that ran stops. */
export const reassign = async (ctx: Ctx, id: string, names: string[]): Promise<void> => {
  const row = await locked(ctx, id, 'reassign');
  const people = await peopleNamed(ctx, names);
  const missing = names.findIndex((name) => !people.some((person) => person.name === name && person.active));
  if (missing >= 0) throw invalid(`there is no active person named ${names[missing]}`, `people.${missing}`);
  await escalation.stop(ctx, id, `reassigned by ${who(ctx)}`);
  await store.setAssignees(
    ctx,
    id,
    people.map((person) => person.id),
  );
  const open = await change(ctx, id, {
    status: 'triage',
    acknowledged_at: null,
    acknowledged_by: null,
    snoozed_until: null,
    reminder_at: null,
  });
  await say(ctx, id, 'incident.reassigned', `${who(ctx)} handed it to ${names.join(', ')}`, { people: names });
  const service = await serviceById(ctx, row.service_id);
  await escalation.startWith(ctx, {
    incident_id: id,
    service_id: row.service_id,
    service: service?.name ?? '',
    policy: service?.escalation_policy ?? null,
    urgency: row.urgency as 'high' | 'low',
    about: aboutOf(open, service?.name ?? ''),
    why: `reassigned by ${who(ctx)}`,
    first: names,
  });
};

/** The next step now, whoever has it; an acknowledged incident pages on from the step that was answered. */
export const escalateNow = async (ctx: Ctx, id: string): Promise<void> => {
  const row = await locked(ctx, id, 'escalate');
  if (row.status === 'acknowledged') return backToTriage(ctx, row, `${who(ctx)} asked for help`, escalation.startPastLast);
  if (!(await escalation.escalateNow(ctx, id))) await escalate(ctx, row, `${who(ctx)} asked for it`);
  await retell(ctx, id);
};

/** Alerts of one become alerts of the other, and the first is closed. */
export const merge = async (ctx: Ctx, id: string, intoId: string): Promise<void> => {
  if (id === intoId) throw invalid('an incident cannot be merged into itself', 'into');
  // Locked in one order, so that two merges crossing each other wait instead of deadlocking.
  for (const one of [id, intoId].sort()) await store.lock(ctx, one);
  const from = await locked(ctx, id, 'merge');
  const into = await locked(ctx, intoId, 'merge');
  await change(ctx, id, {
    status: 'closed',
    resolved_at: ctx.now,
    closed_at: ctx.now,
    merged_into: intoId,
    snoozed_until: null,
    reminder_at: null,
    open_alert_count: 0,
  });
  const merged = await store.countAlerts(ctx, intoId, {
    added: from.alert_count,
    opened: from.open_alert_count,
    severity: worse(into.severity, from.severity),
    urgency: from.urgency === 'high' ? 'high' : into.urgency,
    flapping: false,
  });
  await say(ctx, id, 'incident.merged', `Merged into ${into.number} by ${who(ctx)}`, { into: into.number });
  await say(ctx, intoId, 'incident.merged', `${from.number} (${from.title}) was merged into this one by ${who(ctx)}`, {
    from: from.number,
  });
  await escalation.stop(ctx, id, `merged into ${into.number}`);
  if (merged) await riseTo(ctx, into, merged);
  await ctx.emit('incident.merged', { from: id, into: intoId });
};

/** A note on the timeline; it also shows that somebody is at work, so the reminder waits. */
export const note = async (ctx: Ctx, id: string, text: string): Promise<void> => {
  allow(ctx, 'incident.respond');
  const row = await store.lock(ctx, id);
  if (!row) throw notFound('Incident');
  allow(ctx, 'incident.respond', (await serviceById(ctx, row.service_id))?.team_id ?? null);
  await say(ctx, id, 'incident.note', text, {});
  if (row.status === 'acknowledged' && row.reminder_at) await store.change(ctx, id, { reminder_at: await remindAt(ctx, row) });
};

/** Somebody declares one by hand. Returns its id. */
export const create = async (ctx: Ctx, input: z.output<typeof newIncident>): Promise<string> => {
  allow(ctx, 'incident.create');
  const service = await serviceNamed(ctx, input.service, 'service');
  allow(ctx, 'incident.create', service.team_id);
  const decided = input.urgency
    ? { urgency: input.urgency, why: `chosen by ${who(ctx)}` }
    : decideUrgency(service, input.severity, ctx.now);
  const row = await open(ctx, {
    service_id: service.id,
    service: service.name,
    escalation_policy: service.escalation_policy,
    title: input.title,
    severity: input.severity,
    urgency: decided.urgency,
    why_urgency: decided.why,
    group_key: null,
    alerts: 0,
    ...(input.description ? { description: input.description } : {}),
  });
  if (input.description) await say(ctx, row.id, 'incident.note', input.description);
  return row.id;
};
