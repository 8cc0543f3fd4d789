import type { Receipt } from '../channels/types.ts';
import type { Vendor } from '../channels/vendors.ts';
import { journal } from '../journal/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { JobMap } from '../platform/jobs.ts';
import { readLink } from '../platform/links.ts';
import { failed } from './fail-over.ts';
import { isOpen } from './page.ts';
import { receiptMeans } from './rules.ts';
import * as store from './store.ts';
import { testReceipt } from './test-pages.ts';
import { by } from './vendors.ts';

/**
 * A vendor's later word on a message, by the callback address that carries the message's token: delivered, or not, which
 * fails over like a refused one. What comes after the fail-over is noted and moves nothing. An expired or foreign token, a
 * word of another vendor and one about another message are ignored.
 */
export const receiptOfToken = async (ctx: Ctx, token: string, word: Receipt, vendor: Vendor): Promise<void> => {
  const link = readLink(ctx.secret, 'delivery', token, ctx.now);
  if (link && !link.expired) await testReceipt(ctx, link.id, word);
  const row = link && !link.expired ? await store.lockDelivery(ctx, link.id) : undefined;
  const page = row && (await store.pageById(ctx, row.page_id));
  if (!row || !page) return;
  const means = receiptMeans(row, word, vendor);
  if (means === 'nothing') return;
  const noted = { receipt_at: ctx.now, provider_id: word.providerId };
  const reason = word.reason ?? 'the provider could not deliver it';
  if (means === 'failed') {
    await store.setDelivery(ctx, row.id, noted);
    return failed(ctx, row, page, reason);
  }
  const entry = {
    subject: { type: 'incident' as const, id: page.incident_id },
    data: { delivery: row.id, page: page.id, vendor: row.vendor, provider_id: word.providerId },
  };
  if (means === 'failed late') {
    await store.setDelivery(ctx, row.id, { ...noted, error: `${row.error}; then: ${reason}` });
    await journal(ctx, {
      ...entry,
      type: 'delivery.late_receipt',
      text: `${by(row.channel, row.vendor)} says so too: ${reason}`,
    });
    return;
  }
  await store.setDelivery(ctx, row.id, { ...noted, status: 'delivered', queued_because: null, sending_since: null });
  await store.setFirstSent(ctx, [row.page_id, ...row.bundle]);
  if (means === 'delivered late') await store.cancelStandIns(ctx, row);
  await journal(ctx, {
    ...entry,
    type: 'delivery.delivered',
    text: `${by(row.channel, row.vendor)} delivered${means === 'delivered late' ? ' after all, when others were tried already' : ''}`,
  });
};

/** So long after a vendor took a message: unless it was delivered by now, it counts as failed. */
export const receiptDue = async (ctx: Ctx, { delivery_id, seconds }: JobMap['paging.receipt_due']): Promise<void> => {
  const row = await store.lockDelivery(ctx, delivery_id);
  if (row?.status !== 'sent') return;
  const open = (await store.pagesByIds(ctx, [row.page_id, ...row.bundle])).filter(isOpen);
  const page = open.length > 0 ? await store.pageById(ctx, row.page_id) : undefined;
  if (page) await failed(ctx, row, page, `not ${row.channel === 'voice' ? 'answered' : 'delivered'} within ${seconds} s`);
};
