import { ping } from '../channels/ping.ts';
import { readSettings } from '../paging/actions.ts';
import type { Outside } from '../platform/ctx.ts';
import * as store from './store.ts';

/** An incident may stand without a step this long before the pager counts as broken: two turns of the auditor. */
const PATIENCE_SECONDS = 150;

/**
 * Tells a watcher outside that the pager works, each minute, and only while every open incident has a step to
 * come and the database takes this question: silence is the alarm.
 */
export const pingDeadMan = async (outside: Outside): Promise<void> => {
  const found = await outside.transaction(async (ctx) => ({
    url: (await readSettings(ctx)).dead_man_url,
    lost: await store.unescalated(ctx, ctx.now.subtract({ seconds: PATIENCE_SECONDS })),
  }));
  if (!found.url) return;
  if (found.lost.length > 0)
    return outside.log.warn(
      { incidents: found.lost.length },
      'the dead-man address is not pinged: open incidents have no step to come',
    );
  if (!(await ping(found.url, outside.allowedHosts, 10_000)))
    outside.log.warn({ host: new URL(found.url).host }, 'the dead-man address did not answer');
};
