import { ringing, silenceThrough } from '../channels/registry.ts';
import type { ChannelName } from '../channels/types.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import type { JobMap } from '../platform/jobs.ts';
import { isOpen } from './page.ts';
import { sendOptions } from './send.ts';
import { providerOf, readSettings } from './settings.ts';
import * as store from './store.ts';

/** A provider that is down is asked for ten minutes; what it lets ring ends by itself soon after. */
const AGAIN_AFTER_SECONDS = 15;
const MAX_TRIES = 40;

/** What rings on by itself for these pages, which are over, is told to stop. */
export const stopRinging = async (ctx: Ctx, pageIds: string[]): Promise<void> => {
  const rows = await store.sentFor(ctx, pageIds, ringing);
  await ctx.enqueue(
    'paging.silence',
    rows.map((row) => ({ data: { delivery_id: row.id, tries: 1 } })),
  );
};

/** Asks the provider to stop a message, unless it speaks for a page that is still open. Safe to repeat. */
export const silence = async (outside: Outside, { delivery_id, tries }: JobMap['paging.silence']): Promise<void> => {
  const prepared = await outside.transaction(async (ctx) => {
    const row = await store.deliveryById(ctx, delivery_id);
    if (!row?.provider_id || (await store.pagesByIds(ctx, [row.page_id, ...row.bundle])).some(isOpen)) return undefined;
    const channel = row.channel as ChannelName;
    return { channel, id: row.provider_id, provider: providerOf(await readSettings(ctx), channel) };
  });
  if (!prepared || 'missing' in prepared.provider) return;
  const { channel, id, provider } = prepared;
  const problem = await silenceThrough(channel, provider.config, id, sendOptions(outside));
  if (!problem) return;
  outside.log.warn({ channel, problem, tries }, 'a message that is answered may still ring');
  if (tries >= MAX_TRIES) return;
  await outside.transaction((ctx) =>
    ctx.enqueue('paging.silence', [
      { data: { delivery_id, tries: tries + 1 }, at: ctx.now.add({ seconds: AGAIN_AFTER_SECONDS }) },
    ]),
  );
};
