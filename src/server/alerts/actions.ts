import type { RoutingRule } from '../../contract/service.ts';
import { allServices, serviceNamed } from '../catalog/actions.ts';
import { decideUrgency } from '../catalog/rules.ts';
import { allow } from '../identity/permissions.ts';
import { findGroup } from '../incidents/actions.ts';
import { changesOf, journal, THE_ONLY } from '../journal/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid, notFound } from '../platform/errors.ts';
import { describeCondition, whyNot } from '../platform/matching.ts';
import { isSilenced, runningSilences } from '../silences/actions.ts';
import { judgeDropped } from './anew.ts';
import { assertRules } from './assert.ts';
import { resolveAlerts } from './ending.ts';
import { type Decision, describeGrouping, factsOf, groupKeyOf, route } from './rules.ts';
import * as store from './store.ts';
import type { ChangeNote, Signal } from './types.ts';

export { reconsider } from './anew.ts';
export { assertRules } from './assert.ts';
export { backTestRouting, backTestService } from './back-test.ts';
export { previewSilence } from './hidden.ts';
export { countAlerts, historyOf, labelsOf, listAlerts } from './lists.ts';
export { receive } from './receive.ts';
export type { AlertRow } from './store.ts';
export const alertsOfIncident = store.ofIncident;
export const findAlert = store.find;

export const alertById = async (ctx: Ctx, id: string): Promise<store.AlertRow> => {
  const row = await store.byId(ctx, id);
  if (!row) throw notFound('Alert');
  return row;
};

/** Replaces the ordered routing rules; refuses an expression that does not compile or a service that is not there. */
export const saveRouting = async (ctx: Ctx, rules: RoutingRule[]): Promise<void> => {
  allow(ctx, 'routing.write');
  await assertRules(ctx, rules, '');
  const before = await store.routingRules(ctx);
  await store.replaceRules(ctx, rules);
  await judgeDropped(ctx);
  await journal(ctx, {
    type: 'routing.saved',
    subject: { type: 'routing', id: THE_ONLY },
    text: `${rules.length} routing rules were saved`,
    data: { rules, changes: changesOf({ rules: before }, { rules }) },
  });
};
export const allRouting = store.routingRules;

/** A service that routing sends alerts to cannot go. */
export const refuseServiceInUse = async (ctx: Ctx, { id, name }: { id: string; name: string }): Promise<void> => {
  const rules = (await store.routingRules(ctx)).filter((rule) => rule.set.service === name);
  if (rules.length > 0)
    throw invalid(`routing rule ${rules.map((rule) => rule.name).join(', ')} sends alerts to it: change it first`, 'name');
  if (await store.serviceHasAlerts(ctx, id))
    throw invalid(`${name} has incidents or alerts, which are kept: stop its integrations instead`, 'name');
};

/** Keeps what changed on the journals of the services it came to. */
export const recordChanges = async (ctx: Ctx, changes: ChangeNote[]): Promise<void> => {
  const sources = await store.sources(ctx, [...new Set(changes.map((change) => change.integrationId))]);
  const services = await allServices(ctx);
  await journal(
    ctx,
    ...changes.flatMap((change) => {
      const source = sources.find((row) => row.id === change.integrationId);
      const service = services.find((row) => row.name === source?.service);
      return service
        ? [
            {
              type: 'service.changed',
              subject: { type: 'service' as const, id: service.id },
              text: change.summary,
              data: { source: change.source, integration: source?.name, ...change.data },
            },
          ]
        : [];
    }),
  );
};

/** Nobody listened for this long: Allclear was down, and a sender's silence says nothing. */
const GAP_SECONDS = 90;
/** So long senders have to send again after that; Prometheus does each minute. */
const GRACE_SECONDS = 300;

/** Alerts whose sender stopped sending them resolve; not while Allclear itself has just come back. */
export const expire = async (ctx: Ctx): Promise<void> => {
  const from = await store.watch(ctx, GAP_SECONDS, GRACE_SECONDS);
  if (Temporal.Instant.compare(from, ctx.now) > 0) return;
  const rows = await store.expired(ctx, 5000);
  if (rows.length > 0)
    await resolveAlerts(
      ctx,
      rows.map((row) => row.id),
      'expired',
    );
};
/** Whether a sender's silence means anything at this moment. */
export const hearsSilence = async (ctx: Ctx): Promise<boolean> => {
  const from = await store.trustedFrom(ctx);
  return !from || Temporal.Instant.compare(from, ctx.now) <= 0;
};

/** Resolving an incident by hand resolves its alerts: the next trigger is a new one and pages again. */
export const resolveWithIncident = async (ctx: Ctx, { id, by }: { id: string; by: string }): Promise<void> => {
  if (by === 'person') await store.resolveOfIncident(ctx, id);
};
export const moveWithIncident = async (ctx: Ctx, { from, into }: { from: string; into: string }): Promise<void> => {
  await store.moveToIncident(ctx, from, into);
};

