import { ping } from '../channels/ping.ts';
import { overdueSteps } from '../escalation/actions.ts';
import { readSettings, stuckMessages } from '../paging/actions.ts';
import type { Outside } from '../platform/ctx.ts';
import * as store from './store.ts';

/** What is late by this much will not come by itself: the pager counts as broken. Two turns of the auditor. */
export const PATIENCE_SECONDS = 150;

const isBefore = (at: Temporal.Instant | undefined, limit: Temporal.Instant) =>
  at !== undefined && Temporal.Instant.compare(at, limit) < 0;

/**
 * Tells a watcher outside that the pager works, each minute, and only while every open incident has a step to
 * come and has reached somebody, no step and no message is late, and the database takes this question: silence is the alarm.
 */
export const pingDeadMan = async (outside: Outside): Promise<void> => {
  const found = await outside.transaction(async (ctx) => {
    const url = (await readSettings(ctx)).dead_man_url;
    if (!url) return undefined;
    const late = {
      lost: (await store.unescalated(ctx, ctx.now.subtract({ seconds: PATIENCE_SECONDS }))).length,
      unreached: isBefore(await store.oldestUnpaged(ctx), ctx.now.subtract({ seconds: PATIENCE_SECONDS })) ? 1 : 0,
      steps: (await overdueSteps(ctx, PATIENCE_SECONDS)).length,
      messages: (await stuckMessages(ctx, PATIENCE_SECONDS)).length,
    };
    return { url, late };
  });
  if (!found) return;
  const { url, late } = found;
  if (late.lost + late.unreached + late.steps + late.messages > 0)
    return outside.log.warn(
      late,
      'the dead-man address is not pinged: incidents have no step to come or reached nobody, or steps or messages are late',
    );
  if (!(await ping(url, outside.allowedHosts, 10_000)))
    outside.log.warn({ host: new URL(url).host }, 'the dead-man address did not answer');
};
