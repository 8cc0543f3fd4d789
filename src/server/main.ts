import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { createApp } from './app.ts';
import { firstToken } from './identity/actions.ts';
import { slackSocket } from './incidents/slack-socket.ts';
import { listenForMail } from './ingest/mail-listener.ts';
import { recover } from './paging/actions.ts';
import { stopwatch, systemClock } from './platform/clock.ts';
import { type Config, readConfig } from './platform/config.ts';
import { SYSTEM } from './platform/ctx.ts';
import { type Connection, isDatabaseDown } from './platform/database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './platform/embedded-postgres.ts';
import { messageOf } from './platform/errors.ts';
import { createLogger, type Logger } from './platform/log.ts';
import { startTracing } from './platform/tracing.ts';
import { work } from './platform/worker.ts';

/** Sends in flight and open requests get this long when the process is asked to stop. */
const DRAIN_SECONDS = 6;
/** How long a start waits for its database. */
const DATABASE_PATIENCE_MS = 60_000;

type Server = { url: string; token: string | undefined; stop: () => Promise<void> };

/** Starts everything this process is for: the embedded PostgreSQL unless one is given, the web side, the workers. */
const startServer = async (config: Config, log: Logger): Promise<Server> => {
  /** What ends each part, in the order they were started. */
  const ends: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of ends.splice(0).reverse())
      await end().catch((thrown: unknown) => log.warn({ err: messageOf(thrown) }, 'a part did not end as it should'));
  };
  try {
    return { ...(await startParts(config, log, ends)), stop };
  } catch (thrown) {
    // Above all the embedded PostgreSQL must not outlive a start that failed.
    await stop();
    throw thrown;
  }
};

const startParts = async (config: Config, log: Logger, ends: (() => Promise<void>)[]): Promise<Omit<Server, 'stop'>> => {
  if (config.otlpEndpoint) ends.push(await startTracing(config.otlpEndpoint));
  let embedded: EmbeddedPostgres | undefined;
  let connection: Connection;
  if (config.databaseUrl) connection = { connectionString: config.databaseUrl };
  else {
    embedded = await startEmbeddedPostgres({ dataDir: config.dataDir, log });
    ends.push(embedded.stop);
    connection = embedded.connection;
  }
  let publicUrl = config.publicUrl;
  const { app, token } = await whenDatabaseAnswers(log, async () => {
    const app = await createApp({
      connection,
      clock: systemClock,
      log,
      publicUrl: () => publicUrl,
      allowedHosts: config.allowedHosts,
      trustedProxies: config.trustedProxies,
      mailDomain: config.mail?.domain,
    });
    try {
      // The embedded database has one user, this process: what it finds half done was left by one that died.
      if (embedded) {
        await app.jobs.requeueActive();
        await app.runner.transaction(SYSTEM('start'), 'start', recover);
      }
      return { app, token: await app.runner.transaction(SYSTEM('start'), 'start', (ctx) => firstToken(ctx, config.adminToken)) };
    } catch (thrown) {
      await app.close(0);
      throw thrown;
    }
  });

  ends.push(() => app.close(DRAIN_SECONDS));
  if (config.role !== 'web') {
    ends.push(await work(app, log));
    ends.push(slackSocket(app.runner, log).start());
  }
  const listening = config.role === 'worker' ? undefined : await listen(app.fetch, config);
  if (listening) ends.push(listening.close);
  if (listening && config.mail)
    ends.push((await listenForMail({ intake: app.intake, runner: app.runner, log, config: config.mail })).close);
  if (listening) {
    const warm = () => app.warmSignIn().catch((thrown: unknown) => log.warn({ err: messageOf(thrown) }, 'sign-in is not ready'));
    const warming = setTimeout(warm, WARM_SIGN_IN_AFTER_MS);
    ends.push(async () => clearTimeout(warming));
  }
  // Before the listener: it waits for the streams, which end only when told.
  if (listening) ends.push(async () => app.live.close());
  if (listening && config.publicUrl.endsWith(':0')) publicUrl = listening.url;
  return { url: listening?.url ?? '', token };
};

/** Reading the library holds everything up for half a second: not while what waited for the start comes in. */
const WARM_SIGN_IN_AFTER_MS = 3000;

/** A database that is still starting, or restarts under a start, is waited for; any other failure is final. */
const whenDatabaseAnswers = async <T>(log: Logger, begin: () => Promise<T>): Promise<T> => {
  const waited = stopwatch();
  for (;;) {
    try {
      return await begin();
    } catch (thrown) {
      if (!isDatabaseDown(thrown) || waited() > DATABASE_PATIENCE_MS) throw thrown;
      log.warn({ err: messageOf(thrown) }, 'waiting for the database');
      await delay(250);
    }
  }
};

const listen = async (
  fetch: Parameters<typeof serve>[0]['fetch'],
  config: Config,
): Promise<{ url: string; close: () => Promise<void> }> =>
  new Promise((resolve, reject) => {
    const server = serve(
      {
        fetch,
        hostname: config.host,
        port: config.port,
        serverOptions: { requestTimeout: 30_000, headersTimeout: 15_000, keepAliveTimeout: 65_000 },
      },
      (info: AddressInfo) => {
        const host = info.family === 'IPv6' ? `[${info.address}]` : info.address;
        resolve({
          url: `http://${host === '127.0.0.1' || host === '[::1]' ? 'localhost' : host}:${info.port}`,
          close: () =>
            new Promise((closed) => {
              server.close(() => closed());
              if ('closeIdleConnections' in server) server.closeIdleConnections();
              // Whoever holds a connection open past the drain is cut off: the process must end.
              setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), 2000).unref();
            }),
        });
      },
    );
    server.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`Port ${config.port} is in use. Set ALLCLEAR_PORT to another one.`) : error),
    );
  });

/** The `serve` command: runs until SIGTERM or SIGINT, then drains and stops within 10 s. */
export const runServer = async (env: NodeJS.ProcessEnv): Promise<void> => {
  let config: Config;
  try {
    config = readConfig(env);
  } catch (thrown) {
    process.stderr.write(`${messageOf(thrown)}\n`);
    process.exitCode = 1;
    return;
  }
  const log = createLogger(config.logLevel);
  const starting = startServer(config, log);
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping: finishing what is under way');
    setTimeout(() => process.exit(1), 9500).unref();
    await (await starting).stop();
    log.info('stopped');
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  try {
    const server = await starting;
    log.info({ url: server.url, role: config.role }, 'Allclear is ready');
    if (process.stdout.isTTY || server.token) process.stdout.write(welcome(server, config));
  } catch (thrown) {
    process.stderr.write(`Allclear cannot start: ${messageOf(thrown)}\n`);
    log.debug({ err: thrown }, 'start failed');
    process.exit(1);
  }
};

const welcome = (server: Server, config: Config): string =>
  `
  Allclear is at ${server.url || 'work (no web side in this process)'}
${
  server.token
    ? `
  First run. Open this and become the administrator:

      ${server.url}/first-run#${server.token}

  The same token, shown this once, is an administrator's key for the command line:

      export ALLCLEAR_TOKEN=${server.token}
      ./allclear doctor                                  what would keep a page from arriving
`
    : ''
}
  API: ${server.url}/api/docs    Data: ${config.databaseUrl ? 'DATABASE_URL' : config.dataDir}    Help: ./allclear --help

`;
