import { z } from 'zod';
import { listOf, slug } from '../../contract/common.ts';
import { integration } from '../../contract/service.ts';
import { can } from '../identity/permissions.ts';
import { lastChange } from '../journal/read.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { Http } from '../platform/http.ts';
import * as ingest from './actions.ts';
import { alertmanagerRoutes } from './alertmanager-routes.ts';
import { keyChanges } from './keys.ts';
import { opsgenieRoutes } from './opsgenie-routes.ts';
import { parseAlertmanager } from './parse/alertmanager.ts';
import { parseGeneric } from './parse/generic.ts';
import { parseGrafana } from './parse/grafana.ts';
import { parsePagerduty, parsePagerdutyChange, parsePagerdutyV1 } from './parse/pagerduty.ts';
import type { Parser } from './parse/types.ts';
import { parseVictorops } from './parse/victorops.ts';
import { eitherSlash, maskKey, type Surface, serve, takeEvent } from './request.ts';
import { GRAFANA, pagerduty, VICTOROPS, WEBHOOK } from './surfaces.ts';
import type { Intake } from './types.ts';

const named = z.object({ name: slug });
const shown = integration.extend({
  key: z.string().describe('masked unless the reader may see secrets'),
  last_event_at: z.string().nullable(),
  addresses: z.record(z.string(), z.string()).describe('what to give to each kind of sender'),
});
const refusedRequest = z.object({
  id: z.string(),
  at: z.string(),
  path: z.string(),
  reason: z.string(),
  content_type: z.string().nullable(),
  body: z.string(),
});

const addressesOf = (publicUrl: string, key: string): Record<string, string> => ({
  pagerduty: `${publicUrl}/v2/enqueue`,
  pagerduty_change: `${publicUrl}/v2/change/enqueue`,
  pagerduty_v1: `${publicUrl}/generic/2010-04-15/create_event.json`,
  opsgenie: `${publicUrl}/v2/alerts`,
  opsgenie_heartbeat: `${publicUrl}/v2/heartbeats/{name}/ping`,
  alertmanager: `${publicUrl}/hooks/alertmanager/${key}`,
  prometheus: `${publicUrl}/alertmanager/${key}`,
  grafana: `${publicUrl}/hooks/grafana/${key}`,
  generic: `${publicUrl}/hooks/generic/${key}`,
  heartbeat: `${publicUrl}/hooks/heartbeat/${key}/{name}`,
  victorops: `${publicUrl}/integrations/generic/20131114/alert/${key}/{routing}`,
});
const shownOf = (ctx: Ctx, row: ingest.IntegrationRow, secrets: boolean): z.input<typeof shown> => {
  const { hmac_secret, ...rest } = ingest.integrationOf(row);
  const key = secrets ? row.key : maskKey(row.key);
  return {
    ...rest,
    key,
    ...(hmac_secret ? { hmac_secret: secrets ? hmac_secret : '…' } : {}),
    last_event_at: row.last_event_at?.toString() ?? null,
    addresses: addressesOf(ctx.publicUrl, key),
  };
};
const maySeeSecrets = ({ actor }: Ctx): boolean => 'role' in actor && can(actor.role, 'integration.read_secret');

/** Everything that takes alerts in, and the API of integrations. */
export const ingestRoutes = (http: Http, intake: Intake): void => {
  const { app, route } = http;
  // A change counts only once it is committed, which is when its request is done.
  app.use('/api/*', async (_, next) => {
    const before = keyChanges();
    await next();
    if (keyChanges() !== before) intake.forget();
  });

  const tag = 'Integrations';
  route(
    {
      method: 'get',
      path: '/api/integrations',
      summary: 'All integrations',
      tag,
      permission: 'configuration.read',
      result: listOf(shown),
    },
    async (ctx) => ({ items: (await ingest.integrationRows(ctx)).map((row) => shownOf(ctx, row, maySeeSecrets(ctx))) }),
  );
  route(
    {
      method: 'get',
      path: '/api/integrations/{name}',
      summary: 'An integration and the addresses to give to senders',
      tag,
      permission: 'configuration.read',
      params: named,
      result: shown,
      compared: ({ last_event_at: _, ...rest }) => rest,
      changed: async (ctx, { name }) =>
        lastChange(ctx, { type: 'integration', id: (await ingest.integrationNamed(ctx, name)).id }),
    },
    async (ctx, { params }) => shownOf(ctx, await ingest.integrationNamed(ctx, params.name), maySeeSecrets(ctx)),
  );
  route(
    {
      method: 'put',
      path: '/api/integrations/{name}',
      summary: 'Create an integration or bring it to this state; a new key is shown to whoever makes it',
      tag,
      params: named,
      body: integration.omit({ name: true }),
      result: shown,
    },
    async (ctx, { params, body }) => {
      const { created } = await ingest.saveIntegration(ctx, { ...body, name: params.name });
      return shownOf(ctx, await ingest.integrationNamed(ctx, params.name), created || maySeeSecrets(ctx));
    },
  );
  route(
    { method: 'delete', path: '/api/integrations/{name}', summary: 'Its key works no more; its alerts stay', tag, params: named },
    (ctx, { params }) => ingest.removeIntegration(ctx, params.name),
  );
  const refusedOf = async (ctx: Ctx, name: string | undefined) => ({
    items: (await ingest.refusedRequests(ctx, name)).map((row) => ({ ...row, at: row.at.toString() })),
  });
  route(
    {
      method: 'get',
      path: '/api/integrations/{name}/refused',
      summary: 'Its last 100 requests that were not taken, as they came, with the reason; newest first',
      tag,
      permission: 'configuration.read',
      params: named,
      result: listOf(refusedRequest),
    },
    (ctx, { params }) => refusedOf(ctx, params.name),
  );
  route(
    {
      method: 'get',
      path: '/api/refused-requests',
      summary: 'The last 100 requests whose key no integration has',
      tag,
      permission: 'configuration.read',
      result: listOf(refusedRequest),
    },
    (ctx) => refusedOf(ctx, undefined),
  );

  const take = (methods: string[], path: string, surface: Surface, parser: Parser): void => {
    app.on(
      methods,
      eitherSlash(path),
      serve(intake, surface, (request) =>
        takeEvent(request, parser, { params: { routing_key: request.c.req.param('routing') ?? '' } }),
      ),
    );
  };
  take(['POST'], '/v2/enqueue', pagerduty('routing_key'), parsePagerduty);
  take(['POST'], '/integration/:key/enqueue', pagerduty('routing_key'), parsePagerduty);
  take(['POST'], '/x-ere/:key', pagerduty('routing_key'), parsePagerduty);
  take(['POST'], '/v2/change/enqueue', pagerduty('routing_key'), parsePagerdutyChange);
  take(['POST'], '/generic/2010-04-15/create_event.json', pagerduty('service_key'), parsePagerdutyV1);
  take(['POST', 'PUT'], '/hooks/alertmanager/:key', WEBHOOK, parseAlertmanager);
  take(['POST', 'PUT'], '/hooks/grafana/:key', GRAFANA, parseGrafana);
  take(['POST', 'PUT', 'GET'], '/hooks/generic/:key', WEBHOOK, parseGeneric);
  take(['POST', 'PUT'], '/integrations/generic/20131114/alert/:key', VICTOROPS, parseVictorops);
  take(['POST', 'PUT'], '/integrations/generic/20131114/alert/:key/:routing', VICTOROPS, parseVictorops);
  opsgenieRoutes(app, intake);
  alertmanagerRoutes(app, intake);
};
