import { z } from 'zod';
import { listOf, who } from '../../contract/common.ts';
import * as contract from '../../contract/pages.ts';
import { nameOf } from '../identity/actions.ts';
import type { Http } from '../platform/http.ts';
import * as incidents from './actions.ts';
import { bulk } from './bulk.ts';
import { nextShown, openPages, pagesShown } from './pages.ts';

const one = z.object({ id: z.string().describe('number such as INC-2026-0001, or id') });

export const pageRoutes = ({ route }: Http): void => {
  route(
    {
      method: 'get',
      path: '/api/incidents/{id}/pages',
      summary: 'Who was paged, why, and what became of each message; the newest first',
      tag: 'Incidents',
      permission: 'incident.read',
      params: one,
      result: listOf(contract.incidentPage),
    },
    async (ctx, { params }) => ({ items: await pagesShown(ctx, await incidents.idOf(ctx, params.id)) }),
  );
  route(
    {
      method: 'get',
      path: '/api/incidents/{id}/next',
      summary: 'Who is paged next, and when, if nobody answers',
      tag: 'Incidents',
      permission: 'incident.read',
      params: one,
      result: contract.incidentNext,
    },
    async (ctx, { params }) => ({ next: await nextShown(ctx, await incidents.idOf(ctx, params.id)) }),
  );
  route(
    {
      method: 'get',
      path: '/api/pages',
      summary: "A person's pages that wait for an answer, the newest of each incident, with who is paged next",
      tag: 'Incidents',
      permission: 'incident.read',
      query: z.object({ person: who.default('me'), status: z.literal('open').default('open') }),
      result: listOf(contract.openPage),
    },
    async (ctx, { query }) => ({ items: await openPages(ctx, nameOf(ctx, query.person, 'person') ?? '') }),
  );
  route(
    {
      method: 'post',
      path: '/api/incidents/bulk',
      summary: 'One verb on up to 100 incidents; says for each whether it was done',
      tag: 'Incidents',
      body: contract.bulk,
      result: contract.bulkResult,
    },
    async (ctx, { body }) => ({ items: await bulk(ctx, body) }),
  );
};
