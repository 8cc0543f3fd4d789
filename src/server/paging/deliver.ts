import type { ChannelName, Message, Receipt, SendResult } from '../channels/types.ts';
import { type PersonRow, peopleByIds } from '../identity/actions.ts';
import { journal } from '../journal/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { readLink, signLink } from '../platform/links.ts';
import { addDeliveries, DELIVERY_PRIORITY, isOpen, openBundle, releaseWaiting } from './page.ts';
import { stopRinging } from './ringing.ts';
import { localAndUtc, retryDelay, shortText, shownSeverity, tellingLabels, usableMethods } from './rules.ts';
import { sendBy } from './send.ts';
import { providerOf, readSettings } from './settings.ts';
import * as store from './store.ts';

/** How long a half-done send belongs to the process that began it. */
const SENDING_LEASE_MS = 12_000;
const LINK_LIFE = { hours: 72 };

type Prepared = { delivery: store.DeliveryRow; provider: ReturnType<typeof providerOf>; message: Message };

/**
 * One message through one provider: prepare in a transaction, send outside any, record in another. A
 * process killed between send and record sends once more, under the same idempotency key.
 */
export const deliver = async (outside: Outside, { delivery_id }: { delivery_id: string }): Promise<void> => {
  const prepared = await outside.transaction((ctx) => prepare(ctx, delivery_id));
  if (!prepared) return;
  const { delivery, message } = prepared;
  if (delivery.attempt === 1)
    outside.metrics.pageSeconds.observe(
      { channel: delivery.channel },
      (outside.now().epochMilliseconds - delivery.created_at.epochMilliseconds) / 1000,
    );
  const result = await sendBy(outside, prepared.provider, delivery.channel as ChannelName, delivery.address, message);
  outside.metrics.sends.inc({ channel: delivery.channel, outcome: result.outcome });
  await outside.transaction((ctx) => record(ctx, delivery_id, delivery.attempt, result));
};

const prepare = async (ctx: Ctx, id: string): Promise<Prepared | undefined> => {
  const row = await store.lockDelivery(ctx, id);
  if (!row || (row.status !== 'queued' && row.status !== 'sending')) return undefined;
  if (row.status === 'sending' && row.sending_since) {
    const free = row.sending_since.add({ milliseconds: SENDING_LEASE_MS });
    if (Temporal.Instant.compare(free, ctx.now) > 0) {
      await ctx.enqueue('paging.deliver', [{ data: { delivery_id: id }, at: free }]);
      return undefined;
    }
  }
  // A retry's job may come while another one, written later, is still due: the row's own time decides.
  if (Temporal.Instant.compare(row.not_before, ctx.now.add({ milliseconds: 5 })) > 0) {
    await ctx.enqueue('paging.deliver', [{ data: { delivery_id: id }, at: row.not_before }]);
    return undefined;
  }
  const ids = [row.page_id, ...row.bundle];
  const open = (await store.pagesByIds(ctx, ids)).filter(isOpen).sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
  const [first] = open;
  if (!first) {
    await store.setDelivery(ctx, id, { status: 'cancelled', queued_because: null });
    return undefined;
  }
  const [person] = await peopleByIds(ctx, [row.person_id]);
  if (!person?.active) {
    await store.setDelivery(ctx, id, { status: 'cancelled', queued_because: null });
    await unreachable(ctx, first, `${person?.display_name} is deactivated`);
    return undefined;
  }
  const settings = await readSettings(ctx);
  const perMinute = settings.throttle[row.channel as keyof typeof settings.throttle];
  if (perMinute && row.queued_because === null) {
    const slot = await store.takeSlot(ctx, row.channel, perMinute);
    if (Temporal.Instant.compare(slot, ctx.now) > 0) {
      const because = `${row.channel} may send ${perMinute} a minute`;
      await store.setDelivery(ctx, id, { not_before: slot, queued_because: because });
      await journal(ctx, {
        type: 'delivery.queued',
        subject: { type: 'incident', id: first.incident_id },
        text: `${person.display_name} by ${row.channel}: queued because ${because}, until ${slot.toString({ smallestUnit: 'second' })}`,
        data: { delivery: id, page: first.id, channel: row.channel, until: slot, why: because },
      });
      await ctx.enqueue('paging.deliver', [{ data: { delivery_id: id }, at: slot }]);
      return undefined;
    }
  }
  const attempt = row.attempt + 1;
  await store.setDelivery(ctx, id, { status: 'sending', attempt, sending_since: ctx.now, queued_because: null });
  return {
    delivery: { ...row, attempt },
    provider: providerOf(settings, row.channel as ChannelName),
    message: compose(ctx, row, person, open),
  };
};

