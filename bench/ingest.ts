/** How many alerts a second are on disk: `node bench/ingest.ts`. */
import { type Bench, count, KEY, load, median, ms, type Row, RUNS, setUpTeam, startBench } from './harness.ts';
import type { Measured, Plan } from './load.ts';

export type Case = Pick<Plan, 'kind' | 'batch' | 'connections'> & { what: string; aim: number; p99?: number };
export const CASES: Case[] = [
  { what: '1 new alert a request, 32 connections', kind: 'one', batch: 1, connections: 32, aim: 10_000, p99: 50 },
  { what: '64 new alerts a request, 16 connections', kind: 'new', batch: 64, connections: 16, aim: 40_000 },
  { what: '64 repeats a request, 16 connections', kind: 'repeat', batch: 64, connections: 16, aim: 80_000 },
];
const WARM_UP = { seconds: 1, warmUpSeconds: 2 };

/** The three kinds of load in turn, three times, so that a busy moment of the machine does not fall on one kind alone. */
export const measure = async (plan: Pick<Plan, 'port' | 'key' | 'target'>, seconds: number): Promise<Map<Case, Measured[]>> => {
  const runs = new Map<Case, Measured[]>(CASES.map((one) => [one, []]));
  for (let run = 0; run < RUNS; run += 1)
    for (const [one, measured] of runs) {
      const { kind, batch, connections } = one;
      const warmUp = run === 0 ? WARM_UP : { seconds, warmUpSeconds: 0.5 };
      if (run === 0) await load({ ...plan, ...warmUp, kind, batch, connections, run: `w${kind[0]}` });
      measured.push(await load({ ...plan, seconds, warmUpSeconds: 0.5, kind, batch, connections, run: `${run}${kind[0]}` }));
    }
  return runs;
};

export const ingest = async (bench: Bench, seconds = 5): Promise<Row[]> => {
  const runs = await measure({ port: bench.port, key: KEY, target: 'allclear' }, seconds);
  return [...runs].map(([one, measured]) => {
    const rate = median(measured.map((run) => run.alertsPerSecond));
    const p99 = median(measured.map((run) => run.p99));
    const failed = measured.reduce((sum, run) => sum + run.failed, 0);
    return {
      what: one.what,
      aim: `≥ ${count(one.aim)}/s${one.p99 ? `, p99 < ${one.p99} ms` : ''}`,
      measured: `${count(rate)}/s, p50 ${ms(median(measured.map((run) => run.p50)))}, p99 ${ms(p99)}${failed > 0 ? `, ${failed} refused` : ''}`,
      reached: rate >= one.aim && (one.p99 === undefined || p99 < one.p99),
    };
  });
};

if (import.meta.main) {
  const bench = await startBench(
    process.argv.includes('--profile') ? ['--cpu-prof', '--cpu-prof-dir=/tmp/allclear-profile'] : [],
  );
  const provider = await setUpTeam(bench, 1);
  try {
    console.table(await ingest(bench, 3));
  } finally {
    await bench.stop();
    await provider.stop();
  }
}
