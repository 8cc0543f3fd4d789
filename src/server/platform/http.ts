import { OpenAPIHono, type z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { problem } from '../../contract/common.ts';
import { type CallerParts, createCaller } from './caller.ts';
import { type Actor, type Ctx, type Outside, SYSTEM } from './ctx.ts';
import { isDatabaseDown } from './database.ts';
import { AppError, STATUS_OF } from './errors.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { fromZod, isUnstorable, problemOf, withoutNul } from './problems.ts';
import { type Change, isCurrent, lastSeen, type Readable, shapeOf, tagOf } from './tags.ts';
import { inSpan } from './tracing.ts';

export type Env = { Variables: { requestId: string; log: Logger; actorName: string; sessionId: string | undefined } };
export type Http = ReturnType<typeof createHttp>;

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type RouteDefinition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> = {
  method: Method;
  /** OpenAPI form: `/api/incidents/{id}`. */
  path: string;
  summary: string;
  tag: string;
  /** For reading; actions that change something check for themselves. */
  permission?: string;
  params?: P;
  query?: Q;
  body?: B;
  /** Absent: 204. */
  result?: R;
  status?: 200 | 201 | 202;
  /** Of a GET: what of its answer `If-Match` compares, when some of it changes by itself. Absent: all of it. */
  compared?: (result: z.input<R>) => unknown;
  /** Of a GET: who changed the thing last, for whoever comes too late to change it. */
  changed?: (ctx: Ctx, params: z.output<P>) => Promise<Change | undefined>;
};
type Input<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = {
  params: z.output<P>;
  query: z.output<Q>;
  body: z.output<B>;
};

export const MAX_BODY_BYTES = 1024 * 1024;
/** Middleware that refuses a larger body, with 413, before any of it is held. */
export const limitBody = (bytes: number) =>
  bodyLimit({
    maxSize: bytes,
    onError: () => {
      throw new AppError('too_large', `The body is larger than ${bytes / 1024} KB`);
    },
  });

/**
 * The HTTP surface: request ids, one canonical log line a request, problem+json, limits, OpenAPI, and
 * `route`, which authenticates, validates and runs a handler in one transaction.
 */
export const createHttp = (
  parts: CallerParts & {
    log: Logger;
    metrics: Metrics;
    maxConcurrent: number;
  },
) => {
  const app = new OpenAPIHono<Env>();
  let inFlight = 0;
  const { asCaller, asKey, addressOf, refuseOtherSites, visit } = createCaller(parts);

  app.use(async (c, next) => {
    const requestId =
      c.req
        .header('x-request-id')
        ?.slice(0, 100)
        .replace(/[^\w.:-]/g, '') || crypto.randomUUID();
    const started = performance.now();
    c.set('requestId', requestId);
    c.set('log', parts.log.child({ request_id: requestId }));
    if (inFlight >= parts.maxConcurrent) {
      parts.metrics.refused.inc({ reason: 'overload' });
      c.res = busy(c, requestId);
      return;
    }
    inFlight += 1;
    try {
      await inSpan(
        `${c.req.method} ${hideSecrets(c.req.path)}`,
        { 'http.request.method': c.req.method, 'allclear.request_id': requestId },
        next,
      );
    } finally {
      inFlight -= 1;
    }
    // A vendor's answer may have one of its own, which its clients ask about.
    if (!c.res.headers.has('x-request-id')) c.res.headers.set('x-request-id', requestId);
    const ms = performance.now() - started;
    const path = c.req.path;
    parts.metrics.httpSeconds.observe({ method: c.req.method, status: String(c.res.status) }, ms / 1000);
    const line = {
      request_id: requestId,
      method: c.req.method,
      path: hideSecrets(path),
      status: c.res.status,
      ms: Math.round(ms * 10) / 10,
      actor: c.get('actorName'),
    };
    // 501 and 502: what we do not offer, or what we asked did not answer, and the answer says so.
    if (c.res.status === 501 || c.res.status === 502) parts.log.warn(line, 'request');
    else if (c.res.status >= 500 && c.res.status !== 503) parts.log.error(line, 'request');
    else if (path.startsWith('/api/') || path.startsWith('/scim/')) parts.log.info(line, 'request');
    else parts.log.debug(line, 'request');
  });
  const limit = limitBody(MAX_BODY_BYTES);
  /** Addresses that read their body as a stream. */
  const unlimited = new Set<string>();
  app.use('/api/*', (c, next) => (unlimited.has(c.req.path) ? next() : limit(c, next)));

  const respond = (c: Context<Env>, error: AppError): Response => {
    const status = STATUS_OF[error.code];
    const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
    if (error.code === 'rate_limited' || error.code === 'overloaded') headers['retry-after'] = '1';
    if (error.code === 'unauthenticated') headers['www-authenticate'] = 'Bearer';
    return new Response(JSON.stringify(problemOf(error, c.get('requestId'))), { status, headers });
  };
  const busy = (c: Context<Env>, requestId: string): Response => {
    c.set('requestId', requestId);
    return respond(c, new AppError('overloaded', 'Too many requests at once; send this again'));
  };

  app.onError((thrown, c) => {
    if (thrown instanceof AppError) return respond(c, thrown);
    if (isDatabaseDown(thrown)) return respond(c, new AppError('overloaded', 'The database does not answer; send this again'));
    if (isUnstorable(thrown)) {
      c.get('log').warn({ err: thrown }, 'refused by the database');
      return respond(c, new AppError('invalid', `The database does not take a value of this request: ${thrown.message}`));
    }
    c.get('log').error({ err: thrown }, 'request failed');
    return new Response(
      JSON.stringify({
        type: 'about:blank',
        title: 'Internal error',
        status: 500,
        detail: 'The server failed. Its log has the reason under this request id.',
        request_id: c.get('requestId'),
      }),
      { status: 500, headers: { 'content-type': 'application/problem+json' } },
    );
  });
  app.notFound((c) => respond(c, new AppError('not_found', `Nothing is at ${c.req.path}`)));

  const parse = <T extends z.ZodType>(schema: T | undefined, value: unknown, prefix: string): z.output<T> => {
    if (!schema) return undefined as z.output<T>;
    const result = schema.safeParse(value);
    if (!result.success) throw fromZod(result.error, prefix);
    return result.data;
  };

  /**
   * Adds an operation for those who are nobody yet, such as signing in. It runs in one transaction as the system, so the
   * handler decides what a visitor may; `visitor.setCookies` hands cookies to the browser.
   */
  const open = <B extends z.ZodType = z.ZodUndefined, R extends z.ZodType = z.ZodUndefined, P extends z.ZodType = z.ZodUndefined>(
    definition: RouteDefinition<P, z.ZodUndefined, B, R>,
    handler: (
      ctx: Ctx,
      input: Input<P, z.ZodUndefined, B>,
      visitor: Visitor,
    ) => Promise<[R] extends [z.ZodUndefined] ? void : z.input<R>>,
  ): void => {
    register(definition, []);
    app.on(definition.method.toUpperCase(), definition.path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
      const address = await visit(c);
      const params = parse(definition.params, withoutNul(c.req.param()), '');
      const body = definition.body ? parse(definition.body, jsonOf(await c.req.text()), '') : undefined;
      const cookies: string[] = [];
      const visitor: Visitor = { address, headers: c.req.raw.headers, setCookies: (list) => void cookies.push(...list) };
      const result = await parts.runner.transaction(
        SYSTEM('sign-in'),
        'console',
        (ctx) => handler(ctx, { params, query: undefined as never, body: body as z.output<B> }, visitor),
        c.get('log'),
      );
      for (const cookie of cookies) c.header('set-cookie', cookie, { append: true });
      if (!definition.result) return c.body(null, 204);
      return c.json(result as object, definition.status ?? 200);
    });
  };

  /** GETs by the shape of their address: what a change of the same address is compared with. */
  const readable = new Map<string, Readable>();

  /**
   * Adds an API operation. The handler runs in one transaction, as whoever the token or the session names. A GET answers with an
   * `ETag`; a change of an address that has a GET may carry it as `If-Match`, and is refused when the thing has changed since.
   */
  const route = <
    P extends z.ZodType = z.ZodUndefined,
    Q extends z.ZodType = z.ZodUndefined,
    B extends z.ZodType = z.ZodUndefined,
    R extends z.ZodType = z.ZodUndefined,
  >(
    definition: RouteDefinition<P, Q, B, R>,
    handler: (
      ctx: Ctx,
      input: Input<P, Q, B>,
      sessionId?: string,
    ) => Promise<[R] extends [z.ZodUndefined] ? void : z.input<R> | undefined>,
  ): void => {
    register(definition);
    if (definition.method === 'get')
      readable.set(shapeOf(definition.path), {
        read: async (ctx, values) => {
          const { compared } = definition;
          if (definition.permission) parts.allow(ctx, definition.permission);
          const params = parse(definition.params, named(definition.path, values), '');
          const query = parse(definition.query, {}, '');
          const result = await handler(ctx, { params, query, body: undefined as z.output<B> });
          return tagOf(result, compared?.(result as z.input<R>));
        },
        changed: async (ctx, values) => definition.changed?.(ctx, parse(definition.params, named(definition.path, values), '')),
      });
    app.on(definition.method.toUpperCase(), definition.path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
      // Read before the transaction, which waits for no sender; judged within it, after who asks is known.
      const sent = definition.body ? await c.req.text() : '';
      const work = (ctx: Ctx) => {
        const params = parse(definition.params, withoutNul(c.req.param()), '');
        const query = parse(definition.query, queryOf(c), '');
        const body = definition.body ? parse(definition.body, jsonOf(sent), '') : undefined;
        return handler(ctx, { params, query, body: body as z.output<B> }, c.get('sessionId'));
      };
      const thing = CHANGES.includes(definition.method) ? readable.get(shapeOf(definition.path)) : undefined;
      const { result, tag } = await asCaller(c, definition.permission, (ctx) =>
        thing ? lastSeen(ctx, thing, c, work) : work(ctx).then((done) => ({ result: done, tag: undefined })),
      );
      const etag =
        definition.method === 'get' && definition.result ? tagOf(result, definition.compared?.(result as z.input<R>)) : tag;
      if (etag) c.header('etag', etag);
      if (definition.method === 'get' && etag && isCurrent(etag, c.req.header('if-none-match'))) return c.body(null, 304);
      if (!definition.result) return c.body(null, 204);
      return c.json(result as object, definition.status ?? 200);
    });
  };

  /**
   * As `route`, for what must not hold a transaction, such as a network call: `prepare` runs in one, which commits; then `finish`
   * does the work and opens those it needs.
   */
  const twoStep = <P extends z.ZodType, B extends z.ZodType, R extends z.ZodType, T>(
    definition: Omit<RouteDefinition<P, z.ZodUndefined, B, R>, 'query' | 'compared' | 'changed'> & {
      params: P;
      body: B;
      result: R;
    },
    prepare: (ctx: Ctx, input: { params: z.output<P>; body: z.output<B> }) => Promise<T>,
    finish: (outside: Outside, prepared: T) => Promise<z.input<R>>,
  ): void => {
    register(definition as RouteDefinition<z.ZodType, z.ZodType, z.ZodType, z.ZodType>);
    app.on(definition.method.toUpperCase(), definition.path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
      const sent = await c.req.text();
      const { prepared, outside } = await asCaller(c, definition.permission, async (ctx) => {
        const params = parse(definition.params, withoutNul(c.req.param()), '');
        const body = parse(definition.body, jsonOf(sent), '');
        return {
          prepared: await prepare(ctx, { params, body }),
          outside: parts.runner.outsideAs(ctx.actor, ctx.source, c.get('log')),
        };
      });
      return c.json((await finish(outside, prepared)) as object, definition.status ?? 200);
    });
  };

  const register = (
    definition: RouteDefinition<z.ZodType, z.ZodType, z.ZodType, z.ZodType>,
    security: Record<string, string[]>[] = [{ token: [] }, { session: [] }],
  ) => {
    const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } });
    app.openAPIRegistry.registerPath({
      method: definition.method,
      path: definition.path,
      summary: definition.summary,
      tags: [definition.tag],
      security,
      request: {
        ...(definition.params ? { params: definition.params as z.ZodObject } : {}),
        ...(definition.query ? { query: definition.query as z.ZodObject } : {}),
        ...(definition.body ? { body: { ...json(definition.body), required: true } } : {}),
      },
      responses: {
        [definition.result ? (definition.status ?? 200) : 204]: {
          description: 'Done',
          ...(definition.result ? json(definition.result) : {}),
        },
        default: { description: 'Refused, and why', content: { 'application/problem+json': { schema: problem } } },
      },
    });
  };

  /**
   * Adds an operation whose body or answer is a stream. Whoever the bearer token names is asked for the
   * permission in a short transaction; the handler opens the ones it needs. A body that is a stream has no limit.
   */
  const raw = <Q extends z.ZodType = z.ZodUndefined>(
    definition: RawDefinition<Q>,
    handler: (caller: Caller, body: Body, asked: Asked<Q>) => Promise<Response>,
  ): void => {
    const { method, path, summary, tag, request, response } = definition;
    const content = (media: Media) => ({ [media.type]: { schema: media.schema ?? { type: 'string', format: 'binary' } } });
    if (request) unlimited.add(path);
    app.openAPIRegistry.registerPath({
      method,
      path,
      summary,
      tags: [tag],
      security: [{ token: [] }, { session: [] }],
      request: {
        ...(definition.query ? { query: definition.query as unknown as z.ZodObject } : {}),
        ...(request ? { body: { content: content(request), required: true } } : {}),
      },
      responses: {
        200: { description: 'Done', content: content(response) },
        default: { description: 'Refused, and why', content: { 'application/problem+json': { schema: problem } } },
      },
    });
    app.on(method.toUpperCase(), path, async (c) => {
      const ask = () =>
        asCaller(c, definition.permission, async (ctx) => {
          const { actor, source, log } = ctx;
          const may = (permission: string): boolean => {
            try {
              parts.allow(ctx, permission);
              return true;
            } catch {
              return false;
            }
          };
          return { actor, source, log, may };
        });
      const again = () =>
        ask().catch((thrown: unknown) => {
          if (thrown instanceof AppError && (thrown.code === 'unauthenticated' || thrown.code === 'forbidden')) return undefined;
          throw thrown;
        });
      return handler(await ask(), c.req.raw.body, {
        query: parse(definition.query, queryOf(c), ''),
        header: (name) => c.req.header(name),
        again,
        cut: () => (c.env as { outgoing?: { destroy: () => void } } | undefined)?.outgoing?.destroy(),
      });
    });
  };

  return { app, route, twoStep, open, raw, asKey, addressOf, refuseOtherSites };
};

