import { z } from 'zod';
import { listOf, pageQuery } from '../../contract/common.ts';
import { journalEntry } from '../../contract/incident.ts';
import type { Http } from '../platform/http.ts';
import { newest } from './read.ts';

export const journalRoutes = ({ route }: Http): void => {
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
