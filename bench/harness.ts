/** What the benches share: a server of its own with a team, the generator as a process, medians and tables. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { call, freePort, launch, type ServerProcess, TOKEN } from '../test/crash/server-process.ts';
import { startWebhook } from '../test/fakes/webhook.ts';
import type { Measured, Plan } from './load.ts';

const WEBHOOK_SECRET = `whsec_${Buffer.from('a secret of at least twenty-four bytes').toString('base64')}`;
export const KEY = 'key-of-the-bench-0001';
export const ALONE_KEY = 'key-of-the-bench-0002';

export type Bench = {
  server: ServerProcess;
  url: string;
  port: number;
  dataDir: string;
  env: Record<string, string>;
  stop: () => Promise<void>;
};

/** A server on a new data folder, fsync on, as shipped. */
export const startBench = async (nodeArgs: string[] = []): Promise<Bench> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'allclear-bench-'));
  const port = await freePort();
  const env = { ALLCLEAR_DATA: dataDir, ALLCLEAR_PORT: String(port), ALLCLEAR_ADMIN_TOKEN: TOKEN, ALLCLEAR_LOG: 'warn' };
  const server = launch(env, [], nodeArgs);
  await server.ready();
  return {
    server,
    url: server.url,
    port,
    dataDir,
    env,
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
};

/** `people` reached by webhook; service `web` groups by the label cluster, service `alone` opens an incident an alert. */
export const setUpTeam = async ({ url }: Bench, people: number): Promise<Awaited<ReturnType<typeof startWebhook>>> => {
  const webhook = await startWebhook();
  await call(url, 'PUT', '/api/settings', { channels: { webhook: { secret: WEBHOOK_SECRET } }, bundle_seconds: 0 });
  const names = Array.from({ length: people }, (_, nth) => `person-${nth}`);
  for (const name of names)
    await call(url, 'PUT', `/api/people/${name}`, {
      display_name: name,
      email: `${name}@example.com`,
      contact_methods: [{ label: 'hook', channel: 'webhook', address: `${webhook.url}/${name}`, verified: true }],
    });
  await call(url, 'PUT', '/api/teams/everybody', { members: names.slice(0, 500) });
  await call(url, 'PUT', '/api/teams/others', { members: names.slice(500) });
  const targets = [{ team: 'everybody' }, ...(people > 500 ? [{ team: 'others' }] : [])];
  await call(url, 'PUT', '/api/escalation-policies/everybody', {
    steps: [{ targets, escalate_after_seconds: 86_400 }],
    repeat: 0,
  });
  for (const [name, key, grouping] of [
    ['web', KEY, { by: ['cluster'], window_seconds: 86_400 }],
    ['alone', ALONE_KEY, { window_seconds: 0 }],
  ] as const) {
    await call(url, 'PUT', `/api/services/${name}`, { escalation_policy: 'everybody', grouping });
    await call(url, 'PUT', `/api/integrations/${name}`, { service: name, kind: 'generic', key });
  }
  return webhook;
};

/** Runs the generator in a process of its own. */
export const load = async (plan: Plan): Promise<Measured> => {
  const file = new URL('load.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [file, JSON.stringify(plan)], { timeout: 120_000 });
  return JSON.parse(stdout) as Measured;
};

export const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
export const percentile = (values: number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

export const RUNS = 3;
export type Row = { what: string; aim: string; measured: string; reached: boolean | undefined };
export const count = (value: number): string => Math.round(value).toLocaleString('en');
export const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

/** A field of `/proc/<pid>/status` or `smaps_rollup`, in MB; NaN where there is no /proc. */
export const memoryOf = (pid: number, file: 'status' | 'smaps_rollup', field: string): number => {
  try {
    const text = readFileSync(`/proc/${pid}/${file}`, 'utf8');
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
};
/** The processes whose parent is this one. */
export const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      try {
        return (
          Number(
            readFileSync(`/proc/${candidate}/stat`, 'utf8')
              .replace(/^.*\) /, '')
              .split(' ')[1],
          ) === pid
        );
      } catch {
        return false;
      }
    });
