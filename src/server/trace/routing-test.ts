import type { z } from 'zod';
import type { routingTest, routingTestInput } from '../../contract/routing.ts';
import { alertById, assertRules, foresee } from '../alerts/actions.ts';
import type { Signal } from '../alerts/types.ts';
import { wouldPage } from '../escalation/actions.ts';
import { previewSignals } from '../ingest/actions.ts';
import type { Ctx } from '../platform/ctx.ts';

/** Which routing rules a payload or an alert matches and why, what comes of it, and who would be paged. Touches nothing. */
export const testRouting = async (ctx: Ctx, input: z.output<typeof routingTestInput>): Promise<z.input<typeof routingTest>> => {
  const { rules } = input;
  if (rules) await assertRules(ctx, rules, 'rules.');
  const then: Ctx = { ...ctx, now: input.at ? Temporal.Instant.from(input.at) : ctx.now };
  const { signals, problems } = input.alert
    ? { signals: [await signalOf(then, input.alert)], problems: [] }
    : await previewSignals(then, input.integration ?? '', input.payload);
  const alerts = [];
  for (const signal of signals) {
    const seen = await foresee(then, signal, rules);
    const pages = seen.pages && signal.action === 'trigger';
    alerts.push({
      summary: signal.summary,
      action: signal.action,
      rules: seen.rules,
      service: seen.service.name,
      severity: seen.severity,
      urgency: seen.pages ? seen.urgency : null,
      labels: seen.labels,
      dropped: seen.dropped,
      decisions: seen.decisions,
      would_page: seen.pages && pages ? await wouldPage(then, seen.service, seen.urgency) : [],
    });
  }
  return { at: then.now.toString(), notes: problems, alerts };
};

/** An alert as the event it could have come from. */
export const signalOf = async (ctx: Ctx, id: string): Promise<Signal> => {
  const row = await alertById(ctx, id);
  return {
    integrationId: row.integration_id,
    action: 'trigger',
    dedupKey: row.dedup_key,
    summary: row.summary,
    severity: row.severity as Signal['severity'],
    source: row.source,
    labels: row.labels,
    links: [],
    images: [],
    raw: row.payload,
  };
};