const compose = (ctx: Ctx, row: store.DeliveryRow, person: PersonRow, pages: store.PageRow[]): Message => {
  const [first, ...others] = pages as [store.PageRow, ...store.PageRow[]];
  // Counted from when the message was written: a copy sent after a crash has the same Message-ID and links.
  const expires = row.created_at.add(LINK_LIFE);
  const link = `${ctx.publicUrl}/p/${signLink(ctx.secret, 'page', first.id, expires)}`;
  const back = signLink(ctx.secret, 'delivery', row.id, expires);
  const about = first.about;
  return {
    kind: 'page',
    idempotencyKey: row.id,
    replyToken: back,
    callbackUrl: `${ctx.publicUrl}/answer/${row.channel}/${back}`,
    // A message about several incidents takes the place of none about one of them.
    thread: pages
      .map((page) => page.incident_id)
      .toSorted()
      .join(' '),
    subject: others.length > 0 ? `${about.number} ${about.title} and ${others.length} more` : `${about.number} ${about.title}`,
    short: shortText(
      pages.map((page) => page.about),
      person.time_zone,
    ),
    facts: [
      { label: 'Service', value: about.service },
      { label: 'Since', value: localAndUtc(Temporal.Instant.from(about.opened_at), person.time_zone) },
      ...tellingLabels(about.labels ?? {}).map(([label, value]) => ({ label, value })),
      { label: 'Why you', value: first.reason },
      ...(about.links ?? []).slice(0, 3).map((link) => ({ label: link.text || 'Link', value: link.href })),
      ...others.map((page) => ({ label: 'Also', value: `${page.about.number} ${page.about.title} (${page.about.service})` })),
    ],
    severity: shownSeverity(about.severity),
    urgency: pages.some((page) => page.urgency === 'high') ? 'high' : 'low',
    actionUrl: link,
    actions: (['Acknowledge', 'Escalate', 'Resolve'] as const).map((label) => ({ label, url: `${link}/${label.toLowerCase()}` })),
    locale: person.locale,
  };
};

