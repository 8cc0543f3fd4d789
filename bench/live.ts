/** A thousand open consoles, one change: `node bench/live.ts`. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { call, readAll, TOKEN } from '../test/crash/server-process.ts';
import { ALONE_KEY, count, median, memoryOf, ms, percentile, type Row, setUpTeam, startBench } from './harness.ts';
import type { Watched, WatchersPlan } from './watchers.ts';

const CLIENTS = 1000;
const CHANGES = 20;
const AIM_MS = 1000;

export const live = async (): Promise<Row[]> => {
  const bench = await startBench();
  const provider = await setUpTeam(bench, 1);
  try {
    await call(bench.url, 'POST', `/hooks/generic/${ALONE_KEY}`, {
      summary: 'watched',
      dedup_key: 'watched',
      severity: 'critical',
    });
    const [incident] = await readAll<{ number: string }>(bench.url, '/api/incidents');
    const before = memoryOf(bench.server.pid, 'status', 'VmRSS');
    const plan: WatchersPlan = {
      port: bench.port,
      token: TOKEN,
      clients: CLIENTS,
      incident: incident?.number ?? '',
      changes: CHANGES,
    };
    const file = new URL('watchers.ts', import.meta.url).pathname;
    const { stdout } = await promisify(execFile)(process.execPath, [file, JSON.stringify(plan)], { timeout: 120_000 });
    const { connectedMs, times } = JSON.parse(stdout) as Watched;
    const slowest = Math.max(...times);
    return [
      {
        what: `a change to the last of ${count(CLIENTS)} open streams, ${CHANGES} changes`,
        aim: `≤ ${AIM_MS} ms`,
        measured: `median ${ms(median(times))}, p95 ${ms(percentile(times, 0.95))}, slowest ${ms(slowest)}`,
        reached: slowest <= AIM_MS,
      },
      {
        what: `${count(CLIENTS)} streams opened at once`,
        aim: '',
        measured: `${ms(connectedMs)}; Node before ${before.toFixed(0)} MB, after ${memoryOf(bench.server.pid, 'status', 'VmRSS').toFixed(0)} MB`,
        reached: undefined,
      },
    ];
  } finally {
    await bench.stop();
    await provider.stop();
  }
};

if (import.meta.main) console.table(await live());
