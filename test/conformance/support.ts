import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { startServer, startWorld } from '../harness.ts';

export const KEY = 'ROUTINGKEY0000000000000000000001';
/** Between the dates of the captured requests, which are from then. */
const AT = '2026-11-21T03:12:00Z';

type World = Awaited<ReturnType<typeof startWorld>>;

/** A service with one integration, whose key is `KEY`. */
export const withIntegration = async <W extends World>(world: W): Promise<W> => {
  await world.call('PUT', '/api/services/shop', { title: 'Shop' });
  await world.call('PUT', '/api/integrations/tool', { service: 'shop', key: KEY });
  return world;
};
export const server = async () => withIntegration(await startServer({ at: AT }));
export const inProcess = async () => withIntegration(await startWorld({ at: AT }));

export type ShownAlert = {
  id: string;
  dedup_key: string;
  status: string;
  summary: string;
  count: number;
  acknowledged: boolean;
  labels: Record<string, string>;
  severity: string;
  incident: string | null;
};
/** Alerts of the service, oldest first. */
export const alerts = async (world: World): Promise<ShownAlert[]> =>
  (await world.call<{ items: ShownAlert[] }>('GET', '/api/alerts?limit=200')).items.reverse();
export const openKeys = async (world: World): Promise<string[]> =>
  (await alerts(world)).filter((alert) => alert.status === 'open').map((alert) => alert.dedup_key);

export type Refused = { path: string; reason: string; body: string; content_type: string | null };
export const refused = async (world: World): Promise<Refused[]> =>
  (await world.call<{ items: Refused[] }>('GET', '/api/integrations/tool/refused')).items;
export const unknownKeys = async (world: World): Promise<Refused[]> =>
  (await world.call<{ items: Refused[] }>('GET', '/api/refused-requests')).items;

/** Sends a request and checks its status; the answer's JSON, or its text. */
export const send = async <T = Record<string, unknown>>(
  world: World,
  method: string,
  path: string,
  body: unknown,
  status: number,
  headers: Record<string, string> = {},
): Promise<T> => {
  const response = await world.request(method, path, body, headers);
  const text = await response.text();
  expect(response.status, `${method} ${path}: ${text}`).toBe(status);
  return (/^[[{"]/.test(text) ? JSON.parse(text) : text) as T;
};

export const genie = { authorization: `GenieKey ${KEY}` };

export type Captured = { method: string; url: string; headers: Record<string, string>; body: string };
/** Requests of real clients, with the addresses and keys rewritten to ours. */
export const captured = (): Captured[] =>
  readFileSync(new URL('../fixtures/captured-client-requests.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Captured)
    .map(({ method, url, headers, body }) => ({
      method,
      url: url
        .replace(/^\/og\//, '/')
        .replace(/^\/vo\/(.*)\/vokey\//, `/$1/${KEY}/`)
        .replace('/webhook/alertmanager', `/hooks/alertmanager/${KEY}`)
        .replace(/^\/(amx|prom-direct)\//, `/alertmanager/${KEY}/`)
        .replace('/apprise', `/hooks/generic/${KEY}`),
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, name === 'authorization' ? `GenieKey ${KEY}` : value]),
      ),
      body: body.replace(/"routing_key":\s*"R+"/, `"routing_key":"${KEY}"`),
    }));
