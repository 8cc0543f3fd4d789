import { sql } from 'kysely';
import type { RoutingRule } from '../../contract/service.ts';
import type { ServiceRow } from '../catalog/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { Past } from './replay.ts';
import type { Decision } from './rules.ts';
import type { Signal } from './types.ts';

export const routingRules = async (ctx: Ctx): Promise<RoutingRule[]> =>
  (await ctx.tx.selectFrom('routing_rules').select('definition').orderBy('position').execute()).map((row) => row.definition);
export const replaceRules = async (ctx: Ctx, rules: RoutingRule[]): Promise<void> => {
  await ctx.tx.deleteFrom('routing_rules').execute();
  if (rules.length > 0)
    await ctx.tx
      .insertInto('routing_rules')
      .values(rules.map((rule, position) => ({ position, name: rule.name, definition: JSON.stringify(rule) })))
      .execute();
};

export type Key = { integration_id: string; dedup_key: string };
const keys = (list: Key[]) =>
  sql`unnest(${list.map((key) => key.integration_id)}::uuid[], ${list.map((key) => key.dedup_key)}::text[]) as k (integration_id, dedup_key)`;

export type Known = Key & {
  id: string;
  status: string;
  disposition: string;
  severity: string;
  incident_id: string | null;
  silence_id: string | null;
  resolved_by: string | null;
  started_at: Temporal.Instant;
  first_seen: Temporal.Instant;
  resolved_at: Temporal.Instant | null;
};
/** The open alert of each key, and those it had since a moment, newest first. */
export const known = async (ctx: Ctx, list: Key[], since: Temporal.Instant): Promise<Known[]> => {
  const { rows } = await sql<Known>`
    select a.integration_id, a.dedup_key, a.id, a.status, a.disposition, a.severity, a.incident_id, a.silence_id, a.resolved_by, a.started_at, a.first_seen, a.resolved_at
    from ${keys(list)} join alerts a using (integration_id, dedup_key)
    where a.status = 'open' or a.last_seen > ${since}
    order by a.first_seen desc`.execute(ctx.tx);
  return rows;
};

export type NewAlert = Key & {
  id: string;
  service_id: string;
  disposition: string;
  decisions: Decision[];
  silence_id: string | null;
  incident_id: string | null;
  summary: string;
  severity: string;
  urgency: string | null;
  source: string;
  labels: Record<string, string>;
  links: unknown;
  images: unknown;
  payload: unknown;
  count: number;
  started_at: Temporal.Instant;
  ends_at: Temporal.Instant | null;
};
/** One statement however many; a key that another node opened meanwhile counts as a repeat of that one. */
export const insert = async (ctx: Ctx, rows: NewAlert[]): Promise<void> => {
  if (rows.length === 0) return;
  await sql`
    insert into alerts (id, integration_id, service_id, dedup_key, status, disposition, decisions, silence_id, incident_id, summary, severity, urgency, source,
      labels, links, images, payload, count, started_at, first_seen, last_seen, ends_at)
    select r.id, r.integration_id, r.service_id, r.dedup_key, 'open', r.disposition, r.decisions, r.silence_id, r.incident_id, r.summary, r.severity, r.urgency, r.source,
      r.labels, r.links, r.images, coalesce(r.payload, 'null'), r.count, r.started_at, ${ctx.now}, ${ctx.now}, r.ends_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, integration_id uuid, service_id uuid, dedup_key text, disposition text, decisions jsonb, silence_id uuid,
      incident_id uuid, summary text, severity text, urgency text, source text, labels jsonb, links jsonb, images jsonb, payload jsonb, count int, started_at timestamptz, ends_at timestamptz)
    on conflict (integration_id, dedup_key) where status = 'open'
    do update set count = alerts.count + excluded.count, last_seen = excluded.last_seen, payload = excluded.payload, ends_at = excluded.ends_at`.execute(
    ctx.tx,
  );
};

export type Repeat = { id: string; count: number; payload: unknown; ends_at: Temporal.Instant | null };
export const repeat = async (ctx: Ctx, rows: Repeat[]): Promise<void> => {
  if (rows.length === 0) return;
  await sql`
    update alerts a set count = a.count + r.count, last_seen = ${ctx.now}, payload = coalesce(r.payload, 'null'), ends_at = r.ends_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, count int, payload jsonb, ends_at timestamptz)
    where a.id = r.id and a.status = 'open'`.execute(ctx.tx);
};
/** An alert that was hidden goes to an incident after all. */
export const redispose = async (
  ctx: Ctx,
  rows: { id: string; disposition: string; incident_id: string | null; silence_id: string | null; decisions: Decision[] }[],
): Promise<void> => {
  if (rows.length === 0) return;
  await sql`
    update alerts a set disposition = r.disposition, incident_id = r.incident_id, silence_id = r.silence_id, decisions = a.decisions || r.decisions
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, disposition text, incident_id uuid, silence_id uuid, decisions jsonb)
    where a.id = r.id and a.status = 'open'`.execute(ctx.tx);
};
export const addDecision = (ctx: Ctx, id: string, decision: Decision) =>
  sql`update alerts set decisions = case when jsonb_array_length(decisions) < 100 then decisions || ${JSON.stringify([decision])}::jsonb else decisions end where id = ${id}`.execute(
    ctx.tx,
  );

