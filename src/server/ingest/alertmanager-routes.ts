/**
 * Being an Alertmanager (alertmanager `api/v2/openapi.yaml`; answers compared with amtool and Prometheus): Prometheus posts
 * its alerts here with `path_prefix: /alertmanager/{key}`, amtool reads and silences. Their clients are generated from
 * that description and take only its status codes: 200 for everything that went well, a JSON text for what did not.
 */
import type { Matcher } from '../../contract/common.ts';
import { serviceNamed } from '../catalog/actions.ts';
import type { Http } from '../platform/http.ts';
import { matches } from '../platform/matching.ts';
import { facts, gettableAlert, parseFilters } from './alertmanager-shown.ts';
import { deleteSilence, getSilence, listSilences, postSilence } from './alertmanager-silences.ts';
import * as amStore from './alertmanager-store.ts';
import { parsePrometheus } from './parse/prometheus.ts';
import type { Reply } from './parse/types.ts';
import { type Addressed, eitherSlash, serve, takeEvent } from './request.ts';
import { ALERTMANAGER } from './surfaces.ts';
import type { Intake } from './types.ts';

export const alertmanagerRoutes = (app: Http['app'], intake: Intake): void => {
  const on = (method: string, path: string, answer: (request: Addressed) => Promise<Reply>): void => {
    app.on(method, eitherSlash(`/alertmanager/:key${path}`), serve(intake, ALERTMANAGER, answer));
  };
  on('POST', '/api/v2/alerts', (request) => takeEvent(request, parsePrometheus));
  on('GET', '/api/v2/alerts', listAlerts);
  on('GET', '/api/v2/alerts/groups', listGroups);
  on('GET', '/api/v2/status', async ({ now }) => ({ status: 200, body: statusAt(now) }));
  on('GET', '/api/v2/receivers', async ({ integration }) => ({ status: 200, body: [{ name: integration.service }] }));
  on('GET', '/api/v2/silences', listSilences);
  on('POST', '/api/v2/silences', postSilence);
  on('GET', '/api/v2/silence/:id', getSilence);
  on('DELETE', '/api/v2/silence/:id', deleteSilence);
  for (const probe of ['/-/healthy', '/-/ready']) app.get(`/alertmanager/:key${probe}`, (c) => c.text('OK'));
};

/** amtool shows an alert list of any length; a list longer than this is no use to anyone. */
const MOST = 5000;

type Wanted = { active: boolean; silenced: boolean; matchers: Matcher[] };
const wantedOf = ({ c, query, integration }: Addressed): Wanted | Reply => {
  const flag = (name: string): boolean => query[name] !== 'false';
  const matchers = parseFilters(c.req.queries('filter') ?? []);
  if (typeof matchers === 'string') return { status: 400, body: matchers };
  if (query.receiver) {
    const receiver = parseFilters([`receiver=~${query.receiver}`]);
    if (typeof receiver === 'string') return { status: 400, body: `failed to parse receiver param: ${receiver}` };
    const [expression] = receiver;
    if (expression && !matches(expression, facts({ receiver: integration.service })))
      return { active: false, silenced: false, matchers };
  }
  return { active: flag('active'), silenced: flag('silenced'), matchers };
};

const found = async (request: Addressed) => {
  const wanted = wantedOf(request);
  if ('status' in wanted) return wanted;
  const { integration, intake, now } = request;
  const rows = await intake.act(integration, (ctx) => amStore.openAlerts(ctx, integration.id, MOST));
  return rows
    .filter((row) => (row.disposition === 'silenced' ? wanted.silenced : wanted.active))
    .filter((row) => wanted.matchers.every((matcher) => matches(matcher, facts(row.labels))))
    .map((row) => gettableAlert(row, integration.service, now));
};

const listAlerts = async (request: Addressed): Promise<Reply> => {
  const alerts = await found(request);
  return Array.isArray(alerts) ? { status: 200, body: alerts } : alerts;
};

/** Groups by the labels the service groups incidents by; none: one group. */
const listGroups = async (request: Addressed): Promise<Reply> => {
  const alerts = await found(request);
  if (!Array.isArray(alerts)) return alerts;
  const { integration, intake } = request;
  const { grouping } = await intake.act(integration, (ctx) => serviceNamed(ctx, integration.service));
  const labelsOf = (alert: (typeof alerts)[number]) =>
    Object.fromEntries(grouping.by.flatMap((name) => (alert.labels[name] === undefined ? [] : [[name, alert.labels[name]]])));
  const groups = Map.groupBy(alerts, (alert) => JSON.stringify(labelsOf(alert)));
  const body = [...groups.values()].map((members) => ({
    labels: members[0] ? labelsOf(members[0]) : {},
    receiver: { name: integration.service },
    alerts: members,
  }));
  return { status: 200, body };
};

const statusAt = (now: Temporal.Instant) => ({
  cluster: { status: 'disabled', peers: [] },
  versionInfo: {
    version: 'allclear',
    revision: '',
    branch: '',
    buildUser: '',
    buildDate: '',
    goVersion: '',
  },
  config: { original: '# Allclear decides by its own configuration: see `allclear export`\n' },
  uptime: now.subtract({ milliseconds: Math.floor(performance.now()) }).toString({ smallestUnit: 'millisecond' }),
});
