import { sql } from 'kysely';
import type { Ctx } from '../platform/ctx.ts';
import type { Method, RuleStep } from './rules.ts';

// ---- how to reach a person

export const methodRows = (ctx: Ctx, personIds: string[]) =>
  personIds.length === 0
    ? Promise.resolve([])
    : ctx.tx.selectFrom('contact_methods').selectAll().where('person_id', 'in', personIds).orderBy('id').execute();
export type MethodRow = Awaited<ReturnType<typeof methodRows>>[number];
export const methodOf = (row: MethodRow): Method => ({
  id: row.id,
  label: row.label,
  channel: row.channel,
  address: row.address,
  verified: row.verified_at !== null,
  disabled_reason: row.disabled_reason,
});
/** Whose verified method of this channel and address it is. Two people who share one are nobody. */
export const ownerOf = async (ctx: Ctx, channel: string, address: string) => {
  const rows = await ctx.tx
    .selectFrom('contact_methods')
    .innerJoin('people', 'people.id', 'contact_methods.person_id')
    .select(['people.id', 'people.time_zone', 'people.locale'])
    .distinct()
    .where('contact_methods.channel', '=', channel)
    .where('contact_methods.address', '=', address)
    .where('contact_methods.verified_at', 'is not', null)
    .where('people.active', '=', true)
    .limit(2)
    .execute();
  return rows.length === 1 ? rows[0] : undefined;
};
export const ruleRows = (ctx: Ctx, personIds: string[]) =>
  personIds.length === 0
    ? Promise.resolve([])
    : ctx.tx.selectFrom('notification_rules').selectAll().where('person_id', 'in', personIds).orderBy('position').execute();

export const upsertMethod = (
  ctx: Ctx,
  row: { person_id: string; label: string; channel: string; address: string; verified_at: Temporal.Instant | null },
) =>
  ctx.tx
    .insertInto('contact_methods')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['person_id', 'label']).doUpdateSet((eb) => {
        const same = eb.and([eb('contact_methods.channel', '=', row.channel), eb('contact_methods.address', '=', row.address)]);
        return {
          channel: row.channel,
          address: row.address,
          verified_at: row.verified_at,
          // What a provider has given up on stays so, until another address or a code that comes back says otherwise.
          disabled_reason: eb.case().when(same).then(eb.ref('contact_methods.disabled_reason')).else(null).end(),
          // A code on its way to the old address proves nothing about the new one.
          code_expires_at: eb.case().when(same).then(eb.ref('contact_methods.code_expires_at')).else(null).end(),
        };
      }),
    )
    .execute();
export const keepMethods = async (ctx: Ctx, personId: string, labels: string[]) => {
  let query = ctx.tx.deleteFrom('contact_methods').where('person_id', '=', personId);
  if (labels.length > 0) query = query.where('label', 'not in', labels);
  await query.execute();
};
export const replaceRules = async (ctx: Ctx, personId: string, rules: { urgency: string; steps: RuleStep[] }[]) => {
  await ctx.tx.deleteFrom('notification_rules').where('person_id', '=', personId).execute();
  const rows = rules.flatMap(({ urgency, steps }) =>
    steps.map((step, position) => ({
      person_id: personId,
      urgency,
      position,
      after_seconds: step.after_seconds,
      methods: step.methods,
    })),
  );
  if (rows.length > 0) await ctx.tx.insertInto('notification_rules').values(rows).execute();
};
export const setCodeExpiry = (ctx: Ctx, methodId: string, at: Temporal.Instant | null) =>
  ctx.tx.updateTable('contact_methods').set({ code_expires_at: at, code_tries: 0 }).where('id', '=', methodId).execute();
export const countTry = (ctx: Ctx, methodId: string) =>
  ctx.tx
    .updateTable('contact_methods')
    .set((eb) => ({ code_tries: eb('code_tries', '+', 1) }))
    .where('id', '=', methodId)
    .execute();
