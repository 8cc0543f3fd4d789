import { isDeepStrictEqual } from 'node:util';
import { type CompensationRules, compensationRules } from '../../contract/compensation.ts';
import { type Settings, storedSettings } from '../../contract/settings.ts';
import { channelConfig } from '../channels/registry.ts';
import type { ChannelName } from '../channels/types.ts';
import { hasVendors, isVendor, type Vendor, vendorChain } from '../channels/vendors.ts';
import { vapidKeys } from '../channels/webpush/vapid.ts';
import { assertHolidays } from '../identity/actions.ts';
import { allow } from '../identity/permissions.ts';
import { changesOf, journal, THE_ONLY } from '../journal/actions.ts';
import { resolveSecrets } from '../platform/config.ts';
import type { Ctx } from '../platform/ctx.ts';
import { AppError } from '../platform/errors.ts';
import * as store from './settings-store.ts';

/** How messages leave: providers, speed limits, bundling. Defaults where nothing was saved. */
export const readSettings = async (ctx: Ctx): Promise<Settings> => storedSettings.parse((await store.read(ctx)) ?? {});

const compensationIn = ({ compensation }: Settings): CompensationRules => compensationRules.parse(compensation ?? {});
/** What being on call is worth, with defaults for what is not configured. */
export const readCompensation = async (ctx: Ctx): Promise<CompensationRules> => compensationIn(await readSettings(ctx));

const assertCompensation = async (ctx: Ctx, rules: CompensationRules, before: Settings, prefix = ''): Promise<void> => {
  for (const [schedule, region] of Object.entries(rules.holidays))
    if (before.compensation?.holidays[schedule] !== region)
      await assertHolidays(region, ctx.now, `${prefix}holidays.${schedule}`);
};

/** Replaces what being on call is worth, and nothing else of the settings; refuses a region nothing is known of. */
export const saveCompensation = async (ctx: Ctx, rules: CompensationRules): Promise<void> => {
  allow(ctx, 'settings.write');
  await store.hold(ctx);
  const before = await readSettings(ctx);
  await assertCompensation(ctx, rules, before);
  const { compensation: _, ...rest } = before;
  const isDefault = isDeepStrictEqual(rules, compensationRules.parse({}));
  await store.write(ctx, JSON.stringify(isDefault ? rest : { ...rest, compensation: rules }));
  await journal(ctx, {
    type: 'settings.compensation_saved',
    subject: { type: 'settings', id: THE_ONLY },
    text: `Rules of compensation were saved: ${rules.rates.length} ${rules.rates.length === 1 ? 'rate' : 'rates'} in ${rules.currency}`,
    data: { changes: changesOf({ compensation: compensationIn(before) }, { compensation: rules }) },
  });
};

/** Replaces how messages leave. What being on call is worth, and how messages are worded, stay as they were where they are not given, as for process files. */
export const saveDelivery = async (ctx: Ctx, input: Settings): Promise<void> => {
  allow(ctx, 'settings.write');
  await store.hold(ctx);
  const { compensation, wording } = await readSettings(ctx);
  await saveSettings(ctx, { ...(compensation ? { compensation } : {}), ...(wording ? { wording } : {}), ...input });
};

/** Replaces the settings; refuses a provider's settings that its channel does not understand, naming the field. */
export const saveSettings = async (ctx: Ctx, input: Settings): Promise<void> => {
  allow(ctx, 'settings.write');
  const before = await readSettings(ctx);
  const settings = unmask(input, before);
  if (settings.compensation) await assertCompensation(ctx, settings.compensation, before, 'compensation.');
  for (const [name, config] of Object.entries(settings.channels)) channelConfig(name as ChannelName, config, `channels.${name}`);
  const changes = changesOf(before, settings);
  const reworded = changes.filter(({ field }) => field.startsWith('wording')).map(({ field }) => field);
  await store.write(ctx, JSON.stringify(settings));
  await ctx.enqueue('paging.probe_now', [{ data: { asked_by: ctx.actor.name } }]);
  await journal(ctx, {
    type: 'settings.saved',
    subject: { type: 'settings', id: THE_ONLY },
    text: `Delivery settings were saved: ${Object.keys(settings.channels).join(', ') || 'no channel'}${reworded.length > 0 ? `; worded otherwise: ${reworded.join(', ')}` : ''}`,
    data: {
      channels: Object.keys(settings.channels),
      throttle: settings.throttle,
      bundle_seconds: settings.bundle_seconds,
      changes,
    },
  });
};

/** A provider's settings with its secrets filled in, or why there are none. `vendor`: of a channel that several may carry. */
export type Provider = ({ config: unknown } | { missing: string }) & { vendor: Vendor | null };

/** A channel's providers, in the order they are tried; none when it is not set up. */
export const providersOf = (settings: Settings, channel: ChannelName): Provider[] => {
  const config = settings.channels[channel];
  if (config === undefined) return [];
  return (hasVendors(channel) ? vendorChain(config) : [config]).map((one) => {
    const vendor = isVendor(one.vendor) ? one.vendor : null;
    try {
      return { vendor, config: resolveSecrets(one) };
    } catch (thrown) {
      if (thrown instanceof AppError) return { vendor, missing: `${channel}: ${thrown.message}` };
      throw thrown;
    }
  });
};

/** The provider that a channel tries first. */
export const providerOf = (settings: Settings, channel: ChannelName): Provider =>
  providersOf(settings, channel)[0] ?? { vendor: null, missing: `no ${channel} provider is set up` };

/** The key that a browser subscribes with; null while web push is not set up. */
export const webPushKey = async (ctx: Ctx): Promise<{ public_key: string | null }> => ({
  public_key: (await readSettings(ctx)).channels.webpush ? vapidKeys(ctx.secret).publicKey : null,
});

const HIDDEN = '…';
const SECRET_NAME = /password|secret|token/;
const isReference = (value: string) => /^\$\{env:[A-Za-z_][A-Za-z0-9_]*\}$/.test(value);

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const mapTexts = (value: unknown, path: string[], change: (path: string[], text: string) => unknown): unknown => {
  if (typeof value === 'string') return change(path, value);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, [...path, key], change)]));
};
/** The settings with each text of each channel's provider changed. */
const mapProviders = (settings: Settings, change: (path: string[], text: string) => unknown): Settings => ({
  ...settings,
  channels: mapTexts(settings.channels, [], change) as Settings['channels'],
});

/** The settings as they may be shown: secrets that are no references to the environment are hidden. */
export const maskSecrets = (settings: Settings): Settings =>
  mapProviders(settings, (path, text) => (SECRET_NAME.test(path.at(-1) ?? '') && !isReference(text) ? HIDDEN : text));

/** Puts back the secrets that a reader was not shown, so that what was read can be saved: those of the same vendor, wherever it stood. */
const unmask = (settings: Settings, before: Settings): Settings =>
  mapProviders(settings, (path, text) => (text === HIDDEN ? storedAt(settings, before, path) : text));
const storedAt = (settings: Settings, before: Settings, path: string[]): unknown => {
  const at = (value: unknown, keys: string[]) =>
    keys.reduce<unknown>((part, key) => (isMap(part) ? part[key] : undefined), value);
  const [channel, key] = [path[0] as ChannelName, path.at(-1) as string];
  if (!hasVendors(channel)) return at(before.channels, path);
  const [own] = vendorChain(at(settings.channels, path.slice(0, -1)) as Record<string, unknown>);
  return vendorChain(before.channels[channel] ?? {}).find((one) => one.vendor === own?.vendor)?.[key];
};