const record = async (ctx: Ctx, id: string, attempt: number, result: SendResult): Promise<void> => {
  const row = await store.lockDelivery(ctx, id);
  // Someone else took over a send that looked dead, or a receipt overtook the answer.
  if (row?.status !== 'sending' || row.attempt !== attempt) return;
  const page = await store.pageById(ctx, row.page_id);
  if (!page) return;
  const say = (type: string, text: string, data: Record<string, unknown>) =>
    journal(ctx, {
      type,
      subject: { type: 'incident', id: page.incident_id },
      text,
      data: { delivery: id, page: page.id, channel: row.channel, attempt, ...data },
    });
  const [person] = await peopleByIds(ctx, [row.person_id]);
  const who = `${person?.display_name} by ${row.channel}`;
  if (result.outcome === 'sent') {
    await store.setDelivery(ctx, id, {
      status: result.receipts ? 'sent' : 'delivered',
      provider_id: result.providerId ?? null,
      sent_at: ctx.now,
      error: null,
      sending_since: null,
    });
    await store.setFirstSent(ctx, [row.page_id, ...row.bundle]);
    // Somebody answered while it was on its way: it must not ring on.
    if (!isOpen(page)) await stopRinging(ctx, [row.page_id]);
    await say('delivery.sent', `Sent to ${who}${result.advice ? `; ${result.advice}` : ''}`, { provider_id: result.providerId });
    return;
  }
  const wait = result.outcome === 'retry' ? retryDelay(attempt, result.afterMs) : undefined;
  if (wait !== undefined) {
    const at = ctx.now.add({ milliseconds: wait });
    await store.setDelivery(ctx, id, {
      status: 'queued',
      not_before: at,
      error: result.reason,
      sending_since: null,
      queued_because: `try ${attempt} failed: ${result.reason}`,
    });
    await ctx.enqueue('paging.deliver', [{ data: { delivery_id: id }, at, priority: DELIVERY_PRIORITY.first }]);
    await say('delivery.retried', `${who} failed, trying again: ${result.reason}`, { reason: result.reason });
    return;
  }
  if (result.outcome === 'refused' && result.gone && row.method_id) await store.disableMethod(ctx, row.method_id, result.reason);
  await failed(ctx, row, page, result.reason);
};

/** A message did not arrive: the next unused method at once; without one, the next person. */
const failed = async (ctx: Ctx, row: store.DeliveryRow, page: store.PageRow, reason: string): Promise<void> => {
  await store.setDelivery(ctx, row.id, { status: 'failed', error: reason, sending_since: null, queued_because: null });
  const [person] = await peopleByIds(ctx, [row.person_id]);
  await journal(ctx, {
    type: 'delivery.failed',
    subject: { type: 'incident', id: page.incident_id },
    text: `${person?.display_name} by ${row.channel} failed: ${reason}`,
    data: { delivery: row.id, page: page.id, channel: row.channel, reason },
  });
  const locked = await store.lockPage(ctx, page.id);
  const before = await store.deliveriesOfPages(ctx, [page.id]);
  const bundle = await openBundle(ctx, before);
  if (!person || !locked || (!isOpen(locked) && bundle.length === 0)) return;
  const alive = before.some((one) => one.id !== row.id && ['queued', 'sending', 'sent', 'delivered'].includes(one.status));
  const used = new Set(before.map((one) => `${one.channel} ${one.address}`));
  const next = usableMethods((await store.methodRows(ctx, [row.person_id])).map(store.methodOf), person.email).find(
    (method) => !used.has(`${method.channel} ${method.address}`),
  );
  if (next) {
    await addDeliveries(ctx, page, [next], bundle);
    await journal(ctx, {
      type: 'delivery.failed_over',
      subject: { type: 'incident', id: page.incident_id },
      text: `${person.display_name}: ${next.channel} instead of ${row.channel}`,
      data: { page: page.id, from: row.channel, to: next.channel },
    });
  } else if (!alive) await unreachable(ctx, page, `every way to reach ${person.display_name} failed: ${reason}`);
};

/** No message of this page arrives: it and those bundled with it go to the next person, and what waits for her waits no longer. */
const unreachable = async (ctx: Ctx, page: store.PageRow, why: string): Promise<void> => {
  const bundle = await openBundle(ctx, await store.deliveriesOfPages(ctx, [page.id]));
  for (const one of [page, ...(await store.pagesByIds(ctx, bundle))]) await giveUp(ctx, one, why);
  await releaseWaiting(ctx, page.person_id);
};
const giveUp = async (ctx: Ctx, page: store.PageRow, why: string): Promise<void> => {
  if (!(await store.setUnreachable(ctx, page.id))) return;
  await journal(ctx, {
    type: 'page.unreachable',
    subject: { type: 'incident', id: page.incident_id },
    text: why,
    data: { page: page.id },
  });
  await ctx.emit('page.unreachable', {
    incident_id: page.incident_id,
    run_id: page.run_id,
    round: page.round,
    step: page.step,
    person_id: page.person_id,
    why,
  });
};

