import type { JournalFilter } from '../../contract/incident.ts';
import type { Ctx } from '../platform/ctx.ts';
import { journal, THE_ONLY } from './actions.ts';
import { csvLine } from './csv.ts';
import { newest } from './read.ts';

const AT_ONCE = 500;
const COLUMNS = ['id', 'at', 'actor', 'source', 'subject', 'subject_name', 'type', 'text', 'data'] as const;

/** Whoever takes the log with her is in it. */
export const noteExport = (ctx: Ctx, format: string, filter: JournalFilter): Promise<void> =>
  journal(ctx, {
    type: 'journal.exported',
    subject: { type: 'settings', id: THE_ONLY },
    text: `${ctx.actor.name} exported the audit log as ${format}`,
    data: { format, filter },
  });

/** The entries that fit, newest first, some hundred a chunk of text; each is read in a short transaction of its own, at the reader's pace. */
export async function* exportLines(
  transaction: <R>(work: (ctx: Ctx) => Promise<R>) => Promise<R>,
  format: 'ndjson' | 'csv',
  filter: JournalFilter,
): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(COLUMNS);
  let before: string | null | undefined;
  do {
    const { items, next } = await transaction((ctx) => newest(ctx, before ?? undefined, AT_ONCE, filter));
    before = next;
    yield items
      .map((entry) =>
        format === 'ndjson'
          ? `${JSON.stringify(entry)}\n`
          : csvLine(COLUMNS.map((column) => (column === 'data' ? JSON.stringify(entry.data) : (entry[column] ?? null)))),
      )
      .join('');
  } while (before);
}
