/**
 * Splunk On-Call's (VictorOps) REST endpoint, POST /integrations/generic/20131114/alert/{api_key}/{routing_key}
 * (help.victorops.com, "REST Endpoint"; captured from Alertmanager 0.25):
 *
 *   {"message_type":"CRITICAL","entity_id":"9f2a09…","entity_display_name":"[FIRING:1] HighCPU (web1 critical)",
 *    "state_message":"CPU high\nAlerts Firing: …","state_start_time":1700000000,"monitoring_tool":"Alertmanager",
 *    "ack_author":"ana","vo_annotate.u.Runbook":"https://…","vo_annotate.i.Graph":"https://…","vo_annotate.s.Note":"…"}
 */
import { z } from 'zod';
import type { AlertSeverity, Signal } from '../../alerts/types.ts';
import { imagesOf, isFields, linksOf, Text } from './fields.ts';
import { keyOfRequest, makeSignal } from './signal.ts';
import { parseInstant } from './time.ts';
import { cutKey, cutProblems } from './truncate.ts';
import type { Parsed, ParseInput, Reply } from './types.ts';

const Message = z
  .object({
    message_type: Text,
    entity_id: Text,
    entity_display_name: Text,
    state_message: Text,
    state_start_time: z.unknown().optional(),
    monitoring_tool: Text,
    host_name: Text,
    ack_author: Text,
  })
  .loose();

const TYPES: Record<string, { action: Signal['action']; severity: AlertSeverity }> = {
  CRITICAL: { action: 'trigger', severity: 'critical' },
  WARNING: { action: 'trigger', severity: 'warning' },
  INFO: { action: 'trigger', severity: 'info' },
  ACKNOWLEDGEMENT: { action: 'acknowledge', severity: 'info' },
  ACKNOWLEDGMENT: { action: 'acknowledge', severity: 'info' },
  RECOVERY: { action: 'resolve', severity: 'info' },
};

/** One message: 200 with its `entity_id`, or 400 with `result: failure`. An unknown type triggers as `error`: someone wants to be heard. */
export function parseVictorops(input: ParseInput): Parsed {
  if (!isFields(input.body)) return refuse('The request body is not a JSON object');
  const message = Message.parse(input.body);
  const type = message.message_type?.toUpperCase();
  if (!type) return refuse('message_type is required');
  const problems: string[] = [];
  const known = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (!known) problems.push(`message_type: unknown type '${type.slice(0, 60)}', taken as a trigger with severity error`);
  const { action, severity } = known ?? { action: 'trigger', severity: 'error' };
  if (action !== 'trigger' && !message.entity_id) problems.push(`entity_id: missing, so this ${action} can match no alert`);
  const key = cutKey(message.entity_id ?? keyOfRequest(input));
  const annotations = (kind: string) =>
    Object.entries(message)
      .filter(([name]) => name.startsWith(`vo_annotate.${kind}.`))
      .map(([name, value]) => ({ name: name.slice(`vo_annotate.${kind}.`.length), value }));
  const {
    message_type: _type,
    entity_id: _id,
    entity_display_name: _name,
    state_message: _text,
    state_start_time: _at,
    ...rest
  } = message;
  const signal = makeSignal(input, {
    action,
    dedupKey: key,
    summary: message.entity_display_name ?? message.state_message ?? key,
    severity,
    source: message.host_name ?? message.monitoring_tool ?? 'Splunk On-Call',
    labels: {
      ...(input.params.routing_key && { routing_key: input.params.routing_key }),
      ...Object.fromEntries(annotations('s').map(({ name, value }) => [name, value])),
      ...Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith('vo_annotate.'))),
    },
    links: linksOf(annotations('u').map(({ name, value }) => ({ href: value, text: name }))),
    images: imagesOf(annotations('i').map(({ name, value }) => ({ src: value, alt: name }))),
    startsAt: parseInstant(message.state_start_time),
    by: message.ack_author,
    raw: input.body,
  });
  return {
    ok: true,
    signals: [signal],
    problems: cutProblems(problems),
    reply: { status: 200, body: { result: 'success', entity_id: key } },
  };
}

/** The vendor's failure, also for a key nobody has. */
export function victoropsFailure(status: number, message: string): Reply {
  return { status, body: { result: 'failure', message } };
}

function refuse(message: string): Parsed {
  return { ok: false, reason: message, reply: victoropsFailure(400, message) };
}