export const setVerified = (ctx: Ctx, methodId: string) =>
  ctx.tx
    .updateTable('contact_methods')
    .set({ verified_at: ctx.now, code_expires_at: null, disabled_reason: null })
    .where('id', '=', methodId)
    .execute();
export const disableMethod = (ctx: Ctx, methodId: string, reason: string) =>
  ctx.tx.updateTable('contact_methods').set({ disabled_reason: reason }).where('id', '=', methodId).execute();

// ---- pages

/**
 * Per person: when last paged, and how many unanswered pages of other incidents went out since `since`. An urgent page
 * is held back by urgent ones only.
 */
export const load = (ctx: Ctx, personIds: string[], incidentId: string, since: Temporal.Instant, urgencies: string[]) =>
  ctx.tx
    .selectFrom('pages')
    .select((eb) => [
      'person_id',
      eb.fn.max('created_at').as('last_paged_at'),
      eb.fn.max(eb.case().when('status', '=', 'paging').then(eb.ref('first_sent_at')).end()).as('last_sent_at'),
      eb.fn
        .countAll<number>()
        .filterWhere('status', '=', 'paging')
        .filterWhere('incident_id', '!=', incidentId)
        .filterWhere('urgency', 'in', urgencies)
        .filterWhere('created_at', '>', since)
        .as('unanswered'),
    ])
    .where('person_id', 'in', personIds)
    .where('created_at', '>', ctx.now.subtract({ hours: 24 * 7 }))
    .groupBy('person_id')
    .execute();

export type NewPage = {
  id: string;
  incident_id: string;
  service_id: string;
  run_id: string | null;
  step: number | null;
  round: number | null;
  person_id: string;
  urgency: string;
  about: string;
  reason: string;
  why: string | null;
  status: 'waiting' | 'paging';
  waiting_because: string | null;
  wake_at: Temporal.Instant | null;
  shadow: boolean;
};
/**
 * A page that was made for this step already is left as it is and not returned; but one of a shadow who is asked by now is made
 * a page like any other. Returned are the ids under which the pages are kept.
 */
export const insertPages = async (ctx: Ctx, rows: NewPage[]): Promise<{ id: string; person_id: string }[]> =>
  // One parameter however many people: PostgreSQL takes 65,535 a statement.
  (
    await sql<{ id: string; person_id: string }>`
      insert into pages (id, incident_id, service_id, run_id, step, round, person_id, urgency, about, reason, why, status, waiting_because, wake_at, shadow, created_at)
      select r.id, r.incident_id, r.service_id, r.run_id, r.step, r.round, r.person_id, r.urgency, r.about::jsonb, r.reason, r.why::jsonb, r.status, r.waiting_because, r.wake_at, r.shadow, ${ctx.now}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, incident_id uuid, service_id uuid, run_id uuid, step int, round int, person_id uuid,
        urgency text, about text, reason text, why text, status text, waiting_because text, wake_at timestamptz, shadow boolean)
      on conflict (run_id, round, step, person_id) do update set shadow = false, urgency = excluded.urgency, reason = excluded.reason,
        why = excluded.why, status = excluded.status, waiting_because = excluded.waiting_because, wake_at = excluded.wake_at, first_sent_at = null
      where pages.shadow and not excluded.shadow and pages.status in ('waiting', 'paging', 'unreachable')
      returning id, person_id`.execute(ctx.tx)
  ).rows;
export const pageById = (ctx: Ctx, id: string) => ctx.tx.selectFrom('pages').selectAll().where('id', '=', id).executeTakeFirst();
export const lockPage = (ctx: Ctx, id: string) =>
  ctx.tx.selectFrom('pages').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
export type PageRow = NonNullable<Awaited<ReturnType<typeof pageById>>>;
export const pagesByIds = (ctx: Ctx, ids: string[]) =>
  ids.length === 0 ? Promise.resolve([]) : ctx.tx.selectFrom('pages').selectAll().where('id', 'in', ids).orderBy('id').execute();
