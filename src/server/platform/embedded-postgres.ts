import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type DataFolder, layOut, lockFolder, openDataFolder, PORT } from './data-folder.ts';
import { AppError, messageOf } from './errors.ts';
import {
  createCluster,
  endLeftovers,
  findServer,
  isRunning,
  keepLogSmall,
  logTail,
  POLL_MS,
  type Server,
  type Settings,
  serverArguments,
  signal,
  spawnServer,
  wasStartedWith,
} from './postgres-process.ts';

type Log = Record<'info' | 'warn' | 'error', (fields: object, message: string) => void>;

export type EmbeddedPostgres = {
  /** `host` is the folder of the Unix socket, as `pg` and libpq take it. */
  connection: { host: string; port: number; user: string; database: string };
  /** The server's process now; a new one after each restart. */
  readonly pid: number;
  /** Ends the server within 9 s and gives the folder back. Safe to repeat. */
  stop: () => Promise<void>;
  /** Calls back each time the server dies underneath us. It is being started again already: a pool has only to reconnect. */
  onExit: (callback: () => void) => void;
};

const NAME = 'allclear';
/** Answers of a server that is starting, recovering or ending, or that is not there yet. */
const NOT_YET = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03', '53300']);
const NO_SUCH_DATABASE = '3D000';
/** Ten minutes: replaying a gigabyte of log takes its time on a slow disk, and cutting it short only starts it over. */
const RECOVERY_POLLS = 60_000;
const START_ATTEMPTS = 5;
const ADOPTED_POLL_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
const STEADY_MS = 30_000;
const LOG_CHECK_MS = 60_000;
const ENDINGS = [
  { name: 'SIGINT', withinMs: 5_000 },
  { name: 'SIGQUIT', withinMs: 2_000 },
  { name: 'SIGKILL', withinMs: 1_000 },
] as const;

/**
 * Brings up the PostgreSQL of a data folder and keeps it up until `stop`: creates the cluster the first time, adopts a server that
 * outlived its Node, starts it again when it dies. Throws `conflict` when another process holds the folder, `invalid` when the folder
 * cannot be used, `unavailable` when the server does not start. `settings` overrides ours, by PostgreSQL's names.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  log: Log;
  settings?: Settings;
}): Promise<EmbeddedPostgres> {
  const path = openDataFolder(options.dataDir);
  const unlock = lockFolder(path);
  try {
    return await supervise(layOut(path), options.log, options.settings ?? {}, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function supervise(folder: DataFolder, log: Log, settings: Settings, unlock: () => void): Promise<EmbeddedPostgres> {
  const args = serverArguments(folder, settings);
  const connection = { host: folder.socketFolder, port: PORT, user: NAME, database: NAME };
  const ending = new AbortController();
  const callbacks: (() => void)[] = [];
  let server: Server | undefined;
  let failures = 0;
  let restarting: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;

  const bringUp = async (): Promise<Server> => {
    for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
      await createCluster(folder, settings.fsync !== 'off');
      ending.signal.throwIfAborted();
      server = (await adopt(folder, args, log)) ?? (await spawnAlone(folder, args));
      if (await becomesReady(folder, server.pid, connection, ending.signal)) return server;
      // It ended: its predecessor was still letting go of the folder, or something is wrong and will be again.
      await delay(100 * attempt, undefined, { signal: ending.signal });
    }
    throw new AppError('unavailable', `PostgreSQL does not start. ${folder.logFile} ends with:\n${logTail(folder)}`);
  };

  const watch = (watched: Server) => {
    const steady = setTimeout(() => (failures = 0), STEADY_MS).unref();
    void watched.exited.then(() => {
      clearTimeout(steady);
      if (ending.signal.aborted) return;
      log.warn({ pid: watched.pid }, 'PostgreSQL died; starting it again');
      restarting = restart();
      for (const callback of callbacks) callback();
    });
  };

  const restart = async () => {
    while (!ending.signal.aborted) {
      try {
        const pause = failures === 0 ? 0 : Math.min(100 * 2 ** failures, LONGEST_PAUSE_MS);
        failures += 1;
        await delay(pause, undefined, { signal: ending.signal });
        const started = await bringUp();
        log.info({ pid: started.pid }, 'PostgreSQL is up again');
        return watch(started);
      } catch (error) {
        if (!ending.signal.aborted) log.error({ error: messageOf(error) }, 'PostgreSQL could not be started again; trying on');
      }
    }
  };

  const stop = async () => {
    ending.abort();
    clearInterval(logCheck);
    await restarting;
    if (server) await endServer(folder, server.pid);
    unlock();
  };

  const logCheck = setInterval(() => keepLogSmall(folder), LOG_CHECK_MS).unref();
  try {
    watch(await bringUp());
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    connection,
    get pid() {
      return server?.pid ?? 0;
    },
    stop: () => (stopping ??= stop()),
    onExit: (callback) => void callbacks.push(callback),
  };
}

/** The server that outlived its Node, if there is one that runs as we would have started it; one that does not is ended. */
async function adopt(folder: DataFolder, args: string[], log: Log): Promise<Server | undefined> {
  const pid = findServer(folder);
  if (pid === undefined) return undefined;
  if (!wasStartedWith(folder, args)) {
    log.info({ pid }, 'PostgreSQL is running with other settings; restarting it');
    await endServer(folder, pid);
    return undefined;
  }
  log.info({ pid }, 'PostgreSQL is already running; adopting it');
  return { pid, exited: waitForExit(folder, pid) };
}

