/** The same loads against Prometheus's Alertmanager on the same machine, where it is installed: `node bench/alertmanager.ts`. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../test/crash/server-process.ts';
import { count, median, ms, type Row } from './harness.ts';
import { measure } from './ingest.ts';

const PROGRAM = 'prometheus-alertmanager';
const START_TRIES = 200;

/** Empty where it is not installed. It keeps alerts in memory, and they are gone when it is killed: that is the comparison. */
export const alertmanager = async (seconds: number): Promise<Row[]> => {
  if (spawnSync(PROGRAM, ['--version']).status !== 0) return [];
  const folder = mkdtempSync(join(tmpdir(), 'allclear-bench-'));
  const port = await freePort();
  writeFileSync(
    join(folder, 'alertmanager.yml'),
    'route: { receiver: none, group_by: [cluster], group_wait: 1h }\nreceivers: [{ name: none }]\n',
  );
  const program = spawn(
    PROGRAM,
    [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  );
  try {
    for (let tries = 0; ; tries += 1) {
      if (
        await fetch(`http://127.0.0.1:${port}/-/ready`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        break;
      if (tries === START_TRIES) throw new Error(`${PROGRAM} did not start`);
      await delay(25);
    }
    const runs = await measure({ port, key: '', target: 'alertmanager' }, seconds);
    return [...runs].map(([one, measured]) => ({
      what: `Alertmanager, in memory: ${one.what}`,
      aim: '',
      measured: `${count(median(measured.map((run) => run.alertsPerSecond)))}/s, p50 ${ms(median(measured.map((run) => run.p50)))}, p99 ${ms(median(measured.map((run) => run.p99)))}`,
      reached: undefined,
    }));
  } finally {
    const ended = new Promise((resolve) => program.once('exit', resolve));
    program.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
};

if (import.meta.main) console.table(await alertmanager(3));
