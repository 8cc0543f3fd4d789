/**
 * Opsgenie's Alert API v2, everything done to an existing alert (docs.opsgenie.com/docs/alert-api-continued; captured from
 * Alertmanager 0.25 with `update_alerts` and from opsgenie-sdk, which puts a slash at the end):
 *
 *   POST   /v2/alerts/{id}/close?identifierType=alias      {"user":"…","source":"http://vm:19093/…","note":"…"}
 *   POST   /v2/alerts/{id}/{acknowledge,unacknowledge}     the same three, all optional; the body may be missing
 *   POST   …/snooze {"endTime":"2026-11-21T04:00:00Z"}     POST …/notes {"note":"…"}
 *   POST   …/tags {"tags":["a"]}                           DELETE …/tags?tags=a,b
 *   POST   …/details {"details":{"k":"v"}}                 DELETE …/details?keys=k,l
 *   POST   …/responders {"responder":{"type":"team","name":"ops"}}     POST …/teams {"team":{"name":"ops"}}
 *   POST   …/assign {"owner":{"username":"ana@x"}}         POST …/escalate {"escalation":{"name":"ops_escalation"}}
 *   PUT    …/priority {"priority":"P2"}   PUT …/message {"message":"…"}   PUT …/description {"description":"…"}
 *   POST   …/actions/{name}                                DELETE /v2/alerts/{id}
 */
import { z } from 'zod';
import type { Signal } from '../../alerts/types.ts';
import { Dictionary, type Fields, flattenLabels, isFields, Text, textOf } from './fields.ts';
import { type OpsgeniePriority, opsgenieKeyOf, priorityOf, refuseOpsgenie, tagsOf } from './opsgenie.ts';
import { opsgenieAccepted, opsgenieReply } from './opsgenie-reply.ts';
import { makeSignal } from './signal.ts';
import { parseInstant } from './time.ts';
import { cutText, LIMITS } from './truncate.ts';
import type { ParseInput, Reply } from './types.ts';

/** Which alert: `alias` is our dedup key (already cut like one), `id` and `tiny` are what we gave out. */
export type OpsgenieTarget = { by: 'alias' | 'id' | 'tiny'; value: string };

/** A team, user, schedule or escalation as the sender names it; at least one of the three is set. */
export type OpsgenieReference = { type: string; id?: string; name?: string; username?: string };

type OpsgenieVerb =
  | { type: 'close' | 'acknowledge' | 'unacknowledge' | 'delete' }
  | { type: 'snooze'; endTime: Temporal.Instant }
  | { type: 'add_note' }
  | { type: 'add_tags' | 'remove_tags'; tags: string[] }
  | { type: 'add_details'; details: Record<string, string> }
  | { type: 'remove_details'; keys: string[] }
  | { type: 'add_responder' | 'add_team' | 'assign' | 'escalate'; whom: OpsgenieReference }
  | { type: 'set_priority'; priority: OpsgeniePriority }
  | { type: 'set_message'; message: string }
  | { type: 'set_description'; description: string }
  | { type: 'custom'; name: string };

export type OpsgenieAction = OpsgenieVerb & { target: OpsgenieTarget; user?: string; source?: string; note?: string };

export type OpsgenieActionParsed =
  | { ok: true; action: OpsgenieAction; problems: string[]; reply: Reply }
  | { ok: false; reason: string; reply: Reply };

const Common = z.object({ user: Text, source: Text, note: Text }).loose();
const References = z.object({ responder: Dictionary, team: Dictionary, owner: Dictionary, escalation: Dictionary }).loose();

type Invalid = { errors: Record<string, string> };

/**
 * An action from its request: `method` and the path after `/v2/alerts/{id}/` (`''` for the alert itself, `actions/name` for a
 * custom one) say which; `params.id` and `query.identifierType` (default `id`) say on what. 202, 404 for an unknown path,
 * 422 for a body that lacks what the action needs.
 */
export function parseOpsgenieAction(input: ParseInput, method: string, path: string): OpsgenieActionParsed {
  const body = isFields(input.body) ? input.body : {};
  const verb = readVerb(input, body, `${method.toUpperCase()} ${path.replace(/^\/+|\/+$/g, '')}`);
  if (!verb) {
    const message = 'No such action on an alert.';
    return { ok: false, reason: message, reply: opsgenieReply(404, { message }, input.requestId) };
  }
  if ('errors' in verb) return refuseOpsgenie(verb.errors, input.requestId);
  const target = targetOf(input);
  if (!target) return refuseOpsgenie({ identifier: 'Identifier or identifierType is not valid.' }, input.requestId);
  // DELETE carries its user, source and note in the query.
  const common = Common.parse({ ...input.query, ...body });
  const action: OpsgenieAction = {
    ...verb,
    target,
    ...(common.user && { user: cutText(common.user, LIMITS.source) }),
    ...(common.source && { source: cutText(common.source, LIMITS.source) }),
    ...(common.note && { note: cutText(common.note, 25_000) }),
  };
  return { ok: true, action, problems: [], reply: opsgenieAccepted(input.requestId) };
}

