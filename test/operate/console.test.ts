import { expect, test } from 'vitest';
import { consoleRoutes } from '../../src/server/platform/console.ts';
import { createHttp } from '../../src/server/platform/http.ts';
import { createLogger } from '../../src/server/platform/log.ts';
import { createMetrics } from '../../src/server/platform/metrics.ts';
import type { Runner } from '../../src/server/platform/runner.ts';

test('a console that was not built says so, and how to build it', async () => {
  const http = createHttp({
    runner: {} as Runner,
    log: createLogger('silent'),
    metrics: createMetrics(),
    authenticate: async () => undefined,
    sessionOf: async () => undefined,
    actorOf: async () => undefined,
    publicUrl: () => 'http://localhost',
    trustedProxies: [],
    allow: () => undefined,
    maxConcurrent: 10,
    requestsAMinute: 10,
  });
  consoleRoutes(http, '/nowhere/');
  const answer = await http.app.request('/', { headers: { accept: 'text/html' } });
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain('npm run build');
});
