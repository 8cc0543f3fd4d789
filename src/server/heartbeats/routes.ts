import { z } from 'zod';
import { listOf } from '../../contract/common.ts';
import { heartbeat } from '../../contract/heartbeat.ts';
import { type Addressed, eitherSlash, OPSGENIE, opsgeniePong, serve, WEBHOOK } from '../ingest/actions.ts';
import type { Intake } from '../ingest/types.ts';
import { lastChange } from '../journal/read.ts';
import type { Http } from '../platform/http.ts';
import * as heartbeats from './actions.ts';

const named = z.object({ name: heartbeat.shape.name });
const shown = heartbeat.extend({
  state: z.enum(['waiting', 'healthy', 'overdue']).describe('waiting: not pinged yet'),
  last_ping_at: z.string().nullable(),
});
const shownOf = (row: heartbeats.HeartbeatRow): z.input<typeof shown> => ({
  ...heartbeats.heartbeatOf(row),
  state: row.state,
  last_ping_at: row.last_ping_at?.toString() ?? null,
});

/** The API of heartbeats, and the addresses that are pinged. */
export const heartbeatRoutes = ({ app, route }: Http, intake: Intake): void => {
  const tag = 'Heartbeats';
  route(
    {
      method: 'get',
      path: '/api/heartbeats',
      summary: 'All heartbeats',
      tag,
      permission: 'configuration.read',
      result: listOf(shown),
    },
    async (ctx) => ({ items: (await heartbeats.heartbeatRows(ctx)).map(shownOf) }),
  );
  route(
    {
      method: 'get',
      path: '/api/heartbeats/{name}',
      summary: 'A heartbeat and its last ping',
      tag,
      permission: 'configuration.read',
      params: named,
      result: shown,
      compared: ({ state: _, last_ping_at: __, ...rest }) => rest,
      changed: async (ctx, { name }) =>
        lastChange(ctx, { type: 'heartbeat', id: (await heartbeats.heartbeatNamed(ctx, name)).id }),
    },
    async (ctx, { params }) => shownOf(await heartbeats.heartbeatNamed(ctx, params.name)),
  );
  route(
    {
      method: 'put',
      path: '/api/heartbeats/{name}',
      summary: 'Make a heartbeat or bring it to this state',
      tag,
      params: named,
      body: heartbeat.omit({ name: true }),
      result: shown,
    },
    async (ctx, { params, body }) => {
      await heartbeats.saveHeartbeat(ctx, { ...body, name: params.name });
      return shownOf(await heartbeats.heartbeatNamed(ctx, params.name));
    },
  );
  route(
    { method: 'delete', path: '/api/heartbeats/{name}', summary: 'Watch it no more', tag, params: named },
    (ctx, { params }) => heartbeats.removeHeartbeat(ctx, params.name),
  );

  /** Opsgenie takes every ping; one that means nothing is kept with the reason, because its sender will not notice. */
  const ping = async (request: Addressed): Promise<void> => {
    const name = request.c.req.param('name') ?? '';
    const problem = /\p{Cc}/u.test(name)
      ? 'the name has control characters'
      : await request.intake.act(request.integration, (ctx) =>
          heartbeats.ping(ctx, name.toWellFormed(), request.integration.service),
        );
    if (problem !== undefined) await request.refuse(problem);
  };
  const methods = ['GET', 'POST', 'PUT'];
  app.on(
    methods,
    eitherSlash('/v2/heartbeats/:name/ping'),
    serve(intake, OPSGENIE, async (request) => {
      await ping(request);
      return opsgeniePong(request.requestId);
    }),
  );
  app.on(
    methods,
    eitherSlash('/hooks/heartbeat/:key/:name'),
    serve(intake, WEBHOOK, async (request) => {
      await ping(request);
      return { status: 202, body: { status: 'accepted' } };
    }),
  );
};
