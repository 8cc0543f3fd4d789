import type { ChannelName, Message, SendResult } from '../channels/types.ts';
import { hasVendors } from '../channels/vendors.ts';
import { peopleByIds } from '../identity/actions.ts';
import { journal } from '../journal/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { compose } from './compose.ts';
import { failed, unreachable } from './fail-over.ts';
import { DELIVERY_PRIORITY, isOpen } from './page.ts';
import { stopRinging } from './ringing.ts';
import { retryDelay } from './rules.ts';
import { sendBy } from './send.ts';
import { type Provider, providersOf, readSettings } from './settings.ts';
import * as store from './store.ts';
import { by, providersLeft } from './vendors.ts';
import { unusedWording } from './wording.ts';

/** How long a half-done send belongs to the process that began it. */
const SENDING_LEASE_MS = 12_000;
/** How long a vendor may ask to be left alone while another one could be asked instead. */
const PATIENCE_MS = 3000;

type Prepared = { delivery: store.DeliveryRow; provider: Provider; message: Message };

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
  const left = await providersLeft(ctx, settings, row.channel, row.tried);
  const [another] = left.filter((one) => one.vendor !== row.vendor);
  const begun = row.status === 'sending' || (row.attempt > 0 && row.error === null);
  if (begun && row.vendor && another) {
    await failed(ctx, row, first, `it is not known whether ${by(row.channel, row.vendor)} took it: the server was stopped`);
    return undefined;
  }
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
  const provider = left.find((one) => one.vendor === row.vendor) ??
    left[0] ?? { vendor: null, missing: `no ${row.channel} provider is set up` };
  const { vendor } = provider;
  await store.setDelivery(ctx, id, {
    status: 'sending',
    attempt,
    sending_since: ctx.now,
    queued_because: null,
    vendor,
    // While a vendor is being asked, an error is none of this try's: what stops the server now leaves it unknown.
    ...(vendor ? { error: null } : {}),
  });
  const told = { own: settings.wording, channel: row.channel as ChannelName, locale: person.locale };
  if (attempt === 1)
    for (const problem of unusedWording(told, 'page'))
      await journal(ctx, {
        type: 'delivery.wording_unused',
        subject: { type: 'incident', id: first.incident_id },
        text: `${person.display_name} by ${row.channel}: worded as usual, because this installation’s own wording cannot be used (${problem})`,
        data: { delivery: id, page: first.id, channel: row.channel, problem },
      });
  return {
    delivery: { ...row, attempt },
    provider,
    message: compose(ctx, row, person, open, settings.wording),
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
      data: { delivery: id, page: page.id, channel: row.channel, vendor: row.vendor, attempt, ...data },
    });
  const [person] = await peopleByIds(ctx, [row.person_id]);
  const who = `${person?.display_name} by ${by(row.channel, row.vendor)}`;
  const channel = row.channel as ChannelName;
  const settings = row.vendor ? await readSettings(ctx) : undefined;
  const several = settings !== undefined && providersOf(settings, channel).length > 1;
  if (result.outcome === 'sent') {
    await store.setDelivery(ctx, id, {
      status: result.receipts ? 'sent' : 'delivered',
      provider_id: result.providerId ?? null,
      sent_at: ctx.now,
      error: null,
      sending_since: null,
    });
    if (row.vendor) await store.noteUp(ctx, row.channel, row.vendor);
    await store.setFirstSent(ctx, [row.page_id, ...row.bundle]);
    if (several && result.receipts && hasVendors(channel)) {
      const seconds = settings.receipt_seconds[channel];
      await ctx.enqueue('paging.receipt_due', [{ data: { delivery_id: id, seconds }, at: ctx.now.add({ seconds }) }]);
    }
    // Somebody answered while it was on its way: it must not ring on.
    if (!isOpen(page)) {
      await stopRinging(ctx, [row.page_id]);
      await ctx.emit('page.sent_late', { delivery_id: id });
    }
    await say('delivery.sent', `Sent to ${who}${result.advice ? `; ${result.advice}` : ''}`, { provider_id: result.providerId });
    return;
  }
  const tried = row.vendor ? [...row.tried, row.vendor] : row.tried;
  const another = several && (await providersLeft(ctx, settings, row.channel, tried)).length > 0;
  // Where there are several vendors, none is asked again that may have taken it: the person never gets it twice from one.
  const wait =
    result.outcome === 'retry' && !(several && result.uncertain)
      ? retryDelay(attempt, result.afterMs, another ? PATIENCE_MS : undefined)
      : undefined;
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
  if (result.outcome === 'retry' && row.vendor && !(await store.vendorsDown(ctx, row.channel)).includes(row.vendor))
    await store.noteDown(ctx, row.channel, row.vendor, result.reason);
  const gone = result.outcome === 'refused' && result.gone === true;
  if (gone && row.method_id) await store.disableMethod(ctx, row.method_id, result.reason);
  await failed(ctx, row, page, result.reason, gone);
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
