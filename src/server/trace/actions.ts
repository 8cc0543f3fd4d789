import type { z } from 'zod';
import type { simulated, trace } from '../../contract/trace.ts';
import type { AlertRow } from '../alerts/actions.ts';
import { alertById, alertsOfIncident, foresee } from '../alerts/actions.ts';
import { inHours, inSupportHours } from '../catalog/rules.ts';
import { policyNamed, resolveTargets, skipReason } from '../escalation/actions.ts';
import { peopleByIds } from '../identity/actions.ts';
import { incident } from '../incidents/actions.ts';
import { previewSignals } from '../ingest/actions.ts';
import { timeline } from '../journal/read.ts';
import { quietUntil, reachOf, ruleSteps, usableMethods } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';

type Trace = z.input<typeof trace>;
type Step = Trace['steps'][number];

const MAX_ALERTS = 50;
const MAX_ENTRIES = 1000;

const alertSteps = (row: AlertRow): Step[] => [
  {
    at: row.first_seen.toString(),
    step: 'alert',
    title: row.summary,
    result: row.count === 1 ? 'received' : `received ${row.count} times`,
    why: `${row.source} through ${row.integration}, key ${row.dedup_key}`,
    details: { id: row.id, labels: row.labels, severity: row.severity, payload: row.payload },
  },
  ...row.decisions.map((decision) => ({ ...decision, at: row.first_seen.toString(), title: row.summary })),
];

/** From payload to answer, each step with its reason. Long incidents show their first 50 alerts and 1,000 entries. */
export const traceIncident = async (ctx: Ctx, id: string): Promise<Trace> => {
  const found = await incident(ctx, id);
  const alerts = await alertsOfIncident(ctx, id, MAX_ALERTS);
  const { items } = await timeline(ctx, { type: 'incident', id }, undefined, MAX_ENTRIES);
  const steps: Step[] = items.map((entry) => ({
    at: entry.at,
    step: entry.type.split('.')[0] ?? entry.type,
    title: entry.type,
    result: entry.text,
    why: whyOf(entry.data),
    details: { ...entry.data, actor: entry.actor, source: entry.source },
  }));
  const paged = items.filter((entry) => entry.type === 'page.started' || entry.type === 'page.waiting').length;
  const who = found.acknowledged_by
    ? `${found.acknowledged_by} acknowledged it`
    : found.status === 'triage'
      ? 'nobody has acknowledged it'
      : `it is ${found.status}`;
  const nobody = items.find((entry) => entry.type === 'escalation.not_started' || entry.type === 'escalation.exhausted');
  return {
    subject: found.number,
    summary:
      paged > 0
        ? `${found.title}: ${paged} ${paged === 1 ? 'page' : 'pages'}, ${who}`
        : `${found.title}: nobody was paged: ${nobody?.text ?? 'no step found anybody'}`,
    steps: [...alerts.flatMap(alertSteps), ...steps].sort((a, b) => Temporal.Instant.compare(a.at, b.at)),
  };
};
const whyOf = (data: Record<string, unknown>): string => {
  const { why, reason, why_urgency } = data;
  const found = why ?? reason ?? why_urgency ?? '';
  return Array.isArray(found) ? found.join('; ') : String(found);
};

/** The same for one alert; one that paged nobody says why. */
export const traceAlert = async (ctx: Ctx, id: string): Promise<Trace> => {
  const row = await alertById(ctx, id);
  const last = row.decisions.at(-1);
  if (row.incident_id) {
    const whole = await traceIncident(ctx, row.incident_id);
    return {
      subject: `alert ${id}`,
      summary: `${row.summary}: ${last?.result ?? ''}. ${whole.summary}`,
      steps: [...alertSteps(row), ...whole.steps.filter((step) => step.step !== 'alert' && step.title !== row.summary)],
    };
  }
  return {
    subject: `alert ${id}`,
    summary: `${row.summary}: nobody was paged: ${last?.result ?? row.disposition} (${last?.why ?? ''})`,
    steps: alertSteps(row),
  };
};

