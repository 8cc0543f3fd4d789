import type { Context } from 'hono';
import type { Outcome, Signal } from '../alerts/types.ts';
import { AppError } from '../platform/errors.ts';
import { type Env, MAX_BODY_BYTES } from '../platform/http.ts';
import { newId } from '../platform/id.ts';
import { decodeBody } from './parse/body.ts';
import { cleanText, cutText } from './parse/truncate.ts';
import type { ChangeEvent, ParseInput, Parser, Reply } from './parse/types.ts';
import type { Intake, Known, Refusal, RequestRow } from './types.ts';

/** How one vendor's API speaks, apart from what its parser answers. */
export type Surface = {
  /** Where the sender put its key: path, header, query or body. */
  key: (request: Received) => string | undefined;
  unknownKey: (request: Received, key: string | undefined) => Reply;
  error: (error: AppError, requestId: string) => Reply;
  /** Whether the vendor's clients take a 429 as "try again"; others get a 503. */
  takes429: boolean;
  /** Before anything is parsed: a reason to refuse the request with 401, such as a bad signature. */
  guard?: (request: Received, integration: Known) => string | undefined;
};

export type Received = {
  c: Context<Env>;
  /** The vendor's request id; also the key of an event that has none. */
  requestId: string;
  now: Temporal.Instant;
  contentType: string | undefined;
  query: Record<string, string>;
  bytes: Uint8Array;
  body: unknown;
};
export type Addressed = Received & {
  intake: Intake;
  integration: Known;
  /** Keeps the request among the refused ones. */
  refuse: (reason: string) => Promise<void>;
  refusal: (reason: string) => Refusal;
};

const NOTHING = new Uint8Array();
/** A refused body is kept to be read by a person, not to be replayed. */
const KEPT_CHARACTERS = 64 * 1024;

/** Both forms of an address: no sender is refused for a slash at the end. */
export const eitherSlash = (path: string): string[] => [path, `${path}/`];

/**
 * A handler of one vendor's request: reads at most 1 MB once, finds the integration, and answers in the vendor's
 * shape whatever goes wrong. What is refused is kept with the reason before it is answered.
 */
export const serve =
  (intake: Intake, surface: Surface, answer: (request: Addressed) => Promise<Reply>) =>
  async (c: Context<Env>): Promise<Response> => {
    const requestId = newId();
    let release: (() => void) | undefined;
    try {
      const announced = Number(c.req.header('content-length') ?? Number.NaN);
      const hasBody = c.req.method !== 'GET' && c.req.method !== 'HEAD';
      let bytes: Uint8Array | undefined = NOTHING;
      if (hasBody && announced !== 0) {
        release = intake.reserve(Number.isInteger(announced) ? Math.min(announced, MAX_BODY_BYTES) : MAX_BODY_BYTES);
        bytes = announced > MAX_BODY_BYTES ? undefined : await readBytes(c, Number.isInteger(announced));
      }
      const contentType = c.req.header('content-type');
      const query = c.req.url.includes('?') ? c.req.query() : {};
      const received: Received = {
        c,
        requestId,
        now: intake.now(),
        contentType,
        query,
        bytes: bytes ?? NOTHING,
        body: bytes ? decodeBody(bytes, contentType, query) : undefined,
      };
      return respond(await addressed(intake, surface, answer, received, bytes === undefined));
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      const error = thrown.code === 'rate_limited' && !surface.takes429 ? new AppError('overloaded', thrown.message) : thrown;
      intake.count(error.code);
      return respond(surface.error(error, requestId));
    } finally {
      release?.();
    }
  };

const addressed = async (
  intake: Intake,
  surface: Surface,
  answer: (request: Addressed) => Promise<Reply>,
  received: Received,
  tooLarge: boolean,
): Promise<Reply> => {
  const key = surface.key(received);
  const integration = await intake.find(key);
  const refusal = (reason: string): Refusal => refusalOf(received, key, integration, reason);
  const refuse = async (reason: string, counted: string): Promise<void> => {
    intake.count(counted);
    await intake.accept({ ...(integration ? { integration } : {}), refusal: refusal(reason), bytes: received.bytes.length });
  };
  if (tooLarge) {
    await refuse('the body is larger than 1 MB; it was not read', 'too_large');
    return surface.error(new AppError('too_large', 'The body is larger than 1 MB'), received.requestId);
  }
  if (!integration) {
    await refuse(key === undefined ? 'the request has no key' : `no integration has the key ${maskKey(key)}`, 'unknown_key');
    return surface.unknownKey(received, key);
  }
  const objection = surface.guard?.(received, integration);
  if (objection !== undefined) {
    await refuse(objection, 'signature');
    return surface.error(new AppError('unauthenticated', objection), received.requestId);
  }
  return answer({ ...received, intake, integration, refusal, refuse: (reason) => refuse(reason, 'unparsable') });
};

