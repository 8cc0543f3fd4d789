import { z } from 'zod';
import { listOf, pageQuery } from '../../contract/common.ts';
import { journalEntry, journalFilter } from '../../contract/incident.ts';
import type { Http } from '../platform/http.ts';
import type { Live } from '../platform/live.ts';
import type { Runner } from '../platform/runner.ts';
import { exportLines, noteExport } from './export.ts';
import { newest } from './read.ts';

const exportQuery = journalFilter.extend({ format: z.enum(['ndjson', 'csv']).default('ndjson') });

export const journalRoutes = ({ route, raw }: Http, live: Live, runner: Runner): void => {
  raw(
    {
      method: 'get',
      path: '/api/journal/export',
      summary: 'The audit log of a filter, newest first, as lines of JSON or as CSV',
      tag: 'Journal',
      permission: 'journal.read',
      query: exportQuery,
      response: { type: 'application/x-ndjson' },
    },
    async ({ actor, source, log }, _body, { query: { format, ...filter } }) => {
      await runner.transaction(actor, source, (ctx) => noteExport(ctx, format, filter), log);
      const lines = exportLines((work) => runner.transaction(actor, source, work, log), format, filter);
      return new Response(ReadableStream.from(lines).pipeThrough(new TextEncoderStream()), {
        headers: {
          'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
          'content-disposition': `attachment; filename="allclear-audit.${format}"`,
          'cache-control': 'no-store',
        },
      });
    },
  );

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
      query: pageQuery.extend(journalFilter.shape),
      result: listOf(journalEntry),
    },
    (ctx, { query: { cursor, limit, ...filter } }) => newest(ctx, cursor, limit, filter),
  );
};
