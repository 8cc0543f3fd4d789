import { changing, updateThrough } from '../channels/registry.ts';
import type { ChannelName, Message, SendResult } from '../channels/types.ts';
import { peopleByIds } from '../identity/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { compose } from './compose.ts';
import { sendOptions } from './send.ts';
import { providerOf, readSettings } from './settings.ts';
import * as store from './store.ts';

export type SentMessage = {
  channel: ChannelName;
  address: string;
  provider: ReturnType<typeof providerOf>;
  message: Message;
};
type Sent = SentMessage & {
  providerId: string | null;
  /** What it speaks for; the first is the one that its buttons answer. */
  pages: store.PageRow[];
};

/** Messages of the last three days about these incidents that are with a provider that can change them: ids of deliveries. */
export const changeableOf = async (ctx: Ctx, incidentIds: string[]): Promise<string[]> =>
  (await store.sentAbout(ctx, incidentIds, changing)).map((row) => row.id);

/** A message that was sent, or may have been, as it would be written now; undefined when its channel changes none. */
export const sentMessage = async (ctx: Ctx, deliveryId: string): Promise<Sent | undefined> => {
  const row = await store.deliveryById(ctx, deliveryId);
  const channel = changing.find((name) => name === row?.channel);
  if (!row || !channel) return undefined;
  const ids = [row.page_id, ...row.bundle];
  const pages = (await store.pagesByIds(ctx, ids)).sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
  const [person] = await peopleByIds(ctx, [row.person_id]);
  if (!person || pages.length === 0) return undefined;
  const settings = await readSettings(ctx);
  return {
    channel,
    address: row.address,
    providerId: row.provider_id,
    provider: providerOf(settings, channel),
    message: compose(ctx, row, person, pages, settings.wording),
    pages,
  };
};

/** Has a message that was sent say how it stands now. Never throws. */
export const changeMessage = async (
  outside: Outside,
  { channel, address, provider, message }: SentMessage,
  providerId: string,
  now: NonNullable<Message['now']>,
): Promise<SendResult> =>
  'missing' in provider
    ? { outcome: 'refused', reason: provider.missing }
    : updateThrough(channel, provider.config, { address, providerId }, { ...message, now }, sendOptions(outside));
