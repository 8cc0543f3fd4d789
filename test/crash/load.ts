import { setTimeout as delay } from 'node:timers/promises';
import { keyOfService, type ServiceName, serviceNames } from './team.ts';

/** What was asked of one dedup key, and what of that was answered 2xx. */
export type Sent = {
  key: string;
  service: ServiceName;
  surface: Surface;
  cluster: string;
  triggers: { tried: number; accepted: number };
  resolves: { tried: number; accepted: number };
};
type Surface = 'generic' | 'pagerduty' | 'alertmanager';
const SURFACES: Surface[] = ['generic', 'pagerduty', 'alertmanager'];
type Action = 'trigger' | 'resolve';
/** A sender that was not answered well waits a little. */
const PAUSE_MS = 100;

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const requestOf = (action: Action, list: Sent[]): { path: string; body: unknown } => {
  const [first] = list as [Sent, ...Sent[]];
  const key = keyOfService(first.service);
  if (first.surface === 'pagerduty')
    return {
      path: '/v2/enqueue',
      body: {
        routing_key: key,
        event_action: action,
        dedup_key: first.key,
        payload: {
          summary: `${first.key} is wrong`,
          source: 'load',
          severity: 'critical',
          custom_details: { cluster: first.cluster },
        },
      },
    };
  if (first.surface === 'generic')
    return {
      path: `/hooks/generic/${key}`,
      body: {
        summary: `${first.key} is wrong`,
        dedup_key: first.key,
        severity: 'critical',
        status: action === 'trigger' ? 'firing' : 'resolved',
        labels: { cluster: first.cluster },
      },
    };
  return {
    path: `/hooks/alertmanager/${key}`,
    body: {
      version: '4',
      status: 'firing',
      alerts: list.map((one) => ({
        status: action === 'trigger' ? 'firing' : 'resolved',
        fingerprint: one.key,
        labels: { alertname: one.key, cluster: one.cluster, severity: 'critical' },
        annotations: { summary: `${one.key} is wrong` },
      })),
    },
  };
};

/**
 * New alerts, repeats and resolves through three intake paths, `perSecond` requests at most, until stopped. Every key
 * has one request under way at a time; once its end was asked for it is left alone.
 */
export const startLoad = (url: string, random: () => number, perSecond: number, connections: number) => {
  const all: Sent[] = [];
  const idle: Sent[] = [];
  const answers = new Map<string, number>();
  let going = true;
  let next = performance.now();

  const take = (): { action: Action; list: Sent[] } => {
    const roll = random();
    if (roll < 0.45 && idle.length > 0) {
      const [one] = idle.splice(Math.floor(random() * idle.length), 1) as [Sent];
      return { action: roll < 0.27 ? 'trigger' : 'resolve', list: [one] };
    }
    const service = serviceNames[Math.floor(random() * serviceNames.length)] as ServiceName;
    const surface = SURFACES[Math.floor(random() * SURFACES.length)] as Surface;
    const count = surface === 'alertmanager' ? 1 + Math.floor(random() * 4) : 1;
    const list = Array.from({ length: count }, (_, nth) => ({
      key: `${service}.${surface}.${all.length + nth}`,
      service,
      surface,
      cluster: `cluster-${Math.floor(random() * 5)}`,
      triggers: { tried: 0, accepted: 0 },
      resolves: { tried: 0, accepted: 0 },
    }));
    all.push(...list);
    return { action: 'trigger', list };
  };

  const send = async ({ action, list }: ReturnType<typeof take>): Promise<void> => {
    const { path, body } = requestOf(action, list);
    const field = action === 'trigger' ? 'triggers' : 'resolves';
    for (const one of list) one[field].tried += 1;
    let answer: string;
    try {
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(20_000),
      });
      await response.text();
      answer = String(response.status);
      if (response.ok) for (const one of list) one[field].accepted += 1;
    } catch {
      answer = 'no answer';
    }
    if (!answer.startsWith('2')) await delay(PAUSE_MS);
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
    for (const one of list) if (one.resolves.tried === 0) idle.push(one);
  };

  const connection = async (): Promise<void> => {
    while (going) {
      const now = performance.now();
      next = Math.max(next, now - 100) + 1000 / perSecond;
      if (next > now) await delay(next - now);
      if (going) await send(take());
    }
  };
  const ended = Promise.all(Array.from({ length: connections }, connection));
  return {
    sent: all,
    /** How often each status was answered. */
    answers,
    stop: async (): Promise<void> => {
      going = false;
      await ended;
    },
  };
};