const CHANGES: readonly Method[] = ['put', 'patch', 'delete'];
/** Values of an address's parameters, by the names that this path gives them. */
const named = (path: string, values: string[]): Record<string, string> =>
  Object.fromEntries([...path.matchAll(/\{(\w+)\}/g)].map(([, name], index) => [name, values[index] ?? '']));
/** Somebody who has not signed in. */
export type Visitor = { address: string; headers: Headers; setCookies: (cookies: string[]) => void };

type Media = { type: string; schema?: z.ZodType };
type RawDefinition<Q extends z.ZodType> = {
  method: Method;
  path: string;
  summary: string;
  tag: string;
  permission: string;
  query?: Q;
  request?: Media;
  response: Media;
};
type Caller = { actor: Actor; source: string; log: Logger; may: (permission: string) => boolean };
type Asked<Q extends z.ZodType> = {
  query: z.output<Q>;
  header: (name: string) => string | undefined;
  /** For an answer that lasts: who asks, as things stand now; undefined once she may not any more. */
  again: () => Promise<Caller | undefined>;
  /** Breaks the connection off, whatever of the answer is still on its way. */
  cut: () => void;
};
type Body = ReadableStream<Uint8Array> | null;

const jsonOf = (text: string): unknown => {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AppError('invalid', 'The body is not valid JSON');
  }
  // In JSON a NUL can only be written as an escape; without one there is nothing to look through.
  return text.includes('\\u0000') ? withoutNul(value) : value;
};

/** Keys and signed tokens in an address never reach a log line. */
const hideSecrets = (path: string): string =>
  path.replace(
    /^(\/(?:hooks\/[^/]+|alertmanager|p|handoff|calendar|answer|integration|x-ere|integrations\/generic\/[^/]+\/alert)\/)[^/]+/,
    '$1…',
  );

/** The query of an address; a name that is given several times is a list. */
const queryOf = (c: Context<Env>): unknown =>
  withoutNul(Object.fromEntries(Object.entries(c.req.queries()).map(([name, all]) => [name, all.length > 1 ? all : all[0]])));
