import type { Context } from 'hono';
import ipaddr from 'ipaddr.js';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Actor, Ctx } from './ctx.ts';
import { AppError } from './errors.ts';
import type { Env } from './http.ts';
import type { Runner } from './runner.ts';

/** A signed-in person's session, found by its cookie; `cookies` prolong it. */
export type Session = { id: string; personId: string; cookies: string[] };

export type CallerParts = {
  runner: Runner;
  /** Who holds a bearer token. */
  authenticate: (ctx: Ctx, token: string) => Promise<Actor | undefined>;
  /** The session of a request's cookies. It opens no transaction of ours. */
  sessionOf: (headers: Headers) => Promise<Session | undefined>;
  /** The person of a session, unless she has left. */
  actorOf: (ctx: Ctx, personId: string) => Promise<Actor | undefined>;
  allow: (ctx: Ctx, permission: string) => void;
  publicUrl: () => string;
  /** Of one API caller, on one node. Intake has no such limit: there one key may hold half of the queue. */
  requestsAMinute: number;
  /** Proxies in front of us, whose word on the client's address is taken: addresses or CIDR ranges. */
  trustedProxies: string[];
};

/** Requests of one address that sign in, set passwords and the like, a minute. */
const VISITS_A_MINUTE = 60;

/** Finds out who asks: by bearer token or by the cookie of a session. */
export const createCaller = (parts: CallerParts) => {
  const shares = new RateLimiterMemory({ points: parts.requestsAMinute, duration: 60 });
  const visits = new RateLimiterMemory({ points: VISITS_A_MINUTE, duration: 60 });

  /** What changes something with a cookie, or begins a session, must come from a page of ours. */
  const refuseOtherSites = (c: Context<Env>): void => {
    if (!isSafe(c.req.method) && !isSameOrigin(c, parts.publicUrl()))
      throw new AppError('forbidden', 'This request came from another site and changes something: it was refused');
  };

  const takeShare = (name: string) =>
    shares.consume(name).catch(() => {
      throw new AppError('rate_limited', `More than ${parts.requestsAMinute} requests in a minute; wait and send this again`);
    });

  /** One transaction as whoever holds the bearer token, found by `authenticate`: for a surface with keys of its own. */
  const asKey = async <T>(
    c: Context<Env>,
    source: string,
    authenticate: CallerParts['authenticate'],
    work: (ctx: Ctx) => Promise<T>,
  ): Promise<T> =>
    parts.runner.transaction(
      { kind: 'system', name: 'http' },
      source,
      async (anonymous) => {
        const token = bearerOf(c);
        const actor = token ? await authenticate(anonymous, token) : undefined;
        if (!actor)
          throw new AppError(
            'unauthenticated',
            token ? 'This token is unknown, expired or revoked' : 'Send a key: Authorization: Bearer <key>',
          );
        c.set('actorName', actor.name);
        await takeShare(actor.name);
        return work({ ...anonymous, actor });
      },
      c.get('log'),
    );

  /** One transaction as whoever asks, if she may; each caller has a share of requests a minute. */
  const asCaller = async <T>(c: Context<Env>, permission: string | undefined, work: (ctx: Ctx) => Promise<T>): Promise<T> => {
    const header = c.req.header('authorization');
    const token = bearerOf(c);
    const session = header === undefined && c.req.header('cookie') ? await parts.sessionOf(c.req.raw.headers) : undefined;
    if (session) refuseOtherSites(c);
    const source = session ? 'console' : c.req.header('x-allclear-client') === 'cli' ? 'cli' : 'api';
    for (const cookie of session?.cookies ?? []) c.header('set-cookie', cookie, { append: true });
    return parts.runner.transaction(
      { kind: 'system', name: 'http' },
      source,
      async (anonymous) => {
        const actor = token
          ? await parts.authenticate(anonymous, token)
          : session && (await parts.actorOf(anonymous, session.personId));
        if (!actor)
          throw new AppError(
            'unauthenticated',
            token ? 'This token is unknown, expired or revoked' : 'Sign in, or send an API token: Authorization: Bearer <token>',
          );
        c.set('actorName', actor.name);
        if (session) c.set('sessionId', session.id);
        await takeShare(actor.name);
        const ctx: Ctx = { ...anonymous, actor };
        if (permission) parts.allow(ctx, permission);
        return work(ctx);
      },
      c.get('log'),
    );
  };

  /** The address a request came from: the connection's, or what a trusted proxy says of it. */
  const addressOf = (c: Context<Env>): string => {
    const connected = (c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined)?.incoming?.socket
      ?.remoteAddress;
    return clientAddress(connected ?? 'unknown', c.req.header('x-forwarded-for'), parts.trustedProxies);
  };

  /** For those who are nobody yet: refuses other sites and too many tries. */
  const visit = async (c: Context<Env>): Promise<string> => {
    refuseOtherSites(c);
    const address = addressOf(c);
    await visits.consume(address).catch(() => {
      throw new AppError('rate_limited', 'Too many tries from this address in a minute; wait and try again');
    });
    return address;
  };

  return { asCaller, asKey, addressOf, refuseOtherSites, visit };
};

const bearerOf = (c: Context<Env>): string | undefined => c.req.header('authorization')?.match(/^Bearer\s+(\S+)$/i)?.[1];

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

/** A browser says where a request comes from; what does not say so is no browser page and has no business with a cookie. */
const isSameOrigin = (c: Context<Env>, publicUrl: string): boolean => {
  const origin = c.req.header('origin');
  if (origin !== undefined) {
    if (!URL.canParse(origin)) return false;
    if (origin === new URL(publicUrl).origin) return true;
    const host = c.req.header('host') ?? new URL(c.req.url).host;
    return new URL(origin).host === host;
  }
  return c.req.header('sec-fetch-site') === 'same-origin';
};

const within = (address: string, ranges: string[]): boolean => {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return ranges.some((range) => {
    if (range.includes('/')) {
      const [base, bits] = ipaddr.parseCIDR(range);
      return base.kind() === parsed.kind() && parsed.match(base, bits);
    }
    return ipaddr.isValid(range) && ipaddr.process(range).toString() === parsed.toString();
  });
};

/** From right to left, each hop is believed as long as the one that reports it is trusted. */
export const clientAddress = (connected: string, forwarded: string | undefined, trusted: string[]): string => {
  const hops = (forwarded ?? '').split(',').flatMap((hop) => (hop.trim() ? [hop.trim()] : []));
  let address = connected;
  while (hops.length > 0 && within(address, trusted)) address = hops.pop() ?? address;
  return address;
};
