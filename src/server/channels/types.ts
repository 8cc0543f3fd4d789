import type { z } from 'zod';

export type ChannelName =
  | 'email'
  | 'sms'
  | 'voice'
  | 'ntfy'
  | 'slack'
  | 'webhook'
  | 'webpush'
  | 'pushover'
  | 'telegram'
  | 'teams'
  | 'discord'
  | 'mattermost'
  | 'matrix';

/** What a person is told. Channels render it in their own way and length; nothing in it is a secret but the links. */
export type Message = {
  kind: 'page' | 'verification' | 'notice' | 'test';
  /** Constant for a delivery, over every retry; sent to providers that understand it. */
  idempotencyKey: string;
  /** Unguessable token that an inbound reply carries back (mail Reply-To/subject, SMS thread, call). */
  replyToken?: string;
  /** Where the provider reports receipts and replies, already absolute and signed; absent where none is wanted. */
  callbackUrl?: string;
  /** The same for all messages about the same incidents: a newer one may take the place of an older on the device. */
  thread?: string;
  subject: string;
  /** One line for SMS and notifications; says what, where, since when. */
  short: string;
  /** The same as whole sentences, to be read aloud; absent: `short`. */
  spoken?: string;
  /** The whole text of an SMS; absent: `short`, how to answer, and the link. */
  sms?: string;
  /** Facts, in order, shown as a table in mail. */
  facts: { label: string; value: string }[];
  body?: string;
  severity?: 'critical' | 'high' | 'medium' | 'low';
  /** Of a page: whether it may wait until the phone wakes up by itself. */
  urgency?: 'high' | 'low';
  /** The signed page where a person acknowledges. */
  actionUrl?: string;
  /** Of what tells a place and not a person: where the incident is, for whoever signs in. */
  openUrl?: string;
  /** Of what tells a place: what its buttons carry back. It says which incident, never who. */
  placeToken?: string;
  /** One-tap POST addresses for channels with buttons (ntfy). */
  actions?: { label: 'Acknowledge' | 'Escalate' | 'Resolve'; url: string }[];
  /** Of a verification: what proves the address once it comes back. */
  code?: string;
  /** Of a page that was sent before: how it stands now, and which of its buttons still do something. */
  now?: { text: string; actions: InboundReply['action'][] };
  /** Of a request for cover: what its buttons do, and whose answer they are. */
  choices?: { label: string; verb: CoverVerb; token: string }[];
  /** BCP 47: the language of the words around. */
  locale?: string;
};

export type SendResult =
  /** The provider has it. `providerId` is kept; `receipts` says whether a later receipt will confirm delivery. */
  | {
      outcome: 'sent';
      providerId?: string;
      receipts: boolean;
      detail?: string;
      /** What somebody should put right, though it went. */
      advice?: string;
    }
  /** Try again: network, timeout, 429, 5xx. `afterMs` when the provider said how long. */
  | {
      outcome: 'retry';
      reason: string;
      afterMs?: number;
      /** The provider may have taken it all the same: it did not say. Asking it again may send the message twice. */
      uncertain?: true;
    }
  /** Trying again cannot help: bad address, refused credentials, disabled endpoint. */
  | {
      outcome: 'refused';
      reason: string;
      /** The address asked for no more messages: it is not tried again until someone corrects it. */
      gone?: true;
    };

export type Receipt = { providerId: string; state: 'delivered' | 'failed'; reason?: string };

export type CoverVerb = 'accept' | 'decline';
/** What a person answered through a provider. */
export type InboundReply = {
  /** The reply token if it came back, else the address to look the person up by. */
  replyToken?: string;
  from?: string;
  action: 'acknowledge' | 'escalate' | 'resolve';
  /** The words or key as received, at most 200 characters. */
  said: string;
};

/** This installation, for a channel that signs by a key of its own. */
export type Sender = { secret: Buffer; publicUrl: string };

export type SendContext = {
  /** Aborted at the time limit. */
  signal: AbortSignal;
  now: Temporal.Instant;
  sender?: Sender;
  /** Refuses addresses that are not public (AppError), never follows a redirect, reads at most 64 KiB of the reply. */
  fetch: typeof fetch;
};

/**
 * A channel is one small folder that exports one of these. `send` never throws for the provider's faults;
 * what it does throw, `sendThrough` makes a retry or a refusal. Methods, not properties, so that a
 * `Channel<SmsConfig>` fits where a `Channel<unknown>` is asked for.
 */
export type Channel<Config> = {
  name: ChannelName;
  /** Settings an administrator gives; secrets among them never reach a log or an error. */
  config: z.ZodType<Config>;
  /** The address in one canonical form (E.164, lower-case mail, URL), or AppError `invalid` naming `address`. */
  normalizeAddress(address: string): string;
  /** What must never be shown of these settings and this address. */
  secrets(config: Config, address: string): string[];
  send(config: Config, address: string, message: Message, ctx: SendContext): Promise<SendResult>;
  /** Stops a message that rings on by itself until somebody answers, by its `providerId`. Absent: none does. */
  silence?(config: Config, providerId: string, ctx: SendContext): Promise<Response>;
  /** Asks the provider whether these settings will do, and puts right what it can: what is wrong, or undefined. Absent: it is only connected to. */
  check?(config: Config, ctx: SendContext): Promise<string | undefined>;
  /** Changes a message that was sent to an address, by its `providerId`: it says `message.now`. Absent: what was sent stays as it is. */
  update?(config: Config, sent: { address: string; providerId: string }, message: Message, ctx: SendContext): Promise<SendResult>;
};
