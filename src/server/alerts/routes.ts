import { z } from 'zod';
import { alertCounts, alertCountsQuery, alertFilter, alertLabels, alertQuery } from '../../contract/alerts.ts';
import { listOf, pageQuery, slug } from '../../contract/common.ts';
import { alert } from '../../contract/incident.ts';
import { backTest, backTestInput, groupingTestInput } from '../../contract/routing.ts';
import { routingRule } from '../../contract/service.ts';
import { silence, silencePreview } from '../../contract/silence.ts';
import { idOf } from '../incidents/actions.ts';
import { THE_ONLY } from '../journal/actions.ts';
import { lastChange } from '../journal/read.ts';
import type { Http } from '../platform/http.ts';
import * as alerts from './actions.ts';

const shownOf = (row: alerts.AlertRow): z.input<typeof alert> => ({
  id: row.id,
  service: row.service,
  integration: row.integration,
  dedup_key: row.dedup_key,
  status: row.status as 'open',
  acknowledged: row.acknowledged,
  disposition: row.disposition as 'incident',
  reason: row.decisions.map((decision) => `${decision.step}: ${decision.result} (${decision.why})`).join('; '),
  decisions: row.decisions,
  summary: row.summary,
  severity: row.severity as 'error',
  source: row.source,
  labels: row.labels,
  links: row.links,
  images: row.images,
  count: row.count,
  first_seen: row.first_seen.toString(),
  last_seen: row.last_seen.toString(),
  resolved_at: row.resolved_at?.toString() ?? null,
  incident: row.incident_number,
  payload: row.payload,
});

export const alertRoutes = ({ route }: Http): void => {
  route(
    {
      method: 'get',
      path: '/api/alerts',
      summary: 'Alerts, newest first or as sorted; also those that paged nobody',
      tag: 'Alerts',
      permission: 'alert.read',
      query: alertQuery,
      result: listOf(alert),
    },
    async (ctx, { query }) => {
      const { rows, next } = await alerts.listAlerts(ctx, query);
      return { items: rows.map(shownOf), next };
    },
  );
  route(
    {
      method: 'get',
      path: '/api/alerts/counts',
      summary: 'How many alerts fit a filter, by the values of a field or label',
      tag: 'Alerts',
      permission: 'alert.read',
      query: alertCountsQuery,
      result: alertCounts,
    },
    (ctx, { query: { by, ...filter } }) => alerts.countAlerts(ctx, filter, by),
  );
  route(
    {
      method: 'get',
      path: '/api/alerts/labels',
      summary: 'Label names and values of the newest alerts that fit a filter',
      tag: 'Alerts',
      permission: 'alert.read',
      query: alertFilter,
      result: alertLabels,
    },
    (ctx, { query }) => alerts.labelsOf(ctx, query),
  );
  route(
    {
      method: 'get',
      path: '/api/alerts/{id}/history',
      summary: 'Earlier alerts with the same key, newest first, and what was decided for each',
      tag: 'Alerts',
      permission: 'alert.read',
      params: z.object({ id: z.uuid() }),
      query: pageQuery,
      result: listOf(alert),
    },
    async (ctx, { params, query }) => {
      const rows = await alerts.historyOf(ctx, params.id, query.cursor, query.limit);
      return { items: rows.map(shownOf), next: rows.length === query.limit ? (rows.at(-1)?.id ?? null) : null };
    },
  );
  route(
    {
      method: 'get',
      path: '/api/incidents/{id}/alerts',
      summary: 'The alerts of an incident, the first one first',
      tag: 'Alerts',
      permission: 'alert.read',
      params: z.object({ id: z.string().describe('number such as INC-2026-0001, or id') }),
      query: pageQuery,
      result: listOf(alert),
    },
    async (ctx, { params, query }) => {
      const rows = await alerts.alertsOfIncident(ctx, await idOf(ctx, params.id), query.limit, query.cursor);
      return { items: rows.map(shownOf), next: rows.length === query.limit ? (rows.at(-1)?.id ?? null) : null };
    },
  );
  route(
    {
      method: 'get',
      path: '/api/alerts/{id}',
      summary: 'An alert with its latest payload',
      tag: 'Alerts',
      permission: 'alert.read',
      params: z.object({ id: z.uuid() }),
      result: alert,
    },
    async (ctx, { params }) => shownOf(await alerts.alertById(ctx, params.id)),
  );
  route(
    {
      method: 'get',
      path: '/api/routing',
      summary: 'Routing rules in the order they are asked',
      tag: 'Routing',
      permission: 'configuration.read',
      result: listOf(routingRule),
      changed: (ctx) => lastChange(ctx, { type: 'routing', id: THE_ONLY }),
    },
    async (ctx) => ({ items: await alerts.allRouting(ctx) }),
  );
  route(
    {
      method: 'put',
      path: '/api/routing',
      summary: 'Replace the routing rules',
      tag: 'Routing',
      body: z.strictObject({ items: z.array(routingRule).max(500) }),
      result: listOf(routingRule),
    },
    async (ctx, { body }) => {
      await alerts.saveRouting(ctx, body.items);
      return body;
    },
  );
  route(
    {
      method: 'post',
      path: '/api/silences/preview',
      summary: 'What a silence would hide now, when it is active next, and whether it is too broad; touches nothing',
      tag: 'Silences',
      permission: 'alert.read',
      body: silence,
      result: silencePreview,
    },
    (ctx, { body }) => alerts.previewSilence(ctx, body),
  );
  route(
    {
      method: 'post',
      path: '/api/routing/back-test',
      summary: 'What these rules and groupings would have made of the last days: incidents added and removed; touches nothing',
      tag: 'Routing',
      permission: 'alert.read',
      body: backTestInput,
      result: backTest,
    },
    (ctx, { body }) => alerts.backTestRouting(ctx, body),
  );
  route(
    {
      method: 'post',
      path: '/api/services/{name}/back-test',
      summary: 'What this grouping would have made of the last days of the service; touches nothing',
      tag: 'Services',
      permission: 'alert.read',
      params: z.object({ name: slug }),
      body: groupingTestInput,
      result: backTest,
    },
    (ctx, { params, body }) => alerts.backTestService(ctx, params.name, body),
  );
};