export const pagesOfIncident = (ctx: Ctx, incidentId: string) =>
  ctx.tx
    .selectFrom('pages')
    .innerJoin('people', 'people.id', 'pages.person_id')
    .selectAll('pages')
    .select(['people.name as person', 'people.display_name as display_name'])
    .where('incident_id', '=', incidentId)
    .orderBy('pages.id')
    .execute();
/** The newest unanswered page of each incident, the newest first: each round asks the same thing again. */
export const unansweredOf = (ctx: Ctx, personId: string, limit: number) =>
  ctx.tx
    .selectFrom((of) =>
      of
        .selectFrom('pages')
        .selectAll()
        .distinctOn('incident_id')
        .where('person_id', '=', personId)
        .where('status', 'in', ['waiting', 'paging', 'unreachable'])
        .where('shadow', '=', false)
        .orderBy('incident_id')
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .as('newest'),
    )
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
/** For how many incidents a message reached out to each person since then, and for how many first between 22:00 and 06:00 of hers. */
export const pagedBetween = async (ctx: Ctx, since: Temporal.Instant) =>
  (
    await sql<{ person_id: string; incidents: number; night_incidents: number }>`
      select person_id, count(*)::int as incidents, count(*) filter (where hour >= 22 or hour < 6)::int as night_incidents
      from (
        select person_id, extract(hour from min(first_sent_at) at time zone min(people.time_zone)) as hour
        from pages join people on people.id = pages.person_id
        where first_sent_at >= ${since} and not pages.shadow
        group by person_id, incident_id
      ) as first_messages
      group by person_id`.execute(ctx.tx)
  ).rows;
/** Each page that a message went out for in a window: whom it paged, and when first. None waits a month for its first message. */
export const sentBetween = (ctx: Ctx, from: Temporal.Instant, to: Temporal.Instant) =>
  ctx.tx
    .selectFrom('pages')
    .innerJoin('people', 'people.id', 'pages.person_id')
    .select(['people.name', 'pages.first_sent_at as at'])
    .where('pages.created_at', '>', from.subtract({ hours: 24 * 31 }))
    .where('pages.created_at', '<', to)
    .where('pages.first_sent_at', '>=', from)
    .where('pages.first_sent_at', '<', to)
    .$narrowType<{ at: Temporal.Instant }>()
    .execute();
export const pagesOfStep = (ctx: Ctx, runId: string, round: number, step: number) =>
  ctx.tx
    .selectFrom('pages')
    .select(['id', 'status', 'person_id'])
    .where('shadow', '=', false)
    .where('run_id', '=', runId)
    .where('round', '=', round)
    .where('step', '=', step)
    .execute();
/** Whether any message for the run left since then. */
export const wasReached = async (ctx: Ctx, runId: string, since: Temporal.Instant): Promise<boolean> =>
  (await ctx.tx
    .selectFrom('pages')
    .select('id')
    .where('run_id', '=', runId)
    .where('shadow', '=', false)
    .where('first_sent_at', '>', since)
    .limit(1)
    .executeTakeFirst()) !== undefined;
export const waitingPages = (ctx: Ctx, personId: string) =>
  ctx.tx
    .selectFrom('pages')
    .selectAll()
    .where('person_id', '=', personId)
    .where('status', '=', 'waiting')
    // The most urgent, then the oldest, carries the message of all.
    .orderBy((eb) => eb('urgency', '=', 'low'))
    .orderBy('created_at')
    .orderBy(sql`about->>'number'`)
    .forUpdate()
    .execute();
/** Those of these people whose pages wait though no page of theirs is unanswered any more. */
export const freed = async (ctx: Ctx, personIds: string[]): Promise<string[]> => {
  const { rows } = await sql<{ person_id: string }>`
    select person_id from pages where person_id = any(${personIds}::uuid[]) and status in ('waiting', 'paging')
    group by person_id having bool_and(status = 'waiting') order by person_id`.execute(ctx.tx);
  return rows.map((row) => row.person_id);
};
export const setPaging = (ctx: Ctx, ids: string[]) =>
  ctx.tx
    .updateTable('pages')
    .set({ status: 'paging', waiting_because: null })
    .where('id', 'in', ids)
    .where('status', '=', 'waiting')
    .execute();