/** The signal of a close or acknowledge for the alert with this key; undefined for the other actions, which are not signals. */
export function opsgenieActionSignal(input: ParseInput, action: OpsgenieAction, dedupKey: string): Signal | undefined {
  if (action.type !== 'close' && action.type !== 'acknowledge') return undefined;
  return makeSignal(input, {
    action: action.type === 'close' ? 'resolve' : 'acknowledge',
    dedupKey,
    summary: action.note ?? dedupKey,
    severity: 'info',
    source: action.source ?? 'Opsgenie API',
    by: action.user,
    raw: input.body ?? {},
  });
}

function targetOf(input: ParseInput): OpsgenieTarget | undefined {
  const by = (input.query.identifierType ?? 'id').toLowerCase();
  const value = input.params.id?.trim();
  if (!value) return undefined;
  if (by === 'alias') return { by, value: opsgenieKeyOf(value) };
  return by === 'id' || by === 'tiny' ? { by, value: cutText(value, LIMITS.key) } : undefined;
}

function readVerb(input: ParseInput, body: Fields, route: string): OpsgenieVerb | Invalid | undefined {
  switch (route) {
    case 'POST close':
    case 'POST acknowledge':
    case 'POST unacknowledge':
      return { type: route.slice(5) as 'close' | 'acknowledge' | 'unacknowledge' };
    case 'DELETE ':
      return { type: 'delete' };
    case 'POST snooze':
      return readSnooze(body, input.now);
    case 'POST notes':
      return textOf(body.note) ? { type: 'add_note' } : { errors: { note: 'Note can not be empty.' } };
    case 'POST tags':
      return some('tags', tagsOf(body.tags), (tags) => ({ type: 'add_tags', tags }));
    case 'DELETE tags':
      return some('tags', tagsOf(input.query.tags), (tags) => ({ type: 'remove_tags', tags }));
    case 'POST details': {
      const details = flattenLabels(body.details);
      return Object.keys(details).length > 0
        ? { type: 'add_details', details }
        : { errors: { details: 'Details can not be empty.' } };
    }
    case 'DELETE details':
      return some('keys', tagsOf(input.query.keys), (keys) => ({ type: 'remove_details', keys }));
    case 'POST responders':
      return readReference(body, 'responder', 'team', (whom) => ({ type: 'add_responder', whom }));
    case 'POST teams':
      return readReference(body, 'team', 'team', (whom) => ({ type: 'add_team', whom }));
    case 'POST assign':
      return readReference(body, 'owner', 'user', (whom) => ({ type: 'assign', whom }));
    case 'POST escalate':
      return readReference(body, 'escalation', 'escalation', (whom) => ({ type: 'escalate', whom }));
    case 'PUT priority': {
      const priority = priorityOf(body.priority);
      return priority
        ? { type: 'set_priority', priority }
        : { errors: { priority: 'Priority should be one of P1, P2, P3, P4, P5.' } };
    }
    case 'PUT message': {
      const message = textOf(body.message);
      return message
        ? { type: 'set_message', message: cutText(message, LIMITS.summary) }
        : { errors: { message: 'Message can not be empty.' } };
    }
    case 'PUT description':
      return { type: 'set_description', description: cutText(textOf(body.description) ?? '', 15_000) };
    default: {
      const name = /^POST actions\/(.+)$/.exec(route)?.[1];
      return name ? { type: 'custom', name: cutText(name, LIMITS.key) } : undefined;
    }
  }
}

function readSnooze(body: Fields, now: Temporal.Instant): OpsgenieVerb | Invalid {
  const endTime = parseInstant(body.endTime);
  if (!endTime) return { errors: { endTime: 'End time is missing or not an ISO 8601 time.' } };
  if (Temporal.Instant.compare(endTime, now) <= 0) return { errors: { endTime: 'End time must be in the future.' } };
  return { type: 'snooze', endTime };
}

function some(field: string, list: string[], make: (list: string[]) => OpsgenieVerb): OpsgenieVerb | Invalid {
  return list.length > 0 ? make(list) : { errors: { [field]: `${field[0]?.toUpperCase()}${field.slice(1)} can not be empty.` } };
}

function readReference(
  body: Fields,
  field: 'responder' | 'team' | 'owner' | 'escalation',
  type: string,
  make: (whom: OpsgenieReference) => OpsgenieVerb,
): OpsgenieVerb | Invalid {
  const given = References.parse(body)[field];
  const [id, name, username] = [given.id, given.name, given.username].map((value) => cutText(textOf(value) ?? '', LIMITS.key));
  if (!id && !name && !username)
    return { errors: { [field]: `${field[0]?.toUpperCase()}${field.slice(1)} needs an id, name or username.` } };
  return make({
    type: cutText(textOf(given.type)?.toLowerCase() ?? (username ? 'user' : type), 60),
    ...(id && { id }),
    ...(name && { name }),
    ...(username && { username }),
  });
}
