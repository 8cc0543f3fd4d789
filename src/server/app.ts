import { randomBytes } from 'node:crypto';
import type { Clock as BossClock } from 'pg-boss';
import { flow } from './flow.ts';
import { actorOfPerson, admit, authenticate, noteSignIn, refusalOf, trustedOrigins } from './identity/actions.ts';
import { createAuth } from './identity/auth.ts';
import { allow, type Permission } from './identity/permissions.ts';
import { createIntake } from './ingest/intake.ts';
import { makePartitions } from './journal/actions.ts';
import { changesMissed, changesSince } from './journal/read.ts';
import type { Clock } from './platform/clock.ts';
import { consoleRoutes } from './platform/console.ts';
import { SYSTEM } from './platform/ctx.ts';
import { type Connection, migrate, openDatabase, schemaIsNewer } from './platform/database.ts';
import { createHttp } from './platform/http.ts';
import { createJobs } from './platform/jobs.ts';
import { createLive } from './platform/live.ts';
import type { Logger } from './platform/log.ts';
import { createMetrics } from './platform/metrics.ts';
import { operateRoutes } from './platform/operate.ts';
import { createRunner } from './platform/runner.ts';
import { linkSecret } from './platform/secrets.ts';
import { addRoutes } from './routes.ts';

/**
 * Wires the parts: database, queue, runner, HTTP. Migrates first. Nothing runs or listens yet: the caller
 * serves `fetch`, starts the workers, or drives both by hand as the tests do.
 */
export const createApp = async (parts: {
  connection: Connection;
  clock: Clock;
  /** Tests give one they move; pg-boss then does nothing by itself. */
  bossClock?: BossClock;
  log: Logger;
  publicUrl: () => string;
  allowedHosts: string[];
  poolSize?: number;
  /** Connections of the queue, and of NOTIFY. */
  queuePoolSize?: number;
  requestsAMinute?: number;
  /** Proxies whose word on a client's address is taken; this machine's own when not given. */
  trustedProxies?: string[];
  /** After the @ of addresses that take alerts by mail; none where no such mail is listened for. */
  mailDomain?: string | undefined;
}) => {
  const { log, clock } = parts;
  const database = openDatabase(parts.connection, parts.poolSize ?? 12, (error) =>
    log.warn({ err: error.message }, 'a database connection broke'),
  );
  const jobs = createJobs({
    connection: parts.connection,
    poolSize: parts.queuePoolSize ?? 4,
    log,
    ...(parts.bossClock ? { clock: parts.bossClock } : {}),
  });
  const close = async (drainSeconds: number) => {
    await jobs.stop(drainSeconds);
    await database.close();
  };
  const prepare = async () => {
    await migrate(database);
    // Before anything is written, so that no row of this month lands in the default partition.
    await database.db.transaction().execute(makePartitions);
    const secret = await linkSecret(database, () => randomBytes(32));
    await jobs.start();
    return secret;
  };
  const secret = await prepare().catch(async (thrown: unknown) => {
    await close(0).catch(() => undefined);
    throw thrown;
  });
  const metrics = createMetrics();
  const live = createLive({
    connection: parts.connection,
    notify: jobs.notify,
    log,
    metrics,
    now: clock.now,
    since: (snapshot) => changesSince(database.db, snapshot),
    missed: (id) => changesMissed(database.db, id),
  });
  const runner = createRunner({
    database,
    jobs,
    flow,
    clock,
    log,
    metrics,
    publicUrl: parts.publicUrl,
    secret,
    allowedHosts: parts.allowedHosts,
    committed: live.committed,
  });
  const auth = createAuth({
    connection: parts.connection,
    secret,
    publicUrl: parts.publicUrl,
    log,
    hooks: {
      refusal: (personId) => runner.transaction(SYSTEM('sign-in'), 'console', (ctx) => refusalOf(ctx, personId)),
      signedIn: (personId, address, agent) =>
        runner.transaction(SYSTEM('sign-in'), 'console', (ctx) =>
          noteSignIn(ctx, { personId, type: 'person.signed_in', text: 'signed in', data: { address, agent } }),
        ),
      admit: (identity) => runner.transaction(SYSTEM('sign-in'), 'sign-on', (ctx) => admit(ctx, identity)),
      trustedOrigins: (provider) => trustedOrigins(runner.outsideAs(SYSTEM('sign-in'), 'sign-on', log), provider),
    },
  });
  const closeAll = async (drainSeconds: number) => {
    await auth.close();
    await close(drainSeconds);
  };
  const http = createHttp({
    runner,
    log,
    metrics,
    authenticate,
    sessionOf: auth.sessionOf,
    actorOf: actorOfPerson,
    publicUrl: parts.publicUrl,
    trustedProxies: parts.trustedProxies ?? ['127.0.0.0/8', '::1/128'],
    allow: (ctx, permission) => allow(ctx, permission as Permission),
    maxConcurrent: 2000,
    requestsAMinute: parts.requestsAMinute ?? 3000,
  });
  const intake = createIntake({ runner, metrics, log, maxQueued: 20_000, mailDomain: parts.mailDomain });
  addRoutes(http, runner, intake, live, auth);
  operateRoutes(http, { database, jobs, metrics, schemaIsNewer: () => schemaIsNewer(database) });
  consoleRoutes(http);
  return { fetch: http.app.fetch, runner, jobs, database, metrics, intake, live, warmSignIn: auth.warm, close: closeAll };
};
