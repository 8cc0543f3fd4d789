import { z } from 'zod';
import type { ChannelName } from './types.ts';

/** The vendors of SMS and voice, by the names that settings and records carry. */
export const VENDORS = { twilio: 'Twilio', plivo: 'Plivo' } as const;
export type Vendor = keyof typeof VENDORS;
export const isVendor = (name: unknown): name is Vendor => typeof name === 'string' && Object.hasOwn(VENDORS, name);

/** The channels that several vendors may carry, one after another. */
export const hasVendors = (channel: ChannelName): channel is 'sms' | 'voice' => channel === 'sms' || channel === 'voice';

type Config = Record<string, unknown>;
const isConfig = (value: unknown): value is Config => typeof value === 'object' && value !== null && !Array.isArray(value);
const named = (config: Config): Config => (config.vendor === undefined ? { ...config, vendor: 'twilio' } : config);

/** A channel's settings as one per vendor, in the order they are tried; a `next` in one is the vendor after it. */
export const vendorChain = (config: Config): Config[] => {
  const { next, ...own } = named(config);
  return isConfig(next) ? [own, ...vendorChain(next)] : [own];
};

type OfVendor = { vendor: Vendor; next?: unknown };
type Schema<T> = z.ZodType<T> & z.core.$ZodTypeDiscriminable;

/** Settings of any of these vendors, told apart by `vendor` (Twilio where it is left out), each at most once along `next`. */
export const eitherVendor = <A extends OfVendor, B extends OfVendor>(twilio: Schema<A>, plivo: Schema<B>): z.ZodType<A | B> => {
  const one = z.preprocess(
    (given) => (isConfig(given) ? named(given) : given),
    z.discriminatedUnion('vendor', [twilio, plivo], { error: `A vendor is one of ${Object.keys(VENDORS).join(', ')}` }),
  );
  return one.superRefine((given, ctx) => {
    if (given.next === undefined) return;
    const [first, ...others] = vendorChain(given);
    if (others.some((other) => other.vendor === first?.vendor))
      ctx.addIssue({ code: 'custom', message: 'Each vendor can be given once', path: ['next', 'vendor'] });
    for (const issue of eitherVendor(twilio, plivo).safeParse(given.next).error?.issues ?? [])
      ctx.addIssue({ code: 'custom', message: issue.message, path: ['next', ...issue.path] });
  }) as z.ZodType<A | B>;
};
