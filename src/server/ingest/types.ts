import type { MailRules } from '../../contract/service.ts';
import type { ChangeNote, Outcome, Signal } from '../alerts/types.ts';
import type { Ctx } from '../platform/ctx.ts';

/** An integration as a request needs it; `config` is what the parsers are given. */
export type Known = {
  id: string;
  name: string;
  kind: string;
  key: string;
  service_id: string;
  service: string;
  hmac_secret: string | null;
  config: { mapping: Record<string, unknown> | null; mail: MailRules | null };
};

/** A request that was not taken, or not wholly, as it will be kept: no secret in it, no NUL. */
export type Refusal = { integrationId: string | null; path: string; reason: string; contentType: string | null; body: string };

/** How a request to the Opsgenie API ended. */
export type RequestRow = {
  id: string;
  integration_id: string;
  action: string;
  success: boolean;
  status: string;
  alert_id: string | null;
  alias: string;
};

/** What one request wants written. All of it is committed, or none. */
export type Work = {
  integration?: Known;
  signals?: Signal[];
  changes?: ChangeNote[];
  refusal?: Refusal | undefined;
  /** What to keep of the outcome for whoever asks later. */
  request?: (outcomes: Outcome[]) => RequestRow;
  /** How long the request's body was. */
  bytes: number;
};

/** The intake of one process: see intake.ts. */
export type Intake = {
  /** After the @ of an address that takes mail; undefined: this server listens for none. */
  mailDomain: string | undefined;
  now: () => Temporal.Instant;
  /** The integration with this key. An answer may be a few seconds old, but never older than a save on this node. */
  find: (key: string | undefined) => Promise<Known | undefined>;
  /** Resolves once the work is on disk, with one outcome a signal. Throws `overloaded` (database or queue) or `rate_limited` (this key's share). */
  accept: (work: Work) => Promise<Outcome[]>;
  /** Runs `work` in a transaction of its own, as the integration, or as whoever the sender says acts. */
  act: <R>(integration: Known, work: (ctx: Ctx) => Promise<R>, by?: string) => Promise<R>;
  /** Claims room for a body; the function gives it back. Throws `overloaded`. */
  reserve: (bytes: number) => () => void;
  /** Counts a request that was not taken. */
  count: (reason: string) => void;
  /** Forgets what it knows of the integrations: called after a change of them was committed. */
  forget: () => void;
};
