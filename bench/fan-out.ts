/** One incident, a thousand people: `node bench/fan-out.ts`. */
import { setTimeout as delay } from 'node:timers/promises';
import { ALONE_KEY, type Bench, median, ms, type Row, RUNS, setUpTeam, startBench } from './harness.ts';

const PEOPLE = 1000;
const PATIENCE_MS = 60_000;

export const fanOut = async (): Promise<Row[]> => {
  const bench: Bench = await startBench();
  const provider = await setUpTeam(bench, PEOPLE);
  try {
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      provider.received.length = 0;
      const began = performance.now();
      await fetch(`${bench.url}/hooks/generic/${ALONE_KEY}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ summary: 'everything is down', dedup_key: `fan-out-${run}`, severity: 'critical' }),
      });
      while (provider.received.length < PEOPLE && performance.now() - began < PATIENCE_MS) await delay(5);
      times.push(provider.received.length < PEOPLE ? Number.POSITIVE_INFINITY : performance.now() - began);
    }
    const time = median(times);
    return [
      {
        what: `one incident, ${PEOPLE.toLocaleString('en')} people: all provider calls begun`,
        aim: '≤ 10 s',
        measured: `${ms(time)} (${times.map((one) => ms(one)).join(', ')})`,
        reached: time <= 10_000,
      },
    ];
  } finally {
    await bench.stop();
    await provider.stop();
  }
};

if (import.meta.main) console.table(await fanOut());
