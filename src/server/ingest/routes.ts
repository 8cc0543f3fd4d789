import { z } from 'zod';
import { listOf, search, slug } from '../../contract/common.ts';
import { events, refusedRequest, setup, tried, tryInput } from '../../contract/inspector.ts';
import { integration } from '../../contract/service.ts';
import { can } from '../identity/permissions.ts';
import { lastChange } from '../journal/read.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { Http } from '../platform/http.ts';
import { matchesText } from '../platform/matching.ts';
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
import { toolsFor } from './setup.ts';
import { GRAFANA, pagerduty, VICTOROPS, WEBHOOK } from './surfaces.ts';
import type { Intake } from './types.ts';

const named = z.object({ name: slug });
const shown = integration.extend({
  key: z.string().describe('masked unless the reader may see secrets'),
  last_event_at: z.string().nullable(),
  url: z.string().describe('the address to give to a sender of its kind'),
  addresses: z.record(z.string(), z.string()).describe('what to give to each kind of sender'),
  alerts_24h: z.number().int().describe('opened within 24 hours; repeats are not counted'),
  refused_24h: z.number().int().describe('requests not taken within 24 hours, of the 100 that are kept'),
});
/** `mailDomain`: undefined where no mail is taken for it. */
const addressesOf = (publicUrl: string, key: string, mailDomain: string | undefined): Record<string, string> => ({
  ...(mailDomain ? { email: `${key}@${mailDomain}` } : {}),
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
  phone: `${publicUrl}/hooks/phone/${key}`,
  phone_ended: `${publicUrl}/hooks/phone/${key}/ended`,
});
const shownOf = (
  ctx: Ctx,
  row: ingest.IntegrationRow,
  secrets: boolean,
  days: Awaited<ReturnType<typeof ingest.lastDay>>,
  mailDomain: string | undefined,
): z.input<typeof shown> => {
  const day = days.get(row.id);
  const { hmac_secret, ...rest } = ingest.integrationOf(row);
  const key = secrets ? row.key : maskKey(row.key);
  const addresses = addressesOf(ctx.publicUrl, key, row.kind === 'email' ? mailDomain : undefined);
  return {
    ...rest,
    key,
    ...(hmac_secret ? { hmac_secret: secrets ? hmac_secret : ingest.MASKED } : {}),
    last_event_at: row.last_event_at?.toString() ?? null,
    url: addresses[row.kind] ?? '',
    addresses,
    alerts_24h: day?.alerts ?? 0,
    refused_24h: day?.refused ?? 0,
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
      query: z.object({ q: search, service: slug.optional() }),
      result: listOf(shown),
    },
    async (ctx, { query }) => {
      const days = await ingest.lastDay(ctx);
      const rows = (await ingest.integrationRows(ctx)).filter(
        (row) => (!query.service || row.service === query.service) && matchesText(query.q, row.name, row.service, row.kind),
      );
      return { items: rows.map((row) => shownOf(ctx, row, maySeeSecrets(ctx), days, intake.mailDomain)) };
    },
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
      compared: ({ last_event_at: _, alerts_24h: __, refused_24h: ___, ...rest }) => rest,
      changed: async (ctx, { name }) =>
        lastChange(ctx, { type: 'integration', id: (await ingest.integrationNamed(ctx, name)).id }),
    },
    async (ctx, { params }) =>
      shownOf(
        ctx,
        await ingest.integrationNamed(ctx, params.name),
        maySeeSecrets(ctx),
        await ingest.lastDay(ctx),
        intake.mailDomain,
      ),
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
      return shownOf(
        ctx,
        await ingest.integrationNamed(ctx, params.name),
        created || maySeeSecrets(ctx),
        await ingest.lastDay(ctx),
        intake.mailDomain,
      );
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

  route(
    {
      method: 'get',
      path: '/api/integrations/{name}/events',
      summary: 'Inspector: what it heard last with what was decided, and what was refused and why',
      tag,
      permission: 'alert.read',
      params: named,
      result: events,
    },
    async (ctx, { params }) => {
      const { accepted, refused } = await ingest.eventsOf(ctx, params.name);
      return {
        accepted: accepted.map(({ id, last_seen, decisions, ...row }) => ({
          ...row,
          alert: id,
          at: last_seen.toString(),
          decided: decisions.map((one) => `${one.step}: ${one.result} (${one.why})`).join('; '),
        })),
        refused: refused.map((row) => ({ ...row, at: row.at.toString() })),
      };
    },
  );
  route(
    {
      method: 'get',
      path: '/api/integrations/{name}/setup',
      summary: 'How to tell each tool to send here: steps and a snippet with address and key filled in',
      tag,
      permission: 'configuration.read',
      params: named,
      result: setup,
    },
    async (ctx, { params }) => {
      const row = await ingest.integrationNamed(ctx, params.name);
      const key_shown = maySeeSecrets(ctx);
      const tools = toolsFor(ctx.publicUrl, key_shown ? row.key : maskKey(row.key), intake.mailDomain)
        // A line takes calls and nothing else does; mail is taken for integrations of its kind alone.
        .filter(({ kind }) => (kind === 'phone') === (row.kind === 'phone') && (kind !== 'email' || row.kind === 'email'))
        .map(({ kind, ...tool }) => ({ ...tool, fits: kind === row.kind }))
        .sort((a, b) => Number(b.fits) - Number(a.fits));
      return { integration: row.name, key_shown, tools };
    },
  );

  route(
    {
      method: 'post',
      path: '/api/integrations/{name}/try',
      summary: 'What a payload would become, by the saved mapping or a draft of one; touches nothing',
      tag,
      permission: 'simulate',
      params: named,
      body: tryInput,
      result: tried,
    },
    (ctx, { params, body }) => ingest.tryPayload(ctx, params.name, body),
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
