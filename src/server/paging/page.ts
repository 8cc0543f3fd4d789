import { randomUUID } from 'node:crypto';
import { tell } from '../channels/words/words.ts';
import { peopleByIds } from '../identity/actions.ts';
import { journal } from '../journal/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { newId } from '../platform/id.ts';
import { quietUntil, ruleSteps, waysFor } from './rules.ts';
import { readSettings } from './settings.ts';
import * as store from './store.ts';
import type { PageRequest } from './types.ts';

/** Entries written by one statement: PostgreSQL takes 65,535 parameters. */
const JOURNALLED = 5000;
/** An unanswered page older than this no longer holds others back. */
const BUNDLE_MEMORY = { minutes: 10 };
/** First pages before repeats, and those of one step in the order given: the gap is wider than a step has people. */
export const DELIVERY_PRIORITY = { first: 1_000_000, repeat: 0 };

/**
 * Pages people for an incident, in the caller's transaction: one row a person, one a message, the least
 * recently paged person first. A page may wait (quiet hours, bundling) and says why. Safe to repeat for
 * the same run, round and step. Returns how many people it found a way to page.
 */
export const page = async (ctx: Ctx, request: PageRequest): Promise<number> => {
  const ids = [...new Set(request.people.map((one) => one.person_id))];
  if (ids.length === 0) return 0;
  const people = await peopleByIds(ctx, ids);
  const loads = await store.load(
    ctx,
    ids,
    request.incident_id,
    ctx.now.subtract(BUNDLE_MEMORY),
    request.urgency === 'high' ? ['high'] : ['high', 'low'],
  );
  const settings = await readSettings(ctx);
  const loadOf = new Map(loads.map((row) => [row.person_id, row]));
  const lastPaged = (id: string) => loadOf.get(id)?.last_paged_at?.epochMilliseconds ?? 0;
  const asked = new Map(request.people.map((one) => [one.person_id, one]));
  const absent = people.filter((person) => !person.active);
  if (absent.length > 0)
    await journal(
      ctx,
      ...absent.map((person) => ({
        type: 'page.skipped',
        subject: { type: 'incident' as const, id: request.incident_id },
        text: `${person.display_name} was not paged: deactivated`,
        data: { person: person.name },
      })),
    );

  const reached: store.NewPage[] = [];
  for (const person of people.filter((one) => one.active).sort((a, b) => lastPaged(a.id) - lastPaged(b.id))) {
    const load = loadOf.get(person.id);
    const { why, shadow } = asked.get(person.id) ?? {};
    const urgency = shadow === 'quiet' ? 'low' : request.urgency;
    const quiet = quietUntil(person.quiet_hours, person.time_zone, urgency, ctx.now);
    const bundled = settings.bundle_seconds > 0 && (load?.unanswered ?? 0) > 0;
    const bundleAt = (load?.last_sent_at ?? ctx.now).add({ seconds: settings.bundle_seconds });
    const wakeAt = quiet ?? (bundled ? (Temporal.Instant.compare(bundleAt, ctx.now) > 0 ? bundleAt : ctx.now) : undefined);
    const id = randomUUID();
    reached.push({
      id,
      incident_id: request.incident_id,
      service_id: request.service_id,
      run_id: request.run_id,
      step: request.step,
      round: request.round,
      person_id: person.id,
      urgency,
      about: JSON.stringify(request.about),
      reason: why ? tell('en', why) : '',
      why: why ? JSON.stringify(why) : null,
      shadow: shadow !== undefined,
      status: wakeAt ? 'waiting' : 'paging',
      wake_at: wakeAt ?? null,
      waiting_because: quiet
        ? `quiet hours until ${quiet.toString({ smallestUnit: 'minute' })}`
        : wakeAt
          ? `bundled: ${load?.unanswered} unanswered page${load?.unanswered === 1 ? '' : 's'} already, goes by ${wakeAt.toString({ smallestUnit: 'second' })} at the latest`
          : null,
    });
  }
  if (reached.length === 0) return 0;

  const made = new Map((await store.insertPages(ctx, reached)).map((row) => [row.person_id, row.id]));
  const fresh = reached.flatMap((page) => {
    const id = made.get(page.person_id);
    return id ? [{ ...page, id }] : [];
  });
  if (fresh.length === 0) return reached.length;
  const names = new Map(people.map((person) => [person.id, person]));
  for (let first = 0; first < fresh.length; first += JOURNALLED)
    await journal(
      ctx,
      ...fresh.slice(first, first + JOURNALLED).map((page) => ({
        type: page.status === 'waiting' ? 'page.waiting' : 'page.started',
        subject: { type: 'incident' as const, id: request.incident_id },
        text: `${names.get(page.person_id)?.display_name}: ${page.waiting_because ?? page.reason}`,
        data: {
          page: page.id,
          person: names.get(page.person_id)?.name,
          reason: page.reason,
          waiting_because: page.waiting_because,
        },
      })),
    );
  await ctx.enqueue(
    'paging.waiting_over',
    fresh.flatMap(({ id, wake_at }) => (wake_at ? [{ data: { page_id: id }, at: wake_at }] : [])),
  );
  const now = fresh.filter((page) => page.status === 'paging');
  await startDeliveries(
    ctx,
    now,
    (request.round ?? 0) > 0 ? DELIVERY_PRIORITY.repeat : DELIVERY_PRIORITY.first,
    settings.unreached_after_seconds,
  );
  return reached.length;
};

