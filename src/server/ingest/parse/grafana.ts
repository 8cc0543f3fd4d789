/**
 * Grafana's webhook contact point (grafana/alerting `receivers/webhook`; example from Grafana's documentation, shortened):
 *
 *   {"receiver":"My Super Webhook","status":"firing","orgId":1,"version":"1","groupKey":"{}:{}","truncatedAlerts":0,
 *    "title":"[FIRING:1] (blue)","state":"alerting","message":"**Firing** …","externalURL":"https://play.grafana.org/",
 *    "alerts":[{"status":"firing","labels":{"alertname":"High memory usage","team":"blue"},
 *      "annotations":{"summary":"…"},"startsAt":"2021-10-12T09:51:03.157076+02:00","endsAt":"0001-01-01T00:00:00Z",
 *      "generatorURL":"https://play.grafana.org/alerting/1afz29v7z/edit","fingerprint":"c6eadffa33fcdf37",
 *      "silenceURL":"…","dashboardURL":"","panelURL":"","imageURL":"","values":{"B":44.2},"valueString":"[ … ]"}]}
 *
 * and, before Grafana 9, one rule at a time without `alerts`:
 *
 *   {"dashboardId":1,"evalMatches":[{"value":1,"metric":"Count","tags":{}}],"imageUrl":"…","message":"…","orgId":1,
 *    "panelId":2,"ruleId":1,"ruleName":"Panel Title alert","ruleUrl":"http://…","state":"alerting","tags":{},"title":"…"}
 */
import { z } from 'zod';
import { parseAlertGroup } from './alertmanager.ts';
import { Dictionary, imagesOf, isFields, List, linksOf, Text } from './fields.ts';
import { severityOrError } from './severity.ts';
import { keyOfRequest, makeSignal } from './signal.ts';
import { cutProblems } from './truncate.ts';
import type { Parsed, ParseInput } from './types.ts';

const Legacy = z
  .object({
    title: Text,
    ruleId: Text,
    ruleName: Text,
    ruleUrl: z.unknown().optional(),
    state: Text,
    message: Text,
    imageUrl: z.unknown().optional(),
    orgId: Text,
    tags: Dictionary,
    evalMatches: List,
  })
  .loose();

/** One signal an alert, or one for a rule of Grafana before 9; 200 unless nothing in the request can be used (400). */
export function parseGrafana(input: ParseInput): Parsed {
  const { body } = input;
  const legacy = isFields(body) && body.alerts === undefined && (body.ruleId !== undefined || body.ruleName !== undefined);
  return legacy ? parseLegacy(input) : parseAlertGroup(input, 'Grafana');
}

function parseLegacy(input: ParseInput): Parsed {
  const rule = Legacy.parse(input.body);
  const problems: string[] = [];
  const state = (rule.state ?? 'alerting').toLowerCase();
  const accepted = (signals: number) => ({ status: 200, body: { status: 'ok', accepted: signals } });
  if (state === 'paused' || state === 'pending') {
    return { ok: true, signals: [], problems: [`state: '${state}' neither opens nor resolves an alert`], reply: accepted(0) };
  }
  const rank = rule.tags.severity ?? rule.tags.priority;
  const key = rule.ruleId ?? rule.ruleName;
  const metrics = rule.evalMatches.filter(isFields).map((match) => [match.metric, match.value] as const);
  const signal = makeSignal(input, {
    action: state === 'ok' ? 'resolve' : 'trigger',
    dedupKey: key ? `grafana:${rule.orgId ?? '1'}:${key}` : keyOfRequest(input),
    summary: rule.message ?? rule.title ?? rule.ruleName ?? 'Grafana alert',
    severity: severityOrError(rank, 'tags.severity', problems),
    source: 'Grafana',
    labels: { ...(rule.ruleName && { alertname: rule.ruleName }), ...rule.tags, value: Object.fromEntries(metrics) },
    links: linksOf([{ href: rule.ruleUrl, text: 'Rule' }]),
    images: imagesOf([{ src: rule.imageUrl, href: rule.ruleUrl, alt: rule.ruleName }]),
    raw: input.body,
  });
  return { ok: true, signals: [signal], problems: cutProblems(problems), reply: accepted(1) };
}
