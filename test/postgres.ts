import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { layOut, lockFolder } from '../src/server/platform/data-folder.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/server/platform/embedded-postgres.ts';
import { endLeftovers, findServer, signal } from '../src/server/platform/postgres-process.ts';
import { folderInMemory } from './memory.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The run's throwaway cluster, connected as a superuser: clone databases from here. */
    pg: EmbeddedPostgres['connection'];
  }
}

const PREFIX = 'allclear-test-';
/** A run holds its folder's lock a moment after making the folder; a folder without a lock this much older is nobody's. */
const ABANDONED_MS = 60_000;
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  autovacuum: 'off',
  wal_compression: 'off',
};

/** Vitest's global setup: one cluster for the run, provided as `pg`, gone afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startTestCluster(folderInMemory());
  project.provide('pg', cluster.connection);
  return cluster.stop;
}

/** Starts an empty PostgreSQL that keeps nothing: fast, not durable, removed with its folder by `stop`. */
export async function startTestCluster(
  parent = tmpdir(),
): Promise<{ connection: EmbeddedPostgres['connection']; stop: () => Promise<void> }> {
  const dataDir = mkdtempSync(join(parent, PREFIX));
  await removeAbandoned(parent, statSync(dataDir).mtimeMs - ABANDONED_MS);
  const log = { info: () => {}, warn: console.warn, error: console.error };
  const server = await startEmbeddedPostgres({ dataDir, log, settings: SETTINGS });
  const stop = async () => {
    await server.stop();
    remove(dataDir);
  };
  return { connection: server.connection, stop };
}

/** Ends and removes the clusters of runs that were killed. */
async function removeAbandoned(parent: string, madeBeforeMs: number): Promise<void> {
  const folders = readdirSync(parent).filter((name) => name.startsWith(PREFIX));
  for (const path of folders.map((name) => join(parent, name))) {
    try {
      if (statSync(path).mtimeMs >= madeBeforeMs) continue;
      const unlock = lockFolder(path);
      const folder = layOut(path);
      const pid = findServer(folder);
      if (pid !== undefined) signal(pid, 'SIGKILL');
      await endLeftovers(folder);
      unlock();
      remove(path);
    } catch {
      // Another run's, still going; another user's; or just removed by another.
    }
  }
}

const remove = (path: string) => rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