type Started = { id: string; person_id: string; urgency: string; shadow: boolean; bundle?: string[] };

/** Writes the messages due at once and the timers of the later ones. */
const startDeliveries = async (ctx: Ctx, pages: Started[], priority: number, unreachedAfter: number): Promise<void> => {
  if (pages.length === 0) return;
  const ids = pages.map((one) => one.person_id);
  const people = await peopleByIds(ctx, ids);
  const methods = await store.methodRows(ctx, ids);
  const rules = await store.ruleRows(ctx, ids);
  const deliveries: store.NewDelivery[] = [];
  const timers: { data: { page_id: string; index: number }; at: Temporal.Instant }[] = [];
  for (const one of pages) {
    const person = people.find((row) => row.id === one.person_id);
    if (!person) continue;
    const usable = waysFor(one, methods.filter((row) => row.person_id === one.person_id).map(store.methodOf), person.email);
    const steps = ruleSteps(
      rules.filter((row) => row.person_id === one.person_id && row.urgency === one.urgency),
      usable,
      one.urgency as 'high' | 'low',
    );
    steps.forEach((step, index) => {
      // The first step always goes at once: a rule that only begins later must not delay the page.
      if (index === 0 || step.after_seconds === 0)
        for (const method of step.methods)
          deliveries.push({
            id: deliveryId(),
            page_id: one.id,
            person_id: one.person_id,
            method_id: method.id,
            channel: method.channel,
            address: method.address,
            bundle: one.bundle ?? [],
            tried: [],
          });
      else timers.push({ data: { page_id: one.id, index }, at: ctx.now.add({ seconds: step.after_seconds }) });
    });
  }
  await store.insertDeliveries(ctx, deliveries);
  const ranks = new Map(pages.map((page, index) => [page.id, pages.length - index]));
  await ctx.enqueue(
    'paging.deliver',
    deliveries.map((row) => ({ data: { delivery_id: row.id }, priority: priority + (ranks.get(row.page_id) ?? 0) })),
  );
  await ctx.enqueue('paging.rule_due', timers);
  const deadline = ctx.now.add({ seconds: unreachedAfter });
  await ctx.enqueue(
    'paging.unreached_due',
    pages.map((one) => ({ data: { page_id: one.id }, at: deadline })),
  );
};

/** Ids that begin with their time: the table is partitioned by it. */
const deliveryId = (): string => newId();

