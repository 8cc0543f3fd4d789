import { sql } from 'kysely';
import type { Ctx } from '../platform/ctx.ts';

export type Burning = {
  service_id: string;
  critical: number;
  error: number;
  warning: number;
  info: number;
  alerts: number;
};
/** Of services that have any: open incidents by severity, and open alerts. */
export const burning = async (ctx: Ctx, ids: string[]): Promise<Burning[]> => {
  const { rows } = await sql<Burning>`
    select service_id, sum(critical)::int as critical, sum(error)::int as error, sum(warning)::int as warning, sum(info)::int as info, sum(alerts)::int as alerts
    from (
      select service_id, count(*) filter (where severity = 'critical') as critical, count(*) filter (where severity = 'error') as error,
        count(*) filter (where severity = 'warning') as warning, count(*) filter (where severity = 'info') as info, 0 as alerts
      from incidents where status in ('triage', 'acknowledged') and service_id = any(${ids}::uuid[]) group by service_id
      union all
      select service_id, 0, 0, 0, 0, count(*) from alerts where status = 'open' and service_id = any(${ids}::uuid[]) group by service_id
    ) of_each group by service_id`.execute(ctx.tx);
  return rows;
};
