import { peopleByIds } from '../identity/actions.ts';
import { journal } from '../journal/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { addDeliveries, isOpen, openBundle, releaseWaiting } from './page.ts';
import { waysFor } from './rules.ts';
import { readSettings } from './settings.ts';
import * as store from './store.ts';
import { by, providersLeft } from './vendors.ts';

const stoodInFor = (row: store.DeliveryRow, one: store.DeliveryRow): boolean =>
  one.channel === row.channel && one.address === row.address && one.vendor !== null && row.tried.includes(one.vendor);

/**
 * A message did not arrive: its next vendor at once; without one, the person's next unused method; without one, the next
 * person. `gone`: the address asked for no more messages, so no other vendor is asked.
 */
export const failed = async (
  ctx: Ctx,
  row: store.DeliveryRow,
  page: store.PageRow,
  reason: string,
  gone = false,
): Promise<void> => {
  await store.setDelivery(ctx, row.id, { status: 'failed', error: reason, sending_since: null, queued_because: null });
  const [person] = await peopleByIds(ctx, [row.person_id]);
  await journal(ctx, {
    type: 'delivery.failed',
    subject: { type: 'incident', id: page.incident_id },
    text: `${person?.display_name} by ${by(row.channel, row.vendor)} failed: ${reason}`,
    data: { delivery: row.id, page: page.id, channel: row.channel, vendor: row.vendor, reason },
  });
  const locked = await store.lockPage(ctx, page.id);
  const before = await store.deliveriesOfPages(ctx, [page.id]);
  const bundle = await openBundle(ctx, before);
  if (!person || !locked || (!isOpen(locked) && bundle.length === 0)) return;
  const goOn = async (method: { id: string | null; channel: string; address: string }, text: string, tried: string[]) => {
    await addDeliveries(ctx, page, [method], bundle, tried);
    await journal(ctx, {
      type: 'delivery.failed_over',
      subject: { type: 'incident', id: page.incident_id },
      text: `${person.display_name}: ${text}`,
      data: { page: page.id, from: row.channel, to: method.channel, tried },
    });
  };
  // The vendor that was given up delivered after all: the person has it.
  if (before.some((one) => one.receipt_at && one.status === 'delivered' && stoodInFor(row, one))) return;
  const tried = row.vendor ? [...row.tried, row.vendor] : row.tried;
  const [another] = row.vendor && !gone ? await providersLeft(ctx, await readSettings(ctx), row.channel, tried) : [];
  if (another?.vendor)
    return goOn(
      { id: row.method_id, channel: row.channel, address: row.address },
      `${by(row.channel, another.vendor)} instead of ${by(row.channel, row.vendor)}`,
      tried,
    );
  const alive = before.some((one) => one.id !== row.id && ['queued', 'sending', 'sent', 'delivered'].includes(one.status));
  const used = new Set(before.map((one) => `${one.channel} ${one.address}`));
  const next = waysFor(locked, (await store.methodRows(ctx, [row.person_id])).map(store.methodOf), person.email).find(
    (method) => !used.has(`${method.channel} ${method.address}`),
  );
  if (next) await goOn(next, `${next.channel} instead of ${row.channel}`, []);
  else if (!alive) await unreachable(ctx, page, `every way to reach ${person.display_name} failed: ${reason}`);
};

/** No message of this page arrives: it and those bundled with it go to the next person, and what waits for her waits no longer. */
export const unreachable = async (ctx: Ctx, page: store.PageRow, why: string): Promise<void> => {
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
  // Nobody waits for one who was only told.
  if (page.shadow) return;
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
