/** A storm of 10,000 alerts a second while people are paged: `node bench/storm.ts`. */
import { setTimeout as delay } from 'node:timers/promises';
import { readAll } from '../test/crash/server-process.ts';
import { type Bench, count, KEY, load, memoryOf, ms, percentile, type Row, setUpTeam, startBench } from './harness.ts';
import { timeToPage } from './time-to-page.ts';

const SECONDS = 15;
const PER_SECOND = 10_000;

export const storm = async (): Promise<Row[]> => {
  const bench: Bench = await startBench(process.env.NA?.split(' '));
  const provider = await setUpTeam(bench, 1);
  try {
    await timeToPage(bench, provider, 5, 'warm');
    let highest = 0;
    const watch = setInterval(() => {
      highest = Math.max(highest, memoryOf(bench.server.pid, 'status', 'VmRSS'));
    }, 100);
    const going = load({
      port: bench.port,
      key: KEY,
      target: 'allclear',
      kind: 'new',
      batch: 64,
      connections: 16,
      seconds: SECONDS,
      warmUpSeconds: 0,
      perSecond: PER_SECOND,
      run: 's',
    });
    const times: number[] = [];
    const until = performance.now() + (SECONDS - 1) * 1000;
    for (let nth = 0; performance.now() < until; nth += 1) times.push(...(await timeToPage(bench, provider, 1, `storm-${nth}`)));
    const measured = await going;
    await delay(500);
    clearInterval(watch);
    const incidents = await readAll<{ service: string }>(bench.url, '/api/incidents');
    const grouped = incidents.filter((incident) => incident.service === 'web').length;
    const p99 = percentile(times, 0.99);
    return [
      {
        what: `the same in a storm: ${count(measured.alertsPerSecond)} of ${count(PER_SECOND)} alerts/s taken, ${measured.failed} refused (${times.length} alerts)`,
        aim: 'p99 ≤ 1 s',
        measured: `p50 ${ms(percentile(times, 0.5))}, p99 ${ms(p99)}`,
        reached: p99 <= 1000 && measured.alertsPerSecond >= PER_SECOND * 0.95,
      },
      {
        what: `incidents of the storm's ${count(measured.alertsPerSecond * SECONDS)} alerts`,
        aim: '4: one a cluster',
        measured: String(grouped),
        reached: grouped === 4,
      },
      {
        what: 'Node memory in the storm, highest RSS',
        aim: '≤ 300 MB',
        measured: `${highest.toFixed(0)} MB`,
        reached: highest <= 300,
      },
    ];
  } finally {
    await bench.stop();
    await provider.stop();
  }
};

if (import.meta.main) console.table(await storm());