export const setUnreachable = (ctx: Ctx, id: string) =>
  ctx.tx
    .updateTable('pages')
    .set({ status: 'unreachable' })
    .where('id', '=', id)
    .where('status', '=', 'paging')
    .returning('id')
    .executeTakeFirst();
export const setFirstSent = (ctx: Ctx, ids: string[]) =>
  ctx.tx
    .updateTable('pages')
    .set((eb) => ({
      first_sent_at: ctx.now,
      status: eb.case().when('status', '=', 'unreachable').then('paging').else(eb.ref('status')).end(),
    }))
    .where('id', 'in', ids)
    .where('first_sent_at', 'is', null)
    .execute();
/** Ends every open page of an incident; those of the person who answered say so. Returns those ended. */
export const endPages = (ctx: Ctx, incidentId: string, reason: string, answeredBy: string | undefined) =>
  ctx.tx
    .updateTable('pages')
    .set((eb) => ({
      status: answeredBy ? eb.case().when('person_id', '=', answeredBy).then('answered').else('ended').end() : eb.val('ended'),
      ended_at: ctx.now,
      end_reason: reason,
    }))
    .where('incident_id', '=', incidentId)
    .where('status', 'in', ['waiting', 'paging', 'unreachable'])
    .returning(['id', 'person_id'])
    .execute();

export const openPagesOf = (ctx: Ctx, personId: string) =>
  ctx.tx
    .selectFrom('pages')
    .selectAll()
    .where('person_id', '=', personId)
    .where('status', 'in', ['waiting', 'paging', 'unreachable'])
    .orderBy('id')
    .execute();
/** Ends every open page of a person, of whatever incident. Returns those ended. */
export const endPagesOf = (ctx: Ctx, personId: string, reason: string) =>
  ctx.tx
    .updateTable('pages')
    .set({ status: 'ended', ended_at: ctx.now, end_reason: reason })
    .where('person_id', '=', personId)
    .where('status', 'in', ['waiting', 'paging', 'unreachable'])
    .returningAll()
    .execute();

// ---- deliveries

export type NewDelivery = {
  id: string;
  page_id: string;
  person_id: string;
  method_id: string | null;
  channel: string;
  address: string;
  bundle: string[];
  /** The vendors that failed for it already. */
  tried: string[];
};
export const insertDeliveries = async (ctx: Ctx, rows: NewDelivery[]): Promise<void> => {
  await sql`
    insert into deliveries (id, page_id, person_id, method_id, channel, address, bundle, tried, status, not_before, created_at)
    select r.id, r.page_id, r.person_id, r.method_id, r.channel, r.address,
      array(select jsonb_array_elements_text(r.bundle))::uuid[], array(select jsonb_array_elements_text(r.tried)), 'queued', ${ctx.now}, ${ctx.now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, page_id uuid, person_id uuid, method_id uuid, channel text, address text, bundle jsonb, tried jsonb)`.execute(
    ctx.tx,
  );
};
export const deliveryById = (ctx: Ctx, id: string) =>
  ctx.tx.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst();
export const lockDelivery = (ctx: Ctx, id: string) =>
  ctx.tx.selectFrom('deliveries').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
export type DeliveryRow = NonNullable<Awaited<ReturnType<typeof deliveryById>>>;
export const deliveriesOfPages = (ctx: Ctx, pageIds: string[]) =>
  pageIds.length === 0
    ? Promise.resolve([])
    : ctx.tx.selectFrom('deliveries').selectAll().where('page_id', 'in', pageIds).orderBy('id').execute();
