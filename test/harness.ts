import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { sql } from 'kysely';
import { TestClock } from 'pg-boss';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { createApp } from '../src/server/app.ts';
import { flow } from '../src/server/flow.ts';
import { createToken } from '../src/server/identity/actions.ts';
import { SYSTEM } from '../src/server/platform/ctx.ts';
import type { Connection } from '../src/server/platform/database.ts';
import { createLogger } from '../src/server/platform/log.ts';
import { lendDatabase } from './databases.ts';

// A password costs a tenth of a second on purpose, twice for everyone who signs in. In a test it costs nothing.
const { scrypt } = crypto;
crypto.scrypt = ((...args: Parameters<typeof scrypt>) =>
  scrypt(args[0], args[1], args[2], { ...args[3], N: 2 }, args[4])) as typeof scrypt;
syncBuiltinESMExports();

/** Log lines of level error that a test did not expect. */
const errors: string[] = [];
const running: (() => Promise<void>)[] = [];

const stopAll = async (): Promise<void> => {
  for (const stop of running.splice(0)) await stop();
  const seen = errors.splice(0);
  expect(seen, 'error lines in the log').toEqual([]);
};

/** Where a world that is made for several tests puts what ends it. */
let keeping: (() => Promise<void>)[] | undefined;

/** Runs it when the test is over; for a world of `oneWorld`, when its `describe` is. */
export const whenOver = (end: () => Promise<void>): void => {
  if (keeping) keeping.push(end);
  else onTestFinished(end);
};

/**
 * One world for the tests of a `describe`, each of which finds it as the one before left it, and makes none of its own.
 * For walks in a browser: making a world, and living through the night that it begins with, takes longer than the walk.
 */
export const oneWorld = <W>(make: () => Promise<W>): (() => W) => {
  let world: W | undefined;
  const ends: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    keeping = ends;
    try {
      world = await make();
    } finally {
      keeping = undefined;
    }
  });
  afterAll(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  return () => world as W;
};

