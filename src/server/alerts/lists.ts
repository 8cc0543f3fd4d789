import type { z } from 'zod';
import type { AlertFilter, AlertQuery, alertCounts, alertLabels } from '../../contract/alerts.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid, notFound } from '../platform/errors.ts';
import * as lists from './list-store.ts';
import * as store from './store.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Where a page ended: the id, and before it the rank of its severity when sorted by that. */
const positionOf = (sort: string, cursor: string | undefined): { id: string; rank?: number } | undefined => {
  if (cursor === undefined) return undefined;
  const [, rank, id] = /^(?:([1-4])\.)?(.*)$/.exec(cursor) ?? [];
  if (id === undefined || !UUID.test(id) || (rank !== undefined) !== sort.endsWith('severity'))
    throw invalid('is no cursor of this sort', 'cursor');
  return rank === undefined ? { id } : { id, rank: Number(rank) };
};

/** Alerts in the order asked for, a page at a time. Names that nothing has find nothing. */
export const listAlerts = async (ctx: Ctx, query: AlertQuery): Promise<{ rows: store.AlertRow[]; next: string | null }> => {
  const found = await lists.page(ctx, query, positionOf(query.sort, query.cursor));
  const rows = new Map(
    (
      await store.byIds(
        ctx,
        found.map((one) => one.id),
      )
    ).map((row) => [row.id, row]),
  );
  const last = found.length === query.limit ? found.at(-1) : undefined;
  return {
    rows: found.flatMap((one) => rows.get(one.id) ?? []),
    next: last ? (query.sort.endsWith('severity') ? `${last.rank}.${last.id}` : last.id) : null,
  };
};

const MOST_VALUES = 200;
/** How many alerts fit, by the values of a field or label. */
export const countAlerts = async (ctx: Ctx, filter: AlertFilter, by: string): Promise<z.input<typeof alertCounts>> => {
  const rows = await lists.counts(ctx, filter, by);
  const sum = (some: typeof rows) => some.reduce((total, row) => total + row.count, 0);
  return { items: rows.slice(0, MOST_VALUES), total: sum(rows), more: sum(rows.slice(MOST_VALUES)) };
};

const MOST_OF_A_LABEL = 50;
/** What labels the newest alerts have, for a filter to offer. */
export const labelsOf = async (ctx: Ctx, filter: AlertFilter): Promise<z.input<typeof alertLabels>> => {
  const { looked_at, rows } = await lists.labels(ctx, filter);
  const names = Map.groupBy(rows, (row) => row.name);
  return {
    looked_at,
    items: [...names]
      .map(([name, values]) => ({
        name,
        count: values.reduce((total, one) => total + one.count, 0),
        values: values.slice(0, MOST_OF_A_LABEL).map(({ value, count }) => ({ value, count })),
      }))
      .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name)),
  };
};

/** Earlier alerts of the same integration with the same key, the newest first. */
export const historyOf = async (ctx: Ctx, id: string, before: string | undefined, limit: number): Promise<store.AlertRow[]> => {
  const row = await store.byId(ctx, id);
  if (!row) throw notFound('Alert');
  return store.earlier(ctx, row, before ?? row.id, limit);
};
