import { expect, test } from 'vitest';
import { alerts, captured, KEY, refused, server, unknownKeys } from './support.ts';

/** What the tool behind each captured request takes for success; the rest of the capture is for other parts. */
const EXPECTED: [path: RegExp, status: number][] = [
  [/^\/v2\/(change\/)?enqueue$/, 202],
  [/^\/v2\/alerts\/al\?/, 200],
  [/^\/v2\/alerts/, 202],
  [/^\/v2\/heartbeats/, 202],
  [/^\/(integrations\/generic|hooks\/alertmanager)/, 200],
  [/^\/hooks\/generic/, 202],
  [/^\/alertmanager/, 200],
];

test('every captured request is answered as its client expects', async () => {
  const world = await server();
  await world.call('PUT', '/api/heartbeats/hb1', { integration: 'tool', interval_seconds: 60 });
  const answers: string[] = [];
  for (const { method, url, headers, body } of captured()) {
    const expected = EXPECTED.find(([path]) => path.test(url))?.[1];
    if (expected === undefined) continue;
    const response = await fetch(world.url + url, { method, headers, ...(body === '' ? {} : { body }) });
    const text = await response.text();
    expect(response.status, `${method} ${url}: ${text}`).toBe(expected);
    answers.push(url);
  }
  expect(answers.length).toBeGreaterThanOrEqual(22);
  expect(await refused(world)).toEqual([]);
  expect(await unknownKeys(world)).toEqual([]);

  const all = await alerts(world);
  const cpu = all.filter((alert) => alert.summary.includes('HighCPU') || alert.summary === 'CPU high');
  // Alertmanager's group through PagerDuty, Opsgenie and Splunk On-Call has one key, through its webhook another.
  expect(new Set(cpu.map((alert) => alert.dedup_key)).size).toBe(2);
  expect(cpu.map((alert) => alert.status)).toContain('resolved');
  expect(all.find((alert) => alert.dedup_key === 'al')?.status).toBe('resolved');
  expect(all.find((alert) => alert.labels.alertname === 'AlwaysFiring')?.severity).toBe('critical');
  expect(JSON.stringify(all)).not.toContain(KEY);
});
