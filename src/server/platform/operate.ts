import { sql } from 'kysely';
import { apiPage } from './api-page.ts';
import type { Database } from './database.ts';
import type { Http } from './http.ts';
import type { Jobs } from './jobs.ts';
import type { Metrics } from './metrics.ts';

/** How a caller may say who she is, for the API's description. Once. */
export const describeSecurity = ({ app }: Http): void => {
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'allclear.session_token',
  });
};

/** The OpenAPI document of every address that was added with `route` or `raw`. */
export const apiDocument = ({ app }: Http) =>
  app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Allclear',
      version: '1',
      description: 'Incident management: from first alert to all clear. Errors are RFC 9457 problem details with the request id.',
    },
  });

/** For whoever runs Allclear: health, readiness, metrics, and the API's own description. */
export const operateRoutes = (
  http: Http,
  parts: { database: Database; jobs: Jobs; metrics: Metrics; schemaIsNewer: () => Promise<boolean> },
): void => {
  const { app } = http;
  app.get('/healthz', (c) => c.text('ok'));
  app.get('/readyz', async (c) => {
    try {
      await sql`select 1`.execute(parts.database.db);
    } catch {
      return c.text('the database does not answer', 503);
    }
    return (await parts.schemaIsNewer())
      ? c.text('a newer Allclear has migrated the database: start that version', 503)
      : c.text('ready');
  });
  app.get('/metrics', async (c) => {
    const { rows } = await sql<{ name: string; state: string; jobs: number; oldest: number }>`
      select name, state::text, count(*) as jobs, coalesce(extract(epoch from max(now() - start_after) filter (where start_after <= now())), 0)::float8 as oldest
      from jobs.job where state in ('created', 'retry', 'active') group by 1, 2`.execute(parts.database.db);
    parts.metrics.queueDepth.reset();
    parts.metrics.queueAge.reset();
    for (const row of rows) {
      parts.metrics.queueDepth.set({ queue: row.name, state: row.state }, row.jobs);
      if (row.state !== 'active') parts.metrics.queueAge.set({ queue: row.name }, row.oldest);
    }
    return c.body(await parts.metrics.registry.metrics(), 200, { 'content-type': parts.metrics.registry.contentType });
  });
  describeSecurity(http);
  app.get('/api/openapi.json', (c) => c.json(apiDocument(http)));
  app.get('/api/docs', async (c) =>
    c.html(await apiPage(apiDocument(http) as Parameters<typeof apiPage>[0]), 200, {
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    }),
  );
};
