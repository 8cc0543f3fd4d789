import { sql } from 'kysely';
import type { EscalationPolicy } from '../../contract/escalation.ts';
import type { Version } from '../journal/versions.ts';
import type { Ctx } from '../platform/ctx.ts';

/**
 * What a policy says from now on; null: it is removed. Saves of one policy come one after the other, so each is put after the one
 * before it, whatever its clock says. What changes nothing is no version. `made`: there was no such policy.
 */
export const keepVersion = (ctx: Ctx, policyId: string, policy: EscalationPolicy | null, made = false): Promise<unknown> =>
  sql`
    insert into escalation_policy_versions (policy_id, starts_at, definition, saved_by, source, made)
    select ${policyId}::uuid, greatest(${ctx.now}::timestamptz, last.starts_at + interval '1 microsecond'), said.definition,
      ${ctx.actor.name}, ${ctx.source}, ${made} and last.starts_at is null
    from (select ${policy && JSON.stringify(policy)}::jsonb as definition) said
    left join lateral (
      select starts_at, definition from escalation_policy_versions where policy_id = ${policyId} order by starts_at desc limit 1
    ) last on true
    where said.definition is distinct from last.definition`.execute(ctx.tx);

/** Every version of the policies that had a name, in order of time; of one that was removed also that. */
export const versionsOf = async (ctx: Ctx, name: string): Promise<Version<EscalationPolicy>[]> =>
  (
    await sql<Version<EscalationPolicy>>`
      select policy_id as id, starts_at, definition, saved_by, source, made from escalation_policy_versions
      where policy_id in (select policy_id from escalation_policy_versions where definition ->> 'name' = ${name})
      order by starts_at`.execute(ctx.tx)
  ).rows;
