import type { Heartbeat } from '../../contract/heartbeat.ts';
import { hearsSilence, receive } from '../alerts/actions.ts';
import type { Signal } from '../alerts/types.ts';
import { serviceNamed } from '../catalog/actions.ts';
import { allow } from '../identity/permissions.ts';
import { integrationNamed } from '../ingest/actions.ts';
import { changesOf, journal } from '../journal/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid, notFound } from '../platform/errors.ts';
import * as store from './store.ts';

export type { Row as HeartbeatRow } from './store.ts';

const signalOf = (row: store.Row, action: 'trigger' | 'resolve'): Signal => ({
  integrationId: row.integration_id,
  action,
  dedupKey: `heartbeat:${row.name}`,
  summary:
    row.summary ??
    `Heartbeat ${row.name} is late: the last ping came at ${row.last_ping_at?.toString({ smallestUnit: 'second' })}, one is due every ${row.interval_seconds} s`,
  severity: row.severity as Signal['severity'],
  source: row.name,
  labels: { heartbeat: row.name },
  links: [],
  images: [],
  raw: { heartbeat: row.name, last_ping_at: row.last_ping_at?.toString() ?? null, interval_seconds: row.interval_seconds },
});
const asIntegration = (ctx: Ctx, row: store.Row): Ctx => ({
  ...ctx,
  actor: { kind: 'integration', id: row.integration_id, name: row.integration },
  source: 'heartbeat',
});

/** The team that owns what an integration belongs to. */
const teamOf = async (ctx: Ctx, integration: string) =>
  (await serviceNamed(ctx, (await integrationNamed(ctx, integration)).service)).team_id;

/** Makes a heartbeat or brings one to this state. It is watched from its first ping on. A change resolves the alert of a late one. */
export const saveHeartbeat = async (ctx: Ctx, input: Heartbeat): Promise<void> => {
  allow(ctx, 'service.write');
  const integration = await integrationNamed(ctx, input.integration, 'integration');
  allow(ctx, 'service.write', await teamOf(ctx, input.integration));
  const before = await store.lock(ctx, input.name);
  if (before) allow(ctx, 'service.write', await teamOf(ctx, before.integration));
  const moved = before && (before.integration_id !== integration.id || !input.enabled);
  if (before?.state === 'overdue' && moved) await over(ctx, before);
  const id = await store.upsert(ctx, input, integration.id);
  await journal(ctx, {
    type: 'heartbeat.saved',
    subject: { type: 'heartbeat', id },
    text: `Heartbeat ${input.name} was saved: every ${input.interval_seconds} s`,
    data: { ...input, changes: changesOf(before && heartbeatOf(before), input) },
  });
};
/** It is watched no more, so its alert has no reason to stay. */
const over = async (ctx: Ctx, row: store.Row): Promise<void> => {
  await receive(asIntegration(ctx, row), [signalOf(row, 'resolve')]);
  await store.wait(ctx, row.id);
};

export const heartbeatOf = (row: store.Row): Heartbeat => ({
  name: row.name,
  integration: row.integration,
  interval_seconds: row.interval_seconds,
  enabled: row.enabled,
  severity: row.severity as Heartbeat['severity'],
  ...(row.summary ? { summary: row.summary } : {}),
});
export const heartbeatRows = store.all;

export const heartbeatNamed = async (ctx: Ctx, name: string): Promise<store.Row> => {
  const row = await store.byName(ctx, name);
  if (!row) throw notFound(`Heartbeat ${name}`);
  return row;
};

export const removeHeartbeat = async (ctx: Ctx, name: string): Promise<void> => {
  allow(ctx, 'service.write');
  const row = await store.lock(ctx, name);
  if (!row) throw notFound(`Heartbeat ${name}`);
  allow(ctx, 'service.write', await teamOf(ctx, row.integration));
  if (row.state === 'overdue') await over(ctx, row);
  await store.remove(ctx, row.id);
  await journal(ctx, {
    type: 'heartbeat.removed',
    subject: { type: 'heartbeat', id: row.id },
    text: `Heartbeat ${name} was removed`,
  });
};

/** A service somebody watches cannot go. */
export const refuseServiceInUse = async (ctx: Ctx, { id }: { id: string; name: string }): Promise<void> => {
  const names = await store.ofService(ctx, id);
  if (names.length > 0) throw invalid(`heartbeat ${names.join(', ')} watches it: remove that first`, 'name');
};

/**
 * The sender is alive; the alert of a late heartbeat resolves. Any integration of the heartbeat's service may ping it.
 * Returns why the ping means nothing, if it does. Nothing is journaled: a ping is no change.
 */
export const ping = async (ctx: Ctx, name: string, service: string): Promise<string | undefined> => {
  const row = await store.lock(ctx, name);
  if (!row) return `there is no heartbeat named ${name}`;
  if (row.service !== service) return `heartbeat ${name} belongs to another service`;
  await store.pinged(ctx, row.id);
  if (row.state === 'overdue') await receive(asIntegration(ctx, row), [signalOf(row, 'resolve')]);
  return undefined;
};

const AT_ONCE = 500;
/** Opens an alert for every heartbeat that became late. Run by the clock; the alert is dated when it is noticed. */
export const check = async (ctx: Ctx): Promise<void> => {
  if (!(await hearsSilence(ctx))) return;
  const late = await store.takeOverdue(ctx, AT_ONCE);
  const groups = [...Map.groupBy(late, (row) => row.integration_id).values()];
  for (const rows of groups.sort(([a], [b]) =>
    `${a?.service} ${a?.integration}`.localeCompare(`${b?.service} ${b?.integration}`),
  )) {
    const [first] = rows;
    if (first)
      await receive(
        asIntegration(ctx, first),
        rows.map((row) => signalOf(row, 'trigger')),
      );
  }
};
