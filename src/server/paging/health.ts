import { providerAddress, reach } from '../channels/probe.ts';
import { channels, checkThrough } from '../channels/registry.ts';
import type { ChannelName } from '../channels/types.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { sendOptions } from './send.ts';
import { providersOf, readSettings } from './settings.ts';
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

/** The last answers, by channel and vendor. */
export const providerHealth = (ctx: Ctx) => store.health(ctx);
