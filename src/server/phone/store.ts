import { sql } from 'kysely';
import type { PhoneLine } from '../../contract/phone.ts';
import type { Recording } from '../channels/phone/phone.ts';
import type { Vendor } from '../channels/vendors.ts';
import type { Ctx } from '../platform/ctx.ts';

/** Somebody to ring. `address` is kept only while it rings. */
export type Rung = { person_id: string; name: string; display_name: string; step: number; address?: string };
export type Outcome = 'taken' | 'voicemail' | 'hung_up' | 'refused';
export type CallRow = {
  id: string;
  integration_id: string;
  vendor: Vendor;
  vendor_id: string;
  caller: string | null;
  began_at: Temporal.Instant;
  ended_at: Temporal.Instant | null;
  ladder: Rung[];
  notes: string[];
  /** Who of the ladder is rung. */
  position: number;
  flood: boolean;
  state: 'ringing' | 'taken' | 'voicemail' | 'over';
  outcome: Outcome | null;
  taken_by: string | null;
  taken_at: Temporal.Instant | null;
  recording: Recording | null;
  transcription: string | null;
  alert_id: string | null;
  incident_id: string | null;
};
export type NewCall = Pick<CallRow, 'integration_id' | 'vendor' | 'vendor_id' | 'caller' | 'ladder' | 'notes' | 'flood'> & {
  state: CallRow['state'];
  outcome: Outcome | null;
};

/** The new call; undefined when its vendor told of it before. */
export const begin = async (ctx: Ctx, row: NewCall): Promise<CallRow | undefined> =>
  (
    await sql<CallRow>`
      insert into phone_calls (integration_id, vendor, vendor_id, caller, began_at, ended_at, ladder, notes, flood, state, outcome)
      values (${row.integration_id}, ${row.vendor}, ${row.vendor_id}, ${row.caller}, ${ctx.now}, ${row.state === 'over' ? ctx.now : null},
        ${JSON.stringify(row.ladder)}, ${JSON.stringify(row.notes)}, ${row.flood}, ${row.state}, ${row.outcome})
      on conflict (vendor, vendor_id) do nothing returning *`.execute(ctx.tx)
  ).rows[0];

/** A call of an integration, locked. */
export const lockByVendor = async (ctx: Ctx, integrationId: string, vendor: string, id: string): Promise<CallRow | undefined> =>
  (
    await sql<CallRow>`
      select * from phone_calls where integration_id = ${integrationId} and vendor = ${vendor} and vendor_id = ${id} for update`.execute(
      ctx.tx,
    )
  ).rows[0];
export const lock = async (ctx: Ctx, id: string): Promise<CallRow | undefined> =>
  (await sql<CallRow>`select * from phone_calls where id = ${id} for update`.execute(ctx.tx)).rows[0];
export const byId = async (ctx: Ctx, id: string): Promise<CallRow | undefined> =>
  (await sql<CallRow>`select * from phone_calls where id = ${id}`.execute(ctx.tx)).rows[0];

/** How many calls began since then: on this line, and of them by this caller. */
export const lately = async (
  ctx: Ctx,
  integrationId: string,
  caller: string | null,
  since: Temporal.Instant,
): Promise<{ all: number; same: number }> =>
  (
    await sql<{ all: number; same: number }>`
      select count(*)::int as all, count(*) filter (where caller is not distinct from ${caller}::text)::int as same
      from phone_calls where integration_id = ${integrationId} and began_at > ${since}`.execute(ctx.tx)
  ).rows[0] as { all: number; same: number };

export const moveTo = (ctx: Ctx, id: string, to: { position: number; state: 'ringing' | 'voicemail' }) =>
  sql`update phone_calls set position = ${to.position}, state = ${to.state} where id = ${id}`.execute(ctx.tx);
export const take = (ctx: Ctx, id: string, personId: string) =>
  sql`update phone_calls set state = 'taken', outcome = 'taken', taken_by = ${personId}, taken_at = ${ctx.now} where id = ${id}`.execute(
    ctx.tx,
  );
/** The caller is gone; what is still to come of it, such as the message, comes later. */
export const left = (ctx: Ctx, id: string) =>
  sql`update phone_calls set ended_at = coalesce(ended_at, ${ctx.now}) where id = ${id}`.execute(ctx.tx);
/** Nothing more is to come. Only who was rung is kept of the ladder, and nobody's number. */
export const over = (ctx: Ctx, id: string, rang: number, outcome: Outcome) =>
  sql`
    update phone_calls set state = 'over', outcome = ${outcome}, ended_at = coalesce(ended_at, ${ctx.now}),
      ladder = (select coalesce(jsonb_agg(one.value - 'address' order by one.ordinality), '[]')
        from jsonb_array_elements(ladder) with ordinality as one where one.ordinality <= ${rang})
    where id = ${id}`.execute(ctx.tx);
export const keepRecording = (ctx: Ctx, id: string, recording: Recording) =>
  sql`update phone_calls set recording = ${JSON.stringify(recording)} where id = ${id}`.execute(ctx.tx);
export const keepWords = (ctx: Ctx, id: string, words: string) =>
  sql`update phone_calls set transcription = ${words} where id = ${id}`.execute(ctx.tx);
export const keepAlert = (ctx: Ctx, id: string, alertId: string | null, incidentId: string | null) =>
  sql`update phone_calls set alert_id = ${alertId}, incident_id = ${incidentId} where id = ${id}`.execute(ctx.tx);
/** Who called is forgotten after this. */
const KEPT = { hours: 24 * 365 };
export const prune = (ctx: Ctx, integrationId: string) =>
  sql`delete from phone_calls where integration_id = ${integrationId} and began_at < ${ctx.now.subtract(KEPT)}`.execute(ctx.tx);

/** The line that a call came to. */
export const lineOf = async (
  ctx: Ctx,
  integrationId: string,
): Promise<{ name: string; service: string; phone: PhoneLine | null } | undefined> =>
  (
    await sql<{ name: string; service: string; phone: PhoneLine | null }>`
      select i.name, s.name as service, i.phone from integrations i join services s on s.id = i.service_id where i.id = ${integrationId}`.execute(
      ctx.tx,
    )
  ).rows[0];

export type ShownRow = CallRow & { taken_name: string | null; incident: string | null };
/** The newest calls of a line. */
export const newest = async (ctx: Ctx, integrationId: string, limit: number): Promise<ShownRow[]> =>
  (
    await sql<ShownRow>`
      select c.*, p.name as taken_name, i.number as incident
      from phone_calls c left join people p on p.id = c.taken_by left join incidents i on i.id = c.incident_id
      where c.integration_id = ${integrationId} order by c.began_at desc, c.id desc limit ${limit}`.execute(ctx.tx)
  ).rows;
