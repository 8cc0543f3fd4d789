import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { layOut } from '../../src/server/platform/data-folder.ts';
import type { Sent } from './load.ts';
import { readAll } from './server-process.ts';
import { type Providers, SERVICES } from './team.ts';

type Alert = {
  id: string;
  dedup_key: string;
  service: string;
  status: string;
  disposition: string;
  count: number;
  incident: string | null;
};
type Incident = { number: string; service: string; status: string; alert_count: number };
export type Found = {
  alerts: number;
  incidents: number;
  /** Every message that reached a provider, copies too. */
  messages: number;
  lostAlerts: string[];
  lostPages: string[];
  duplicates: number;
  /** Copies with no crash between them and the one before, and other broken promises. */
  broken: string[];
};

/** How many messages each provider had taken when a crash was over; copies of a message need one in between. */
export type Mark = { mail: number; push: number; sms: number };
export const markOf = ({ smtp, ntfy, twilio }: Providers): Mark => ({
  mail: smtp.received.length,
  push: ntfy.received.length,
  sms: twilio.received.length,
});

/** Messages that have not reached their end, and the jobs of messages. */
export const unfinished = async (dataDir: string): Promise<{ deliveries: number; jobs: number }> => {
  const client = new pg.Client({ host: layOut(dataDir).socketFolder, user: 'allclear', database: 'allclear' });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ deliveries: number; jobs: number }>(`
      select (select count(*)::int from deliveries where status in ('queued', 'sending')) as deliveries,
        (select count(*)::int from jobs.job where name = 'deliveries' and state in ('created', 'retry', 'active')) as jobs`);
    return rows[0] as { deliveries: number; jobs: number };
  } finally {
    await client.end();
  }
};

/** Waits until every message has been sent or given up; says what is left after `seconds`. */
export const drained = async (dataDir: string, seconds: number): Promise<{ deliveries: number; jobs: number }> => {
  const until = performance.now() + seconds * 1000;
  for (;;) {
    const left = await unfinished(dataDir);
    if (left.deliveries + left.jobs === 0 || performance.now() > until) return left;
    await delay(100);
  }
};

const NUMBER = /INC-\d{4}-\d+/;
const numberIn = (text: string): string => NUMBER.exec(text)?.[0] ?? 'no number';

/** Holds what was accepted against what the server has and what the providers were given. */
export const verify = async (url: string, sent: Sent[], providers: Providers, marks: Mark[]): Promise<Found> => {
  const broken: string[] = [];
  const alerts = await readAll<Alert>(url, '/api/alerts');
  const incidents = await readAll<Incident>(url, '/api/incidents');
  const byKey = Map.groupBy(alerts, (alert) => alert.dedup_key);
  const byNumber = new Map(incidents.map((incident) => [incident.number, incident]));
  const lostAlerts: string[] = [];

  for (const one of sent) {
    const rows = byKey.get(one.key) ?? [];
    const counted = rows.reduce((sum, row) => sum + row.count, 0);
    if (counted < one.triggers.accepted) lostAlerts.push(`${one.key}: ${one.triggers.accepted} accepted, ${counted} there`);
    if (counted > one.triggers.tried) broken.push(`${one.key}: ${one.triggers.tried} sent, ${counted} there`);
    const open = rows.filter((row) => row.status === 'open').length;
    if (one.resolves.accepted > 0 && open > 0) lostAlerts.push(`${one.key}: its end was accepted, it is open`);
    if (one.resolves.tried === 0 && rows.length > 0 && open !== 1) broken.push(`${one.key}: ${open} open, nobody ended it`);
  }
  const wanted = new Set(sent.map((one) => one.key));
  for (const alert of alerts) {
    if (!wanted.has(alert.dedup_key)) broken.push(`${alert.dedup_key}: nobody sent it`);
    if (alert.disposition !== 'incident' || !alert.incident || !byNumber.has(alert.incident))
      lostAlerts.push(`${alert.dedup_key}: has no incident`);
  }
  const members = Map.groupBy(alerts, (alert) => alert.incident);
  for (const incident of incidents) {
    const count = members.get(incident.number)?.length ?? 0;
    if (count !== incident.alert_count) broken.push(`${incident.number}: counts ${incident.alert_count} alerts, has ${count}`);
    if (!SERVICES[incident.service as keyof typeof SERVICES].group && count !== 1)
      broken.push(`${incident.number}: holds ${count} alerts of a service that never groups`);
  }

  const streams: { mark: keyof Mark; channel: string; keys: string[]; numbers: string[] }[] = [
    {
      mark: 'mail',
      channel: 'email',
      keys: providers.smtp.received.map(({ mail }) => mail.messageId ?? ''),
      numbers: providers.smtp.received.map(({ mail }) => numberIn(mail.subject ?? '')),
    },
    {
      mark: 'push',
      channel: 'ntfy',
      keys: providers.ntfy.received.map(({ title }) => numberIn(title ?? '')),
      numbers: providers.ntfy.received.map(({ title }) => numberIn(title ?? '')),
    },
    {
      mark: 'sms',
      channel: 'sms',
      keys: providers.twilio.received.map((one) => numberIn(one.kind === 'sms' ? one.body : '')),
      numbers: providers.twilio.received.map((one) => numberIn(one.kind === 'sms' ? one.body : '')),
    },
  ];
  let duplicates = 0;
  const lostPages: string[] = [];
  for (const { mark, channel, keys, numbers } of streams) {
    const last = new Map<string, number>();
    for (const [at, key] of keys.entries()) {
      const before = last.get(key);
      last.set(key, at);
      if (before === undefined) continue;
      duplicates += 1;
      if (!marks.some((one) => one[mark] > before && one[mark] <= at))
        broken.push(`${numbers[at]}: sent twice by ${channel} with no crash in between`);
    }
    const told = new Set(numbers);
    // One page an incident, so one message key a number: a copy under another key would go unnoticed as a copy.
    if (told.size !== last.size) broken.push(`${channel}: ${last.size} messages for ${told.size} incidents`);
    for (const incident of incidents)
      if (
        SERVICES[incident.service as keyof typeof SERVICES].channel === channel &&
        incident.status === 'triage' &&
        !told.has(incident.number)
      )
        lostPages.push(`${incident.number} of ${incident.service}`);
  }
  return {
    alerts: alerts.length,
    incidents: incidents.length,
    messages: streams.reduce((sum, { keys }) => sum + keys.length, 0),
    lostAlerts,
    lostPages,
    duplicates,
    broken,
  };
};
