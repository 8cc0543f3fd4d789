import { z } from 'zod';
import { invalid } from '../../platform/errors.ts';
import type { Channel } from '../types.ts';
import { blocksOf } from './blocks.ts';
import { connect, type SlackApp, slackApp, verdictOf } from './client.ts';

const MEMBER = /^[UW][A-Z0-9]{6,20}$/;
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

/**
 * Member ids by mail address, for an hour: `users.lookupByEmail` is allowed about 50 times a minute, and a bad night sends more.
 * Looked up when sending and not kept with the person: process files and administrators give mail addresses, which stay as written.
 */
const members = new Map<string, { id: string; until: number }>();
const MOST_MEMBERS = 2_000;
const HOUR_MS = 3_600_000;
const keyOf = (app: SlackApp, address: string): string => `${app.base_url} ${app.bot_token} ${address}`;

export const slack: Channel<SlackApp> = {
  name: 'slack',
  config: slackApp,
  normalizeAddress,
  secrets: (app) => [app.bot_token, app.signing_secret],
  send: async (app, address, message, ctx) => {
    const key = keyOf(app, address);
    try {
      const client = await connect(app, ctx);
      const known = members.get(key);
      let member = MEMBER.test(address) ? address : known && known.until > ctx.now.epochMilliseconds ? known.id : undefined;
      if (member === undefined) {
        member = (await client.users.lookupByEmail({ email: address })).user?.id;
        if (!member) return { outcome: 'retry', reason: 'Slack named no member' };
        if (members.size >= MOST_MEMBERS) members.clear();
        members.set(key, { id: member, until: ctx.now.epochMilliseconds + HOUR_MS });
      }
      // Slack has no key against duplicates: a copy sent after a crash is a second message, and answering both counts once.
      const { channel, ts } = await client.chat.postMessage({
        channel: member,
        ...blocksOf(message),
        unfurl_links: false,
        unfurl_media: false,
      });
      if (!channel || !ts) return { outcome: 'retry', reason: 'Slack answered without a message id' };
      // As in Slack's permalinks.
      return { outcome: 'sent', providerId: `${channel}:p${ts.replace('.', '')}`, receipts: false };
    } catch (thrown) {
      const verdict = await verdictOf(thrown, ctx);
      // The address may be somebody else's by now.
      if (verdict.outcome === 'refused') members.delete(key);
      return verdict;
    }
  },
};
