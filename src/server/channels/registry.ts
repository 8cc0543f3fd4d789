import { AppError, invalid, messageOf } from '../platform/errors.ts';
import { discord } from './discord/discord.ts';
import { email } from './email/email.ts';
import { matrix } from './matrix/matrix.ts';
import { mattermost } from './mattermost/mattermost.ts';
import { ntfy } from './ntfy/ntfy.ts';
import { guardedFetch, type Resolve } from './public-url.ts';
import { pushover } from './pushover/pushover.ts';
import { redact } from './redact.ts';
import { slack } from './slack/slack.ts';
import { sms } from './sms/sms.ts';
import { teams } from './teams/teams.ts';
import { telegram } from './telegram/telegram.ts';
import type { Channel, ChannelName, Message, SendContext, Sender, SendResult } from './types.ts';
import { voice } from './voice/voice.ts';
import { webhook } from './webhook/webhook.ts';
import { webpush } from './webpush/webpush.ts';

/** Every channel by name. The libraries behind them load when one first sends. */
export const channels: { [name in ChannelName]: Channel<unknown> } = {
  email,
  sms,
  voice,
  ntfy,
  slack,
  webhook,
  webpush,
  pushover,
  telegram,
  teams,
  discord,
  mattermost,
  matrix,
};

const PLACEHOLDER = /\$\{env:[A-Za-z_][A-Za-z0-9_]*\}/;
const valueAt = (config: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    config,
  );

/**
 * Refuses settings that a channel does not understand: AppError `invalid` naming the setting, below `field`
 * (`channels.email.port`). A value written as `${env:NAME}` is not known yet, so `sendThrough` judges it.
 */
export const channelConfig = (name: ChannelName, config: unknown, field: string): void => {
  const issues = channels[name].config.safeParse(config).error?.issues ?? [];
  const issue = issues.find((found) => {
    const given = valueAt(config, found.path);
    return !(typeof given === 'string' && PLACEHOLDER.test(given));
  });
  if (issue) throw invalid(issue.message, [field, ...issue.path].join('.'));
};

export type SendOptions = {
  timeoutMs: number;
  /** Host names, IP addresses and CIDR ranges that may be reached though they are not public. */
  allowPrivate: readonly string[];
  now: Temporal.Instant;
  sender?: Sender;
  /** Ends the attempt early, as a retry: the program is stopping. */
  signal?: AbortSignal;
  /** How host names are looked up; the system's way by default. */
  resolve?: Resolve;
};

const MAX_REASON = 300;

type Act = (channel: Channel<unknown>, settings: unknown, ctx: SendContext) => Promise<SendResult>;

/**
 * Sends one message through a channel and always answers within `timeoutMs`: sent, retry or refused, with a reason fit to
 * show, without secrets. `config` is as stored; settings that do not fit their schema are a refusal. Never throws.
 */
export const sendThrough = (
  name: ChannelName,
  config: unknown,
  address: string,
  message: Message,
  options: SendOptions,
): Promise<SendResult> =>
  attempt(name, config, address, message, options, (channel, settings, ctx) => channel.send(settings, address, message, ctx));

/** The channels that can change a message after it was sent. */
export const changing = (Object.keys(channels) as ChannelName[]).filter((name) => channels[name].update !== undefined);

/** Changes a message that was sent to say `message.now`, by its `providerId`; answers as `sendThrough` does. */
export const updateThrough = (
  name: ChannelName,
  config: unknown,
  sent: { address: string; providerId: string },
  message: Message,
  options: SendOptions,
): Promise<SendResult> =>
  attempt(
    name,
    config,
    sent.address,
    message,
    options,
    async (channel, settings, ctx) =>
      (await channel.update?.(settings, sent, message, ctx)) ?? {
        outcome: 'refused',
        reason: `${name} changes no message that was sent`,
      },
  );

