import type { Settings } from '../../contract/settings.ts';
import type { ChannelName } from '../channels/types.ts';
import { isVendor, VENDORS } from '../channels/vendors.ts';
import type { Ctx } from '../platform/ctx.ts';
import { type Provider, providersOf } from './settings.ts';
import * as store from './store.ts';

/** A channel's providers that did not fail for this message yet, as they are set up; one known to be down comes last. */
export const providersLeft = async (ctx: Ctx, settings: Settings, channel: string, tried: string[]): Promise<Provider[]> => {
  const left = providersOf(settings, channel as ChannelName).filter((one) => !one.vendor || !tried.includes(one.vendor));
  if (left.length < 2) return left;
  const down = await store.vendorsDown(ctx, channel);
  const isDown = ({ vendor }: Provider) => vendor !== null && down.includes(vendor);
  return [...left.filter((one) => !isDown(one)), ...left.filter(isDown)];
};

/** `sms (Twilio)`: a way as the record names it. */
export const by = (channel: string, vendor: string | null): string =>
  isVendor(vendor) ? `${channel} (${VENDORS[vendor]})` : channel;
