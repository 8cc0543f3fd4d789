import { z } from 'zod';
import { listOf, pageQuery } from '../../contract/common.ts';
import * as contract from '../../contract/incident.ts';
import { timeline } from '../journal/read.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { Http } from '../platform/http.ts';
import * as incidents from './actions.ts';

const one = z.object({ id: z.string().describe('number such as INC-2026-0001, or id') });

export const incidentRoutes = ({ route }: Http): void => {
  route(
    {
      method: 'get',
      path: '/api/incidents',
      summary: 'Incidents, newest first or as sorted',
      tag: 'Incidents',
      permission: 'incident.read',
      query: contract.incidentQuery,
      result: listOf(contract.incident),
    },
    (ctx, { query }) => incidents.list(ctx, query),
  );
  route(
    {
      method: 'get',
      path: '/api/incidents/counts',
      summary: 'How many incidents there are, by status and by severity',
      tag: 'Incidents',
      permission: 'incident.read',
      result: contract.incidentCounts,
    },
    (ctx) => incidents.counts(ctx),
  );
  route(
    {
      method: 'post',
      path: '/api/incidents',
      summary: 'Declare an incident by hand',
      tag: 'Incidents',
      body: contract.newIncident,
      result: contract.incident,
      status: 201,
    },
    async (ctx, { body }) => incidents.incident(ctx, await incidents.create(ctx, body)),
  );
  route(
    {
      method: 'get',
      path: '/api/incidents/{id}',
      summary: 'One incident',
      tag: 'Incidents',
      permission: 'incident.read',
      params: one,
      result: contract.incident,
    },
    async (ctx, { params }) => incidents.incident(ctx, await incidents.idOf(ctx, params.id)),
  );
  route(
    {
      method: 'get',
      path: '/api/incidents/{id}/timeline',
      summary: 'What happened, oldest first or newest first',
      tag: 'Incidents',
      permission: 'incident.read',
      params: one,
      query: pageQuery.extend({ order: z.enum(['oldest', 'newest']).default('oldest').describe('which comes first') }),
      result: listOf(contract.journalEntry),
    },
    async (ctx, { params, query }) =>
      timeline(ctx, { type: 'incident', id: await incidents.idOf(ctx, params.id) }, query.cursor, query.limit, query.order),
  );

  /** A verb on an incident: does it and answers with how the incident stands then. */
  const verb = <B extends z.ZodType>(
    name: string,
    summary: string,
    body: B,
    act: (ctx: Ctx, id: string, input: z.output<B>) => Promise<void>,
  ) =>
    route(
      {
        method: 'post',
        path: `/api/incidents/{id}/${name}`,
        summary,
        tag: 'Incidents',
        params: one,
        body,
        result: contract.incident,
      },
      async (ctx, input) => {
        const id = await incidents.idOf(ctx, input.params.id);
        await act(ctx, id, input.body);
        return incidents.incident(ctx, id);
      },
    );
  const nothing = z.strictObject({});
  verb('acknowledge', 'Someone has it: paging stops', nothing, incidents.acknowledge);
  verb('resolve', 'It is over', contract.resolve, (ctx, id, body) => incidents.resolve(ctx, id, body.note));
  verb('close', 'Done with it', nothing, incidents.close);
  verb('reopen', 'Back to triage; escalation begins anew', nothing, incidents.reopen);
  verb('escalate', 'The next step now', nothing, incidents.escalateNow);
  verb('snooze', 'Quiet for a while; pages again afterwards if still open', contract.snooze, (ctx, id, body) =>
    incidents.snooze(ctx, id, body.seconds),
  );
  verb('unsnooze', 'Takes a snooze back', nothing, incidents.unsnooze);
  verb('reassign', 'Hand it to others, who are paged at once', contract.reassign, (ctx, id, body) =>
    incidents.reassign(ctx, id, body.people),
  );
  verb('merge', 'Its alerts join another incident', contract.merge, async (ctx, id, body) =>
    incidents.merge(ctx, id, await incidents.idOf(ctx, body.into)),
  );
  verb('notes', 'A note on the timeline', contract.note, (ctx, id, body) => incidents.note(ctx, id, body.text));
};
