import { z } from 'zod';
import { slug } from '../../contract/common.ts';
import { impact, replaced, replacement } from '../../contract/leaving.ts';
import type { Http } from '../platform/http.ts';
import * as leaving from './actions.ts';

const named = z.object({ name: slug });

export const leavingRoutes = ({ route }: Http): void => {
  route(
    {
      method: 'get',
      path: '/api/people/{name}/impact',
      summary: 'Every schedule, policy, team, page, incident, key and silence that counts on her',
      tag: 'People',
      permission: 'configuration.read',
      params: named,
      result: impact,
    },
    (ctx, { params }) => leaving.impactOf(ctx, params.name),
  );
  route(
    {
      method: 'post',
      path: '/api/people/{name}/replace',
      summary: 'Somebody else takes her seats in schedules, policies and teams, her open pages and what only she has',
      tag: 'People',
      params: named,
      body: replacement,
      result: replaced,
    },
    (ctx, { params, body }) => leaving.replacePerson(ctx, params.name, body.with),
  );
};