/** Its table and its function stay in the database for the world that has it next: making them anew takes longer than what uses them. */
class StandingClock extends TestClock {
  override attach(target: Parameters<TestClock['attach']>[0]): ReturnType<TestClock['attach']> {
    const { db } = target;
    const table = `${target.schema}.__pgboss_test_clock`;
    const executeSql: typeof db.executeSql = async (text, values) => {
      if (text.includes('RESET ')) return { rows: [] };
      if (!text.includes('CREATE TABLE')) return db.executeSql(text, values);
      const { rows } = await db.executeSql('select to_regclass($1) is not null as there', [table]);
      return rows[0]?.there
        ? db.executeSql(`update ${table} set now = to_timestamp($1)`, [this.now() / 1000])
        : db.executeSql(text, values);
    };
    return super.attach({ ...target, db: { executeSql } as typeof db });
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>;

/**
 * The whole product over a real database, with time in the test's hands: nothing happens by itself.
 * `settle` does what is due, `fastForward` moves time from one due thing to the next.
 */
export const startWorld = async (
  options: {
    at?: string;
    allowedHosts?: string[];
    publicUrl?: string;
    requestsAMinute?: number;
    mailDomain?: string;
    /** In a database that nobody has afterwards: for what changes the schema. */
    own?: boolean;
  } = {},
) => {
  whenOver(stopAll);
  const clock = new StandingClock(new Date(options.at ?? '2026-03-02T12:00:00Z'));
  const now = () => Temporal.Instant.fromEpochMilliseconds(clock.now());
  const { giveBack, ...connection } = await lendDatabase(options.own);
  const log = createLogger('error', {
    write: (line: string) => {
      errors.push(line);
    },
  });
  let publicUrl = options.publicUrl ?? 'http://allclear.test';
  const app = await createApp({
    connection: connection as Connection,
    clock: { now },
    bossClock: clock,
    log,
    publicUrl: () => publicUrl,
    allowedHosts: options.allowedHosts ?? ['127.0.0.0/8', '::1', 'localhost'],
    poolSize: 6,
    queuePoolSize: 1,
    mailDomain: options.mailDomain,
    ...(options.requestsAMinute ? { requestsAMinute: options.requestsAMinute } : {}),
  });
  const { token } = await app.runner.transaction(SYSTEM('test'), 'test', async (ctx) => {
    // A product that started a moment ago has done what it does seldom, and found nothing.
    const seldom = Object.entries(flow.every).filter(([, { seconds }]) => seconds >= 300);
    await ctx.tx
      .insertInto('ticks')
      .values(seldom.map(([name]) => ({ name, last_at: ctx.now })))
      .execute();
    return createToken(ctx, { name: 'test', role: 'administrator' });
  });
  const stop = async () => {
    app.live.close();
    await app.close(1);
    giveBack();
  };
  running.push(stop);

  const nextDue = async (): Promise<number | undefined> => {
    const { rows } = await sql<{
      at: string | null;
    }>`select extract(epoch from min(start_after)) * 1000 as at from jobs.job where state in ('created', 'retry')`.execute(
      app.database.db,
    );
    return rows[0]?.at ? Math.ceil(Number(rows[0].at)) : undefined;
  };

  /** Does everything that is due now, and what that makes due, until nothing is. Gives when the next thing is. */
  const settle = async (): Promise<number | undefined> => {
    await app.runner.tick();
    for (;;) {
      // Mostly nothing is due: asking that is one small query, asking the queues for work is three large ones.
      const due = await nextDue();
      if (due === undefined || due > clock.now()) return due;
      // What is due and not given out waits for another.
      if ((await app.jobs.drain(app.runner.runJob)) === 0) return undefined;
      await app.runner.tick();
    }
  };

  /** `5m`, `90s`, `2h`, `1d`: stops at every due job, and for what runs by the clock once a minute, after ten minutes every five. */
  const fastForward = async (duration: string): Promise<void> => {
    const start = clock.now();
    const target = start + milliseconds(duration);
    let due = await settle();
    while (clock.now() < target) {
      const step = clock.now() - start < 600_000 ? 60_000 : 300_000;
      const look = Math.floor(clock.now() / step) * step + step;
      await clock.setTime(Math.max(clock.now() + 1, Math.min(target, due ?? target, look)));
      due = await settle();
    }
  };

  const request = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    app.fetch(
      new Request(`${publicUrl}${path}`, {
        method,
        headers: {
          ...(path.startsWith('/api/') ? { authorization: `Bearer ${token}` } : {}),
          ...(body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
  /** A call of our API that must succeed; returns its JSON. */
  const call = async <T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await request(method, path, body);
    const text = await response.text();
    expect(response.ok, `${method} ${path}: ${response.status} ${text}`).toBe(true);
    return (text ? JSON.parse(text) : undefined) as T;
  };

  return {
    app,
    clock,
    now,
    token,
    request,
    call,
    settle,
    fastForward,
    connection,
    setPublicUrl: (url: string) => {
      publicUrl = url;
    },
    system: <R>(work: Parameters<typeof app.runner.transaction<R>>[2]) => app.runner.transaction(SYSTEM('test'), 'test', work),
    stop: async () => {
      running.splice(running.indexOf(stop), 1);
      await stop();
    },
  };
};

/** A server takes the port of the one before: at the same address a browser knows the scripts. */
let lastPort = 0;

/** Scripts that a browser may have of every server of `startServer`, by their paths; and where those servers are. */
export const scripts = new Map<string, string>();
export const origins = new Set<string>();
const KEPT = { 'content-type': 'text/javascript', 'cache-control': 'public, max-age=31536000, immutable' };

/** `startWorld` behind a real socket on 127.0.0.1, for clients that need one. */
export const startServer = async (options: Parameters<typeof startWorld>[0] = {}) => {
  const { serve } = await import('@hono/node-server');
  const world = await startWorld(options);
  /** A browser that leaves a page gives up its requests; the server answers them all the same, and needs its database for that. */
  const underWay = new Set<Promise<unknown>>();
  const fetch = (...args: Parameters<typeof world.app.fetch>) => {
    const script = scripts.get(new URL(args[0].url).pathname);
    const answer = Promise.resolve(script === undefined ? world.app.fetch(...args) : new Response(script, { headers: KEPT }));
    underWay.add(answer);
    void answer.finally(() => underWay.delete(answer)).catch(() => undefined);
    return answer;
  };
  const listen = (port: number) =>
    new Promise<ReturnType<typeof serve>>((resolve, reject) => {
      const started = serve({ fetch, hostname: '127.0.0.1', port }, () => resolve(started));
      started.once('error', reject);
    });
  const server = await listen(lastPort).catch(() => listen(0));
  const address = server.address();
  lastPort = typeof address === 'object' && address ? address.port : 0;
  const url = `http://127.0.0.1:${lastPort}`;
  origins.add(url);
  world.setPublicUrl(url);
  const close = async () => {
    origins.delete(url);
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      if ('closeAllConnections' in server) server.closeAllConnections();
    });
    await Promise.allSettled(underWay);
  };
  running.unshift(close);
  return { ...world, url };
};

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const milliseconds = (duration: string): number => {
  const match = duration.match(/^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/);
  if (!match) throw new Error(`not a duration: ${duration}`);
  return Number(match[1]) * (UNITS[match[2] as string] as number);
};
