import { type ServiceRow, serviceNamed } from '../catalog/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { runningSilences, type SilenceRow } from '../silences/actions.ts';
import type { Decision, Routed } from './rules.ts';
import * as store from './store.ts';
import type { Signal } from './types.ts';

/** Everything a batch is judged by, read once. */
export type World = {
  sources: Map<string, { name: string; kind: string; service: string }>;
  services: Map<string, ServiceRow>;
  rules: Awaited<ReturnType<typeof store.routingRules>>;
  silences: SilenceRow[];
  /** Ends of recurring silences that are in the queue: one wake-up each, however many alerts they hide. */
  wakes: Set<string>;
};
export type Trigger = { signal: Signal; count: number; indexes: number[] };
/** An alert that may open or join an incident, and what is written of it once that is known. */
export type Candidate = {
  trigger: Trigger;
  existing: store.Known | undefined;
  service: ServiceRow;
  routed: Routed;
  urgency: 'high' | 'low';
  whyUrgency: string;
  flapping: boolean;
  decisions: Decision[];
};

export const keyOf = (signal: { integrationId: string; dedupKey: string }) => `${signal.integrationId} ${signal.dedupKey}`;
export const keyRow = (signal: Signal): store.Key => ({ integration_id: signal.integrationId, dedup_key: signal.dedupKey });
const keyOfRow = (row: store.Key) => `${row.integration_id} ${row.dedup_key}`;

export const byKey = (rows: store.Known[]): Map<string, store.Known[]> => {
  const map = new Map<string, store.Known[]>();
  for (const row of rows) {
    const list = map.get(keyOfRow(row));
    if (list) list.push(row);
    else map.set(keyOfRow(row), [row]);
  }
  return map;
};

export const loadWorld = async (ctx: Ctx, integrationIds: string[]): Promise<World> => {
  const { sources, rules } = await store.judgedBy(ctx, integrationIds);
  return {
    sources: new Map(sources.map((row) => [row.id, { ...row, service: row.service.name }])),
    services: new Map(sources.map((row) => [row.service.name, row.service])),
    rules,
    silences: await runningSilences(ctx),
    wakes: new Set(),
  };
};
export const serviceOf = async (ctx: Ctx, world: World, name: string): Promise<ServiceRow> => {
  const known = world.services.get(name);
  if (known) return known;
  const row = await serviceNamed(ctx, name, 'service');
  world.services.set(name, row);
  return row;
};

export const newAlert = (
  ctx: Ctx,
  one: Trigger,
  routed: Routed,
  service: ServiceRow,
  rest: {
    id: string;
    disposition: string;
    silence_id: string | null;
    incident_id: string | null;
    urgency: string | null;
    decisions: Decision[];
  },
): store.NewAlert => ({
  ...rest,
  integration_id: one.signal.integrationId,
  service_id: service.id,
  dedup_key: one.signal.dedupKey,
  summary: one.signal.summary,
  severity: routed.severity,
  source: one.signal.source,
  labels: routed.labels,
  links: one.signal.links,
  images: one.signal.images,
  payload: one.signal.raw,
  count: one.count,
  started_at: one.signal.startsAt ?? ctx.now,
  ends_at: one.signal.endsAt ?? null,
});
