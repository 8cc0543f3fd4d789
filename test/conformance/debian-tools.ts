import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { startServer } from '../harness.ts';
import { alerts, KEY, openKeys, refused, withIntegration } from './support.ts';

const run = promisify(execFile);
const PATIENT = { timeout: 30_000, interval: 100 };

/** Their clocks are the machine's. */
const serverNow = async () => withIntegration(await startServer({ at: Temporal.Now.instant().toString() }));

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** Runs a program with a configuration file while `work` does something with it. */
const during = async (
  program: string,
  config: string,
  args: (file: string, dir: string) => string[],
  work: () => Promise<void>,
) => {
  const dir = mkdtempSync(join(tmpdir(), 'allclear-conformance-'));
  const file = join(dir, 'config.yml');
  writeFileSync(file, config);
  const child = spawn(program, args(file, dir), { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    await work();
  } finally {
    child.kill();
    await ended;
    rmSync(dir, { recursive: true, force: true });
  }
};

/** Unmodified amtool, Prometheus and Alertmanager against the product. Registered only where they are installed. */
export const debianToolTests = (): void => {
  test('amtool adds, reads, silences and expires', async () => {
    const world = await serverNow();
    const amtool = async (...args: string[]) =>
      (await run('amtool', [`--alertmanager.url=${world.url}/alertmanager/${KEY}`, ...args])).stdout;
    await amtool('alert', 'add', 'HighCPU', 'instance=web1', 'severity=critical', '--annotation=summary=CPU high');
    expect(await alerts(world)).toMatchObject([{ summary: 'CPU high', severity: 'critical', status: 'open' }]);
    expect(await amtool('alert', 'query', 'instance=web1')).toContain('HighCPU');
    expect(await amtool('alert', 'query', 'instance=web2')).not.toContain('HighCPU');
    expect(await amtool('config', 'show')).toContain('Allclear');
    const id = (await amtool('silence', 'add', '--comment=x', 'instance=~web.*')).trim();
    expect(await amtool('silence', 'query')).toContain(id.slice(0, 8));
    await amtool('silence', 'update', '--comment=y', id);
    const [shown] = JSON.parse(await amtool('silence', 'query', '-o', 'json')) as { id: string; comment: string }[];
    expect(shown?.comment).toBe('y');
    await amtool('silence', 'expire', shown?.id ?? '');
    expect(await amtool('silence', 'query', '-q')).toBe('');
    expect(await refused(world)).toEqual([]);
  });

  test('Prometheus pages without an Alertmanager', async () => {
    const world = await serverNow();
    const port = await freePort();
    const rules = join(tmpdir(), `allclear-rules-${port}.yml`);
    writeFileSync(rules, 'groups: [{name: g, rules: [{alert: AlwaysFiring, expr: vector(1), labels: {severity: critical}}]}]\n');
    const target = world.url.replace('http://', '');
    const config = `global: {evaluation_interval: 1s}
rule_files: ['${rules}']
alerting:
  alertmanagers:
    - path_prefix: /alertmanager/${KEY}
      static_configs: [{targets: ['${target}']}]
`;
    await during(
      'prometheus',
      config,
      (file, dir) => [
        `--config.file=${file}`,
        `--storage.tsdb.path=${dir}/data`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--rules.alert.resend-delay=1s',
      ],
      () => vi.waitFor(async () => expect((await alerts(world))[0]?.count).toBeGreaterThan(1), PATIENT),
    );
    rmSync(rules);
    expect((await alerts(world)).map((alert) => [alert.labels.alertname, alert.status])).toEqual([['AlwaysFiring', 'open']]);
    await world.fastForward('10m');
    expect(await openKeys(world)).toEqual([]);
  });

  test('Alertmanager reaches every receiver we stand in for, and resolves through each', async () => {
    const world = await serverNow();
    const port = await freePort();
    const config = `route: {receiver: all, group_by: [alertname], group_wait: 1s, group_interval: 1s, repeat_interval: 1h}
receivers:
  - name: all
    pagerduty_configs: [{routing_key: ${KEY}, url: '${world.url}/v2/enqueue'}]
    opsgenie_configs: [{api_key: ${KEY}, api_url: '${world.url}/', update_alerts: true}]
    victorops_configs: [{api_key: ${KEY}, api_url: '${world.url}/integrations/generic/20131114/alert/', routing_key: rk}]
    webhook_configs: [{url: '${world.url}/hooks/alertmanager/${KEY}'}]
`;
    const end = Temporal.Now.instant().add({ seconds: 8 }).toString();
    await during(
      'prometheus-alertmanager',
      config,
      (file, dir) => [
        `--config.file=${file}`,
        `--storage.path=${dir}/data`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
      ],
      async () => {
        await vi.waitFor(
          () => run('amtool', [`--alertmanager.url=http://127.0.0.1:${port}`, 'alert', 'add', 'HighCPU', `--end=${end}`]),
          PATIENT,
        );
        // PagerDuty, Opsgenie and Splunk On-Call share the group's key; the webhook has the alert's fingerprint.
        await vi.waitFor(async () => expect((await openKeys(world)).length).toBe(2), PATIENT);
        await vi.waitFor(async () => expect(await openKeys(world)).toEqual([]), PATIENT);
      },
    );
    expect(await refused(world)).toEqual([]);
  }, 60_000);
};
