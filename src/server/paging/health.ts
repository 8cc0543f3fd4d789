import { providerAddress, reach } from '../channels/probe.ts';
import { channels, checkThrough } from '../channels/registry.ts';
import type { ChannelName } from '../channels/types.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { sendOptions } from './send.ts';
import { providersOf, readSettings } from './settings.ts';
import { socketRow } from './socket-store.ts';
import * as store from './store.ts';

/** Asks every provider that is set up whether it can be connected to, or whether all is well where it can be asked that, and keeps the answers for `doctor`. */
export const probeProviders = async (outside: Outside): Promise<void> => {
  const settings = await outside.transaction(readSettings);
  const found = await Promise.all(
    Object.keys(settings.channels)
      .flatMap((name) => providersOf(settings, name as ChannelName).map((provider) => ({ name, provider })))
      .map(async ({ name, provider }) => {
        const of = { channel: name, vendor: provider.vendor ?? '' };
        if ('missing' in provider) return { ...of, problem: provider.missing };
        if (channels[name as ChannelName].check)
          return {
            ...of,
            problem: (await checkThrough(name as ChannelName, provider.config, sendOptions(outside))) ?? null,
          };
        const address = providerAddress(name, provider.config as Record<string, unknown>);
        const problem = address ? await reach(address, 5000) : undefined;
        return { ...of, problem: problem && address ? `${address.host}:${address.port}: ${problem}` : null };
      }),
  );
  await outside.transaction((ctx) => store.saveHealth(ctx, found));
};

/** Of Slack in Socket Mode: since when it is connected, or why it is not; undefined in any other mode. */
export const socketState = async (
  ctx: Ctx,
): Promise<{ since: Temporal.Instant; problem: null } | { since: null; problem: string } | undefined> => {
  if ((await readSettings(ctx)).channels.slack?.app_token === undefined) return undefined;
  const row = await socketRow(ctx);
  const held = row && Temporal.Instant.compare(row.held_until, ctx.now) > 0;
  if (held && row.connected) return { since: row.since, problem: null };
  return { since: null, problem: `not connected by Socket Mode: ${(held && row.problem) || 'it is not connected yet'}` };
};

/** The last answers, by channel and vendor; a socket that is not connected is a problem of its channel's. */
export const providerHealth = async (ctx: Ctx): Promise<Awaited<ReturnType<typeof store.health>>> => {
  const rows = await store.health(ctx);
  const socket = await socketState(ctx);
  if (!socket?.problem || rows.some((row) => row.channel === 'slack' && row.problem)) return rows;
  return [
    ...rows.filter((row) => row.channel !== 'slack'),
    { channel: 'slack', vendor: '', problem: socket.problem, checked_at: ctx.now },
  ];
};
