import * as incidents from '../incidents/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import * as store from './store.ts';
import type { Outcome, Signal } from './types.ts';
import { byKey, keyOf, keyRow, type World } from './world.ts';

export const endOrAcknowledge = async (
  ctx: Ctx,
  world: World,
  items: { signal: Signal; index: number }[],
  outcomes: Outcome[],
): Promise<void> => {
  const rows = byKey(
    await store.known(
      ctx,
      items.map(({ signal }) => keyRow(signal)),
      ctx.now,
    ),
  );
  const ends: store.Known[] = [];
  for (const { signal, index } of items) {
    const open = rows.get(keyOf(signal))?.find((row) => row.status === 'open');
    if (!open) {
      outcomes[index] = { result: 'ignored', why: `no open alert has this key, so there is nothing to ${signal.action}` };
      continue;
    }
    if (signal.action === 'resolve' && signal.startsAt && Temporal.Instant.compare(signal.startsAt, open.started_at) < 0) {
      outcomes[index] = { result: 'ignored', alertId: open.id, why: 'a late post that resolves an earlier occurrence' };
      await store.addDecision(ctx, open.id, {
        step: 'dedup',
        result: 'ignored',
        why: 'a late post resolved an earlier occurrence',
      });
      continue;
    }
    outcomes[index] = {
      result: signal.action === 'resolve' ? 'resolved' : 'acknowledged',
      alertId: open.id,
      incidentId: open.incident_id,
      why: `by ${signal.by ?? world.sources.get(signal.integrationId)?.name}`,
    };
    if (signal.action === 'resolve') {
      ends.push(open);
      continue;
    }
    await store.setAcknowledged(ctx, [open.id], true);
    const incident = open.incident_id ? await incidents.lockOpen(ctx, open.incident_id) : undefined;
    if (incident)
      await incidents.acknowledge(
        {
          ...ctx,
          actor: {
            kind: 'integration',
            id: signal.integrationId,
            name: signal.by ?? world.sources.get(signal.integrationId)?.name ?? 'integration',
          },
        },
        incident.id,
      );
  }
  await resolveAlerts(
    ctx,
    ends.map((row) => row.id),
    'source',
  );
};

/** Resolves alerts and lets each incident that lost some know how many. */
export const resolveAlerts = async (ctx: Ctx, ids: string[], by: 'source' | 'expired' | 'person'): Promise<number> => {
  const resolved = await store.resolveByIds(ctx, ids, by);
  const counts = new Map<string, number>();
  for (const row of resolved) if (row.incident_id) counts.set(row.incident_id, (counts.get(row.incident_id) ?? 0) + 1);
  for (const id of [...counts.keys()].sort()) await incidents.alertsResolved(ctx, id, counts.get(id) ?? 0);
  return resolved.length;
};
