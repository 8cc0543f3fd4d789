/** From an alert being accepted to the provider being called: `node bench/time-to-page.ts`. */
import { setTimeout as delay } from 'node:timers/promises';
import { ALONE_KEY, type Bench, ms, percentile, type Row, setUpTeam, startBench } from './harness.ts';

const ALERTS = 60;
const PATIENCE_MS = 20_000;

type Provider = Awaited<ReturnType<typeof setUpTeam>>;

/** Sends one alert that pages at once, waits for the call, and so on; milliseconds from the answer to the call. */
export const timeToPage = async (bench: Bench, provider: Provider, alerts: number, run: string): Promise<number[]> => {
  const called = new Map<string, number>();
  const seen = setInterval(() => {
    for (const { body } of provider.received.splice(0)) {
      const key = /paged-[\w-]+/.exec(body)?.[0];
      if (key && !called.has(key)) called.set(key, performance.now());
    }
  }, 1);
  const times: number[] = [];
  for (let nth = 0; nth < alerts; nth += 1) {
    const key = `paged-${run}-${nth}`;
    const response = await fetch(`${bench.url}/hooks/generic/${ALONE_KEY}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ summary: key, dedup_key: key, severity: 'critical' }),
    });
    const accepted = performance.now();
    await response.text();
    while (!called.has(key) && performance.now() - accepted < PATIENCE_MS) await delay(1);
    times.push(Math.max(0, (called.get(key) ?? Number.POSITIVE_INFINITY) - accepted));
    await delay(30);
  }
  clearInterval(seen);
  return times;
};

export const idleTimeToPage = async (bench: Bench, provider: Provider): Promise<Row[]> => {
  await timeToPage(bench, provider, 10, 'warm');
  const times = await timeToPage(bench, provider, ALERTS, 'idle');
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  return [
    {
      what: `accepted → provider called, idle (${ALERTS} alerts)`,
      aim: 'p50 ≤ 15 ms, p99 ≤ 100 ms',
      measured: `p50 ${ms(p50)}, p99 ${ms(p99)}`,
      reached: p50 <= 15 && p99 <= 100,
    },
  ];
};

if (import.meta.main) {
  const bench = await startBench();
  const provider = await setUpTeam(bench, 1);
  try {
    console.table(await idleTimeToPage(bench, provider));
  } finally {
    await bench.stop();
    await provider.stop();
  }
}
