import type { Target } from '../../contract/escalation.ts';
import { type AlertRow, deleteAlert, editAlert, findAlert, noteAlert, receive, unacknowledgeAlert } from '../alerts/actions.ts';
import { resolveTargets } from '../escalation/actions.ts';
import { allPeople } from '../identity/actions.ts';
import * as incidents from '../incidents/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { AppError, notFound } from '../platform/errors.ts';
import { tagsOf } from './parse/opsgenie.ts';
import {
  type OpsgenieAction,
  type OpsgenieReference,
  type OpsgenieTarget,
  opsgenieActionSignal,
} from './parse/opsgenie-actions.ts';
import { severityOf } from './parse/severity.ts';
import type { ParseInput } from './parse/types.ts';
import type { Known, RequestRow } from './types.ts';

/** What Opsgenie calls each action in a request's status, and says when it is done. */
const NAMES: Record<OpsgenieAction['type'], [action: string, done: string]> = {
  close: ['Close', 'Closed alert'],
  acknowledge: ['Acknowledge', 'Acknowledged alert'],
  unacknowledge: ['UnAcknowledge', 'Unacknowledged alert'],
  delete: ['Delete', 'Deleted alert'],
  snooze: ['Snooze', 'Snoozed alert'],
  add_note: ['AddNote', 'Added note'],
  add_tags: ['AddTags', 'Added tags'],
  remove_tags: ['RemoveTags', 'Removed tags'],
  add_details: ['AddDetails', 'Added details'],
  remove_details: ['RemoveDetails', 'Removed details'],
  add_responder: ['AddResponder', 'Added responder'],
  add_team: ['AddTeam', 'Added team'],
  assign: ['Assign', 'Assigned alert'],
  escalate: ['EscalateToNext', 'Escalated alert'],
  set_priority: ['UpdatePriority', 'Updated priority'],
  set_message: ['UpdateMessage', 'Updated message'],
  set_description: ['UpdateDescription', 'Updated description'],
  custom: ['CustomAction', 'Recorded action'],
};

/** Whoever waits for these words stops waiting: Zabbix and the SDKs compare them. */
const NO_ALERT = 'There is no open alert with this identifier';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** The alert an identifier means; one that cannot be an id or a tiny id means none. */
export const alertOf = async (ctx: Ctx, integration: Known, target: OpsgenieTarget): Promise<AlertRow | undefined> => {
  if (target.by === 'id' && !UUID.test(target.value)) return undefined;
  if (target.by === 'tiny' && !/^\d{1,15}$/.test(target.value)) return undefined;
  return findAlert(ctx, integration.id, target.by, target.value);
};

/** Does what a sender asked of one of its alerts. What cannot be done is no error but the outcome that is kept. */
export const applyAction = async (
  ctx: Ctx,
  integration: Known,
  input: ParseInput,
  action: OpsgenieAction,
): Promise<RequestRow> => {
  const [name, done] = NAMES[action.type];
  const alert = await alertOf(ctx, integration, action.target);
  const row = (success: boolean, status: string): RequestRow => ({
    id: input.requestId,
    integration_id: integration.id,
    action: name,
    success,
    status,
    alert_id: alert?.id ?? null,
    alias: alert?.dedup_key ?? (action.target.by === 'alias' ? action.target.value : ''),
  });
  if (!alert) return row(false, NO_ALERT);
  try {
    const problem = await apply(ctx, input, action, alert);
    if (action.note && action.type !== 'delete') await noteAlert(ctx, alert.id, action.note);
    return problem === undefined ? row(true, done) : row(false, problem);
  } catch (thrown) {
    // Refused before anything was written.
    if (thrown instanceof AppError) return row(false, thrown.message);
    throw thrown;
  }
};

