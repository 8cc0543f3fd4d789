/**
 * Senders whose JSON a generic endpoint should simply understand. Each reader takes an event and says what it found, or
 * undefined when the event is not its tool's.
 *
 * Uptime Kuma's webhook (server/notification-providers/webhook.js):
 *   {"heartbeat":{"monitorID":29,"status":0,"time":"2024-09-24 23:51:35.527","msg":"getaddrinfo ENOTFOUND","important":true},
 *    "monitor":{"id":29,"name":"Test","url":"https://…","type":"http","tags":[]},"msg":"[Test] [🔴 Down] getaddrinfo ENOTFOUND"}
 *   The test button and certificate notices send heartbeat and monitor as null.
 * apprise json:// (captured): {"version":"1.0","title":"title","message":"body","attachments":[],"type":"info"}
 * Zabbix webhook parameters, by the macros' names: {"event_id":"42","event_value":"1","event_nseverity":"4",
 *   "event_name":"Disk full","event_update_status":"0","event_ack_status":"No","host_name":"db1","trigger_id":"7"}
 * Datadog's webhook variables (docs.datadoghq.com/integrations/webhooks): {"alert_id":"1","alert_cycle_key":"9",
 *   "alert_transition":"Triggered","alert_type":"error","event_title":"…","hostname":"…","tags":"env:prod,team:db","link":"…"}
 */
import { type Fields, isFields, textOf } from './fields.ts';
import { sha256 } from './truncate.ts';

/** What was found in an event. `severity` and `action` are still the sender's words; `skip` says why there is nothing to do. */
export type Found = {
  summary?: string | undefined;
  severity?: unknown;
  action?: unknown;
  key?: string | undefined;
  source?: string | undefined;
  labels?: Fields;
  links?: { href: unknown; text?: unknown }[];
  images?: { src: unknown; href?: unknown; alt?: unknown }[];
  startsAt?: unknown;
  by?: string | undefined;
  skip?: string;
};

/** Look a field up by any of its names, whatever the case and the separators: `eventTitle`, `EVENT.TITLE`, `event_title`. */
export type Lookup = (...names: string[]) => unknown;

/** A lookup over an event's own fields; of two fields with the same name but for case and separators, the first counts. */
export function lookupIn(event: Fields): Lookup {
  const byName = new Map<string, unknown>();
  for (const [name, value] of Object.entries(event)) {
    const plain = name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
    if (!byName.has(plain) && value !== null && value !== '') byName.set(plain, value);
  }
  return (...names) => {
    for (const name of names) if (byName.has(name)) return byName.get(name);
    return undefined;
  };
}

/** The reading of a known tool's event, or undefined. */
export function recognise(event: Fields, find: Lookup): Found | undefined {
  return readUptimeKuma(event) ?? readApprise(event) ?? readZabbix(event, find) ?? readDatadog(event, find);
}

const KUMA_STATUS = ['down', 'up', 'pending', 'maintenance'];

function readUptimeKuma(event: Fields): Found | undefined {
  if (!('heartbeat' in event && 'monitor' in event && 'msg' in event)) return undefined;
  const heartbeat = isFields(event.heartbeat) ? event.heartbeat : undefined;
  const monitor = isFields(event.monitor) ? event.monitor : {};
  const message = textOf(event.msg);
  const id = textOf(monitor.id) ?? textOf(heartbeat?.monitorID);
  if (!heartbeat) {
    return {
      summary: message ?? 'Uptime Kuma notice',
      severity: 'warning',
      source: 'Uptime Kuma',
      key: `uptime-kuma:${id ?? sha256(message ?? '')}`,
    };
  }
  const status = KUMA_STATUS[Number(textOf(heartbeat.status) ?? 0)] ?? 'down';
  if (status === 'pending' || status === 'maintenance')
    return { skip: `heartbeat.status: ${status} neither opens nor resolves an alert` };
  const name = textOf(monitor.name) ?? textOf(monitor.pathName) ?? 'monitor';
  const tags = Array.isArray(monitor.tags) ? monitor.tags.filter(isFields) : [];
  return {
    summary: `${name} is ${status}: ${textOf(heartbeat.msg) ?? message ?? ''}`.replace(/: $/, ''),
    severity: status === 'down' ? 'critical' : 'info',
    action: status === 'up' ? 'resolve' : 'trigger',
    key: `uptime-kuma:${id ?? name}`,
    source: textOf(monitor.hostname) ?? textOf(monitor.url) ?? name,
    labels: {
      monitor: name,
      monitor_id: id,
      type: monitor.type,
      url: monitor.url,
      hostname: monitor.hostname,
      port: monitor.port,
      ...Object.fromEntries(tags.map((tag) => [`tag.${textOf(tag.name) ?? ''}`, textOf(tag.value) ?? 'true'])),
    },
    links: [{ href: monitor.url, text: name }],
    // Kuma's `time` is UTC; on recovery it is the recovery's.
    startsAt: status === 'down' ? heartbeat.time : undefined,
  };
}