/** The whole body, or undefined past 1 MB. Without a length it is read piece by piece, so that it cannot grow past that. */
const readBytes = async (c: Context<Env>, bounded: boolean): Promise<Uint8Array | undefined> => {
  try {
    if (bounded) {
      const whole = new Uint8Array(await c.req.arrayBuffer());
      return whole.length > MAX_BODY_BYTES ? undefined : whole;
    }
    const stream = c.req.raw.body;
    if (!stream) return NOTHING;
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of stream) {
      length += piece.length;
      if (length > MAX_BODY_BYTES) return undefined;
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  } catch {
    // The sender went away, or its transfer coding is broken: there is nobody to keep it for.
    throw new AppError('invalid', 'The body could not be read');
  }
};

/** The answer to an event: parsed, written, and only then said. */
export const takeEvent = async (
  request: Addressed,
  parser: Parser,
  more: { params?: Record<string, string>; request?: (outcomes: Outcome[], signals: Signal[]) => RequestRow } = {},
): Promise<Reply> => {
  const { intake, integration, bytes } = request;
  const parsed = parser(parseInput(request, more.params ?? {}));
  if (!parsed.ok) {
    await request.refuse(parsed.reason);
    return parsed.reply;
  }
  const { signals } = parsed;
  const changes = (parsed.changes ?? []).map(noteOf);
  // Some of it was good and is kept; the rest is refused.
  const partly = parsed.reply.status >= 400;
  if (signals.length === 0 && changes.length === 0 && !partly) return parsed.reply;
  if (partly) intake.count('unparsable');
  const { request: keep } = more;
  await intake.accept({
    integration,
    signals,
    changes,
    bytes: bytes.length,
    refusal: partly ? request.refusal(parsed.problems.join('; ')) : undefined,
    ...(keep ? { request: (outcomes: Outcome[]) => keep(outcomes, signals) } : {}),
  });
  return parsed.reply;
};

export const parseInput = (request: Addressed, params: Record<string, string>): ParseInput => ({
  body: request.body,
  query: request.query,
  params,
  integration: request.integration,
  now: request.now,
  requestId: request.requestId,
});

const noteOf = (change: ChangeEvent) => ({
  integrationId: change.integrationId,
  summary: change.summary,
  source: change.source,
  data: {
    ...(change.timestamp ? { timestamp: change.timestamp.toString() } : {}),
    links: change.links,
    images: change.images,
    custom_details: change.customDetails,
  },
});

const respond = ({ status, body, headers }: Reply): Response => {
  const all: Record<string, string> = { ...headers };
  if (body !== undefined) all['content-type'] = 'application/json';
  if (status === 503 || status === 429) all['retry-after'] = '1';
  return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: all });
};

/** Enough of a key to recognise a wrong one by. */
export const maskKey = (key: string): string => `${cutText(key, 200).slice(0, 4)}…`;

const SECRET_QUERY = /^(token|api_?key|access_token|integration_key|routing_key|service_key|password|secret)$/i;

const refusalOf = (received: Received, key: string | undefined, integration: Known | undefined, reason: string): Refusal => {
  const hide = (text: string): string => (key && key.length >= 4 ? text.replaceAll(key, maskKey(key)) : text);
  const query = Object.entries(received.query).map(([name, value]) => `${name}=${SECRET_QUERY.test(name) ? '…' : value}`);
  const text = new TextDecoder().decode(received.bytes);
  const body = cleanText(hide(text));
  const cut = body.length > KEPT_CHARACTERS;
  return {
    integrationId: integration?.id ?? null,
    path: cutText(
      `${received.c.req.method} ${hide(received.c.req.path)}${query.length > 0 ? `?${hide(query.join('&'))}` : ''}`,
      1000,
    ),
    reason: cutText(cut ? `${reason} (the first ${KEPT_CHARACTERS} characters of the body are kept)` : reason, 2000),
    contentType: received.contentType === undefined ? null : cutText(received.contentType, 200),
    body: cut ? cleanText(body.slice(0, KEPT_CHARACTERS)) : body,
  };
};
