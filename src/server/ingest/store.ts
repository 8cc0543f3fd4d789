import { sql } from 'kysely';
import type { PhoneLine } from '../../contract/phone.ts';
import type { MailRules } from '../../contract/service.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { Known, Refusal, RequestRow } from './types.ts';

export type Row = {
  id: string;
  name: string;
  service: string;
  kind: string;
  key: string;
  mapping: Record<string, unknown> | null;
  mail: MailRules | null;
  hmac_secret: string | null;
  phone: PhoneLine | null;
  last_event_at: Temporal.Instant | null;
};
const columns = sql`i.id, i.name, s.name as service, i.kind, i.key, i.mapping, i.mail, i.hmac_secret, i.phone, i.last_event_at`;

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
  const { rows } = await sql<Omit<Known, 'config'> & Known['config']>`
    select i.id, i.name, i.kind, i.key, i.service_id, s.name as service, i.hmac_secret, i.mapping, i.mail
    from integrations i join services s on s.id = i.service_id where i.key = ${key} and i.removed_at is null`.execute(ctx.tx);
  const [row] = rows;
  if (!row) return undefined;
  const { mapping, mail, ...rest } = row;
  return { ...rest, config: { mapping, mail } };
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
  row: {
    name: string;
    service_id: string;
    kind: string;
    key: string;
    mapping: string | null;
    mail: string | null;
    hmac_secret: string | null;
    phone: string | null;
  },
): Promise<string> => {
  const { rows } = await sql<{ id: string }>`
    insert into integrations (name, service_id, kind, key, mapping, mail, hmac_secret, phone)
    values (${row.name}, ${row.service_id}, ${row.kind}, ${row.key}, ${row.mapping}, ${row.mail}, ${row.hmac_secret}, ${row.phone})
    on conflict (name) do update set service_id = excluded.service_id, kind = excluded.kind, key = excluded.key,
      mapping = excluded.mapping, mail = excluded.mail, hmac_secret = excluded.hmac_secret, phone = excluded.phone, removed_at = null
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

export const refusedById = async (ctx: Ctx, id: string): Promise<(RefusedRow & { integration_id: string | null }) | undefined> =>
  (
    await sql<RefusedRow & { integration_id: string | null }>`
      select id, integration_id, at, path, reason, content_type, body from refused_requests where id = ${id}`.execute(ctx.tx)
  ).rows[0];

export type LastDay = { integration_id: string; alerts: number; refused: number };
/** Of each integration: alerts opened and requests refused within 24 hours. */
export const lastDay = async (ctx: Ctx): Promise<LastDay[]> => {
  const since = ctx.now.subtract({ hours: 24 });
  const { rows } = await sql<LastDay>`
    select integration_id, sum(alerts)::int as alerts, sum(refused)::int as refused from (
      select integration_id, count(*) as alerts, 0 as refused from alerts where id >= uuid_at(${since}) and first_seen >= ${since} group by 1
      union all
      select integration_id, 0, count(*) from refused_requests where integration_id is not null and at >= ${since} group by 1
    ) of_day group by integration_id`.execute(ctx.tx);
  return rows;
};

export type HeardRow = {
  id: string;
  last_seen: Temporal.Instant;
  summary: string;
  status: string;
  count: number;
  disposition: string;
  decisions: { step: string; result: string; why: string }[];
  incident: string | null;
  payload: unknown;
};
/** Alerts of an integration that were heard of last, newest first: found in the index, and only those are read. */
export const heardLast = async (ctx: Ctx, integrationId: string, limit: number): Promise<HeardRow[]> => {
  const { rows } = await sql<HeardRow>`
    with latest as (
      select dedup_key, last_seen from alerts where integration_id = ${integrationId} order by last_seen desc limit ${limit}
    )
    select a.id, a.last_seen, a.summary, a.status, a.count, a.disposition, a.decisions, i.number as incident, a.payload
    from latest join alerts a on a.integration_id = ${integrationId} and a.dedup_key = latest.dedup_key and a.last_seen = latest.last_seen
    left join incidents i on i.id = a.incident_id
    order by a.last_seen desc, a.id desc limit ${limit}`.execute(ctx.tx);
  return rows;
};

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
