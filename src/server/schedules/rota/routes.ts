import { z } from 'zod';
import { instant, listOf, slug } from '../../../contract/common.ts';
import { rotaInput, rotaPreferences, rotaProposal, rotaScore, rotaState } from '../../../contract/rota.ts';
import type { Http } from '../../platform/http.ts';
import { windowOf } from '../preview.ts';
import * as rota from './actions.ts';
import { rotaPreferencesOf, saveRotaPreferences } from './preferences.ts';

const named = z.object({ name: slug });
const person = z.object({ name: slug.describe('a person, or `me`') });
const one = z.object({ id: z.uuid() });
const tag = 'Schedules';

export const rotaRoutes = ({ route, twoStep }: Http): void => {
  twoStep(
    {
      method: 'post',
      path: '/api/schedules/{name}/rota-proposals',
      summary: 'Work out a fair rota for some weeks, each turn with its reason; nothing changes until it is put in force',
      tag,
      params: named,
      body: rotaInput,
      result: rotaProposal,
      status: 201,
    },
    (ctx, { params, body }) => rota.prepareRota(ctx, params.name, body),
    rota.proposeRota,
  );
  route(
    {
      method: 'get',
      path: '/api/schedules/{name}/rota-proposals',
      summary: 'Rotas that were proposed for a schedule, the newest 20',
      tag,
      permission: 'configuration.read',
      params: named,
      result: listOf(rotaProposal),
    },
    async (ctx, { params }) => ({ items: await rota.rotaProposalsOf(ctx, params.name) }),
  );
  route(
    {
      method: 'get',
      path: '/api/rota-proposals/{id}',
      summary: 'A proposed rota',
      tag,
      permission: 'configuration.read',
      params: one,
      result: rotaProposal,
      compared: ({ state, stale }) => ({ state, stale }),
    },
    (ctx, { params }) => rota.rotaProposalOf(ctx, params.id),
  );
  route(
    {
      method: 'put',
      path: '/api/rota-proposals/{id}',
      summary: 'Put a proposed rota in force, or take back what of it is to come',
      tag,
      params: one,
      body: rotaState,
      result: rotaProposal,
    },
    (ctx, { params, body }) =>
      body.state === 'in_force' ? rota.putRotaInForce(ctx, params.id) : rota.takeRotaBack(ctx, params.id),
  );
  route(
    {
      method: 'get',
      path: '/api/schedules/{name}/rota-score',
      summary: 'How good a schedule is: coverage, rules, and how evenly hours, nights, weekends and holidays are shared',
      tag,
      permission: 'configuration.read',
      params: named,
      query: z.object({
        from: instant.optional().describe('none: now'),
        to: instant.optional().describe('none: 30 days after `from`; at most two years'),
      }),
      result: rotaScore,
    },
    (ctx, { params, query }) => rota.rotaScoreOf(ctx, params.name, windowOf(query, ctx.now)),
  );
  route(
    {
      method: 'get',
      path: '/api/people/{name}/rota-preferences',
      summary: 'What somebody wishes of rotas that are proposed',
      tag: 'People',
      permission: 'configuration.read',
      params: person,
      result: rotaPreferences,
    },
    (ctx, { params }) => rotaPreferencesOf(ctx, params.name),
  );
  route(
    {
      method: 'put',
      path: '/api/people/{name}/rota-preferences',
      summary: 'Say what somebody wishes of rotas that are proposed; wishes, not rules',
      tag: 'People',
      params: person,
      body: rotaPreferences,
    },
    (ctx, { params, body }) => saveRotaPreferences(ctx, params.name, body),
  );
};
