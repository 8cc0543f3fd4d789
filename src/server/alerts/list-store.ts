import { type RawBuilder, sql } from 'kysely';
import type { AlertFilter, AlertQuery } from '../../contract/alerts.ts';
import type { Ctx } from '../platform/ctx.ts';

const and = (parts: RawBuilder<unknown>[]) => (parts.length > 0 ? sql.join(parts, sql` and `) : sql`true`);
/** As the index has it. */
const SEVERITIES = ['info', 'warning', 'error', 'critical'];
const RANK = sql`array_position(array['info', 'warning', 'error', 'critical'], a.severity)`;

/** Ids for names, so that the planner knows how many rows each has; undefined when nothing has the name. */
const idsOf = async (ctx: Ctx, { service, integration }: AlertFilter): Promise<Ids | undefined> => {
  const of = async (table: 'services' | 'integrations', name: string) =>
    (await ctx.tx.selectFrom(table).select('id').where('name', '=', name).executeTakeFirst())?.id;
  const [one, other] = [service && (await of('services', service)), integration && (await of('integrations', integration))];
  if ((service && !one) || (integration && !other)) return undefined;
  return { ...(one ? { service: one } : {}), ...(other ? { integration: other } : {}) };
};

type Ids = { service?: string; integration?: string };
const conditionsOf = (filter: AlertFilter, ids: Ids): RawBuilder<unknown>[] => {
  const out: RawBuilder<unknown>[] = [];
  if (ids.service) out.push(sql`a.service_id = ${ids.service}::uuid`);
  if (ids.integration) out.push(sql`a.integration_id = ${ids.integration}::uuid`);
  if (filter.severity) out.push(sql`${RANK} = ${SEVERITIES.indexOf(filter.severity) + 1}::int`);
  if (filter.disposition) out.push(sql`a.disposition = ${filter.disposition}`);
  if (filter.since) out.push(sql`a.first_seen >= ${filter.since}::timestamptz`);
  if (filter.until) out.push(sql`a.first_seen < ${filter.until}::timestamptz`);
  return out;
};
const searchesOf = (filter: AlertFilter): RawBuilder<unknown>[] => {
  const out: RawBuilder<unknown>[] = [];
  if (filter.q) out.push(sql`a.summary ilike ${`%${filter.q.replace(/[%_\\]/g, '\\$&')}%`}`);
  // Apart, for a name may be asked for twice, and then no alert has both.
  for (const one of filter.label ?? []) out.push(sql`a.labels @> ${JSON.stringify({ [one.name]: one.value })}::jsonb`);
  return out;
};

export type Found = { id: string; rank: number };
/** Of the newest so many that fit everything else, a search looks first: what is everywhere is found there at once. */
const LOOK_FIRST = 2000;

/**
 * Ids in the order of the sort, after a position. Open and resolved ones are asked for apart, because only resolved ones
 * have indexes for it.
 */
export const page = async (ctx: Ctx, query: AlertQuery, after: { id: string; rank?: number } | undefined): Promise<Found[]> => {
  const down = query.sort.startsWith('-');
  // Of one severity all have one rank, and the id decides.
  const bySeverity = query.sort.endsWith('severity') && !query.severity;
  const direction = down ? sql`desc` : sql`asc`;
  const order = bySeverity ? sql`order by ${RANK} ${direction}, a.id ${direction}` : sql`order by a.id ${direction}`;
  const ids = await idsOf(ctx, query);
  if (!ids) return [];
  const conditions = conditionsOf(query, ids);
  if (after)
    conditions.push(
      bySeverity
        ? sql`(${RANK}, a.id) ${down ? sql`<` : sql`>`} (${after.rank ?? 0}::int, ${after.id}::uuid)`
        : sql`a.id ${down ? sql`<` : sql`>`} ${after.id}::uuid`,
    );
  const searches = searchesOf(query);
  const of = async (status: RawBuilder<unknown>): Promise<Found[]> => {
    const fits = and([status, ...conditions]);
    if (searches.length > 0) {
      const { rows } =
        await sql<Found>`select a.id, ${RANK} as rank from (select a.id, a.severity, a.summary, a.labels from alerts a
        where ${fits} ${order} limit ${LOOK_FIRST}) as a where ${and(searches)} ${order} limit ${query.limit}`.execute(ctx.tx);
      if (rows.length === query.limit) return rows;
    }
    return (
      await sql<Found>`select a.id, ${RANK} as rank from alerts a where ${and([fits, ...searches])} ${order} limit ${query.limit}`.execute(
        ctx.tx,
      )
    ).rows;
  };
  const found: Found[] = [];
  if (query.status !== 'resolved') found.push(...(await of(sql`a.status = 'open'`)));
  if (query.status !== 'open') found.push(...(await of(sql`a.status = 'resolved'`)));
  const sign = down ? -1 : 1;
  return found.sort((a, b) => sign * ((bySeverity ? a.rank - b.rank : 0) || (a.id < b.id ? -1 : 1))).slice(0, query.limit);
};

const all = (filter: AlertFilter, ids: Ids) =>
  and([...(filter.status ? [sql`a.status = ${filter.status}`] : []), ...conditionsOf(filter, ids), ...searchesOf(filter)]);

/** How many fit, by each value, the most frequent first. */
export const counts = async (ctx: Ctx, filter: AlertFilter, by: string): Promise<{ value: string | null; count: number }[]> => {
  const ids = await idsOf(ctx, filter);
  if (!ids) return [];
  const group = by.startsWith('label:')
    ? sql`a.labels ->> ${by.slice('label:'.length)}::text`
    : {
        service: sql`a.service_id`,
        integration: sql`a.integration_id`,
        severity: sql`a.severity`,
        disposition: sql`a.disposition`,
      }[by];
  const counted = sql`select ${group ?? sql`a.severity`} as value, count(*) as count from alerts a where ${all(filter, ids)} group by 1`;
  const named =
    by === 'service' || by === 'integration'
      ? sql`select n.name as value, c.count from (${counted}) c join ${sql.id(`${by}s`)} n on n.id = c.value`
      : counted;
  const { rows } = await sql<{ value: string | null; count: number }>`${named} order by count desc, value`.execute(ctx.tx);
  return rows;
};

const LABELS_OF = 5000;
/** Label names and values of the newest that fit. */
export const labels = async (
  ctx: Ctx,
  filter: AlertFilter,
): Promise<{ looked_at: number; rows: { name: string; value: string; count: number }[] }> => {
  const ids = await idsOf(ctx, filter);
  if (!ids) return { looked_at: 0, rows: [] };
  const newest = sql`select a.labels from alerts a where ${all(filter, ids)} order by a.id desc limit ${LABELS_OF}`;
  const { rows } = await sql<{ name: string; value: string; count: number }>`
    select l.key as name, l.value, count(*) as count from (${newest}) a, jsonb_each_text(a.labels) l group by 1, 2 order by 3 desc, 1, 2`.execute(
    ctx.tx,
  );
  const looked = await sql<{ n: number }>`select count(*) as n from (${newest}) a`.execute(ctx.tx);
  return { looked_at: looked.rows[0]?.n ?? 0, rows };
};