const attempt = async (
  name: ChannelName,
  config: unknown,
  address: string,
  message: Message,
  options: SendOptions,
  act: Act,
): Promise<SendResult> => {
  const channel = channels[name];
  const parsed = channel.config.safeParse(config);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    return { outcome: 'refused', reason: `The ${name} settings are not complete: ${problems}`.slice(0, MAX_REASON) };
  }
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout;
  const fetch = guardedFetch({ allow: options.allowPrivate, ...(options.resolve ? { resolve: options.resolve } : {}) });
  try {
    const secrets = [...channel.secrets(parsed.data, address), ...linksOf(message)];
    const late = (): SendResult => ({
      outcome: 'retry',
      reason: timeout.aborted ? `No answer within ${options.timeoutMs / 1000} s` : 'Stopped before an answer came',
      uncertain: true,
    });
    const result = await Promise.race([
      act(channel, parsed.data, {
        signal,
        now: options.now,
        fetch,
        ...(options.sender ? { sender: options.sender } : {}),
      }).catch((thrown: unknown) => (signal.aborted ? late() : verdictOn(thrown))),
      whenAborted(signal).then(late),
    ]);
    return withoutSecrets(result, secrets);
  } catch (thrown) {
    // Only the address can be at fault here: it was stored before its channel's rules changed.
    return {
      outcome: 'refused',
      reason: `The address does not fit the ${name} channel: ${redact(messageOf(thrown), [address])}`,
    };
  }
};

/** The channels whose messages ring on by themselves until somebody answers. */
export const ringing = (Object.keys(channels) as ChannelName[]).filter((name) => channels[name].silence !== undefined);

/** Stops a message that rings on. Answers why it may still ring; undefined once it does not, or when there is nothing to stop. */
export const silenceThrough = async (
  name: ChannelName,
  config: unknown,
  providerId: string,
  options: SendOptions,
): Promise<string | undefined> => {
  const channel = channels[name];
  const parsed = channel.config.safeParse(config);
  if (!parsed.success || !channel.silence) return undefined;
  const fetch = guardedFetch({ allow: options.allowPrivate, ...(options.resolve ? { resolve: options.resolve } : {}) });
  try {
    const signal = AbortSignal.timeout(options.timeoutMs);
    const { status } = await channel.silence(parsed.data, providerId, { signal, now: options.now, fetch });
    return status === 429 || status >= 500 ? `${name} answered ${status}` : undefined;
  } catch (thrown) {
    const verdict = verdictOn(thrown);
    return verdict.outcome === 'retry' ? redact(verdict.reason, channel.secrets(parsed.data, '')) : undefined;
  }
};

/** What the provider finds wrong with the settings of a channel that can ask it; undefined: nothing, or it cannot be asked. Never throws. */
export const checkThrough = async (name: ChannelName, config: unknown, options: SendOptions): Promise<string | undefined> => {
  const channel = channels[name];
  const parsed = channel.config.safeParse(config);
  if (!parsed.success || !channel.check) return undefined;
  const fetch = guardedFetch({ allow: options.allowPrivate, ...(options.resolve ? { resolve: options.resolve } : {}) });
  const { now, sender } = options;
  let problem: string | undefined;
  try {
    const signal = AbortSignal.timeout(options.timeoutMs);
    problem = await channel.check(parsed.data, { signal, now, fetch, ...(sender ? { sender } : {}) });
  } catch (thrown) {
    const verdict = verdictOn(thrown);
    problem = verdict.outcome === 'sent' ? undefined : verdict.reason;
  }
  return problem && redact(problem, channel.secrets(parsed.data, '')).slice(0, MAX_REASON);
};

const whenAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const NETWORK: Record<string, string> = {
  ECONNREFUSED: 'The connection was refused',
  ECONNRESET: 'The connection was closed before an answer came',
  EHOSTUNREACH: 'The host could not be reached',
  ENETUNREACH: 'The network could not be reached',
  ETIMEDOUT: 'The connection timed out',
};

/** Where no connection was made, nothing can have been taken. */
const NOT_REACHED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);

/** A throw of ours says whether trying again helps; any other is the network's or the provider's, which may pass. */
const verdictOn = (thrown: unknown): SendResult => {
  if (thrown instanceof AppError && thrown.code === 'invalid') return { outcome: 'refused', reason: thrown.message };
  const code = thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  const reason = NETWORK[code] ?? (messageOf(thrown) || code || 'The message could not be sent');
  return { outcome: 'retry', reason, ...(NOT_REACHED.has(code) ? {} : { uncertain: true }) };
};

const linksOf = (message: Message): string[] =>
  [
    message.replyToken,
    message.placeToken,
    message.callbackUrl,
    message.actionUrl,
    ...(message.actions ?? []).map((action) => action.url),
  ].filter((link) => link !== undefined);

const withoutSecrets = (result: SendResult, secrets: string[]): SendResult => {
  const clean = (text: string) => redact(text, secrets).slice(0, MAX_REASON);
  if (result.outcome === 'sent') return result.detail === undefined ? result : { ...result, detail: clean(result.detail) };
  return { ...result, reason: clean(result.reason) };
};