const APPRISE_SEVERITY: Record<string, string> = { failure: 'error', warning: 'warning', info: 'info', success: 'info' };

function readApprise(event: Fields): Found | undefined {
  const type = textOf(event.type) ?? '';
  if (!('attachments' in event && 'version' in event && 'message' in event && Object.hasOwn(APPRISE_SEVERITY, type)))
    return undefined;
  const [title, message] = [textOf(event.title), textOf(event.message)];
  const summary = [title, message].filter(Boolean).join(': ');
  return {
    summary: summary || undefined,
    severity: APPRISE_SEVERITY[type],
    action: type === 'success' ? 'resolve' : 'trigger',
    // The title is what stays the same between a failure and its success.
    key: `apprise:${sha256(title ?? message ?? '')}`,
    source: 'apprise',
    labels: { title, type },
  };
}

/** Zabbix counts its severities upward; its own PagerDuty media type maps them so. */
const ZABBIX_SEVERITY = ['info', 'info', 'warning', 'warning', 'error', 'critical'];

function readZabbix(event: Fields, find: Lookup): Found | undefined {
  const value = textOf(find('eventvalue'));
  const id = textOf(find('eventid'));
  if (!id || value === undefined) return undefined;
  const rank = textOf(find('eventnseverity'));
  const updated = textOf(find('eventupdatestatus')) === '1';
  const acknowledged = updated && /^(yes|1)$/i.test(textOf(find('eventackstatus')) ?? '');
  return {
    summary: textOf(find('eventname', 'alertsubject', 'triggername', 'subject')) ?? `Zabbix event ${id}`,
    severity:
      (rank === undefined ? undefined : ZABBIX_SEVERITY[Number(rank)]) ?? find('eventseverity', 'severity', 'triggerseverity'),
    action: value === '0' ? 'resolve' : acknowledged ? 'acknowledge' : 'trigger',
    key: `zabbix:${id}`,
    source: textOf(find('hostname', 'host', 'hosthost')) ?? 'Zabbix',
    labels: event,
    links: [{ href: find('eventurl', 'url', 'triggerurl', 'link'), text: 'Zabbix' }],
    by: textOf(find('useralias', 'userfullname')),
  };
}

function readDatadog(event: Fields, find: Lookup): Found | undefined {
  const transition = textOf(find('alerttransition', 'transition'));
  if (!transition || find('alerttype', 'alertcyclekey', 'aggregkey', 'alertid') === undefined) return undefined;
  const key = textOf(find('alertcyclekey', 'aggregkey', 'alertid'));
  const tags = (textOf(find('tags')) ?? '').split(',').flatMap((tag) => {
    const [, name, value] = /^\s*([^:\s]+):(.*)$/.exec(tag) ?? [];
    return name ? [[name, value] as const] : [];
  });
  const words: Record<string, string> = { warn: 'warning', 'no data': 'warning' };
  return {
    summary: textOf(find('eventtitle', 'alerttitle', 'title')) ?? textOf(find('textonlymsg', 'eventmsg', 'body')),
    severity: words[transition.toLowerCase()] ?? find('alertpriority', 'priority', 'alerttype'),
    action: /^recovered/i.test(transition) ? 'resolve' : 'trigger',
    key: key && `datadog:${key}`,
    source: textOf(find('hostname', 'host')) ?? 'Datadog',
    labels: { ...Object.fromEntries(tags), ...event },
    links: [{ href: find('link', 'url'), text: 'Datadog' }],
    images: [{ src: find('snapshot') }],
  };
}
