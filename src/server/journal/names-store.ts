import { sql } from 'kysely';
import type { Ctx } from '../platform/ctx.ts';

/** What people call the subjects of entries, by `type:id`; what is gone has none. */
export const namesOf = async (
  ctx: Ctx,
  subjects: { subject_type: string; subject_id: string }[],
): Promise<Map<string, string>> => {
  if (subjects.length === 0) return new Map();
  const { rows } = await sql<{ subject: string; name: string }>`
    with s as (select distinct * from unnest(${subjects.map((one) => one.subject_type)}::text[], ${subjects.map((one) => one.subject_id)}::uuid[]) as u (type, id))
    select s.type || ':' || s.id as subject, coalesce(
      case s.type
        when 'incident' then (select number || ' ' || title from incidents t where t.id = s.id)
        when 'alert' then (select summary from alerts t where t.id = s.id)
        when 'service' then (select name from services t where t.id = s.id)
        when 'person' then (select display_name from people t where t.id = s.id)
        when 'team' then (select name from teams t where t.id = s.id)
        when 'schedule' then (select name from schedules t where t.id = s.id)
        when 'silence' then (select coalesce(name, comment) from silences t where t.id = s.id)
        when 'escalation_policy' then (select name from escalation_policies t where t.id = s.id)
        when 'integration' then (select name from integrations t where t.id = s.id)
        when 'token' then (select name from tokens t where t.id = s.id)
        when 'heartbeat' then (select name from heartbeats t where t.id = s.id)
        when 'handoff' then (select s2.name || ' ' || t.role from handoffs t join schedules s2 on s2.id = t.schedule_id where t.id = s.id)
        when 'routing' then 'routing rules'
        when 'settings' then 'settings'
      end, '') as name from s`.execute(ctx.tx);
  return new Map(rows.flatMap((row) => (row.name ? [[row.subject, row.name] as const] : [])));
};
