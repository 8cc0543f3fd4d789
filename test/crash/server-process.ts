import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
export const TOKEN = 'allclear-token-of-the-tests-0123456789';
const START_MS = 60_000;
const LOOK_MS = 10;

export type ServerProcess = Awaited<ReturnType<typeof launch>>;

/** A port nobody listens on now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** Starts `serve` as a process of its own, with nothing of our environment but what is given, and does not wait for it. */
export const launch = (env: Record<string, string>, args: string[] = [], nodeArgs: string[] = []) => {
  const child: ChildProcess = spawn(process.execPath, [...nodeArgs, PROGRAM, 'serve', ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ALLCLEAR_ALLOWED_HOSTS: '127.0.0.0/8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const url = `http://127.0.0.1:${env.ALLCLEAR_PORT}`;
  return {
    url,
    pid: child.pid as number,
    exited,
    output: () => output,
    signal: (name: NodeJS.Signals): void => void child.kill(name),
    /** Ends it as an administrator would, and waits. */
    stop: async (): Promise<number | null> => {
      child.kill('SIGTERM');
      return exited;
    },
    /** Waits until it answers that it is ready; throws with its output when it ends instead. */
    ready: async (): Promise<void> => {
      for (let waited = 0; waited < START_MS; waited += LOOK_MS) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the server ended:\n${output.slice(-3000)}`);
        if (await isReady(url)) return;
        await delay(LOOK_MS);
      }
      throw new Error(`the server is not ready after ${START_MS / 1000} s:\n${output.slice(-3000)}`);
    },
  };
};

export const isReady = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) });
    await response.text();
    return response.ok;
  } catch {
    return false;
  }
};

/** The process of the embedded PostgreSQL in a data folder; undefined while there is none. */
export const postmasterPid = (dataDir: string): number | undefined => {
  try {
    return Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n', 1)[0]) || undefined;
  } catch {
    return undefined;
  }
};

/** A call of the API as administrator that must succeed; returns its JSON. */
export const call = async <T = Record<string, unknown>>(
  url: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> => {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
};

/** Every row of a list of the API. */
export const readAll = async <T>(url: string, path: string): Promise<T[]> => {
  const rows: T[] = [];
  let cursor: string | null | undefined;
  do {
    const more: { items: T[]; next?: string | null } = await call(
      url,
      'GET',
      `${path}?limit=200${cursor ? `&cursor=${cursor}` : ''}`,
    );
    rows.push(...more.items);
    cursor = more.next;
  } while (cursor);
  return rows;
};
