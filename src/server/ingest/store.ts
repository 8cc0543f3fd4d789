import { sql } from 'kysely';
import type { Ctx } from '../platform/ctx.ts';
import type { Known, Refusal, RequestRow } from './types.ts';

export type Row = {
  id: string;
  name: string;
  service: string;
  kind: string;
  key: string;
  mapping: Record<string, unknown> | null;
  hmac_secret: string | null;
  last_event_at: Temporal.Instant | null;
};
const columns = sql`i.id, i.name, s.name as service, i.kind, i.key, i.mapping, i.hmac_secret, i.last_event_at`;

export const all = async (ctx: Ctx): Promise<Row[]> =>
  (
    await sql<Row>`select ${columns} from integrations i join services s on s.id = i.service_id where i.removed_at is null order by i.name`.execute(
      ctx.tx,
    )
  ).rows;
/** Also one that was removed, whose name an integration may take up again. */
export const byName = async (ctx: Ctx, name: string): Promise<(Row & { removed_at: Temporal.Instant | null }) | undefined> =>
  (
    await sql<Row & { removed_at: Temporal.Instant | null }>`
      select ${columns}, i.removed_at from integrations i join services s on s.id = i.service_id where i.name = ${name}`.execute(
      ctx.tx,
    )
  ).rows[0];
export const byKey = async (ctx: Ctx, key: string): Promise<Known | undefined> => {
  const { rows } = await sql<Omit<Known, 'config'> & { mapping: Record<string, unknown> | null }>`
    select i.id, i.name, i.kind, i.key, i.service_id, s.name as service, i.hmac_secret, i.mapping
    from integrations i join services s on s.id = i.service_id where i.key = ${key} and i.removed_at is null`.execute(ctx.tx);
  const [row] = rows;
  if (!row) return undefined;
  const { mapping, ...rest } = row;
  return { ...rest, config: { mapping } };
};
export const nameOfKey = async (ctx: Ctx, key: string): Promise<string | undefined> =>
  (await sql<{ name: string }>`select name from integrations where key = ${key}`.execute(ctx.tx)).rows[0]?.name;
export const ofService = async (ctx: Ctx, serviceId: string): Promise<string[]> =>
  (
    await sql<{
      name: string;
    }>`select name from integrations where service_id = ${serviceId} and removed_at is null order by name`.execute(ctx.tx)
  ).rows.map((row) => row.name);

export const upsert = async (
  ctx: Ctx,
  row: { name: string; service_id: string; kind: string; key: string; mapping: string | null; hmac_secret: string | null },
): Promise<string> => {
  const { rows } = await sql<{ id: string }>`
    insert into integrations (name, service_id, kind, key, mapping, hmac_secret)
    values (${row.name}, ${row.service_id}, ${row.kind}, ${row.key}, ${row.mapping}, ${row.hmac_secret})
    on conflict (name) do update set service_id = excluded.service_id, kind = excluded.kind, key = excluded.key,
      mapping = excluded.mapping, hmac_secret = excluded.hmac_secret, removed_at = null
    returning id`.execute(ctx.tx);
  return (rows[0] as { id: string }).id;
};
export const hasAlerts = async (ctx: Ctx, id: string): Promise<boolean> =>
  (await sql`select 1 from alerts where integration_id = ${id} limit 1`.execute(ctx.tx)).rows.length > 0;
export const heartbeatsOf = async (ctx: Ctx, id: string): Promise<string[]> =>
  (await sql<{ name: string }>`select name from heartbeats where integration_id = ${id} order by name`.execute(ctx.tx)).rows.map(
    (row) => row.name,
  );
export const remove = (ctx: Ctx, id: string) => sql`delete from integrations where id = ${id}`.execute(ctx.tx);
/** Its key is free for another. */
export const retire = (ctx: Ctx, id: string) =>
  sql`update integrations set removed_at = ${ctx.now}, key = 'removed:' || id, hmac_secret = null where id = ${id}`.execute(
    ctx.tx,
  );
export const seen = (ctx: Ctx, ids: string[]) =>
  sql`update integrations set last_event_at = ${ctx.now} where id = any(${ids}::uuid[])`.execute(ctx.tx);

/** How many refused requests are kept of each integration, and of unknown keys in all. */
const KEPT = 100;
/** Keeps the newest; rows another node is removing are left to it. */
export const refuse = async (ctx: Ctx, list: Refusal[]): Promise<void> => {
  const groups = Map.groupBy(list, (refusal) => refusal.integrationId);
  for (const [integrationId, refusals] of groups) {
    const rows = refusals.slice(-KEPT).map(({ path, reason, contentType, body }) => ({ path, reason, contentType, body }));
    await sql`
      insert into refused_requests (integration_id, at, path, reason, content_type, body)
      select (select id from integrations where id = ${integrationId}::uuid), ${ctx.now}, r.path, r.reason, r."contentType", r.body
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (path text, reason text, "contentType" text, body text)`.execute(
      ctx.tx,
    );
    await sql`
      delete from refused_requests where id in (
        select id from refused_requests where integration_id is not distinct from ${integrationId}::uuid
        order by id desc offset ${KEPT} for update skip locked)`.execute(ctx.tx);
  }
};
export type RefusedRow = {
  id: string;
  at: Temporal.Instant;
  path: string;
  reason: string;
  content_type: string | null;
  body: string;
};
/** Newest first; `null`: those whose key nobody has. */
export const refused = async (ctx: Ctx, integrationId: string | null): Promise<RefusedRow[]> =>
  (
    await sql<RefusedRow>`
      select id, at, path, reason, content_type, body from refused_requests
      where integration_id is not distinct from ${integrationId}::uuid order by id desc limit ${KEPT}`.execute(ctx.tx)
  ).rows;

/** A sender asks within seconds or minutes. */
const REQUESTS_KEPT = { hours: 1 };
export const addRequests = async (ctx: Ctx, rows: RequestRow[]): Promise<void> => {
  if (rows.length === 0) return;
  await sql`
    insert into opsgenie_requests (id, integration_id, at, action, success, status, alert_id, alias)
    select r.id, r.integration_id, ${ctx.now}, r.action, r.success, r.status, r.alert_id, r.alias
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, integration_id uuid, action text, success boolean, status text, alert_id uuid, alias text)
    on conflict (id) do nothing`.execute(ctx.tx);
};
export const pruneRequests = (ctx: Ctx) =>
  sql`delete from opsgenie_requests where id in (
    select id from opsgenie_requests where id < uuid_at(${ctx.now.subtract(REQUESTS_KEPT)}) order by id limit 10000 for update skip locked)`.execute(
    ctx.tx,
  );
export const requestById = async (
  ctx: Ctx,
  integrationId: string,
  id: string,
): Promise<(RequestRow & { at: Temporal.Instant }) | undefined> =>
  (
    await sql<RequestRow & { at: Temporal.Instant }>`
      select id, integration_id, at, action, success, status, alert_id, alias from opsgenie_requests
      where id = ${id} and integration_id = ${integrationId}`.execute(ctx.tx)
  ).rows[0];
