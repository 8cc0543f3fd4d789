import { z } from 'zod';
import { instant, listOf, slug } from '../../contract/common.ts';
import { silence, silenceWindow } from '../../contract/silence.ts';
import { allow } from '../identity/permissions.ts';
import { lastChange } from '../journal/read.ts';
import type { Http } from '../platform/http.ts';
import * as silences from './actions.ts';

const shown = silence.extend({
  id: z.string(),
  state: z.enum(['active', 'pending', 'expired']),
  created_by: z.string(),
  ended_at: z.string().nullable(),
});
const one = z.object({ id: z.uuid() });

const shownOf = (
  row: Awaited<ReturnType<typeof silences.recentSilences>>[number],
  now: Temporal.Instant,
): z.input<typeof shown> => ({
  id: row.id,
  ...(row.name ? { name: row.name } : {}),
  kind: row.kind as 'silence',
  comment: row.comment,
  services: row.services,
  matchers: row.matchers,
  starts_at: row.starts_at.toString(),
  ...(row.ends_at ? { ends_at: row.ends_at.toString() } : {}),
  ...(row.recurs ? { recurs: row.recurs } : {}),
  state: silences.stateOf(row, now),
  created_by: row.created_by,
  ended_at: row.ended_at?.toString() ?? null,
});

export const silenceRoutes = ({ route }: Http): void => {
  route(
    {
      method: 'get',
      path: '/api/silences',
      summary: 'The last 200 silences and maintenance windows that fit, newest first',
      tag: 'Silences',
      permission: 'alert.read',
      query: z.object({
        state: z.enum(['active', 'upcoming', 'past']).optional().describe('upcoming: not active now, and not over'),
        kind: silence.shape.kind.unwrap().optional(),
        service: slug.optional().describe('those that cover it, also those of every service'),
      }),
      result: listOf(shown),
    },
    async (ctx, { query }) => ({
      items: (await silences.recentSilences(ctx, query, 200)).map((row) => shownOf(row, ctx.now)),
    }),
  );
  route(
    {
      method: 'get',
      path: '/api/silences/calendar',
      summary: 'When silences and maintenance windows are active; recurring ones are there each time',
      tag: 'Silences',
      permission: 'alert.read',
      query: z.object({
        from: instant.optional().describe('none: now'),
        to: instant.optional().describe('none: 30 days after `from`'),
      }),
      result: listOf(
        silenceWindow.extend({
          silence: z.string().describe('its id'),
          name: z.string().nullable(),
          kind: z.string(),
          comment: z.string(),
          services: z.array(z.string()),
          recurring: z.boolean(),
        }),
      ),
    },
    async (ctx, { query }) => {
      const from = query.from ? Temporal.Instant.from(query.from) : ctx.now;
      const to = query.to ? Temporal.Instant.from(query.to) : from.add({ hours: 24 * 30 });
      const items = (await silences.calendar(ctx, from, to)).map(({ row, ...window }) => ({
        ...window,
        silence: row.id,
        name: row.name,
        kind: row.kind,
        comment: row.comment,
        services: row.services,
        recurring: row.recurs !== null,
      }));
      return { items };
    },
  );
  route(
    {
      method: 'post',
      path: '/api/silences/{id}/end',
      summary: 'End it now; open alerts it hid are looked at again',
      tag: 'Silences',
      params: z.object({ id: slug }),
      result: shown,
    },
    async (ctx, { params }) => {
      allow(ctx, 'silence.write');
      const { id } = await silences.silenceFound(ctx, params.id);
      await silences.endSilence(ctx, id);
      return shownOf(await silences.silenceFound(ctx, id), ctx.now);
    },
  );
  route(
    {
      method: 'get',
      path: '/api/silences/{id}',
      summary: 'One silence or maintenance window, by id or by the name it is kept under',
      tag: 'Silences',
      permission: 'alert.read',
      params: z.object({ id: slug }),
      result: shown,
      compared: ({ state: _, ...rest }) => rest,
      changed: async (ctx, { id }) => lastChange(ctx, { type: 'silence', id: (await silences.silenceFound(ctx, id)).id }),
    },
    async (ctx, { params }) => shownOf(await silences.silenceFound(ctx, params.id), ctx.now),
  );
  route(
    {
      method: 'post',
      path: '/api/silences',
      summary: 'Silence, or plan maintenance; recorded and visible, not paged',
      tag: 'Silences',
      body: silence.omit({ name: true }),
      result: z.object({ id: z.string() }),
      status: 201,
    },
    async (ctx, { body }) => ({ id: await silences.saveSilence(ctx, body) }),
  );
  route(
    {
      method: 'put',
      path: '/api/silences/{name}',
      summary: 'Create a named silence or bring it to this state',
      tag: 'Silences',
      params: z.object({ name: slug }),
      body: silence.omit({ name: true }),
      result: z.object({ id: z.string() }),
    },
    async (ctx, { params, body }) => ({
      id: await silences.saveSilence(ctx, { ...body, name: params.name }),
    }),
  );
  route(
    { method: 'delete', path: '/api/silences/{id}', summary: 'End it now', tag: 'Silences', params: one },
    (ctx, { params }) => silences.endSilence(ctx, params.id),
  );
};
