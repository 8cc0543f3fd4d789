import type { Logger, WebClient } from '@slack/web-api';
import { z } from 'zod';
import { messageOf } from '../../platform/errors.ts';
import { failureOf } from '../http-reply.ts';
import { guardedFetch } from '../public-url.ts';
import type { SendContext, SendResult } from '../types.ts';

/** A Slack app of one's own, installed in one's workspace. `base_url` is what the methods' names follow. */
export const slackApp = z
  .strictObject({
    bot_token: z.string().regex(/^xoxb-[\w-]+$/, 'A bot token starts with xoxb-'),
    signing_secret: z.string().min(1, 'The signing secret stands under Basic information of the app').optional(),
    /** Chooses Socket Mode: we connect to Slack, which then need not reach us. */
    app_token: z
      .string()
      .regex(/^xapp-[\w-]+$/, 'An app-level token starts with xapp-')
      .optional(),
    base_url: z.url({ protocol: /^https?$/ }).default('https://slack.com/api/'),
  })
  .refine((app) => app.signing_secret !== undefined || app.app_token !== undefined, {
    message: 'Give the signing secret, or an app-level token for Socket Mode',
    path: ['signing_secret'],
  });
export type SlackApp = z.output<typeof slackApp>;
export const secretsOf = (app: SlackApp): string[] =>
  [app.bot_token, app.signing_secret, app.app_token].filter((secret) => secret !== undefined);

const nothing = (): void => undefined;

/**
 * Slack's own client over a guarded fetch. It neither retries, nor waits out a 429, nor logs: tries are the pager's to count,
 * and its lines would quote messages.
 */
