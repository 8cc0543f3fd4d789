import type { z } from 'zod';
import type { channelState, channelTested } from '../../contract/settings.ts';
import { channels } from '../channels/registry.ts';
import type { ChannelName, Message } from '../channels/types.ts';
import { allow } from '../identity/permissions.ts';
import { journal, THE_ONLY } from '../journal/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { AppError, invalid, messageOf } from '../platform/errors.ts';
import { providerHealth, socketState } from './health.ts';
import { sendBy } from './send.ts';
import { providerOf, providersOf, readSettings } from './settings.ts';
import * as store from './store.ts';

type Prepared = { channel: ChannelName; address: string; provider: ReturnType<typeof providerOf>; by: string };

/** Checks who asks and where to, and finds the provider. Refuses an address that is none of the channel's (`to`), and a vendor it does not have. */
export const prepareTest = async (ctx: Ctx, channel: ChannelName, to: string, vendor?: string): Promise<Prepared> => {
  allow(ctx, 'settings.write');
  let address: string;
  try {
    address = channels[channel].normalizeAddress(to);
  } catch (thrown) {
    throw thrown instanceof AppError ? invalid(messageOf(thrown), 'to') : thrown;
  }
  const settings = await readSettings(ctx);
  const asked = vendor ? providersOf(settings, channel).find((one) => one.vendor === vendor) : providerOf(settings, channel);
  if (!asked) throw invalid(`${channel} has no vendor ${vendor}`, 'vendor');
  return { channel, address, provider: asked, by: ctx.actor.name };
};

/** Sends a test message now and says what came of it; within 10 s whatever the provider does. The address is not kept. */
export const sendTest = async (
  outside: Outside,
  { channel, address, provider, by }: Prepared,
): Promise<z.input<typeof channelTested>> => {
  const message: Message = {
    kind: 'test',
    idempotencyKey: crypto.randomUUID(),
    subject: 'Test message from Allclear',
    short: `Test message: Allclear can send by ${channel}. Nothing is wrong.`,
    body: `Test message: Allclear can send by ${channel}. Nothing is wrong.`,
    facts: [{ label: 'Asked for by', value: by }],
  };
  const started = performance.now();
  const result = await sendBy(outside, provider, channel, address, message);
  const seconds = Math.round(performance.now() - started) / 1000;
  const sent = result.outcome === 'sent';
  const detail = sent ? (result.detail ?? 'the provider took it') : result.reason;
  await outside.transaction((ctx) =>
    journal(ctx, {
      type: sent ? 'channel.test_sent' : 'channel.test_failed',
      subject: { type: 'settings', id: THE_ONLY },
      text: `Test of ${channel}: ${detail}`,
      data: { channel, outcome: result.outcome, seconds },
    }),
  );
  return { outcome: sent ? 'sent' : 'failed', detail, seconds };
};

/** Each channel: whether it is set up, whether its provider could be reached, who counts on it. No settings, no secrets. */
export const channelStates = async (ctx: Ctx): Promise<z.input<typeof channelState>[]> => {
  const settings = await readSettings(ctx);
  const health = await providerHealth(ctx);
  const socket = await socketState(ctx);
  const people = await store.peopleByChannel(ctx);
  return (Object.keys(channels) as ChannelName[]).map((channel) => {
    const configured = settings.channels[channel] !== undefined;
    const rows = configured ? health.filter((one) => one.channel === channel) : [];
    const vendors = providersOf(settings, channel).flatMap(({ vendor }) =>
      vendor ? [{ vendor, problem: rows.find((row) => row.vendor === vendor)?.problem ?? null }] : [],
    );
    const [first] = rows;
    return {
      channel,
      configured,
      problem: vendors.length > 0 ? (vendors[0]?.problem ?? null) : (first?.problem ?? null),
      checked_at: first?.checked_at.toString() ?? null,
      vendors,
      connected_since: channel === 'slack' ? (socket?.since?.toString() ?? null) : null,
      messages_a_minute: settings.throttle[channel] ?? null,
      people: people.get(channel) ?? 0,
    };
  });
};
