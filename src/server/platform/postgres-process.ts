import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type DataFolder, PORT } from './data-folder.ts';
import { AppError } from './errors.ts';

/** Server settings by PostgreSQL's own names. */
export type Settings = Record<string, string>;

/** A running server; `exited` resolves when its process ends. */
export type Server = { pid: number; exited: Promise<void> };

const MAJOR = '18';
const LOG_MAX_BYTES = 5_000_000;
export const POLL_MS = 10;
const LEFTOVER_POLLS = 200;

/** For many small commits on a small machine, with everything on that keeps a committed row on disk. */
const SETTINGS: Settings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_compression: 'on',
  wal_buffers: '8MB',
  max_wal_size: '1GB',
  min_wal_size: '128MB',
  // The page cache holds the rest; this much is what an idle server may keep resident after a storm.
  shared_buffers: '96MB',
  effective_cache_size: '512MB',
  work_mem: '8MB',
  huge_pages: 'off',
  max_connections: '50',
  // The default keeps three more processes for reads that our small hot set does not make.
  io_method: 'sync',
  max_logical_replication_workers: '0',
  jit: 'off',
  random_page_cost: '1.1',
  // Queue tables turn over completely: clean them early and quickly.
  autovacuum_naptime: '15s',
  autovacuum_vacuum_scale_factor: '0.05',
  autovacuum_vacuum_cost_limit: '2000',
  autovacuum_max_workers: '2',
  // A query whose Node was killed stops soon, instead of keeping its locks from the next one.
  client_connection_check_interval: '5s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  logging_collector: 'off',
};

/** Shown in front of every process of this cluster's server, whatever started it. */
const clusterName = (folder: DataFolder) => `allclear-${createHash('sha256').update(folder.cluster).digest('hex').slice(0, 12)}`;

/** The arguments of `postgres` for a data folder: all of our settings, so that an upgrade changes them for an old cluster too. */
export function serverArguments(folder: DataFolder, overrides: Settings): string[] {
  const settings = {
    ...SETTINGS,
    ...overrides,
    cluster_name: clusterName(folder),
    // The setting is a comma-separated list, in which quotes hold a name with commas or spaces together.
    unix_socket_directories: `"${folder.socketFolder.replaceAll('"', '""')}"`,
  };
  const pairs = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', folder.cluster, '-p', String(PORT), ...pairs];
}

