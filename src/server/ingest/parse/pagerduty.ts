/**
 * PagerDuty's Events API v2 (developer.pagerduty.com, events-api-v2; captured from Alertmanager 0.25, pdjs and pdpyras):
 *
 *   POST /v2/enqueue
 *   {"routing_key":"ROUTINGKEY0000000000000000000001","event_action":"trigger","dedup_key":"9f2a09…",
 *    "payload":{"summary":"[FIRING:1] HighCPU","source":"Alertmanager","severity":"critical",
 *      "timestamp":"2015-07-17T08:42:58.315+0000","component":"c","group":"g","class":"c",
 *      "custom_details":{"num_firing":"1","firing":"Labels:\n - alertname = HighCPU\n"}},
 *    "links":[{"href":"http://x/y","text":"t"}],"images":[{"src":"https://…","href":"…","alt":"…"}],
 *    "client":"Alertmanager","client_url":"http://vm:19093/#/alerts?receiver=all"}
 *
 *   POST /v2/change/enqueue   {"routing_key":"…","payload":{"summary":"Build 42","source":"ci"},"links":[…]}
 *
 * and v1, POST /generic/2010-04-15/create_event.json:
 *
 *   {"service_key":"…","event_type":"trigger","incident_key":"db","description":"down","details":{…},
 *    "client":"…","client_url":"…","contexts":[{"type":"link","href":"…","text":"…"},{"type":"image","src":"…"}]}
 *
 * Senders compare the status exactly (202; v1 200), read `dedup_key` from the answer, and expect `errors` as a list.
 */
import { z } from 'zod';
import type { Signal } from '../../alerts/types.ts';
import { Dictionary, type Fields, flattenLabels, imagesOf, isFields, List, linksOf, Text, textOf } from './fields.ts';
import { severityOf, severityOrError } from './severity.ts';
import { keyOfRequest, makeSignal } from './signal.ts';
import { parseInstant } from './time.ts';
import { cleanJson, cutKey, cutProblems, cutText, LIMITS } from './truncate.ts';
import type { ChangeEvent, Parsed, ParseInput, Reply } from './types.ts';

const ACTIONS = ['trigger', 'acknowledge', 'resolve'] as const;
const isAction = (word: string | undefined): word is Signal['action'] => ACTIONS.some((action) => action === word);

const Payload = z
  .object({
    summary: Text,
    source: Text,
    severity: z.unknown().optional(),
    timestamp: z.unknown().optional(),
    component: Text,
    group: Text,
    class: Text,
    custom_details: z.unknown().optional(),
  })
  .loose();

const Event = z
  .object({
    event_action: Text,
    dedup_key: Text,
    payload: Dictionary.pipe(Payload),
    links: List,
    images: List,
    client: Text,
    client_url: z.unknown().optional(),
  })
  .loose();

const EventV1 = z
  .object({
    event_type: Text,
    incident_key: Text,
    description: Text,
    details: z.unknown().optional(),
    client: Text,
    client_url: z.unknown().optional(),
    contexts: List,
  })
  .loose();

/**
 * One alert event: 202 with its `dedup_key`, or 400 with `errors`. An unknown or missing severity is `error` and a problem,
 * never a 400: Alertmanager fills it from a template and does not retry a 400.
 */
export function parsePagerduty(input: ParseInput): Parsed {
  if (!isFields(input.body)) return refuse(pagerdutyUnreadable());
  const event = Event.parse(input.body);
  const action = event.event_action?.toLowerCase();
  const { payload } = event;
  const errors = actionErrors('event_action', action);
  if (action === 'trigger') {
    if (!isFields(input.body.payload)) errors.push("'payload' is missing or blank");
    else {
      if (!payload.summary) errors.push("'payload.summary' is missing or blank");
      if (!payload.source) errors.push("'payload.source' is missing or blank");
    }
  } else if (isAction(action) && !event.dedup_key) errors.push("'dedup_key' is missing or blank");
  if (errors.length > 0 || !isAction(action)) return refuse(pagerdutyInvalid(errors));

  const problems: string[] = [];
  const key = cutKey(event.dedup_key ?? keyOfRequest(input));
  if (event.dedup_key && key !== event.dedup_key) problems.push('dedup_key: cut to 255 characters');
  const asked = textOf(payload.severity);
  if (action === 'trigger' && !asked) problems.push('payload.severity: missing, taken as error');
  const signal = makeSignal(input, {
    action,
    dedupKey: key,
    summary: payload.summary ?? key,
    severity: severityOrError(asked, 'payload.severity', problems),
    source: payload.source ?? event.client ?? 'PagerDuty Events',
    labels: flattenLabels(
      { component: payload.component, group: payload.group, class: payload.class },
      detailsOf(payload.custom_details),
    ),
    links: linksOf([...event.links.filter(isFields).map(asLink), { href: event.client_url, text: event.client }]),
    images: imagesOf(event.images.filter(isFields).map(asImage)),
    startsAt: parseInstant(payload.timestamp),
    raw: withoutKey(input.body),
  });
  const reply = { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: key } };
  return { ok: true, signals: [signal], problems: cutProblems(problems), reply };
}