/** Half a minute after a page began: if no provider has taken any message, the next person should not wait. */
export const unreachedDue = async (ctx: Ctx, { page_id }: { page_id: string }): Promise<void> => {
  const page = await store.lockPage(ctx, page_id);
  if (!page || page.first_sent_at) return;
  const deliveries = await store.deliveriesOfPages(ctx, [page_id]);
  if (page.status !== 'paging' && (await openBundle(ctx, deliveries)).length === 0) return;
  // Held back by our own speed limit is no failure of the provider: it will go, so look again later.
  if (deliveries.length > 0 && deliveries.every((one) => one.status === 'queued' && one.attempt === 0 && one.queued_because)) {
    const { unreached_after_seconds } = await readSettings(ctx);
    await ctx.enqueue('paging.unreached_due', [{ data: { page_id }, at: ctx.now.add({ seconds: unreached_after_seconds }) }]);
    return;
  }
  const [person] = await peopleByIds(ctx, [page.person_id]);
  const last =
    deliveries.findLast((one) => one.error)?.error ??
    deliveries.find((one) => one.queued_because)?.queued_because ??
    'no provider answered';
  await unreachable(ctx, page, `no message to ${person?.display_name} has left yet (${last})`);
};

/** A provider's later word on a message: delivered, or not, which fails over like a refused one. */
const receipt = async (ctx: Ctx, deliveryId: string, word: Receipt): Promise<void> => {
  const row = await store.lockDelivery(ctx, deliveryId);
  if (!row || !['sending', 'sent', 'delivered'].includes(row.status)) return;
  const page = await store.pageById(ctx, row.page_id);
  if (!page) return;
  if (word.state === 'failed') {
    if (row.receipt_at && row.status === 'delivered') return;
    await store.setDelivery(ctx, row.id, { receipt_at: ctx.now, provider_id: word.providerId });
    await failed(ctx, row, page, word.reason ?? 'the provider could not deliver it');
    return;
  }
  if (row.receipt_at) return;
  await store.setDelivery(ctx, row.id, { status: 'delivered', receipt_at: ctx.now, provider_id: word.providerId });
  await store.setFirstSent(ctx, [row.page_id, ...row.bundle]);
  await journal(ctx, {
    type: 'delivery.delivered',
    subject: { type: 'incident', id: page.incident_id },
    text: `${row.channel} delivered`,
    data: { delivery: row.id, page: page.id, provider_id: word.providerId },
  });
};

/** The same, for a callback address that carries the message's token. An expired or foreign token is ignored. */
export const receiptOfToken = async (ctx: Ctx, token: string, word: Receipt): Promise<void> => {
  const link = readLink(ctx.secret, 'delivery', token, ctx.now);
  if (link && !link.expired) await receipt(ctx, link.id, word);
};

/** At a start that is alone on its database: what a killed process left half sent goes again, at once. */
export const recover = async (ctx: Ctx): Promise<number> => {
  const rows = await store.resetSending(ctx);
  await ctx.enqueue(
    'paging.deliver',
    rows.map((row) => ({ data: { delivery_id: row.id }, priority: DELIVERY_PRIORITY.first })),
  );
  return rows.length;
};

/** The auditor's repair: messages and waiting pages that are overdue get a job again. Returns how many. */
export const repairStuck = async (ctx: Ctx, graceSeconds: number): Promise<number> => {
  const asleep = await store.overslept(ctx, graceSeconds);
  await ctx.enqueue(
    'paging.waiting_over',
    asleep.map((row) => ({ data: { page_id: row.id } })),
  );
  const rows = await store.stuckDeliveries(ctx, graceSeconds);
  await ctx.enqueue(
    'paging.deliver',
    rows.map((row) => ({ data: { delivery_id: row.id }, priority: DELIVERY_PRIORITY.first })),
  );
  return rows.length + asleep.length;
};
