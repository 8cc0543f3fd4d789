import type { z } from 'zod';
import type { Silence, silencePreview } from '../../contract/silence.ts';
import type { Ctx } from '../platform/ctx.ts';
import { covers, previewWindows } from '../silences/actions.ts';
import { factsOf } from './rules.ts';
import * as store from './store.ts';

type Preview = z.input<typeof silencePreview>;
const SHOWN = 50;
const BATCH = 2000;

/** What a silence would hide if it were active now, when it would be next, and whether it is too broad. Touches nothing. */
export const previewSilence = async (ctx: Ctx, draft: Silence): Promise<Preview> => {
  const { tooBroad, activeNow, windows } = await previewWindows(ctx, draft);
  const alerts: Preview['alerts'] = { count: 0, items: [] };
  const incidents = new Map<string, Preview['incidents']['items'][number]>();
  let open = 0;
  let before: string | undefined;
  for (;;) {
    const rows = await store.openFacts(ctx, before, BATCH);
    open += rows.length;
    for (const row of rows) {
      const { incident_number: number, incident_title: title, incident_open: isOpen } = row;
      if (!covers(draft, row.service, factsOf(row, row.service, row.integration))) continue;
      alerts.count += 1;
      if (alerts.items.length < SHOWN)
        alerts.items.push({
          id: row.id,
          summary: row.summary,
          service: row.service,
          severity: row.severity,
          labels: row.labels,
          incident: number,
        });
      if (!number || !isOpen) continue;
      const known = incidents.get(number) ?? {
        number,
        title: title ?? '',
        service: row.service,
        matching_alerts: 0,
        open_alerts: row.incident_alerts ?? 0,
      };
      known.matching_alerts += 1;
      incidents.set(number, known);
    }
    if (rows.length < BATCH) break;
    before = rows.at(-1)?.id;
    // Others get their turn: the rules of many alerts are asked one after the other.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    too_broad: tooBroad,
    active_now: activeNow,
    windows,
    open_alerts: open,
    alerts,
    incidents: { count: incidents.size, items: [...incidents.values()].slice(0, SHOWN) },
  };
};