const asAccount = (folder: DataFolder) => ({
  ...folder.account,
  // A folder the account can always enter, and none of our environment: PG* variables would change what runs.
  cwd: '/',
  env: { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' },
});

/**
 * Creates the cluster unless it is there: UTF-8, byte order collation, Unicode case rules built into PostgreSQL (so a system upgrade
 * cannot change an index). Made aside and renamed when on disk, so a kill on the way leaves nothing half-made.
 * Throws `conflict` for a cluster of another PostgreSQL version, `unavailable` with initdb's own words when it fails.
 */
export async function createCluster(folder: DataFolder, durable: boolean): Promise<void> {
  const versionFile = join(folder.cluster, 'PG_VERSION');
  if (existsSync(versionFile)) {
    const version = readFileSync(versionFile, 'utf8').trim();
    if (version === MAJOR) return;
    throw new AppError(
      'conflict',
      `${folder.cluster} was made by PostgreSQL ${version}; this Allclear brings PostgreSQL ${MAJOR}.`,
    );
  }
  const unfinished = `${folder.cluster}.new`;
  for (const name of readdirSync(folder.path))
    if (name.startsWith(basename(unfinished)))
      rmSync(join(folder.path, name), { recursive: true, maxRetries: 5, retryDelay: 50 });
  const made = `${unfinished}-${process.pid}`;
  mkdirSync(made, { mode: 0o700 });
  if (folder.account) chownSync(made, folder.account.uid, folder.account.gid);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username=allclear', '--auth-local=trust', '--auth-host=reject'];
  const options = ['-D', made, ...locale, ...access, ...(durable ? [] : ['--no-sync'])];
  const initdb = spawn(join(folder.native, 'bin', 'initdb'), options, {
    ...asAccount(folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [initdb.stdout, initdb.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [code] = await once(initdb, 'close');
  if (code !== 0) throw new AppError('unavailable', `initdb could not create ${folder.cluster}:\n${output.slice(-2_000)}`);
  renameSync(made, folder.cluster);
  if (durable) syncFolder(folder.path);
}

function syncFolder(path: string): void {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

/** Starts a server process that outlives us; its output goes to the log file, since our own may be gone when it speaks. */
export async function spawnServer(folder: DataFolder, args: string[]): Promise<Server> {
  keepLogSmall(folder);
  const log = openSync(folder.logFile, 'a', 0o600);
  // A session of its own: Ctrl-C in our terminal must reach us first, and the server only from us.
  const options = { ...asAccount(folder), detached: true, stdio: ['ignore' as const, log, log] };
  const child = spawn(join(folder.native, 'bin', 'postgres'), args, options);
  closeSync(log);
  child.unref();
  if (child.pid === undefined) throw (await once(child, 'error'))[0];
  return { pid: child.pid, exited: new Promise((resolve) => child.once('exit', () => resolve())) };
}

/** True while `pid` is this folder's server: a zombie or another process with a recycled pid is not. */
export const isRunning = (folder: DataFolder, pid: number): boolean => commandOf(pid).includes(`-D ${folder.cluster} `);

/** True when the running server was started from these binaries with these arguments. */
export function wasStartedWith(folder: DataFolder, args: string[]): boolean {
  // postmaster.opts: the program, then each argument in quotes (PostgreSQL's CreateOptsFile).
  const expected = [join(folder.native, 'bin', 'postgres'), ...args.map((arg) => `"${arg}"`)].join(' ');
  const file = join(folder.cluster, 'postmaster.opts');
  return existsSync(file) && readFileSync(file, 'utf8').trim() === expected;
}

/** The pid of this folder's live server, if there is one. Removes lock files that would keep a server from starting for nothing. */
export function findServer(folder: DataFolder): number | undefined {
  const files = [join(folder.cluster, 'postmaster.pid'), join(folder.socketFolder, `.s.PGSQL.${PORT}.lock`)];
  const locks = files
    .filter((file) => existsSync(file))
    .map((file) => ({ file, pid: Number.parseInt(readFileSync(file, 'utf8'), 10) }));
  const server = locks.find(({ pid }) => isRunning(folder, pid));
  if (server) return server.pid;
  // PostgreSQL ignores the pid of a dead process, but not of a zombie (a container's first process may reap none) or of another
  // program that got the number. What may be a server started by hand is left for PostgreSQL to refuse.
  for (const { file, pid } of locks)
    if (exists(pid) && !/\b(postgres|postmaster)\b(?!:)/.test(commandOf(pid))) rmSync(file, { force: true });
  return undefined;
}

/**
 * Kills what a killed server left and waits for it to be gone: its children, while busy, go on writing to the cluster and hold
 * its shared memory. Throws `unavailable` when the kernel does not let go of one.
 */
export async function endLeftovers(folder: DataFolder): Promise<void> {
  const title = `postgres: ${clusterName(folder)}: `;
  for (let poll = 0; poll < LEFTOVER_POLLS; poll++) {
    const leftovers = listProcesses().filter(({ command }) => command.startsWith(title));
    if (leftovers.length === 0) return;
    for (const { pid } of leftovers) signal(pid, 'SIGKILL');
    await delay(POLL_MS);
  }
  throw new AppError(
    'unavailable',
    `Processes of an earlier PostgreSQL on ${folder.cluster} do not end (they show as "${title.trim()}").`,
  );
}

const exists = (pid: number): boolean => pid > 0 && signal(pid, 0);

/** Sends a signal (0: none, only look); false when there is no such process, or for 0 none of ours. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ESRCH' || (name === 0 && code === 'EPERM')) return false;
    throw error;
  }
}

/** Keeps the server's log at twice LOG_MAX_BYTES at most. The server goes on appending to the same file. */
export function keepLogSmall(folder: DataFolder): void {
  if (!existsSync(folder.logFile) || statSync(folder.logFile).size <= LOG_MAX_BYTES) return;
  copyFileSync(folder.logFile, `${folder.logFile}.1`);
  truncateSync(folder.logFile);
}

/** The last lines of the server's log. */
export const logTail = (folder: DataFolder): string =>
  existsSync(folder.logFile) ? readFileSync(folder.logFile, 'utf8').trimEnd().split('\n').slice(-8).join('\n') : '';

/** A process's arguments, each followed by a space; empty for one that has ended. */
function commandOf(pid: number): string {
  if (!Number.isInteger(pid) || pid <= 0) return '';
  if (process.platform !== 'linux')
    return spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function listProcesses(): { pid: number; command: string }[] {
  if (process.platform === 'linux')
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => ({ pid: Number(name), command: commandOf(Number(name)) }));
  const lines = (spawnSync('ps', ['-ww', '-axo', 'pid=,command='], { encoding: 'utf8' }).stdout ?? '').split('\n');
  return lines.map((line) => ({ pid: Number.parseInt(line, 10), command: line.replace(/^\s*\d+\s+/, '') }));
}