/** One change event: 202, or 400 with `errors`. It makes no signal, so it never pages. */
export function parsePagerdutyChange(input: ParseInput): Parsed {
  if (!isFields(input.body)) return refuse(pagerdutyUnreadable());
  const { payload, links, images } = Event.parse(input.body);
  if (!isFields(input.body.payload)) return refuse(pagerdutyInvalid(["'payload' is missing or blank"]));
  if (!payload.summary) return refuse(pagerdutyInvalid(["'payload.summary' is missing or blank"]));
  const timestamp = parseInstant(payload.timestamp);
  const change: ChangeEvent = {
    integrationId: input.integration.id,
    summary: cutText(payload.summary, LIMITS.summary),
    source: cutText(payload.source ?? '', LIMITS.source),
    ...(timestamp && { timestamp }),
    links: linksOf(links.filter(isFields).map(asLink)),
    images: imagesOf(images.filter(isFields).map(asImage)),
    customDetails: cleanJson(payload.custom_details ?? {}),
    raw: cleanJson(withoutKey(input.body)),
  };
  const reply = { status: 202, body: { status: 'success', message: 'Change event processed' } };
  return { ok: true, signals: [], changes: [change], problems: [], reply };
}

/** One event of the v1 API: 200 with its `incident_key`, or 400 with `errors`. v1 has no severity; `details.severity` is read. */
export function parsePagerdutyV1(input: ParseInput): Parsed {
  if (!isFields(input.body)) return refuse(pagerdutyUnreadable());
  const event = EventV1.parse(input.body);
  const action = event.event_type?.toLowerCase();
  const errors = actionErrors('event_type', action);
  if (action === 'trigger' && !event.description) errors.push("'description' is missing or blank");
  if (isAction(action) && action !== 'trigger' && !event.incident_key) errors.push("'incident_key' is missing or blank");
  if (errors.length > 0 || !isAction(action)) return refuse(pagerdutyInvalid(errors));

  const key = cutKey(event.incident_key ?? keyOfRequest(input));
  const contexts = event.contexts.filter(isFields);
  const details = detailsOf(event.details);
  const signal = makeSignal(input, {
    action,
    dedupKey: key,
    summary: event.description ?? key,
    severity: severityOf(details.severity) ?? 'error',
    source: textOf(details.source) ?? textOf(details.host) ?? event.client ?? 'PagerDuty Events',
    labels: details,
    links: linksOf([
      ...contexts.filter((each) => each.type === 'link').map(asLink),
      { href: event.client_url, text: event.client },
    ]),
    images: imagesOf(contexts.filter((each) => each.type === 'image').map(asImage)),
    raw: withoutKey(input.body),
  });
  const reply = { status: 200, body: { status: 'success', message: 'Event processed', incident_key: key } };
  return { ok: true, signals: [signal], problems: [], reply };
}

/** The key an event is addressed with (v2 `routing_key`, v1 `service_key`), for finding the integration before parsing. */
export function pagerdutyKeyOf(body: unknown): string | undefined {
  return isFields(body) ? (textOf(body.routing_key) ?? textOf(body.service_key)) : undefined;
}

/** 400 for an event that is understood but wrong; Alertmanager prints `message` and `errors` in its log. */
function pagerdutyInvalid(errors: string[]): Reply {
  return { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors } };
}

/** 400 for a key no integration has, by its length when that is what is wrong with it. */
export function pagerdutyWrongKey(key: string | undefined, field: 'routing_key' | 'service_key'): Reply {
  if (!key) return pagerdutyInvalid([field === 'service_key' ? "Service key can't be blank" : `'${field}' is missing or blank`]);
  if (key.length !== 32) return pagerdutyInvalid([`Length of '${field}' is incorrect (should be 32 characters)`]);
  return pagerdutyInvalid([`'${field}' is not the key of an integration`]);
}

/** 400 for a body that is not a JSON object. */
export function pagerdutyUnreadable(): Reply {
  return {
    status: 400,
    body: { status: 'Unrecognized object', message: 'Event object format is unrecognized', errors: ['JSON parse error'] },
  };
}

function actionErrors(field: string, action: string | undefined): string[] {
  if (!action) return [`'${field}' is missing or blank`];
  return isAction(action) ? [] : [`'${field}' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')`];
}

/** Custom details may be any JSON, though documented as an object: a bare text or number is kept as one label. */
function detailsOf(details: unknown): Fields {
  return isFields(details) ? details : { details };
}

const asLink = (link: Fields) => ({ href: link.href, text: link.text });
const asImage = (image: Fields) => ({ src: image.src, href: image.href, alt: image.alt });

/** The routing key is a credential and is not kept with the payload. */
function withoutKey({ routing_key: _routing, service_key: _service, ...rest }: Fields): Fields {
  return rest;
}

function refuse(reply: Reply): Parsed {
  const { errors } = reply.body as { errors: string[] };
  return { ok: false, reason: errors.join('; '), reply };
}