async function spawnAlone(folder: DataFolder, args: string[]): Promise<Server> {
  await endLeftovers(folder);
  return spawnServer(folder, args);
}

/** No parent is told of an adopted process's end, so this looks. */
async function waitForExit(folder: DataFolder, pid: number): Promise<void> {
  while (isRunning(folder, pid)) await delay(ADOPTED_POLL_MS, undefined, { ref: false });
}

/** Waits until the server answers queries: true, or false when it ended instead. */
async function becomesReady(
  folder: DataFolder,
  pid: number,
  to: EmbeddedPostgres['connection'],
  ending: AbortSignal,
): Promise<boolean> {
  for (let poll = 0; poll < RECOVERY_POLLS; poll++) {
    if (await answers(folder, to)) return true;
    if (!isRunning(folder, pid)) return false;
    await delay(POLL_MS, undefined, { signal: ending });
  }
  throw new AppError(
    'unavailable',
    `PostgreSQL (process ${pid}) does not answer. ${folder.logFile} ends with:\n${logTail(folder)}`,
  );
}

async function answers(folder: DataFolder, to: EmbeddedPostgres['connection']): Promise<boolean> {
  try {
    const found = await query(to, `select current_setting('data_directory') as value`);
    if (found === folder.cluster) return true;
    throw new AppError('conflict', `The PostgreSQL behind ${to.host} serves ${found}, not ${folder.cluster}.`);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === NO_SUCH_DATABASE) await query({ ...to, database: 'postgres' }, `create database ${NAME}`);
    // pg gives its own errors (a time-out, a connection cut) no code.
    else if (typeof code === 'string' && !NOT_YET.has(code)) throw error;
    return false;
  }
}

async function query(to: EmbeddedPostgres['connection'], text: string): Promise<string | undefined> {
  const client = new pg.Client({ ...to, connectionTimeoutMillis: 5_000, query_timeout: 10_000 });
  // The outcome is told by connect and query; without a listener a server that dies meanwhile would end this process.
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query<{ value: string }>(text)).rows[0]?.value;
  } finally {
    await client.end();
  }
}

/** Ends a server and all its processes: sessions cut and all written, else at once, else killed. */
async function endServer(folder: DataFolder, pid: number): Promise<void> {
  for (const { name, withinMs } of ENDINGS) {
    if (!isRunning(folder, pid)) break;
    signal(pid, name);
    for (let waited = 0; waited < withinMs && isRunning(folder, pid); waited += POLL_MS) await delay(POLL_MS);
  }
  await endLeftovers(folder);
}