/** Pages that one message to the person spoke of together with this one; the message's own page among them. */
export const bundledWith = async (ctx: Ctx, page: { id: string; person_id: string }): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select distinct unnest(bundle || page_id) as id from deliveries
    where person_id = ${page.person_id} and bundle <> '{}' and (page_id = ${page.id} or ${page.id} = any(bundle))
      and address in (select address from contact_methods where person_id = ${page.person_id}
        union all select email from people where id = ${page.person_id})`.execute(ctx.tx);
  return rows.map((row) => row.id).filter((id) => id !== page.id);
};
export const lastDeliveryTo = (ctx: Ctx, channels: string[], address: string) =>
  ctx.tx
    .selectFrom('deliveries')
    .selectAll()
    .where('channel', 'in', channels)
    .where('address', '=', address)
    .where('sent_at', '>', ctx.now.subtract({ hours: 72 }))
    .orderBy('id', 'desc')
    .executeTakeFirst();
type DeliveryChange = Partial<{
  status: 'queued' | 'sending' | 'sent' | 'delivered' | 'failed' | 'cancelled';
  attempt: number;
  not_before: Temporal.Instant;
  queued_because: string | null;
  provider_id: string | null;
  error: string | null;
  sending_since: Temporal.Instant | null;
  sent_at: Temporal.Instant;
  receipt_at: Temporal.Instant;
  vendor: string | null;
}>;
/** Messages of the last hour that a provider took and that speak for any of these pages; nothing rings for longer. */
export const sentFor = (ctx: Ctx, pageIds: string[], channels: string[]) =>
  ctx.tx
    .selectFrom('deliveries')
    .select('id')
    .where('id', '>', sql<string>`uuid_at(now() - interval '1 hour')`)
    .where('channel', 'in', channels)
    .where('status', 'in', ['sent', 'delivered'])
    .where('provider_id', 'is not', null)
    .where((eb) => eb.or([eb('page_id', 'in', pageIds), sql<boolean>`bundle && ${pageIds}::uuid[]`]))
    .execute();
/** The same for three days, about any page of these incidents. */
export const sentAbout = async (ctx: Ctx, incidentIds: string[], channels: string[]): Promise<{ id: string }[]> =>
  (
    await sql<{ id: string }>`
      with about as (select id from pages where incident_id = any(${incidentIds}::uuid[]))
      select id from deliveries
      where id > uuid_at(now() - interval '3 days') and channel = any(${channels}::text[]) and status in ('sent', 'delivered')
        and provider_id is not null and (page_id in (select id from about) or bundle && array(select id from about))
      order by id`.execute(ctx.tx)
  ).rows;
export const setDelivery = (ctx: Ctx, id: string, change: DeliveryChange) =>
  ctx.tx.updateTable('deliveries').set(change).where('id', '=', id).execute();
export const cancelDeliveries = (ctx: Ctx, pageIds: string[]) =>
  ctx.tx
    .updateTable('deliveries')
    .set({ status: 'cancelled', queued_because: null })
    .where('page_id', 'in', pageIds)
    .where('status', '=', 'queued')
    // A message that also speaks for another incident's page still has to go.
    .where('bundle', '=', sql<string[]>`'{}'::uuid[]`)
    .execute();

/** What waits to go to the same address by another vendor need not any more: this one delivered after all. */
export const cancelStandIns = (ctx: Ctx, row: DeliveryRow) =>
  ctx.tx
    .updateTable('deliveries')
    .set({ status: 'cancelled', queued_because: null })
    .where('page_id', '=', row.page_id)
    .where('channel', '=', row.channel)
    .where('address', '=', row.address)
    .where('status', '=', 'queued')
    .where(sql<boolean>`${row.vendor} = any(tried)`)
    .execute();

/** Takes the next free moment of a channel that may send `perMinute`; the moment is now or later. */
export const takeSlot = async (ctx: Ctx, channel: string, perMinute: number): Promise<Temporal.Instant> => {
  const gap = `${60_000 / perMinute} milliseconds`;
  const { rows } = await sql<{ slot: Temporal.Instant }>`
    insert into channel_slots (channel, next_free_at) values (${channel}, ${ctx.now}::timestamptz + ${gap}::interval)
    on conflict (channel) do update set next_free_at = greatest(channel_slots.next_free_at, ${ctx.now}) + ${gap}::interval
    returning next_free_at - ${gap}::interval as slot`.execute(ctx.tx);
  return (rows[0] as { slot: Temporal.Instant }).slot;
};

/** Messages that should have left long ago: their job was lost or died with its worker. */
export const stuckDeliveries = (ctx: Ctx, seconds: number) => {
  const before = ctx.now.subtract({ seconds });
  return ctx.tx
    .selectFrom('deliveries')
    .select('id')
    .where('id', '>', sql<string>`uuid_at(now() - interval '3 days')`)
    .where((eb) =>
      eb.or([
        eb.and([eb('status', '=', 'queued'), eb('not_before', '<', before)]),
        eb.and([eb('status', '=', 'sending'), eb('sending_since', '<', before)]),
      ]),
    )
    .limit(500)
    .execute();
};

/** Pages whose wait is long over: what should have woken them was lost. */
export const overslept = (ctx: Ctx, seconds: number) =>
  ctx.tx
    .selectFrom('pages')
    .select('id')
    .where('status', '=', 'waiting')
    .where('wake_at', '<', ctx.now.subtract({ seconds }))
    .limit(500)
    .execute();

/** Sends that a killed process left half done. */
export const resetSending = (ctx: Ctx) =>
  ctx.tx
    .updateTable('deliveries')
    .set({ status: 'queued', sending_since: null })
    .where('status', '=', 'sending')
    .returning('id')
    .execute();

/** A vendor that just failed is known to be down until it takes a message, or the next look at it. */
export const noteDown = (ctx: Ctx, channel: string, vendor: string, problem: string) =>
  ctx.tx
    .insertInto('channel_health')
    .values({ channel, vendor, problem, checked_at: ctx.now })
    .onConflict((conflict) =>
      conflict
        .columns(['channel', 'vendor'])
        .doUpdateSet({ problem, checked_at: ctx.now })
        .where('channel_health.problem', 'is', null),
    )
    .execute();
export const noteUp = (ctx: Ctx, channel: string, vendor: string) =>
  ctx.tx
    .updateTable('channel_health')
    .set({ problem: null, checked_at: ctx.now })
    .where('channel', '=', channel)
    .where('vendor', '=', vendor)
    .where('problem', 'is not', null)
    .execute();
/** The vendors of a channel that are known to be down. */
export const vendorsDown = async (ctx: Ctx, channel: string): Promise<string[]> => {
  const rows = await ctx.tx
    .selectFrom('channel_health')
    .select('vendor')
    .where('channel', '=', channel)
    .where('problem', 'is not', null)
    .execute();
  return rows.map((row) => row.vendor);
};
export const saveHealth = async (
  ctx: Ctx,
  rows: { channel: string; vendor: string; problem: string | null }[],
): Promise<void> => {
  await ctx.tx.deleteFrom('channel_health').execute();
  if (rows.length > 0)
    await ctx.tx
      .insertInto('channel_health')
      .values(rows.map((row) => ({ ...row, checked_at: ctx.now })))
      .execute();
};
export const health = (ctx: Ctx) =>
  ctx.tx.selectFrom('channel_health').selectAll().orderBy('channel').orderBy('vendor').execute();
/** How many active people have a way by each channel. */
export const peopleByChannel = async (ctx: Ctx): Promise<Map<string, number>> => {
  const { rows } = await sql<{ channel: string; people: number }>`
    select m.channel, count(distinct p.id)::int as people from contact_methods m join people p on p.id = m.person_id
    where p.active and m.disabled_reason is null group by m.channel`.execute(ctx.tx);
  return new Map(rows.map((row) => [row.channel, row.people]));
};
