import { z } from 'zod';
import { invalid } from '../../platform/errors.ts';
import type { Channel } from '../types.ts';
import { blocksOf, idOfMessage, placeOf } from './blocks.ts';
import { connect, forgetMember, MEMBER, memberOf, type SlackApp, secretsOf, slackApp, verdictOf } from './client.ts';

const mail = z.email().max(320);

/** A member id, or the mail address that the member has in Slack. */
const normalizeAddress = (address: string): string => {
  const text = address.trim();
  if (MEMBER.test(text.toUpperCase())) return text.toUpperCase();
  if (mail.safeParse(text).success) return text.toLowerCase();
  throw invalid(
    'Give the member id (in Slack: profile, More, Copy member ID; it starts with U) or the mail address used in Slack',
    'address',
  );
};

export const slack: Channel<SlackApp> = {
  name: 'slack',
  config: slackApp,
  normalizeAddress,
  secrets: secretsOf,
  send: async (app, address, message, ctx) => {
    try {
      const client = await connect(app, ctx);
      const member = await memberOf(client, app, address, ctx);
      if (!member) return { outcome: 'retry', reason: 'Slack named no member' };
      // Slack has no key against duplicates: a copy sent after a crash is a second message, and answering both counts once.
      const { channel, ts } = await client.chat.postMessage({
        channel: member,
        ...blocksOf(message),
        unfurl_links: false,
        unfurl_media: false,
      });
      if (!channel || !ts) return { outcome: 'retry', reason: 'Slack answered without a message id' };
      return { outcome: 'sent', providerId: idOfMessage(channel, ts), receipts: false };
    } catch (thrown) {
      const verdict = await verdictOf(thrown, ctx);
      // The address may be somebody else's by now.
      if (verdict.outcome === 'refused') forgetMember(app, address);
      return verdict;
    }
  },
  update: async (app, { providerId }, message, ctx) => {
    const place = placeOf(providerId);
    if (!place) return { outcome: 'refused', reason: 'The message cannot be found again' };
    try {
      await (await connect(app, ctx)).chat.update({ ...place, ...blocksOf(message) });
      return { outcome: 'sent', providerId, receipts: false };
    } catch (thrown) {
      return verdictOf(thrown, ctx);
    }
  },
};
