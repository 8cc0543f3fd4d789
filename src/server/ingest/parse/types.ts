import type { Image, Link, Signal } from '../../alerts/types.ts';

/** The integration a request was addressed to, as far as a parser needs it. `config` is what its form saved. */
type Integration = { id: string; kind: string; config: unknown };

/**
 * Everything a parser may look at. `requestId` is a UUID the caller makes for the request: it becomes the key of an
 * event that names none, so that a parser needs no randomness of its own.
 */
export type ParseInput = {
  /** What `decodeBody` made of the bytes; undefined when there were none. */
  body: unknown;
  query: Record<string, string>;
  /** Path parameters, already URL-decoded. */
  params: Record<string, string>;
  /** As sent; only the Alertmanager API looks at it. */
  contentType?: string | undefined;
  integration: Integration;
  now: Temporal.Instant;
  requestId: string;
};

/** The vendor's answer. `body` is sent as JSON; undefined is an empty body without a content type. */
export type Reply = { status: number; body?: unknown; headers?: Record<string, string> };

/** Something that changed (a deployment, a flag): shown beside alerts, never pages. */
export type ChangeEvent = {
  integrationId: string;
  summary: string;
  source: string;
  timestamp?: Temporal.Instant;
  links: Link[];
  images: Image[];
  customDetails: unknown;
  raw: unknown;
};

/**
 * What a parser made of a request. `signals` may be empty (nothing to do) and are to be stored whatever `reply.status`
 * is: in a batch the good ones count though the vendor's answer is a 400. `problems` says what was dropped or guessed,
 * each as `path: what`. With `ok: false` nothing is usable and `reason` goes into the refused-request record.
 */
export type Parsed =
  | { ok: true; signals: Signal[]; changes?: ChangeEvent[]; problems: string[]; reply: Reply }
  | { ok: false; reason: string; reply: Reply };

export type Parser = (input: ParseInput) => Parsed;
