import { z } from 'zod';
import { listOf, pageQuery } from '../../contract/common.ts';
import { journalEntry } from '../../contract/incident.ts';
import type { Http } from '../platform/http.ts';
import type { Live } from '../platform/live.ts';
import { newest } from './read.ts';

export const journalRoutes = ({ route, raw }: Http, live: Live): void => {
  raw(
    {
      method: 'get',
      path: '/api/live',
      summary: 'What happens, as it happens: server-sent events `hello`, `change` and `reset` (fetch everything anew)',
      tag: 'Journal',
      permission: 'incident.read',
      query: z.object({
        after: z.uuid().optional().describe('id of the last change seen; the header Last-Event-ID goes before it'),
      }),
      response: { type: 'text/event-stream' },
    },
    (caller, _body, { query, header, again, cut }) => {
      const id = z.uuid().safeParse(header('last-event-id'));
      const all = { all: caller.may('journal.read') };
      return live.open({
        ...all,
        cut,
        after: id.data ?? query.after,
        again: async () => {
          const now = await again();
          return now && { all: now.may('journal.read') };
        },
      });
    },
  );

  route(
    {
      method: 'get',
      path: '/api/journal',
      summary: 'What happened, newest first: the audit log',
      tag: 'Journal',
      permission: 'journal.read',
      query: pageQuery.extend({ type: z.string().max(100).optional().describe('begins with, e.g. `escalation.`') }),
      result: listOf(journalEntry),
    },
    (ctx, { query }) => newest(ctx, query.cursor, query.limit, query.type),
  );
};
