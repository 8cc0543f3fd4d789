import { z } from 'zod';
import { listOf, search, slug } from '../../contract/common.ts';
import { replayed, replayInput } from '../../contract/inspector.ts';
import { routingTest, routingTestInput } from '../../contract/routing.ts';
import { shownService } from '../../contract/service.ts';
import { doctor, simulated, simulation, trace } from '../../contract/trace.ts';
import { allow } from '../identity/permissions.ts';
import { idOf } from '../incidents/actions.ts';
import type { Intake } from '../ingest/types.ts';
import type { Http } from '../platform/http.ts';
import { simulate, traceAlert, traceIncident } from './actions.ts';
import { examine } from './doctor.ts';
import { carryOut, prepare } from './replay.ts';
import { testRouting } from './routing-test.ts';
import { listServices } from './services.ts';

export const traceRoutes = ({ route, twoStep }: Http, intake: Intake): void => {
  route(
    {
      method: 'get',
      path: '/api/incidents/{id}/trace',
      summary: 'Why: from payload to answer, each step with its reason',
      tag: 'Why',
      permission: 'alert.read',
      params: z.object({ id: z.string() }),
      result: trace,
    },
    async (ctx, { params }) => traceIncident(ctx, await idOf(ctx, params.id)),
  );
  route(
    {
      method: 'get',
      path: '/api/alerts/{id}/trace',
      summary: 'Why an alert paged, or did not',
      tag: 'Why',
      permission: 'alert.read',
      params: z.object({ id: z.uuid() }),
      result: trace,
    },
    (ctx, { params }) => traceAlert(ctx, params.id),
  );
  route(
    {
      method: 'post',
      path: '/api/simulate',
      summary: 'What a payload would do at a moment; touches nothing',
      tag: 'Why',
      body: simulation,
      result: simulated,
    },
    (ctx, { body }) => {
      allow(ctx, 'simulate');
      return simulate(ctx, body.integration, body.payload, body.at ? Temporal.Instant.from(body.at) : ctx.now);
    },
  );
  route(
    {
      method: 'get',
      path: '/api/doctor',
      summary: 'What would keep a page from arriving',
      tag: 'Why',
      permission: 'configuration.read',
      result: doctor,
    },
    (ctx) => examine(ctx),
  );
  route(
    {
      method: 'post',
      path: '/api/routing/test',
      summary: 'Which rules a payload or an alert matches and why, what comes of it and who would be paged; touches nothing',
      tag: 'Routing',
      permission: 'simulate',
      body: routingTestInput,
      result: routingTest,
    },
    (ctx, { body }) => testRouting(ctx, body),
  );
  const replay = carryOut(intake);
  twoStep(
    {
      method: 'post',
      path: '/api/integrations/{name}/replay',
      summary: 'Give it a payload, a refused request or an alert again: say what it would do, or do it as if it just arrived',
      tag: 'Integrations',
      permission: 'simulate',
      params: z.object({ name: slug }),
      body: replayInput,
      result: replayed,
    },
    (ctx, { params, body }) => prepare(ctx, params.name, body),
    (_, prepared) => replay(prepared),
  );
  route(
    {
      method: 'get',
      path: '/api/services',
      summary: 'Services by name; `with=health`: what burns, what was heard last and whether its pages would arrive',
      tag: 'Services',
      permission: 'configuration.read',
      query: z.object({
        q: search,
        team: slug.optional().describe('owner'),
        with: z.literal('health').optional(),
        cursor: slug.optional().describe('`next` of the previous page'),
        limit: z.coerce.number().int().min(1).max(200).optional().describe('none: all; with health 200'),
      }),
      result: listOf(shownService),
    },
    (ctx, { query }) => listServices(ctx, query),
  );
};
