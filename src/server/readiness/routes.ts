import { z } from 'zod';
import { listOf, slug } from '../../contract/common.ts';
import { digest, readiness, shownTestPagePlan, testPagePlan } from '../../contract/readiness.ts';
import type { Http } from '../platform/http.ts';
import * as actions from './actions.ts';

const named = z.object({ name: slug });
const tag = 'People';

export const readinessRoutes = ({ route }: Http): void => {
  route(
    {
      method: 'get',
      path: '/api/readiness',
      summary: 'Everybody who is counted on: whether a page reaches them, why not, and what the last test showed',
      tag,
      permission: 'configuration.read',
      result: readiness,
    },
    (ctx) => actions.readiness(ctx),
  );
  route(
    {
      method: 'get',
      path: '/api/readiness/digest',
      summary: 'When the weekly digest of who could not be reached is mailed',
      tag,
      permission: 'configuration.read',
      result: digest,
    },
    (ctx) => actions.digest(ctx),
  );
  route(
    { method: 'put', path: '/api/readiness/digest', summary: 'Change it, or switch it off', tag, body: digest, result: digest },
    (ctx, { body }) => actions.saveDigest(ctx, body),
  );
  route(
    {
      method: 'get',
      path: '/api/test-page-plans',
      summary: 'Test pages by the calendar: whom they ask, when next, and what became of the last',
      tag,
      permission: 'configuration.read',
      result: listOf(shownTestPagePlan),
    },
    async (ctx) => ({ items: await actions.plans(ctx) }),
  );
  route(
    {
      method: 'put',
      path: '/api/test-page-plans/{name}',
      summary:
        'Plan test pages or change a plan; each person is asked by day on their own clock and confirms as a page is acknowledged',
      tag,
      params: named,
      body: testPagePlan.omit({ name: true }),
      result: shownTestPagePlan,
    },
    (ctx, { params, body }) => actions.savePlan(ctx, { ...body, name: params.name }),
  );
  route(
    { method: 'delete', path: '/api/test-page-plans/{name}', summary: 'Ask nobody any more by it', tag, params: named },
    (ctx, { params }) => actions.removePlan(ctx, params.name),
  );
};
