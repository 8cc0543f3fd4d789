/**
 * Opsgenie's Alert API v2, create (docs.opsgenie.com/docs/alert-api; captured from Alertmanager 0.25 and opsgenie-sdk):
 *
 *   POST /v2/alerts
 *   {"message":"[FIRING:1] HighCPU","alias":"9f2a09…","description":"…","priority":"P1","entity":"web1",
 *    "source":"http://vm:19093/#/alerts?receiver=all","tags":["a"," b","c"],"details":{"alertname":"HighCPU"},
 *    "responders":[{"name":"ops","type":"team"}],"user":"ana","note":"…"}
 *
 * Answered 202 with a `requestId`, 422 with a map of errors. Over-long fields are cut, as Opsgenie does with several of them.
 */
import { z } from 'zod';
import { type Fields, flattenLabels, isFields, List, linksOf, Text, textOf } from './fields.ts';
import { opsgenieAccepted, opsgenieInvalid, opsgenieReply } from './opsgenie-reply.ts';
import { severityOf } from './severity.ts';
import { makeSignal } from './signal.ts';
import { cutKey, cutProblems, cutText } from './truncate.ts';
import type { Parsed, ParseInput } from './types.ts';

const PRIORITIES = ['P1', 'P2', 'P3', 'P4', 'P5'] as const;
export type OpsgeniePriority = (typeof PRIORITIES)[number];

const RESPONDER_TYPES = ['team', 'user', 'escalation', 'schedule'];

const CreateAlert = z
  .object({
    message: Text,
    alias: Text,
    description: Text,
    priority: Text,
    entity: Text,
    source: Text,
    tags: z.unknown().optional(),
    details: z.unknown().optional(),
    responders: List,
    user: Text,
  })
  .loose();

/**
 * Create alert: 202 and one signal keyed by `alias`, or by the request id when there is none (then it is also the alert's id).
 * 422 for a missing message or an impossible responder. An unknown priority is Opsgenie's default P3 and a problem: it comes
 * out of templates, and a 422 would lose the page.
 */
export function parseOpsgenieCreate(input: ParseInput): Parsed {
  const { requestId } = input;
  if (!isFields(input.body)) {
    const message = 'Request body is not a valid JSON object.';
    return { ok: false, reason: message, reply: opsgenieReply(400, { message }, requestId) };
  }
  const alert = CreateAlert.parse(input.body);
  const errors: Record<string, string> = {};
  if (!alert.message) errors.message = 'Message can not be empty.';
  const wrong = alert.responders.find((each) => !isFields(each) || !RESPONDER_TYPES.includes(responderType(each)));
  if (wrong !== undefined)
    errors['responders#type'] = `Invalid responder type '${isFields(wrong) ? cutText(responderType(wrong), 60) : ''}'`;
  if (!alert.message || wrong !== undefined) return refuseOpsgenie(errors, requestId);

  const problems: string[] = [];
  const priority = priorityOf(alert.priority);
  if (alert.priority && !priority) problems.push(`priority: unknown priority '${alert.priority.slice(0, 60)}', taken as P3`);
  const details = isFields(alert.details) ? alert.details : {};
  const tags = tagsOf(alert.tags);
  const responders = alert.responders.filter(isFields).map(responderName);
  const signal = makeSignal(input, {
    action: 'trigger',
    dedupKey: alert.alias ?? requestId,
    summary: alert.message,
    // Alertmanager sends no priority unless told to, but the common labels are in the details.
    severity: severityOf(priority ?? details.severity) ?? severityOf('P3') ?? 'error',
    source: alert.source ?? 'Opsgenie API',
    labels: flattenLabels(
      { priority: priority ?? 'P3', entity: alert.entity, tags: tags.join(', '), responders: responders.join(', ') },
      isFields(alert.details) ? details : { details: alert.details },
    ),
    links: linksOf([{ href: alert.source, text: 'Source' }, ...Object.entries(details).map(([text, href]) => ({ href, text }))]),
    by: alert.user,
    raw: input.body,
  });
  return { ok: true, signals: [signal], problems: cutProblems(problems), reply: opsgenieAccepted(requestId) };
}

/** The dedup key of an alias in a path, the same as the one its alert was created with. */
export function opsgenieKeyOf(alias: string): string {
  return cutKey(alias.trim());
}

/** Tags as a list or as comma-separated text, trimmed (Alertmanager does not), each once. */
export function tagsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
  const tags = list.map(textOf).filter((tag) => tag !== undefined);
  return [...new Set(tags.map((tag) => cutText(tag, 255)))].slice(0, 100);
}

/** P1 … P5 in any case; undefined for anything else. */
export function priorityOf(value: unknown): OpsgeniePriority | undefined {
  const word = textOf(value)?.toUpperCase();
  return PRIORITIES.find((priority) => priority === word);
}

/** A refusal with Opsgenie's 422. */
export function refuseOpsgenie(errors: Record<string, string>, requestId: string) {
  const reason = Object.entries(errors).map(([field, message]) => `${field}: ${message}`);
  return { ok: false as const, reason: reason.join('; '), reply: opsgenieInvalid(errors, requestId) };
}

/** A responder's type; without one Opsgenie takes a team when it has a name and a user when it has a username. */
function responderType(responder: Fields): string {
  return textOf(responder.type)?.toLowerCase() ?? (responder.username ? 'user' : 'team');
}

function responderName(responder: Fields): string {
  return `${responderType(responder)}:${textOf(responder.name) ?? textOf(responder.username) ?? textOf(responder.id) ?? ''}`;
}
