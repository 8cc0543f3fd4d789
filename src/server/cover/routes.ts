import { z } from 'zod';
import { listOf, pageQuery, slug, who } from '../../contract/common.ts';
import { coverRequest, newCoverRequest, takeOver, tookOver } from '../../contract/cover.ts';
import { nameOf } from '../identity/actions.ts';
import type { Http } from '../platform/http.ts';
import * as cover from './actions.ts';

const one = z.object({ id: z.uuid() });

export const coverRoutes = ({ route }: Http): void => {
  route(
    {
      method: 'get',
      path: '/api/cover-requests',
      summary: 'Who asked whom to take a turn, newest first',
      tag: 'Schedules',
      permission: 'configuration.read',
      query: z.object({
        person: who.describe('whose turn it is, or who is asked; `me` for your own'),
        schedule: slug.optional(),
        open: z.stringbool().optional().describe('only those that wait for an answer'),
        cursor: pageQuery.shape.cursor,
        limit: pageQuery.shape.limit.unwrap().default(200),
      }),
      result: listOf(coverRequest),
    },
    async (ctx, { query: { cursor, limit, ...filter } }) => {
      const items = await cover.requests(ctx, { ...filter, person: nameOf(ctx, filter.person, 'person') }, { cursor, limit });
      return { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null };
    },
  );
  route(
    {
      method: 'post',
      path: '/api/cover-requests',
      summary: 'Ask others to take a turn, or to swap it for one of theirs; they are told by mail',
      tag: 'Schedules',
      body: newCoverRequest,
      result: coverRequest,
      status: 201,
    },
    (ctx, { body }) => cover.ask(ctx, body),
  );
  route(
    {
      method: 'get',
      path: '/api/cover-requests/{id}',
      summary: 'One request for cover, or for a swap',
      tag: 'Schedules',
      permission: 'configuration.read',
      params: one,
      result: coverRequest,
    },
    (ctx, { params }) => cover.requestOf(ctx, params.id),
  );
  const verbs = {
    accept: [cover.accept, 'Take the turn, and give your own in a swap'],
    decline: [cover.decline, 'Say no; once everyone has, whoever asked is told'],
    withdraw: [cover.withdraw, 'Ask nobody any more'],
    undo: [cover.undo, 'Take an accepted one back; both are told'],
  } as const;
  for (const [verb, [act, summary]] of Object.entries(verbs))
    route(
      {
        method: 'post',
        path: `/api/cover-requests/{id}/${verb}`,
        summary,
        tag: 'Schedules',
        params: one,
        result: coverRequest,
      },
      (ctx, { params }) => act(ctx, params.id),
    );
  route(
    {
      method: 'post',
      path: '/api/schedules/{name}/take-over',
      summary: 'Be on call from now until a moment, in place of whoever is',
      tag: 'Schedules',
      params: z.object({ name: slug }),
      body: takeOver,
      result: tookOver,
      status: 201,
    },
    (ctx, { params, body }) => cover.takeOver(ctx, params.name, body),
  );
};
