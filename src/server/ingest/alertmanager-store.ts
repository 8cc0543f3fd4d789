import { sql } from 'kysely';
import type { Ctx } from '../platform/ctx.ts';

export type OpenAlert = {
  dedup_key: string;
  disposition: string;
  silence_id: string | null;
  labels: Record<string, string>;
  links: { href: string; text?: string }[];
  payload: unknown;
  started_at: Temporal.Instant;
  last_seen: Temporal.Instant;
  ends_at: Temporal.Instant | null;
};

/** The open alerts of an integration, oldest first. */
export const openAlerts = async (ctx: Ctx, integrationId: string, limit: number): Promise<OpenAlert[]> =>
  (
    await sql<OpenAlert>`
      select dedup_key, disposition, silence_id, labels, links, payload, started_at, last_seen, ends_at from alerts
      where integration_id = ${integrationId} and status = 'open' order by id limit ${limit}`.execute(ctx.tx)
  ).rows;
