import { z } from 'zod';
import { listOf, slug } from '../../contract/common.ts';
import { escalationPolicy } from '../../contract/escalation.ts';
import type { Http } from '../platform/http.ts';
import * as escalation from './actions.ts';

const named = z.object({ name: slug });

export const escalationRoutes = ({ route }: Http): void => {
  route(
    {
      method: 'get',
      path: '/api/escalation-policies',
      summary: 'All escalation policies',
      tag: 'Escalation',
      permission: 'configuration.read',
      result: listOf(escalationPolicy),
    },
    async (ctx) => ({
      items: await escalation.allPolicies(ctx),
    }),
  );
  route(
    {
      method: 'put',
      path: '/api/escalation-policies/{name}',
      summary: 'Create a policy or bring it to this state; incidents under way keep theirs',
      tag: 'Escalation',
      params: named,
      body: escalationPolicy.omit({ name: true }),
      result: escalationPolicy,
    },
    async (ctx, { params, body }) => {
      const policy = { ...body, name: params.name };
      await escalation.savePolicy(ctx, policy);
      return policy;
    },
  );
  route(
    {
      method: 'delete',
      path: '/api/escalation-policies/{name}',
      summary: 'Remove a policy no service escalates by',
      tag: 'Escalation',
      params: named,
    },
    (ctx, { params }) => escalation.removePolicy(ctx, params.name),
  );
};
