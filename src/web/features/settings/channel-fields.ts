import { settings } from '../../text/settings.ts';
import type { Channel } from './queries.ts';

const t = settings.channels;

export type FieldSpec = {
  key: string;
  kind: 'text' | 'number' | 'secret' | 'choice' | 'switch' | 'webhooks';
  needed?: boolean;
  /** What the channel takes when the field is empty. */
  otherwise?: string | boolean;
  hint?: string | undefined;
};

const TWILIO: FieldSpec[] = [
  { key: 'account_sid', kind: 'text', needed: true, hint: t.hint.account_sid },
  { key: 'auth_token', kind: 'secret', needed: true },
];
const PLIVO: FieldSpec[] = [
  { key: 'auth_id', kind: 'text', needed: true, hint: t.hint.auth_id },
  { key: 'auth_token', kind: 'secret', needed: true },
];
const BASE: FieldSpec = { key: 'base_url', kind: 'text', hint: t.hint.base_url };
const PLIVO_BASE: FieldSpec = { key: 'base_url', kind: 'text', hint: t.hint.plivoBase };
const CALLER: FieldSpec = { key: 'from', kind: 'text', needed: true, hint: t.hint.voiceFrom };

export const VENDORS = ['twilio', 'plivo'] as const;
export type Vendor = (typeof VENDORS)[number];
export const isVendor = (name: unknown): name is Vendor => VENDORS.some((one) => one === name);
export const hasVendors = (channel: Channel): channel is 'sms' | 'voice' => channel === 'sms' || channel === 'voice';

/** What each vendor of a channel is told. */
export const VENDOR_FIELDS: Record<'sms' | 'voice', Record<Vendor, FieldSpec[]>> = {
  sms: {
    twilio: [
      ...TWILIO,
      { key: 'from', kind: 'text', hint: t.hint.smsFrom },
      { key: 'messaging_service_sid', kind: 'text', hint: t.hint.messaging_service_sid },
      BASE,
    ],
    plivo: [...PLIVO, { key: 'from', kind: 'text', needed: true, hint: t.hint.plivoFrom }, PLIVO_BASE],
  },
  voice: { twilio: [...TWILIO, CALLER, BASE], plivo: [...PLIVO, CALLER, PLIVO_BASE] },
};

/** What each channel's provider is told, in the order it is asked for. */
export const FIELDS: Record<Channel, FieldSpec[]> = {
  email: [
    { key: 'host', kind: 'text', needed: true, hint: t.hint.host },
    { key: 'port', kind: 'number', otherwise: '587' },
    { key: 'security', kind: 'choice', otherwise: 'starttls' },
    { key: 'from', kind: 'text', needed: true, hint: t.hint.from },
    { key: 'username', kind: 'text' },
    { key: 'password', kind: 'secret' },
    { key: 'reply_to', kind: 'text', hint: t.hint.reply_to },
    { key: 'plus_address', kind: 'switch', otherwise: true },
  ],
  // These have vendors: see VENDOR_FIELDS.
  sms: [],
  voice: [],
  ntfy: [
    { key: 'server', kind: 'text', hint: t.hint.server },
    { key: 'token', kind: 'secret', hint: t.hint.token },
    { key: 'username', kind: 'text' },
    { key: 'password', kind: 'secret' },
  ],
  slack: [
    { key: 'bot_token', kind: 'secret', needed: true, hint: t.hint.bot_token },
    { key: 'signing_secret', kind: 'secret', hint: t.hint.signing_secret },
    { key: 'app_token', kind: 'secret', hint: t.hint.app_token },
    { key: 'base_url', kind: 'text', hint: t.hint.slackBase },
  ],
  webhook: [
    { key: 'secret', kind: 'secret', needed: true, hint: t.hint.secret },
    { key: 'previous_secret', kind: 'secret', hint: t.hint.previous_secret },
  ],
  pushover: [
    { key: 'token', kind: 'secret', needed: true, hint: t.hint.pushoverToken },
    { key: 'base_url', kind: 'text', hint: t.hint.pushoverBase },
  ],
  telegram: [
    { key: 'bot_token', kind: 'secret', needed: true, hint: t.hint.telegramToken },
    { key: 'base_url', kind: 'text', hint: t.hint.telegramBase },
  ],
  teams: [
    { key: 'webhooks', kind: 'webhooks' },
    { key: 'extra_hosts', kind: 'text', hint: t.hint.extra_hosts },
  ],
  discord: [{ key: 'webhooks', kind: 'webhooks' }],
  mattermost: [{ key: 'secret_url', kind: 'secret', needed: true, hint: t.hint.mattermostUrl }],
  matrix: [
    { key: 'homeserver', kind: 'text', needed: true, hint: t.hint.homeserver },
    { key: 'access_token', kind: 'secret', needed: true, hint: t.hint.matrixToken },
  ],
  webpush: [{ key: 'contact', kind: 'text', hint: t.hint.contact }],
};
export const CHANNELS = Object.keys(FIELDS) as Channel[];

export type Webhooks = Record<string, { secret_url: string }>;

/** How the server shows a secret that it has; sent back it means "as it was". */
export const HIDDEN = '…';

export type Config = Record<string, unknown>;

export const vendorOf = (config: Config): Vendor => (isVendor(config.vendor) ? config.vendor : 'twilio');
/** A channel's settings as one per vendor, in the order they are tried. */
export const chainOf = ({ next, ...own }: Config): Config[] => [
  own,
  ...(typeof next === 'object' && next !== null ? chainOf(next as Config) : []),
];
/** The same, put together again. */
export const chained = (list: Config[]): Config =>
  list.reduceRight<Config | undefined>((next, one) => (next ? { ...one, next } : one), undefined) ?? {};

/** A provider's settings with one field typed anew. An emptied field goes; an emptied secret that is stored is stored still. */
export const withField = (config: Config, saved: Config | undefined, spec: FieldSpec, typed: string | boolean): Config => {
  const { [spec.key]: _, ...rest } = config;
  if (typed === '') return spec.kind === 'secret' && saved?.[spec.key] === HIDDEN ? { ...rest, [spec.key]: HIDDEN } : rest;
  return { ...rest, [spec.key]: spec.kind === 'number' && /^\d+$/.test(String(typed)) ? Number(typed) : typed };
};
