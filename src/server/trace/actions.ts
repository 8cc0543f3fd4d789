import type { z } from 'zod';
import type { simulated, trace } from '../../contract/trace.ts';
import type { AlertRow } from '../alerts/actions.ts';
import { alertById, alertsOfIncident, foresee } from '../alerts/actions.ts';
import type { Signal } from '../alerts/types.ts';
import { wouldPage } from '../escalation/actions.ts';
import { incident } from '../incidents/actions.ts';
import { previewSignals } from '../ingest/actions.ts';
import { timeline } from '../journal/read.ts';
import type { Ctx } from '../platform/ctx.ts';

export { examine } from './doctor.ts';

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
  return simulateSignals(then, signals, problems);
};

/** What these events would do at `ctx.now`. Touches nothing. */
export const simulateSignals = async (then: Ctx, signals: Signal[], problems: string[]): Promise<z.input<typeof simulated>> => {
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
  return { at: then.now.toString(), notes: problems, alerts };
};