/** What a payload would do at a moment: routing, silences, who would be paged when and by what. Touches nothing. */
export const simulate = async (
  ctx: Ctx,
  integration: string,
  payload: unknown,
  at: Temporal.Instant,
): Promise<z.input<typeof simulated>> => {
  const then: Ctx = { ...ctx, now: at };
  const { signals, problems } = await previewSignals(then, integration, payload);
  const alerts = [];
  for (const signal of signals) {
    const base = { summary: signal.summary, action: signal.action };
    const seen = await foresee(then, signal);
    if (signal.action !== 'trigger' || !seen.pages) {
      alerts.push({
        ...base,
        service: seen.service.name,
        decisions:
          signal.action === 'trigger'
            ? seen.decisions
            : [{ step: 'dedup', result: signal.action, why: 'acts on the open alert with this key, if there is one' }],
        would_page: [],
      });
      continue;
    }
    alerts.push({
      ...base,
      service: seen.service.name,
      decisions: seen.decisions,
      would_page: await wouldPage(then, seen.service, seen.urgency),
    });
  }
  return { at: at.toString(), notes: problems, alerts };
};

const wouldPage = async (ctx: Ctx, service: Awaited<ReturnType<typeof foresee>>['service'], urgency: 'high' | 'low') => {
  const policy = service.escalation_policy ? await policyNamed(ctx, service.escalation_policy) : undefined;
  if (!policy)
    return [
      { step: 1, after_seconds: 0, skipped: 'the service has no escalation policy: nobody is paged', places: [], people: [] },
    ];
  const out = [];
  let after = 0;
  for (const [index, step] of policy.definition.steps.entries()) {
    const then: Ctx = { ...ctx, now: ctx.now.add({ seconds: after }) };
    const { hours } = step.when;
    const facts = {
      urgency,
      service: service.name,
      inSupportHours: service.support_hours ? inSupportHours(service.support_hours, then.now) : undefined,
    };
    const skipped = skipReason(step, facts, (zone) => hours !== undefined && inHours(hours, then.now.toZonedDateTimeISO(zone)));
    const found = skipped
      ? undefined
      : await resolveTargets(then, step.targets, { policy: policy.name, step: index, hours }, true);
    const counted = found?.people.filter((one) => !one.shadow) ?? [];
    const nobody =
      found && counted.length === 0 && found.places.length === 0 ? found.empty.join('; ') || 'it names nobody' : undefined;
    const reason = skipped ?? nobody;
    out.push({
      step: index + 1,
      after_seconds: after,
      ...(reason ? { skipped: reason } : {}),
      places: found?.places.map((place) => place.channel) ?? [],
      people: reason ? [] : await methodsOf(then, found?.people ?? [], urgency),
    });
    if (!reason) after += step.escalate_after_seconds;
  }
  return out;
};

const methodsOf = async (ctx: Ctx, people: { person_id: string; name: string; reason: string }[], urgency: 'high' | 'low') => {
  const ids = people.map((one) => one.person_id);
  const reaches = await reachOf(ctx, ids);
  const rows = await peopleByIds(ctx, ids);
  return people.map((one) => {
    const row = rows.find((candidate) => candidate.id === one.person_id);
    const reach = reaches.get(one.person_id);
    const methods = (reach?.contact_methods ?? []).map((method) => ({
      id: null,
      label: method.label,
      channel: method.channel,
      address: method.address,
      verified: method.verified,
      disabled_reason: null,
    }));
    const steps = ruleSteps(reach?.notification_rules[urgency] ?? [], usableMethods(methods, row?.email ?? ''), urgency);
    const quiet = row ? quietUntil(row.quiet_hours, row.time_zone, urgency, ctx.now) : undefined;
    return {
      name: one.name,
      reason: one.reason,
      ...(quiet ? { waits: `quiet hours until ${quiet.toString({ smallestUnit: 'minute' })}` } : {}),
      methods: steps.flatMap((step, index) =>
        step.methods.map((method) => ({
          channel: method.channel,
          label: method.label,
          after_seconds: index === 0 ? 0 : step.after_seconds,
        })),
      ),
    };
  });
};
