import { z } from 'zod';
import { firstService, madeService, setup, setupQuery, testPageInput, testPageSent, tick } from '../../contract/setup.ts';
import type { Http } from '../platform/http.ts';
import * as actions from './actions.ts';

export const setupRoutes = ({ route }: Http): void => {
  route(
    {
      method: 'get',
      path: '/api/setup',
      summary: 'How far the set-up is, each step checked anew, and the list of the first weeks',
      tag: 'Set-up',
      permission: 'settings.write',
      query: setupQuery,
      result: setup,
    },
    (ctx, { query }) => actions.setupState(ctx, query),
  );
  route(
    {
      method: 'post',
      path: '/api/setup/service',
      summary: 'Make a service with its team, weekly turns, escalation policy and integration, all or nothing',
      tag: 'Set-up',
      body: firstService,
      result: madeService,
      status: 201,
    },
    (ctx, { body }) => actions.makeService(ctx, body),
  );
  route(
    {
      method: 'post',
      path: '/api/setup/test-page',
      summary: 'Page who is on call for a service, as a test that ends by itself',
      tag: 'Set-up',
      body: testPageInput,
      result: testPageSent,
      status: 201,
    },
    (ctx, { body }) => actions.sendTestPage(ctx, body.service),
  );
  route(
    {
      method: 'put',
      path: '/api/setup/items/{id}',
      summary: 'Tick an item of the list, for everyone, or take the tick back',
      tag: 'Set-up',
      params: z.object({ id: z.string().max(100) }),
      body: tick,
    },
    (ctx, { params, body }) => actions.tickItem(ctx, params.id, body.done),
  );
};
