import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../platform/ctx.ts';

export type Filter = {
  status?: string[] | undefined;
  service?: string | undefined;
  team?: string | undefined;
  severity?: string[] | undefined;
  urgency?: string | undefined;
  assignee?: string | undefined;
  acknowledged_by?: string | undefined;
  q?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  sort: '-opened_at' | 'opened_at' | '-severity' | 'severity';
  after?: { id: string; rank?: number } | undefined;
  limit: number;
};

const and = (parts: RawBuilder<unknown>[]) => (parts.length > 0 ? sql.join(parts, sql` and `) : sql`true`);
const like = (text: string) => `%${text.replace(/[%_\\]/g, '\\$&')}%`;
const personId = (name: string) => sql`(select p.id from people p where p.name = ${name})`;

const conditionsOf = (filter: Filter): RawBuilder<unknown>[] => {
  const out: RawBuilder<unknown>[] = [];
  if (filter.status) out.push(sql`i.status = any(${filter.status})`);
  if (filter.service) out.push(sql`i.service_id = (select s.id from services s where s.name = ${filter.service})`);
  if (filter.team)
    out.push(
      sql`i.service_id = any(array(select s.id from services s join teams t on t.id = s.team_id where t.name = ${filter.team}))`,
    );
  if (filter.severity) out.push(sql`i.severity = any(${filter.severity})`);
  if (filter.urgency) out.push(sql`i.urgency = ${filter.urgency}`);
  if (filter.acknowledged_by) out.push(sql`i.acknowledged_by = ${personId(filter.acknowledged_by)}`);
  if (filter.assignee)
    out.push(
      sql`exists (select from incident_assignees a where a.incident_id = i.id and a.person_id = ${personId(filter.assignee)})`,
    );
  if (filter.since) out.push(sql`i.opened_at >= ${filter.since}::timestamptz`);
  if (filter.until) out.push(sql`i.opened_at < ${filter.until}::timestamptz`);
  return out;
};
/** Words in the title. What looks like a number is a number too: its digits at the end. */
const searchOf = (q: string): RawBuilder<unknown> => {
  const digits = /^(?:INC-)?(?:\d{4}-)?0*(\d{1,9})$/i.exec(q);
  const whole = /^INC-\d{4}-\d+$/i.test(q);
  if (whole) return sql`i.number = ${q.toUpperCase()}`;
  return digits
    ? sql`(i.title ilike ${like(q)} or i.number = any(array(select 'INC-' || n.year || '-' || lpad(${digits[1]}, greatest(4, length(${digits[1]})), '0') from incident_numbers n)))`
    : sql`i.title ilike ${like(q)}`;
};

type Found = { id: string; severity_rank: number };
/** Of the newest so many that fit everything else, a search looks first: words that are everywhere are found there at once. */
const LOOK_FIRST = 2000;

/** Ids in the order of the sort, after a position. An id begins with its time: it sorts by opening and is the tie-break of all else. */
export const page = async (ctx: Ctx, filter: Filter): Promise<Found[]> => {
  const down = filter.sort.startsWith('-');
  const bySeverity = filter.sort.endsWith('severity');
  const direction = down ? sql`desc` : sql`asc`;
  const order = bySeverity ? sql`order by i.severity_rank ${direction}, i.id ${direction}` : sql`order by i.id ${direction}`;
  const conditions = conditionsOf(filter);
  const { after } = filter;
  if (after)
    conditions.push(
      bySeverity
        ? sql`(i.severity_rank, i.id) ${down ? sql`<` : sql`>`} (${after.rank ?? 0}::smallint, ${after.id}::uuid)`
        : sql`i.id ${down ? sql`<` : sql`>`} ${after.id}::uuid`,
    );
  const run = async (query: RawBuilder<Found>) => (await query.execute(ctx.tx)).rows;
  if (filter.q) {
    const search = searchOf(filter.q);
    const first = await run(
      sql<Found>`select i.id, i.severity_rank from (select i.id, i.severity_rank, i.title, i.number from incidents i
        where ${and(conditions)} ${order} limit ${LOOK_FIRST}) as i where ${search} ${order} limit ${filter.limit}`,
    );
    if (first.length === filter.limit) return first;
    conditions.push(search);
  }
  return run(sql<Found>`select i.id, i.severity_rank from incidents i where ${and(conditions)} ${order} limit ${filter.limit}`);
};

export const counts = async (ctx: Ctx): Promise<{ status: string; severity: string; n: number }[]> =>
  (
    await sql<{ status: string; severity: string; n: number }>`
      select status, severity, count(*) as n from incidents where status in ('triage', 'acknowledged') group by 1, 2
      union all
      select status, '', count(*) from incidents where status in ('resolved', 'closed') group by 1`.execute(ctx.tx)
  ).rows;
export const countMine = async (ctx: Ctx, personId: string): Promise<number> =>
  (
    await sql<{ n: number }>`
      select count(*) as n from incident_assignees a join incidents i on i.id = a.incident_id
      where a.person_id = ${personId} and i.status in ('triage', 'acknowledged')`.execute(ctx.tx)
  ).rows[0]?.n ?? 0;