export const connect = async (app: SlackApp, ctx: Pick<SendContext, 'fetch' | 'signal'>): Promise<WebClient> => {
  const { LogLevel, WebClient } = await import('@slack/web-api');
  const silent: Logger = {
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
    setLevel: nothing,
    getLevel: () => LogLevel.ERROR,
    setName: nothing,
  };
  return new WebClient(app.bot_token, {
    slackApiUrl: app.base_url,
    fetch: (url, { method = 'POST', headers = {}, body = null } = {}) =>
      ctx.fetch(url, { method, headers, body, signal: ctx.signal }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: silent,
  });
};

export const MEMBER = /^[UW][A-Z0-9]{6,20}$/;
/**
 * Member ids by mail address, for an hour: `users.lookupByEmail` is allowed about 50 times a minute, and a bad night sends more.
 * Looked up when sending and not kept with the person: process files and administrators give mail addresses, which stay as written.
 */
const members = new Map<string, { id: string; until: number }>();
const MOST_MEMBERS = 2_000;
const HOUR_MS = 3_600_000;
const keyOf = (app: SlackApp, address: string): string => `${app.base_url} ${app.bot_token} ${address}`;

/** The member id behind an address, which is one or a mail address; throws what Slack refuses. */
export const memberOf = async (
  client: WebClient,
  app: SlackApp,
  address: string,
  { now }: Pick<SendContext, 'now'>,
): Promise<string | undefined> => {
  if (MEMBER.test(address)) return address;
  const known = members.get(keyOf(app, address));
  if (known && known.until > now.epochMilliseconds) return known.id;
  const id = (await client.users.lookupByEmail({ email: address })).user?.id;
  if (!id) return undefined;
  if (members.size >= MOST_MEMBERS) members.clear();
  members.set(keyOf(app, address), { id, until: now.epochMilliseconds + HOUR_MS });
  return id;
};
export const forgetMember = (app: SlackApp, address: string): boolean => members.delete(keyOf(app, address));

/** Slack's errors that pass by themselves (https://docs.slack.dev/reference/methods/chat.postMessage#errors). */
const PASSING = new Set([
  'accesslimited',
  'fatal_error',
  'internal_error',
  'rate_limited',
  'ratelimited',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
]);
const REINSTALL = 'install the app again and copy the new bot token';
const NOBODY = 'Slack finds no member of this address in the workspace';
const WORDS: Record<string, string> = {
  account_inactive: `The app was removed from the workspace: ${REINSTALL}`,
  cannot_dm_bot: 'This address is a bot, which reads no messages',
  channel_not_found: NOBODY,
  invalid_auth: 'Slack does not accept the bot token: copy it again from OAuth & Permissions of the app',
  invalid_users: 'Slack takes none of these members into the user group',
  messages_tab_disabled: 'The app takes no direct messages: turn on the Messages tab under App Home',
  not_authed: 'Slack does not accept the bot token: copy it again from OAuth & Permissions of the app',
  no_such_subteam: 'Slack has no such user group any more',
  paid_teams_only: 'User groups are a part of paid plans of Slack',
  permission_denied:
    'The workspace lets nobody but its administrators change user groups: allow it under Workspace settings, Permissions',
  plan_upgrade_required: 'User groups are a part of paid plans of Slack',
  subteam_disabled: 'The user group is disabled in Slack',
  token_expired: `The bot token has expired: ${REINSTALL}`,
  token_revoked: `The bot token was revoked: ${REINSTALL}`,
  user_disabled: 'This member was deactivated in Slack',
  user_not_found: NOBODY,
  users_not_found: NOBODY,
};

/** What `{ok: false, error}` means. A text that is no code of Slack's came from something in between. */
const refusal = (error: string, needed: unknown): SendResult => {
  if (!/^[a-z][a-z0-9_]{1,79}$/.test(error)) return { outcome: 'retry', reason: 'The answer was not Slack’s' };
  if (PASSING.has(error)) return { outcome: 'retry', reason: `Slack answered ${error}` };
  if (error === 'missing_scope')
    return { outcome: 'refused', reason: `The app lacks the scope ${String(needed)}: use the manifest, then ${REINSTALL}` };
  return {
    outcome: 'refused',
    reason: Object.hasOwn(WORDS, error) ? `${WORDS[error]} (${error})` : `Slack refused it: ${error}`,
  };
};

/** What a failed call means for the message. Throws what is no answer of Slack's: the network's, or the guard's. */
export const verdictOf = async (thrown: unknown, ctx: SendContext): Promise<SendResult> => {
  const slack = await import('@slack/web-api');
  if (thrown instanceof slack.WebAPIRequestError) throw thrown.original;
  if (thrown instanceof slack.WebAPIPlatformError) return refusal(thrown.data.error, Reflect.get(thrown.data, 'needed'));
  if (thrown instanceof slack.WebAPIRateLimitedError)
    return { outcome: 'retry', reason: 'Slack answered 429', afterMs: thrown.retryAfter * 1000 };
  if (thrown instanceof slack.WebAPIHTTPError)
    return failureOf('Slack', new Response(null, { status: thrown.statusCode, headers: thrown.headers }), undefined, ctx);
  // The client has no error of its own for a 429 that names no time.
  if (/retry-after header/.test(messageOf(thrown))) return { outcome: 'retry', reason: 'Slack answered 429' };
  throw thrown;
};

/** A slash command has to be answered within 3 s, and this is a part of it. */
const ASKING_MS = 2000;
const outsideOf = (allow: readonly string[]) => ({ fetch: guardedFetch({ allow }), signal: AbortSignal.timeout(ASKING_MS) });

/**
 * The mail address of a member, lower case; undefined when Slack does not say in time, and for a guest of another workspace, whose
 * administrators write into it what they like. Never throws.
 */
export const mailOfMember = async (app: SlackApp, member: string, allow: readonly string[]): Promise<string | undefined> => {
  try {
    const client = await connect(app, outsideOf(allow));
    const [{ team_id: ours }, { user }] = await Promise.all([client.auth.test(), client.users.info({ user: member })]);
    const isOurs = ours !== undefined && (user?.team_id === ours || user?.enterprise_user?.teams?.includes(ours));
    return isOurs && !user?.deleted ? user?.profile?.email?.toLowerCase() : undefined;
  } catch {
    return undefined;
  }
};

/** Posts to the `response_url` of a request of Slack's: why that failed, or undefined. Never throws. */
export const respond = async (url: string, message: object, allow: readonly string[]): Promise<string | undefined> => {
  try {
    const { fetch, signal } = outsideOf(allow);
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(message), signal });
    return response.ok ? undefined : `Slack answered ${response.status}`;
  } catch (thrown) {
    return messageOf(thrown);
  }
};
