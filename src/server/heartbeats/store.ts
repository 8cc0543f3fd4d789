import { sql } from 'kysely';
import type { Heartbeat } from '../../contract/heartbeat.ts';
import type { Ctx } from '../platform/ctx.ts';

export type Row = {
  id: string;
  name: string;
  integration_id: string;
  integration: string;
  service: string;
  interval_seconds: number;
  enabled: boolean;
  severity: string;
  summary: string | null;
  last_ping_at: Temporal.Instant | null;
  state: 'waiting' | 'healthy' | 'overdue';
};
const shown = sql`select h.id, h.name, h.integration_id, i.name as integration, s.name as service, h.interval_seconds, h.enabled,
    h.severity, h.summary, h.last_ping_at, h.state
  from heartbeats h join integrations i on i.id = h.integration_id join services s on s.id = i.service_id`;

export const all = async (ctx: Ctx): Promise<Row[]> => (await sql<Row>`${shown} order by h.name`.execute(ctx.tx)).rows;
export const byName = async (ctx: Ctx, name: string): Promise<Row | undefined> =>
  (await sql<Row>`${shown} where h.name = ${name}`.execute(ctx.tx)).rows[0];
/** The same, nobody else changing it meanwhile. */
export const lock = async (ctx: Ctx, name: string): Promise<Row | undefined> =>
  (await sql<Row>`${shown} where h.name = ${name} for update of h`.execute(ctx.tx)).rows[0];
export const ofService = async (ctx: Ctx, serviceId: string): Promise<string[]> =>
  (
    await sql<{ name: string }>`
      select h.name from heartbeats h join integrations i on i.id = h.integration_id where i.service_id = ${serviceId} order by h.name`.execute(
      ctx.tx,
    )
  ).rows.map((row) => row.name);

export const upsert = async (ctx: Ctx, heartbeat: Heartbeat, integrationId: string): Promise<string> => {
  const { rows } = await sql<{ id: string }>`
    insert into heartbeats (name, integration_id, interval_seconds, enabled, severity, summary)
    values (${heartbeat.name}, ${integrationId}, ${heartbeat.interval_seconds}, ${heartbeat.enabled}, ${heartbeat.severity}, ${heartbeat.summary ?? null})
    on conflict (name) do update set integration_id = excluded.integration_id, interval_seconds = excluded.interval_seconds,
      enabled = excluded.enabled, severity = excluded.severity, summary = excluded.summary
    returning id`.execute(ctx.tx);
  return (rows[0] as { id: string }).id;
};
export const remove = (ctx: Ctx, id: string) => sql`delete from heartbeats where id = ${id}`.execute(ctx.tx);
export const pinged = (ctx: Ctx, id: string) =>
  sql`update heartbeats set last_ping_at = ${ctx.now}, state = 'healthy' where id = ${id}`.execute(ctx.tx);
/** Begins anew: nothing is late until it is pinged again. */
export const wait = (ctx: Ctx, id: string) => sql`update heartbeats set state = 'waiting' where id = ${id}`.execute(ctx.tx);

/** Marks those that became late and returns them, oldest ping first. */
export const takeOverdue = async (ctx: Ctx, limit: number): Promise<Row[]> => {
  const { rows } = await sql<Row>`
    ${shown} where h.enabled and h.state = 'healthy' and h.last_ping_at + make_interval(secs => h.interval_seconds) < ${ctx.now}
    order by h.last_ping_at limit ${limit} for update of h skip locked`.execute(ctx.tx);
  if (rows.length > 0)
    await sql`update heartbeats set state = 'overdue' where id = any(${rows.map((row) => row.id)}::uuid[])`.execute(ctx.tx);
  return rows;
};
