import type { Ctx } from '../platform/ctx.ts';
import { trigger } from './receive.ts';
import * as store from './store.ts';
import type { Signal } from './types.ts';
import { loadWorld, type Trigger } from './world.ts';

/** How many hidden alerts are looked at together. */
const RECONSIDERED = 500;

/** A silence ended or covers less: what it hid and is still open is judged anew. */
export const reconsider = async (ctx: Ctx, { id }: { id: string }): Promise<void> => {
  let last: string | undefined;
  do {
    const rows = await store.silencedBy(ctx, id, last, RECONSIDERED);
    await judgeAnew(ctx, rows);
    last = rows.length === RECONSIDERED ? rows.at(-1)?.id : undefined;
  } while (last);
};
const judgeAnew = async (ctx: Ctx, rows: Awaited<ReturnType<typeof store.silencedBy>>): Promise<void> => {
  if (rows.length === 0) return;
  const world = await loadWorld(ctx, [...new Set(rows.map((row) => row.integration_id))]);
  const triggers = rows.map(
    (row): Trigger => ({
      // Nothing was received, so nothing is counted.
      count: 0,
      indexes: [],
      signal: {
        integrationId: row.integration_id,
        action: 'trigger',
        dedupKey: row.dedup_key,
        summary: row.summary,
        severity: row.severity as Signal['severity'],
        source: row.source,
        labels: row.labels,
        links: row.links,
        images: row.images,
        raw: row.payload,
        ...(row.ends_at ? { endsAt: row.ends_at } : {}),
      },
    }),
  );
  await trigger(ctx, world, triggers, []);
};

/** The routing rules changed: what they dropped and is still open is judged by the new ones. */
export const judgeDropped = async (ctx: Ctx): Promise<void> => {
  let last: string | undefined;
  do {
    const rows = await store.droppedOpen(ctx, last, RECONSIDERED);
    await judgeAnew(ctx, rows);
    last = rows.length === RECONSIDERED ? rows.at(-1)?.id : undefined;
  } while (last);
};
