/**
 * Alertmanager's webhook, version 4 (alertmanager `notify/webhook`, `template/template.go`; requests captured from 0.25):
 *
 *   {"receiver":"all","status":"firing","version":"4","groupKey":"{}:{alertname=\"HighCPU\"}","truncatedAlerts":0,
 *    "groupLabels":{"alertname":"HighCPU"},"commonLabels":{…},"commonAnnotations":{…},"externalURL":"http://vm:19093",
 *    "alerts":[{"status":"firing","labels":{"alertname":"HighCPU","instance":"web1","severity":"critical"},
 *      "annotations":{"runbook_url":"http://rb","summary":"CPU high"},"startsAt":"2026-11-21T03:11:20Z",
 *      "endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://prom/graph","fingerprint":"930f65ae35d9bb94"}]}
 *
 * 0.32 adds `notification_reason`, 0.34 `routeLabels`. The group's `status` is firing while any alert fires, so only an
 * alert's own status and fingerprint count. Alertmanager reads nothing of a 2xx and never retries a webhook's 4xx.
 */
import { z } from 'zod';
import type { Signal } from '../../alerts/types.ts';
import { Dictionary, type Fields, hrefOf, imagesOf, linksOf, Text, textOf } from './fields.ts';
import { fingerprint } from './fingerprint.ts';
import { severityOrError } from './severity.ts';
import { makeSignal } from './signal.ts';
import { parseInstant } from './time.ts';
import { cutProblems } from './truncate.ts';
import type { Parsed, ParseInput } from './types.ts';

const Group = z
  .object({
    status: Text,
    alerts: z.unknown().optional(),
    externalURL: z.unknown().optional(),
    truncatedAlerts: z.unknown().optional(),
  })
  .loose();

const GroupAlert = z
  .object({
    status: Text,
    labels: Dictionary,
    annotations: Dictionary,
    startsAt: z.unknown().optional(),
    generatorURL: z.unknown().optional(),
    fingerprint: Text,
    dashboardURL: z.unknown().optional(),
    panelURL: z.unknown().optional(),
    silenceURL: z.unknown().optional(),
    imageURL: z.unknown().optional(),
    valueString: Text,
  })
  .loose();

/** One signal an alert of an Alertmanager webhook; 200 unless nothing in the request can be used (400). */
export function parseAlertmanager(input: ParseInput): Parsed {
  return parseAlertGroup(input, 'Alertmanager');
}

/** The webhook shared by Alertmanager and Grafana, whose alerts carry more links, images and values. */
export function parseAlertGroup(input: ParseInput, tool: 'Alertmanager' | 'Grafana'): Parsed {
  const group = Group.safeParse(input.body);
  if (!group.success) return refuse('body: not a JSON object');
  const { alerts } = group.data;
  // A nil Go slice is sent as null.
  const list = alerts === null ? [] : alerts;
  if (!Array.isArray(list)) return refuse('alerts: missing or not a list');

  const problems: string[] = [];
  const signals: Signal[] = [];
  for (const [index, item] of list.entries()) {
    const signal = readAlert(
      input,
      item,
      `alerts.${index}`,
      { tool, status: group.data.status, home: group.data.externalURL },
      problems,
    );
    if (signal) signals.push(signal);
  }
  const truncated = Number(textOf(group.data.truncatedAlerts) ?? 0);
  if (truncated > 0) problems.push(`truncatedAlerts: the sender left out ${truncated} alerts (its max_alerts)`);
  if (list.length > 0 && signals.length === 0) return refuse(...problems);
  return {
    ok: true,
    signals,
    problems: cutProblems(problems),
    reply: { status: 200, body: { status: 'ok', accepted: signals.length } },
  };
}

type Around = { tool: string; status: string | undefined; home: unknown };

function readAlert(input: ParseInput, item: unknown, path: string, around: Around, problems: string[]): Signal | undefined {
  const parsed = GroupAlert.safeParse(item);
  if (!parsed.success) {
    problems.push(`${path}: not a JSON object`);
    return undefined;
  }
  const alert = parsed.data;
  const labels = labelTexts(alert.labels);
  if (Object.keys(labels).length === 0 && !alert.fingerprint) {
    problems.push(`${path}.labels: empty, and no fingerprint: nothing to know the alert by`);
    return undefined;
  }
  const status = (alert.status ?? around.status ?? 'firing').toLowerCase();
  if (status !== 'firing' && status !== 'resolved') problems.push(`${path}.status: '${status}' taken as firing`);
  return makeSignal(input, {
    action: status === 'resolved' ? 'resolve' : 'trigger',
    dedupKey: alert.fingerprint ?? fingerprint(labels),
    summary: summaryOf(labels, alert.annotations, around.tool),
    severity: severityOrError(alert.labels.severity ?? alert.labels.priority, `${path}.labels.severity`, problems),
    source: sourceOf(labels, around.tool),
    labels,
    links: linksOf([
      { href: alert.generatorURL, text: 'Source' },
      { href: alert.dashboardURL, text: 'Dashboard' },
      { href: alert.panelURL, text: 'Panel' },
      ...annotationLinks(alert.annotations),
      { href: alert.silenceURL, text: 'Silence' },
      { href: around.home, text: around.tool },
    ]),
    images: imagesOf([{ src: alert.imageURL, href: alert.panelURL, alt: alert.valueString }]),
    startsAt: parseInstant(alert.startsAt),
    raw: item,
  });
}

/** The scalar values of a label set as they are, empty ones left out: what the fingerprint is taken over. */
export function labelTexts(labels: Fields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).flatMap(([name, value]) => {
      const text = typeof value === 'string' ? value : textOf(value);
      return text === undefined || text === '' ? [] : [[name, text]];
    }),
  );
}

/** What a person reads first: the annotation written for it, else the alert's name and where it is. */
export function summaryOf(labels: Record<string, string>, annotations: Fields, tool: string): string {
  for (const name of ['summary', 'title', 'description', 'message']) {
    const text = textOf(annotations[name]);
    if (text) return text;
  }
  const where = labels.instance ?? labels.service ?? labels.job;
  return (labels.alertname ?? `${tool} alert`) + (where ? ` on ${where}` : '');
}

/** Where the problem is. */
export function sourceOf(labels: Record<string, string>, tool: string): string {
  return labels.instance ?? labels.host ?? labels.service ?? labels.job ?? tool;
}

const NAMES: Record<string, string> = {
  runbook_url: 'Runbook',
  runbook: 'Runbook',
  dashboard_url: 'Dashboard',
  dashboard: 'Dashboard',
};

/** Every annotation that is an address, the runbook and the dashboard under their usual names. */
export function annotationLinks(annotations: Fields): { href: unknown; text: string }[] {
  return Object.entries(annotations)
    .filter(([, value]) => hrefOf(value))
    .map(([name, href]) => ({ href, text: Object.hasOwn(NAMES, name) ? (NAMES[name] ?? name) : name }))
    .sort((a, b) => Number(b.text === 'Runbook') - Number(a.text === 'Runbook'));
}

function refuse(...problems: string[]): Parsed {
  const errors = cutProblems(problems);
  return {
    ok: false,
    reason: errors.join('; '),
    reply: { status: 400, body: { message: 'No usable alert in the request', errors } },
  };
}