export const resolveByIds = async (
  ctx: Ctx,
  ids: string[],
  by: 'source' | 'expired' | 'person',
): Promise<{ id: string; incident_id: string | null }[]> => {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ id: string; incident_id: string | null }>`
    update alerts set status = 'resolved', resolved_at = ${ctx.now}, resolved_by = ${by}
    where id = any(${ids}::uuid[]) and status = 'open' returning id, incident_id`.execute(ctx.tx);
  return rows;
};
export const resolveOfIncident = (ctx: Ctx, incidentId: string) =>
  ctx.tx
    .updateTable('alerts')
    .set({ status: 'resolved', resolved_at: ctx.now, resolved_by: 'person' })
    .where('incident_id', '=', incidentId)
    .where('status', '=', 'open')
    .execute();
export const moveToIncident = (ctx: Ctx, from: string, into: string) =>
  ctx.tx.updateTable('alerts').set({ incident_id: into }).where('incident_id', '=', from).execute();
export const setAcknowledged = (ctx: Ctx, ids: string[], value: boolean) =>
  ctx.tx.updateTable('alerts').set({ acknowledged: value }).where('id', 'in', ids).execute();

/** Open alerts whose sender promised to send again and has not. */
export const expired = (ctx: Ctx, limit: number) =>
  ctx.tx
    .selectFrom('alerts')
    .select('id')
    .where('status', '=', 'open')
    .where('ends_at', '<=', ctx.now)
    .orderBy('ends_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
/** Open alerts that a silence hides, by id, after one. */
export const silencedBy = (ctx: Ctx, silenceId: string, after: string | undefined, limit: number) => {
  let query = ctx.tx
    .selectFrom('alerts')
    .selectAll()
    .where('silence_id', '=', silenceId)
    .where('status', '=', 'open')
    .where('disposition', '=', 'silenced');
  if (after) query = query.where('id', '>', after);
  return query.orderBy('id').limit(limit).forUpdate().execute();
};

export const droppedOpen = (ctx: Ctx, after: string | undefined, limit: number) => {
  let query = ctx.tx.selectFrom('alerts').selectAll().where('status', '=', 'open').where('disposition', '=', 'dropped');
  if (after) query = query.where('id', '>', after);
  return query.orderBy('id').limit(limit).forUpdate().execute();
};

/**
 * Notes that this moment was watched, and says from when silence of a sender means anything: after a gap of `gap` seconds
 * (nobody was listening) senders get `grace` seconds to send again.
 */
export const watch = async (ctx: Ctx, gap: number, grace: number): Promise<Temporal.Instant> => {
  const { rows } = await sql<{ trusted_from: Temporal.Instant }>`
    insert into intake_watch (seen_at, trusted_from) values (${ctx.now}, ${ctx.now})
    on conflict (id) do update set seen_at = excluded.seen_at,
      trusted_from = case when intake_watch.seen_at < ${ctx.now.subtract({ seconds: gap })} then ${ctx.now.add({ seconds: grace })} else intake_watch.trusted_from end
    returning trusted_from`.execute(ctx.tx);
  return (rows[0] as { trusted_from: Temporal.Instant }).trusted_from;
};
export const trustedFrom = async (ctx: Ctx): Promise<Temporal.Instant | undefined> =>
  (await ctx.tx.selectFrom('intake_watch').select('trusted_from').executeTakeFirst())?.trusted_from;

const shown = (ctx: Ctx) =>
  ctx.tx
    .selectFrom('alerts')
    .innerJoin('integrations', 'integrations.id', 'alerts.integration_id')
    .innerJoin('services', 'services.id', 'alerts.service_id')
    .leftJoin('incidents', 'incidents.id', 'alerts.incident_id')
    .selectAll('alerts')
    .select(['integrations.name as integration', 'services.name as service', 'incidents.number as incident_number']);
export const byId = (ctx: Ctx, id: string) => shown(ctx).where('alerts.id', '=', id).executeTakeFirst();
/** What rules ask of open alerts, newest first, a batch at a time. */
export const openFacts = (ctx: Ctx, before: string | undefined, limit: number) => {
  let query = ctx.tx
    .selectFrom('alerts')
    .innerJoin('integrations', 'integrations.id', 'alerts.integration_id')
    .innerJoin('services', 'services.id', 'alerts.service_id')
    .leftJoin('incidents', 'incidents.id', 'alerts.incident_id')
    .select(['alerts.id', 'alerts.summary', 'alerts.source', 'alerts.labels'])
    .select(sql<Signal['severity']>`alerts.severity`.as('severity'))
    .select(['integrations.name as integration', 'services.name as service'])
    .select(['incidents.number as incident_number', 'incidents.title as incident_title'])
    .select('incidents.open_alert_count as incident_alerts')
    .select(sql<boolean | null>`incidents.status in ('triage', 'acknowledged')`.as('incident_open'))
    .where('alerts.status', '=', 'open');
  if (before) query = query.where('alerts.id', '<', before);
  return query.orderBy('alerts.id', 'desc').limit(limit).execute();
};
/** From when on past alerts are looked at, so that they are at most so many. */
export const firstPast = async (
  ctx: Ctx,
  from: Temporal.Instant,
  most: number,
): Promise<{ from: Temporal.Instant; truncated: boolean }> => {
  const { rows } = await sql<{ first_seen: Temporal.Instant }>`
    select first_seen from alerts where id >= uuid_at(${from}) order by id desc offset ${most} limit 1`.execute(ctx.tx);
  return { from: rows[0]?.first_seen ?? from, truncated: rows.length > 0 };
};
/** Past alerts as rules and groupings see them, in the order in which they came, a batch at a time: ids are made in that order. */
export const past = async (ctx: Ctx, from: Temporal.Instant, after: string | undefined, limit: number): Promise<Past[]> => {
  const { rows } = await sql<Past>`
    select a.id, i.name as integration, s.name as integration_service, a.summary, a.source, a.severity, a.labels,
      a.disposition = 'silenced' as silenced, a.incident_id,
      extract(epoch from a.first_seen)::float8 * 1000 as at, extract(epoch from a.resolved_at)::float8 * 1000 as resolved_at
    from alerts a join integrations i on i.id = a.integration_id join services s on s.id = i.service_id
    where ${after ? sql`a.id > ${after}::uuid` : sql`a.id >= uuid_at(${from})`} and a.first_seen >= ${from}
    order by a.id limit ${limit}`.execute(ctx.tx);
  return rows;
};
export type AlertRow = NonNullable<Awaited<ReturnType<typeof byId>>>;
export const ofIncident = (ctx: Ctx, incidentId: string, limit: number, after?: string) => {
  let query = shown(ctx).where('incident_id', '=', incidentId);
  if (after) query = query.where('alerts.id', '>', after);
  return query.orderBy('alerts.id').limit(limit).execute();
};
export const byIds = (ctx: Ctx, ids: string[]) =>
  ids.length === 0 ? Promise.resolve([]) : shown(ctx).where('alerts.id', 'in', ids).execute();
/** Alerts of the same key before this id, the newest first. */
export const earlier = (ctx: Ctx, { integration_id, dedup_key }: Key, before: string, limit: number) =>
  shown(ctx)
    .where('alerts.integration_id', '=', integration_id)
    .where('alerts.dedup_key', '=', dedup_key)
    .where('alerts.id', '<', before)
    .orderBy('alerts.id', 'desc')
    .limit(limit)
    .execute();
/** The newest alert an integration's own identifier means: id, tiny id, or alias (its dedup key; the open one first). */
export const find = (ctx: Ctx, integrationId: string, by: 'id' | 'tiny' | 'alias', value: string) => {
  const query = shown(ctx).where('alerts.integration_id', '=', integrationId);
  const narrowed =
    by === 'alias'
      ? query.where('dedup_key', '=', value)
      : by === 'id'
        ? query.where('alerts.id', '=', value)
        : query.where('tiny_id', '=', Number(value));
  return narrowed.orderBy('alerts.status').orderBy('alerts.first_seen', 'desc').limit(1).executeTakeFirst();
};
export const update = (ctx: Ctx, id: string, change: { summary?: string; severity?: string; labels?: string; source?: string }) =>
  ctx.tx.updateTable('alerts').set(change).where('id', '=', id).execute();
export const remove = (ctx: Ctx, id: string) => ctx.tx.deleteFrom('alerts').where('id', '=', id).execute();

export type Judged = {
  sources: { id: string; name: string; kind: string; service: ServiceRow }[];
  rules: RoutingRule[];
};
/** What a batch is judged by, in one round trip: its integrations with their services, and the routing rules in order. */
export const judgedBy = async (ctx: Ctx, integrationIds: string[]): Promise<Judged> => {
  const { rows } = await sql<Judged>`
    select
      (select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'name', i.name, 'kind', i.kind, 'service', to_jsonb(s))), '[]')
        from integrations i join services s on s.id = i.service_id where i.id = any(${integrationIds}::uuid[])) as sources,
      (select coalesce(jsonb_agg(definition order by position), '[]') from routing_rules) as rules`.execute(ctx.tx);
  return rows[0] as Judged;
};

/** Integrations with the service each belongs to. */
export const sources = async (ctx: Ctx, ids: string[]) =>
  ctx.tx
    .selectFrom('integrations')
    .innerJoin('services', 'services.id', 'integrations.service_id')
    .select(['integrations.id', 'integrations.name', 'integrations.kind', 'services.name as service'])
    .where('integrations.id', 'in', ids)
    .execute();
export const serviceHasAlerts = async (ctx: Ctx, serviceId: string): Promise<boolean> =>
  (await ctx.tx.selectFrom('incidents').select('id').where('service_id', '=', serviceId).limit(1).executeTakeFirst()) !==
    undefined ||
  (await ctx.tx.selectFrom('alerts').select('id').where('service_id', '=', serviceId).limit(1).executeTakeFirst()) !== undefined;
