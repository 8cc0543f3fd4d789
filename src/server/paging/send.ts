import { type SendOptions, sendThrough } from '../channels/registry.ts';
import type { ChannelName, Message, SendResult } from '../channels/types.ts';
import type { Outside } from '../platform/ctx.ts';
import type { providerOf } from './settings.ts';

/** A provider that has not answered by then is treated as down. */
const SEND_TIMEOUT_MS = 8000;

export const sendOptions = (outside: Outside): SendOptions => ({
  timeoutMs: SEND_TIMEOUT_MS,
  allowPrivate: outside.allowedHosts,
  now: outside.now(),
  sender: { secret: outside.secret, publicUrl: outside.publicUrl },
});

/** Sends one message by what `providerOf` found; without a provider it is refused, and why. Never throws. */
export const sendBy = async (
  outside: Outside,
  provider: ReturnType<typeof providerOf>,
  channel: ChannelName,
  address: string,
  message: Message,
): Promise<SendResult> =>
  'missing' in provider
    ? { outcome: 'refused', reason: provider.missing }
    : sendThrough(channel, provider.config, address, message, sendOptions(outside));
