/**
 * The load generator, a process of its own: `node bench/load.ts <json>` sends requests over keep-alive connections, one at
 * a time on each, for some seconds, and prints one line of JSON. Raw sockets: an HTTP client would cost more than the server.
 */
import { connect } from 'node:net';

export type Plan = {
  port: number;
  connections: number;
  /** Measured; `warmUpSeconds` before it are not. */
  seconds: number;
  warmUpSeconds: number;
  kind: 'one' | 'new' | 'repeat';
  /** Alerts a request. */
  batch: number;
  key: string;
  target: 'allclear' | 'alertmanager';
  /** Alerts a second in all; absent: as fast as it goes. */
  perSecond?: number;
  /** Makes the alerts of this run other ones than those of the run before. */
  run: string;
};
export type Measured = {
  alertsPerSecond: number;
  requests: number;
  p50: number;
  p99: number;
  failed: number;
  statuses: Record<string, number>;
};

const PREPARED = 64;
let serial = 0;

const labelsOf = (plan: Plan, nth: number) => ({
  alertname: `HighLatency-${plan.run}-${nth}`,
  instance: `web-${nth}.example.com:9100`,
  job: 'node',
  severity: 'critical',
  cluster: `cluster-${nth % 4}`,
});

/** A request's body. New alerts differ in every request; repeats are the same ones over and over, by connection. */
const bodyOf = (plan: Plan, connection: number): string => {
  const numbers = Array.from({ length: plan.batch }, (_, nth) =>
    plan.kind === 'repeat' ? connection * plan.batch + nth : serial++,
  );
  if (plan.target === 'alertmanager')
    return JSON.stringify(
      numbers.map((nth) => ({
        labels: labelsOf(plan, nth),
        annotations: { summary: `Latency is high on web-${nth}` },
        generatorURL: 'http://prometheus.example.com/graph',
      })),
    );
  if (plan.kind === 'one')
    return JSON.stringify({
      summary: `Latency is high on web-${numbers[0]}`,
      dedup_key: `${plan.run}-${numbers[0]}`,
      severity: 'critical',
      source: `web-${numbers[0]}.example.com`,
      labels: { cluster: `cluster-${(numbers[0] ?? 0) % 4}` },
    });
  return JSON.stringify({
    version: '4',
    groupKey: '{}:{}',
    status: 'firing',
    receiver: 'allclear',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example.com',
    alerts: numbers.map((nth) => ({
      status: 'firing',
      labels: labelsOf(plan, nth),
      annotations: { summary: `Latency is high on web-${nth}` },
      startsAt: '2026-01-01T00:00:00Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus.example.com/graph',
      fingerprint: `${plan.run}${nth.toString(16).padStart(12, '0')}`,
    })),
  });
};

const pathOf = ({ target, kind, key }: Plan): string =>
  target === 'alertmanager' ? '/api/v2/alerts' : kind === 'one' ? `/hooks/generic/${key}` : `/hooks/alertmanager/${key}`;

const requestOf = (plan: Plan, connection: number): Buffer => {
  const body = bodyOf(plan, connection);
  return Buffer.from(
    `POST ${pathOf(plan)} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
};

/** Runs a plan in this process. */
const run = async (plan: Plan): Promise<Measured> => {
  const latencies: number[] = [];
  const statuses = new Map<string, number>();
  let requests = 0;
  let failed = 0;
  const from = performance.now() + plan.warmUpSeconds * 1000;
  const until = from + plan.seconds * 1000;
  const gap = plan.perSecond === undefined ? 0 : (1000 * plan.batch) / plan.perSecond;
  let slot = performance.now();

  const connection = (nth: number) =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(plan.port, '127.0.0.1').setNoDelay(true);
      // Repeats are made once: making them costs the generator more than sending them.
      const same = plan.kind === 'repeat' ? requestOf(plan, nth) : undefined;
      let ready: Buffer[] = [];
      let sentAt = 0;
      let received = '';
      const send = () => {
        const now = performance.now();
        if (now >= until) {
          socket.end();
          return resolve();
        }
        if (gap > 0) {
          slot = Math.max(slot, now - 50);
          const wait = slot - now;
          slot += gap;
          if (wait > 0) return void setTimeout(write, wait);
        }
        write();
      };
      const write = () => {
        if (!same && ready.length === 0)
          ready = Array.from({ length: plan.batch > 1 ? 1 : PREPARED }, () => requestOf(plan, nth));
        sentAt = performance.now();
        socket.write(same ?? (ready.pop() as Buffer));
      };
      socket.on('connect', send);
      socket.on('error', reject);
      socket.on('close', () => (performance.now() < until ? reject(new Error('the server closed a connection')) : resolve()));
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1');
        const head = received.indexOf('\r\n\r\n');
        if (head < 0) return;
        const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
        if (received.length < head + 4 + length) return;
        const status = received.slice(9, 12);
        received = '';
        const now = performance.now();
        if (now >= from && now < until) {
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          if (status.startsWith('2')) {
            requests += 1;
            latencies.push(now - sentAt);
          } else failed += 1;
        }
        send();
      });
    });
  await Promise.all(Array.from({ length: plan.connections }, (_, nth) => connection(nth)));
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
  return {
    alertsPerSecond: (requests * plan.batch) / plan.seconds,
    requests,
    p50: at(0.5),
    p99: at(0.99),
    failed,
    statuses: Object.fromEntries(statuses),
  };
};

if (import.meta.main) console.log(JSON.stringify(await run(JSON.parse(process.argv[2] ?? '{}') as Plan)));
