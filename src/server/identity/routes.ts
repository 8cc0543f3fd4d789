import { z } from 'zod';
import { listOf, search, slug } from '../../contract/common.ts';
import { newToken, team } from '../../contract/people.ts';
import { madeToken, tokenRow } from '../../contract/sign-in.ts';
import { lastChange } from '../journal/read.ts';
import type { Http } from '../platform/http.ts';
import { matchesText } from '../platform/matching.ts';
import * as identity from './actions.ts';
import { allTokens, revokeToken } from './tokens.ts';

const named = z.object({ name: slug });
const text = (at: Temporal.Instant | null) => at?.toString() ?? null;
/** A token without its secret. */
export const shownToken = ({ id: _, ...row }: Awaited<ReturnType<typeof allTokens>>[number]): z.input<typeof tokenRow> => ({
  ...row,
  created_at: row.created_at.toString(),
  last_used_at: text(row.last_used_at),
  expires_at: text(row.expires_at),
  revoked_at: text(row.revoked_at),
});

const teamOf = ({ id: _, lead, ...rest }: Awaited<ReturnType<typeof identity.teamNamed>>) => ({
  ...rest,
  ...(lead ? { lead } : {}),
});

export const identityRoutes = ({ route }: Http): void => {
  route(
    {
      method: 'get',
      path: '/api/teams',
      summary: 'All teams',
      tag: 'People',
      permission: 'configuration.read',
      query: z.object({ q: search }),
      result: listOf(team),
    },
    async (ctx, { query }) => {
      const fitting = (await identity.allTeams(ctx)).filter((row) =>
        matchesText(query.q, row.name, row.title, row.lead, ...row.members),
      );
      return { items: fitting.map(teamOf) };
    },
  );
  route(
    {
      method: 'get',
      path: '/api/teams/{name}',
      summary: 'One team',
      tag: 'People',
      permission: 'configuration.read',
      params: named,
      result: team,
      changed: async (ctx, { name }) => lastChange(ctx, { type: 'team', id: (await identity.teamNamed(ctx, name)).id }),
    },
    async (ctx, { params }) => teamOf(await identity.teamNamed(ctx, params.name)),
  );
  route(
    {
      method: 'put',
      path: '/api/teams/{name}',
      summary: 'Create a team or bring it to this state',
      tag: 'People',
      params: named,
      body: team.omit({ name: true }),
      result: team,
    },
    async (ctx, { params, body }) => {
      await identity.saveTeam(ctx, { ...body, name: params.name });
      return { ...body, name: params.name };
    },
  );
  route(
    { method: 'delete', path: '/api/teams/{name}', summary: 'Remove a team nothing counts on', tag: 'People', params: named },
    (ctx, { params }) => identity.removeTeam(ctx, params.name),
  );

  route(
    {
      method: 'get',
      path: '/api/tokens',
      summary: 'API tokens, without their secrets',
      tag: 'Tokens',
      permission: 'tokens.write',
      result: listOf(tokenRow),
    },
    async (ctx) => {
      const items = (await allTokens(ctx)).map(shownToken);
      return { items };
    },
  );
  route(
    {
      method: 'post',
      path: '/api/tokens',
      summary: 'Make an API token; its text is in this answer only',
      tag: 'Tokens',
      body: newToken,
      result: madeToken,
      status: 201,
    },
    (ctx, { body }) => identity.createToken(ctx, body),
  );
  route(
    { method: 'delete', path: '/api/tokens/{name}', summary: 'Revoke a token', tag: 'Tokens', params: named },
    (ctx, { params }) => revokeToken(ctx, params.name),
  );
};
