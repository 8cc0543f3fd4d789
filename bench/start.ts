/** Start times and what an idle installation keeps in memory: `node bench/start.ts`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, launch, postmasterPid, TOKEN } from '../test/crash/server-process.ts';
import { childrenOf, median, memoryOf, type Row, RUNS } from './harness.ts';

const QUIET_MS = 5000;

export const start = async (): Promise<Row[]> => {
  const [first, later, idle]: [number[], number[], number[]] = [[], [], []];
  for (let run = 0; run < RUNS; run += 1) {
    const dataDir = mkdtempSync(join(tmpdir(), 'allclear-bench-'));
    const env = {
      ALLCLEAR_DATA: dataDir,
      ALLCLEAR_PORT: String(await freePort()),
      ALLCLEAR_ADMIN_TOKEN: TOKEN,
      ALLCLEAR_LOG: 'warn',
    };
    for (const times of [first, later]) {
      const began = performance.now();
      const server = launch(env);
      await server.ready();
      times.push(performance.now() - began);
      if (times === later) {
        await delay(QUIET_MS);
        const postmaster = postmasterPid(dataDir) ?? 0;
        const pids = [server.pid, postmaster, ...childrenOf(postmaster)];
        idle.push(pids.reduce((sum, pid) => sum + memoryOf(pid, 'smaps_rollup', 'Pss'), 0));
      }
      await server.stop();
    }
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
  const seconds = (times: number[]) => `${(median(times) / 1000).toFixed(1)} s`;
  return [
    { what: 'first start to ready', aim: '≤ 6 s', measured: seconds(first), reached: median(first) <= 6000 },
    { what: 'later start to ready', aim: '≤ 2 s', measured: seconds(later), reached: median(later) <= 2000 },
    {
      what: `memory when idle, Node and PostgreSQL together (PSS, ${QUIET_MS / 1000} s after the start)`,
      aim: '',
      measured: `${median(idle).toFixed(0)} MB`,
      reached: undefined,
    },
  ];
};

if (import.meta.main) console.table(await start());
