import { z } from 'zod';
import { listOf, slug } from '../../contract/common.ts';
import {
  confirmHandoff,
  handoff,
  handoffDetail,
  handoffNote,
  handoffNotices,
  handoffQuery,
  preShiftCheck,
} from '../../contract/handoff.ts';
import { lastChange } from '../journal/read.ts';
import type { Http } from '../platform/http.ts';
import type { Runner } from '../platform/runner.ts';
import * as handoffs from './actions.ts';
import { handoffLinkRoutes } from './link-routes.ts';

const one = z.object({ id: z.uuid() });
const person = z.object({ name: z.union([z.literal('me'), slug]) });

export const handoffRoutes = (http: Http, runner: Runner): void => {
  const { route } = http;
  handoffLinkRoutes(http, runner);
  route(
    {
      method: 'get',
      path: '/api/handoffs',
      summary: 'Changes of who is on call, by time: the last 30 days and the coming 14, at most 200',
      tag: 'Schedules',
      permission: 'configuration.read',
      query: handoffQuery,
      result: listOf(handoff),
    },
    async (ctx, { query }) => ({ items: await handoffs.handoffs(ctx, query) }),
  );
  route(
    {
      method: 'get',
      path: '/api/handoffs/{id}',
      summary: 'One handoff: what is to be watched, what is open, paging and silenced, and what happened',
      tag: 'Schedules',
      permission: 'configuration.read',
      params: one,
      result: handoffDetail,
      compared: ({ state, note, note_version }) => ({ state, note, note_version }),
      changed: (ctx, { id }) => lastChange(ctx, { type: 'handoff', id }),
    },
    (ctx, { params }) => handoffs.handoffOf(ctx, params.id),
  );
  route(
    {
      method: 'put',
      path: '/api/handoffs/{id}',
      summary: 'Write what is to be watched: either side, or whoever manages the schedule, until it is confirmed',
      tag: 'Schedules',
      params: one,
      body: handoffNote,
      result: handoffDetail,
    },
    (ctx, { params, body }) => handoffs.writeNote(ctx, params.id, body.note),
  );
  route(
    {
      method: 'post',
      path: '/api/handoffs/{id}/confirm',
      summary: 'Say “I have it”, as one of those who come',
      tag: 'Schedules',
      params: one,
      body: confirmHandoff,
      result: handoffDetail,
    },
    (ctx, { params, body }) => handoffs.confirm(ctx, params.id, body),
  );
  route(
    {
      method: 'get',
      path: '/api/handoffs/{id}/check',
      summary: 'Before the shift: whether a page arrives, leave, runbooks to read, and who is paged next',
      tag: 'Schedules',
      permission: 'configuration.read',
      params: one,
      query: z.object({
        person: z
          .union([z.literal('me'), slug])
          .optional()
          .describe('of those who come; none: who asks, else the first'),
      }),
      result: preShiftCheck,
    },
    (ctx, { params, query }) => handoffs.checkOf(ctx, params.id, query.person),
  );
  route(
    {
      method: 'get',
      path: '/api/people/{name}/handoff-notices',
      summary: 'How somebody is told of handoffs',
      tag: 'People',
      permission: 'configuration.read',
      params: person,
      result: handoffNotices,
    },
    (ctx, { params }) => handoffs.noticesOf(ctx, params.name),
  );
  route(
    {
      method: 'put',
      path: '/api/people/{name}/handoff-notices',
      summary: 'Choose how long before a change one is told of it, and how',
      tag: 'People',
      params: person,
      body: handoffNotices,
      result: handoffNotices,
    },
    (ctx, { params, body }) => handoffs.saveNotices(ctx, params.name, body),
  );
};
