import { Command } from 'commander';
import type { z } from 'zod';
import type { journalEntry } from '../contract/incident.ts';
import { examples, wholeNumber } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, printJson, table } from './output.ts';
import type { Terminal } from './terminal.ts';
import { localTime } from './time.ts';

type Entry = z.infer<typeof journalEntry>;
type Options = { limit: number } & Partial<
  Record<'actor' | 'subject' | 'source' | 'type' | 'q' | 'since' | 'until' | 'cursor', string>
>;

export const auditCommand = (terminal: Terminal): Command =>
  new Command('audit')
    .summary('who did what, newest first')
    .description('The audit log, newest first. Changes of configuration are shown as before → after; `--json` has everything.')
    .option('--actor <name>', 'person, key or part of the system')
    .option('--subject <subject>', 'a type such as service, or type:id')
    .option('--source <source>', 'from where: api, cli, mail link, timer …')
    .option('--type <prefix>', 'of this kind, e.g. escalation.')
    .option('--q <words>', 'words in the sentence')
    .option('--since <instant>', 'at this moment or later')
    .option('--until <instant>', 'before this moment')
    .option('--limit <n>', 'how many, at most 200', wholeNumber(200), 50)
    .option('--cursor <cursor>', 'older ones: the `next` of the previous list')
    .addHelpText(
      'after',
      examples(
        'allclear audit --subject service',
        'allclear audit --actor ana --since 2026-03-01T00:00:00Z',
        'allclear audit --json',
      ),
    )
    .action(async ({ limit, ...filter }: Options, command: Command) => {
      const { client, json } = connect(terminal, command);
      const { text, value } = await client.get<{ items: Entry[]; next?: string | null }>('/api/journal', {
        ...filter,
        limit: String(limit),
      });
      if (json) return printJson(terminal, text);
      if (value.items.length === 0) return terminal.out('Nothing was recorded that fits.\n');
      terminal.out(
        table(
          terminal,
          ['WHEN', 'WHO', 'FROM', 'WHAT', 'CHANGES'],
          value.items.map((entry): Cell[] => [
            localTime(entry.at, terminal.timeZone),
            { text: entry.actor, colour: 'bold' },
            entry.source,
            entry.text,
            changesOf(entry),
          ]),
        ),
      );
      if (value.next) terminal.err(`There are more: --cursor ${value.next}\n`);
    });

const MOST = 60;
const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
};

type Change = { field: string; before: unknown; after: unknown };
const isChange = (value: unknown): value is Change =>
  typeof value === 'object' && value !== null && 'field' in value && 'after' in value;
const changesOf = ({ data }: Entry): string =>
  Array.isArray(data.changes)
    ? data.changes
        .filter(isChange)
        .map((one) => `${one.field}: ${shown(one.before)} → ${shown(one.after)}`)
        .join('; ')
    : '';
