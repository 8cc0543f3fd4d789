import { z } from 'zod';
import { slug } from '../../contract/common.ts';
import { healthLimits, healthRange, personHealth, teamHealth } from '../../contract/on-call-health.ts';
import { THE_ONLY } from '../journal/actions.ts';
import { lastChange } from '../journal/read.ts';
import type { Http } from '../platform/http.ts';
import * as health from './actions.ts';

const tag = 'On-call health';

export const onCallHealthRoutes = ({ route }: Http): void => {
  route(
    {
      method: 'get',
      path: '/api/people/{name}/health',
      summary: 'What being on call asked of a person: for that person, who leads one of their teams, and administrators',
      tag,
      permission: 'incident.read',
      params: z.object({ name: slug.describe('a person, or `me`') }),
      query: healthRange,
      result: personHealth,
    },
    (ctx, { params, query }) => health.healthOf(ctx, params.name, query),
  );
  route(
    {
      method: 'get',
      path: '/api/teams/{name}/health',
      summary: 'What being on call asked of a team together; of each person only for those who lead it',
      tag,
      permission: 'configuration.read',
      params: z.object({ name: slug }),
      query: healthRange,
      result: teamHealth,
    },
    (ctx, { params, query }) => health.healthOfTeam(ctx, params.name, query),
  );
  route(
    {
      method: 'get',
      path: '/api/settings/health-limits',
      summary: 'What is too much, and when it is night',
      tag,
      permission: 'configuration.read',
      result: healthLimits,
      changed: (ctx) => lastChange(ctx, { type: 'settings', id: THE_ONLY }, ['settings.health_limits_saved']),
    },
    (ctx) => health.readLimits(ctx),
  );
  route(
    {
      method: 'put',
      path: '/api/settings/health-limits',
      summary: 'Change what is too much',
      tag,
      body: healthLimits,
      result: healthLimits,
    },
    async (ctx, { body }) => {
      await health.saveLimits(ctx, body);
      return body;
    },
  );
};