/** Returns why it could not be done, if it could not. */
const apply = async (ctx: Ctx, input: ParseInput, action: OpsgenieAction, alert: AlertRow): Promise<string | undefined> => {
  switch (action.type) {
    case 'close':
    case 'acknowledge': {
      if (alert.status !== 'open') return 'Alert is already closed';
      if (action.type === 'acknowledge' && alert.acknowledged) return 'Alert is already acknowledged';
      const signal = opsgenieActionSignal(input, action, alert.dedup_key);
      if (signal) await receive(ctx, [signal]);
      return undefined;
    }
    case 'unacknowledge': {
      await unacknowledgeAlert(ctx, alert.id);
      const incident = await openIncident(ctx, alert);
      if (incident?.status === 'acknowledged') await incidents.escalateNow(ctx, incident.id);
      return undefined;
    }
    case 'delete':
      return void (await deleteAlert(ctx, alert.id));
    case 'snooze': {
      const seconds = Math.ceil(action.endTime.since(ctx.now).total('seconds'));
      return onIncident(ctx, alert, (id) => incidents.snooze(ctx, id, Math.max(1, seconds)));
    }
    case 'add_note':
      return undefined;
    case 'add_tags':
    case 'remove_tags': {
      const now = tagsOf(alert.labels.tags);
      const tags =
        action.type === 'add_tags' ? [...new Set([...now, ...action.tags])] : now.filter((tag) => !action.tags.includes(tag));
      return void (await editAlert(ctx, alert.id, { labels: { tags: tags.length > 0 ? tags.join(', ') : null } }));
    }
    case 'add_details':
      return void (await editAlert(ctx, alert.id, { labels: action.details }));
    case 'remove_details':
      return void (await editAlert(ctx, alert.id, { labels: Object.fromEntries(action.keys.map((key) => [key, null])) }));
    case 'add_responder':
    case 'add_team':
      return addResponder(ctx, alert, action.whom);
    case 'assign': {
      const names = await peopleOf(ctx, { ...action.whom, type: 'user' });
      return onIncident(ctx, alert, (id) => incidents.reassign(ctx, id, names));
    }
    case 'escalate':
      return onIncident(ctx, alert, (id) => incidents.escalateNow(ctx, id));
    case 'set_priority': {
      const severity = severityOf(action.priority);
      return void (await editAlert(ctx, alert.id, { ...(severity ? { severity } : {}), labels: { priority: action.priority } }));
    }
    case 'set_message':
      return void (await editAlert(ctx, alert.id, { summary: action.message }));
    case 'set_description':
      return void (await editAlert(ctx, alert.id, { labels: { description: action.description.slice(0, 2048).toWellFormed() } }));
    case 'custom':
      return void (await noteAlert(ctx, alert.id, `Action ${action.name}`));
  }
};

const openIncident = (ctx: Ctx, alert: AlertRow) =>
  alert.incident_id ? incidents.lockOpen(ctx, alert.incident_id) : Promise.resolve(undefined);
const onIncident = async (ctx: Ctx, alert: AlertRow, act: (id: string) => Promise<void>): Promise<string | undefined> => {
  const incident = await openIncident(ctx, alert);
  if (!incident) return 'Alert has no open incident';
  await act(incident.id);
  return undefined;
};

/** A responder is paged at once, beside those who have it already; an escalation means the next step. */
const addResponder = async (ctx: Ctx, alert: AlertRow, whom: OpsgenieReference): Promise<string | undefined> => {
  const named = `${whom.type}:${whom.name ?? whom.username ?? whom.id}`;
  const responders = [...new Set([...tagsOf(alert.labels.responders), named])];
  if (whom.type === 'escalation') {
    const problem = await onIncident(ctx, alert, (id) => incidents.escalateNow(ctx, id));
    if (problem !== undefined) return problem;
  } else {
    const names = await peopleOf(ctx, whom);
    const problem = await onIncident(ctx, alert, async (id) => {
      const { assignees } = await incidents.incident(ctx, id);
      await incidents.reassign(ctx, id, [...new Set([...assignees, ...names])].slice(0, 20));
    });
    if (problem !== undefined) return problem;
  }
  await editAlert(ctx, alert.id, { labels: { responders: responders.join(', ') } });
  return undefined;
};

/** The people a reference means: a user by name or mail, the members of a team, who is on call in a schedule. */
const peopleOf = async (ctx: Ctx, whom: OpsgenieReference): Promise<string[]> => {
  const names = [whom.username, whom.name, whom.id].filter((name) => name !== undefined);
  if (whom.type === 'user') {
    const people = await allPeople(ctx);
    const person = people.find(
      (one) => one.active && names.some((name) => one.name === name || one.email === name.toLowerCase() || one.id === name),
    );
    if (!person) throw notFound(`User ${names[0]}`);
    return [person.name];
  }
  for (const name of names) {
    const target: Target = whom.type === 'schedule' ? { schedule: name } : { team: name, who: 'all' };
    const { people } = await resolveTargets(ctx, [target], { policy: 'Opsgenie', step: 0 }, true);
    const found = people.filter((one) => !one.shadow).map((one) => one.name);
    if (found.length > 0) return found;
  }
  throw new AppError('not_found', `Nobody is behind the ${whom.type} ${names[0]}`);
};