/** The person's later rule came: call after three minutes, say. Nothing when the page is over or those methods were used. */
export const ruleDue = async (ctx: Ctx, { page_id, index }: { page_id: string; index: number }): Promise<void> => {
  const row = await store.lockPage(ctx, page_id);
  if (!row) return;
  const before = await store.deliveriesOfPages(ctx, [page_id]);
  const bundle = await openBundle(ctx, before);
  if (!isOpen(row) && bundle.length === 0) return;
  const [person] = await peopleByIds(ctx, [row.person_id]);
  if (!person?.active) return;
  const methods = await store.methodRows(ctx, [row.person_id]);
  const rules = await store.ruleRows(ctx, [row.person_id]);
  const usable = waysFor(row, methods.map(store.methodOf), person.email);
  const step = ruleSteps(
    rules.filter((rule) => rule.urgency === row.urgency),
    usable,
    row.urgency as 'high' | 'low',
  )[index];
  if (!step) return;
  // A method that failed over to early has been used; a rule may still repeat one that went before, such as mail again.
  const failedOver = new Set(before.filter((one) => one.status === 'failed').map((one) => one.method_id));
  await addDeliveries(
    ctx,
    row,
    step.methods.filter((method) => !failedOver.has(method.id)),
    bundle,
  );
};

export const isOpen = (page: { status: string }): boolean => page.status === 'paging' || page.status === 'unreachable';

/** The other pages that messages of a page speak for and that still want an answer. */
export const openBundle = async (ctx: Ctx, deliveries: { bundle: string[] }[]): Promise<string[]> => {
  const ids = [...new Set(deliveries.flatMap((row) => row.bundle))];
  const open = new Set((await store.pagesByIds(ctx, ids)).filter(isOpen).map((page) => page.id));
  return ids.filter((id) => open.has(id));
};

/** More messages for a page that is under way, and for those bundled with it. `tried`: vendors that failed for them already. */
export const addDeliveries = async (
  ctx: Ctx,
  row: store.PageRow,
  methods: { id: string | null; channel: string; address: string }[],
  bundle: string[],
  tried: string[] = [],
): Promise<void> => {
  if (methods.length === 0) return;
  const rows = methods.map((method) => ({
    id: deliveryId(),
    page_id: row.id,
    person_id: row.person_id,
    method_id: method.id,
    channel: method.channel,
    address: method.address,
    bundle,
    tried,
  }));
  await store.insertDeliveries(ctx, rows);
  await ctx.enqueue(
    'paging.deliver',
    rows.map((one) => ({ data: { delivery_id: one.id }, priority: DELIVERY_PRIORITY.first })),
  );
};

/** Quiet hours or the bundling wait are over: everything of hers that waits for the same reason goes in one message. */
export const waitingOver = async (ctx: Ctx, { page_id }: { page_id: string }): Promise<void> => {
  const row = await store.pageById(ctx, page_id);
  if (row?.status === 'waiting') await releaseWaiting(ctx, row.person_id);
};

/** Sends what waits for a person now, as one message; pages still in her quiet hours go on waiting. */
export const releaseWaiting = async (ctx: Ctx, personId: string): Promise<void> => {
  const [person] = await peopleByIds(ctx, [personId]);
  const waiting = (await store.waitingPages(ctx, personId)).filter(
    (row) => !person || !quietUntil(person.quiet_hours, person.time_zone, row.urgency as 'high' | 'low', ctx.now),
  );
  const [carrier, ...others] = waiting;
  if (!carrier) return;
  await store.setPaging(
    ctx,
    waiting.map((row) => row.id),
  );
  const urgency = waiting.some((row) => row.urgency === 'high') ? 'high' : 'low';
  const settings = await readSettings(ctx);
  await startDeliveries(
    ctx,
    [
      {
        id: carrier.id,
        person_id: personId,
        urgency,
        shadow: waiting.every((row) => row.shadow),
        bundle: others.map((row) => row.id),
      },
    ],
    DELIVERY_PRIORITY.first,
    settings.unreached_after_seconds,
  );
};