/** Changes what an alert says (Opsgenie lets its senders do so). `labels` are merged; a null removes one. */
export const editAlert = async (
  ctx: Ctx,
  id: string,
  change: { summary?: string; severity?: Signal['severity']; labels?: Record<string, string | null>; source?: string },
): Promise<void> => {
  const row = await alertById(ctx, id);
  const merged: Record<string, string> = { ...row.labels };
  for (const [name, value] of Object.entries(change.labels ?? {}))
    if (value === null) delete merged[name];
    else merged[name] = value;
  await store.update(ctx, id, {
    ...(change.summary !== undefined ? { summary: change.summary } : {}),
    ...(change.severity !== undefined ? { severity: change.severity } : {}),
    ...(change.source !== undefined ? { source: change.source } : {}),
    ...(change.labels ? { labels: JSON.stringify(merged) } : {}),
  });
  await journal(ctx, {
    type: 'alert.edited',
    subject: { type: 'alert', id },
    text: `Alert changed: ${Object.keys(change).join(', ')}`,
    data: change,
  });
};

/** A remark on an alert; on its incident's timeline too when it has one. */
export const noteAlert = async (ctx: Ctx, id: string, text: string): Promise<void> => {
  const row = await alertById(ctx, id);
  await journal(
    ctx,
    { type: 'alert.note', subject: { type: 'alert', id }, text },
    ...(row.incident_id ? [{ type: 'incident.note', subject: { type: 'incident' as const, id: row.incident_id }, text }] : []),
  );
};
/** Its sender takes an acknowledgement back; the incident, which people acknowledge, stays as it is. */
export const unacknowledgeAlert = async (ctx: Ctx, id: string): Promise<void> => {
  await store.setAcknowledged(ctx, [id], false);
  await journal(ctx, {
    type: 'alert.unacknowledged',
    subject: { type: 'alert', id },
    text: 'Its sender took the acknowledgement back',
  });
};

/** Deletes an alert as its sender asked; it is resolved first, so that its incident does not wait for it. */
export const deleteAlert = async (ctx: Ctx, id: string): Promise<void> => {
  await resolveAlerts(ctx, [id], 'source');
  await store.remove(ctx, id);
  await journal(ctx, { type: 'alert.deleted', subject: { type: 'alert', id }, text: 'Deleted by its sender' });
};

type Asked = { rule: string; asked: boolean; matched: boolean; why: string };
/** What would be decided about a signal at `ctx.now`, by the rules that are saved or by others, touching nothing. */
export const foresee = async (ctx: Ctx, signal: Signal, given?: RoutingRule[]) => {
  const [source] = await store.sources(ctx, [signal.integrationId]);
  const rules = given ?? (await store.routingRules(ctx));
  const asked = new Map<string, Asked>();
  const routed = route(signal, source?.service ?? '', source?.name ?? '', rules, (rule, facts, matched) =>
    asked.set(rule.name, {
      rule: rule.name,
      asked: true,
      matched,
      why: matched ? describeCondition(rule.when) : (whyNot(rule.when, facts) ?? ''),
    }),
  );
  const rulesAsked = rules.map(
    ({ name }) => asked.get(name) ?? { rule: name, asked: false, matched: false, why: 'an earlier rule ends the asking' },
  );
  const service = await serviceNamed(ctx, routed.service ?? source?.service ?? '', 'service');
  const decisions: Decision[] = [...routed.decisions];
  const common = {
    service,
    decisions,
    severity: routed.severity,
    labels: routed.labels,
    rules: rulesAsked,
    dropped: routed.drop ?? null,
  };
  if (routed.drop !== undefined) return { ...common, pages: false as const };
  const silences = await runningSilences(ctx);
  const silenced = isSilenced(
    ctx,
    silences,
    service.name,
    factsOf({ ...signal, severity: routed.severity, labels: routed.labels }, service.name, source?.name ?? ''),
  );
  decisions.push({
    step: 'silence',
    result: silenced ? 'silenced' : 'not silenced',
    why: silenced?.why ?? 'no active silence matches',
  });
  if (silenced) return { ...common, pages: false as const };
  const decided = routed.urgency
    ? { urgency: routed.urgency, why: 'set by a routing rule' }
    : decideUrgency(service, routed.severity, ctx.now);
  decisions.push({ step: 'urgency', result: decided.urgency, why: decided.why });
  const { grouping } = service;
  const open =
    grouping.window_seconds === 0
      ? undefined
      : await findGroup(
          ctx,
          service.id,
          groupKeyOf(grouping.by, routed.labels),
          grouping.window_seconds,
          grouping.max_age_seconds,
        );
  // Whom an incident of its own would page is told all the same: the open one may be over by then.
  decisions.push({
    step: 'grouping',
    result: open ? `joins ${open.number} while that is open, else opens an incident` : 'opens an incident',
    why: describeGrouping(grouping),
  });
  return { ...common, urgency: decided.urgency, pages: true as const };
};
