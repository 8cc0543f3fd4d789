import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../platform/ctx.ts';
import type { OpsgenieFilter, OpsgenieRow } from './opsgenie-shown.ts';

const contains = (value: string): string => `%${value.replace(/[\\%_]/g, '\\$&')}%`;

const conditionOf = ({ field, value }: OpsgenieFilter): RawBuilder<unknown> => {
  switch (field) {
    case 'status':
      return sql`a.status = ${value === 'open' ? 'open' : 'resolved'}`;
    case 'acknowledged':
      return sql`a.acknowledged = ${value === 'true'}`;
    case 'alias':
      return sql`a.dedup_key = ${value}`;
    case 'tinyid':
      return sql`a.tiny_id = ${value}::bigint`;
    case 'tag':
      return sql`${value} = any(string_to_array(a.labels ->> 'tags', ', '))`;
    case 'priority':
      return sql`a.labels ->> 'priority' = ${value.toUpperCase()}`;
    case 'source':
      return sql`a.source ilike ${contains(value)}`;
    case 'entity':
      return sql`a.labels ->> 'entity' = ${value}`;
    default:
      return sql`a.summary ilike ${contains(value)}`;
  }
};
const where = (integrationId: string, filters: OpsgenieFilter[]) =>
  sql.join([sql`a.integration_id = ${integrationId}`, ...filters.map(conditionOf)], sql` and `);

const COLUMNS: Record<string, string> = {
  createdAt: 'first_seen',
  updatedAt: 'last_seen',
  lastOccurredAt: 'last_seen',
  tinyId: 'tiny_id',
  alias: 'dedup_key',
  message: 'summary',
  status: 'status',
  source: 'source',
  count: 'count',
};

/** Alerts of an integration, a page of them. An unknown `sort` sorts by creation. */
export const search = async (
  ctx: Ctx,
  integrationId: string,
  filters: OpsgenieFilter[],
  page: { offset: number; limit: number; sort: string; descending: boolean },
): Promise<(OpsgenieRow & { snoozed_until: Temporal.Instant | null })[]> => {
  const column = sql.ref(`a.${(Object.hasOwn(COLUMNS, page.sort) && COLUMNS[page.sort]) || 'first_seen'}`);
  const direction = page.descending ? sql`desc` : sql`asc`;
  const { rows } = await sql<OpsgenieRow & { snoozed_until: Temporal.Instant | null }>`
    select a.id, a.tiny_id, a.dedup_key, a.status, a.acknowledged, a.summary, a.severity, a.source, a.labels, a.payload, a.count,
      a.first_seen, a.last_seen, a.resolved_at, i.snoozed_until
    from alerts a left join incidents i on i.id = a.incident_id
    where ${where(integrationId, filters)}
    order by ${column} ${direction}, a.id ${direction} offset ${page.offset} limit ${page.limit}`.execute(ctx.tx);
  return rows;
};

export const count = async (ctx: Ctx, integrationId: string, filters: OpsgenieFilter[]): Promise<number> =>
  (await sql<{ count: number }>`select count(*) as count from alerts a where ${where(integrationId, filters)}`.execute(ctx.tx))
    .rows[0]?.count ?? 0;
