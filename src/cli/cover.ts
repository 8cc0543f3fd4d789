import { Command } from 'commander';
import type { z } from 'zod';
import type { coverProposals } from '../contract/absence.ts';
import { examples, moment } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, printJson, table } from './output.ts';
import type { Terminal } from './terminal.ts';
import { type Moment, showDuration } from './time.ts';

type Shown = z.infer<typeof coverProposals>;

export const coverCommand = (terminal: Terminal): Command =>
  new Command('cover')
    .summary('who could cover a shift the most fairly')
    .description('Who could cover a stretch of a schedule, the fairest first, and why the others could not. Changes nothing.')
    .argument('<schedule>', 'name of the schedule')
    .option('--person <name>', 'who needs cover, or me; none: whoever is primary then')
    .requiredOption('--from <time>', '"2026-07-01T09:00 Europe/London"', moment(terminal))
    .requiredOption('--to <time>', '"2026-07-08T09:00 Europe/London"', moment(terminal))
    .addHelpText(
      'after',
      examples(
        'allclear cover platform --person ana --from "2026-07-06T09:00 Europe/London" --to "2026-07-13T09:00 Europe/London"',
      ),
    )
    .action(async (schedule: string, options: { person?: string; from: Moment; to: Moment }, command: Command) => {
      const { client, json } = connect(terminal, command);
      const { text, value } = await client.get<Shown>(`/api/schedules/${encodeURIComponent(schedule)}/cover-proposals`, {
        person: options.person,
        from: options.from.at.toString(),
        to: options.to.at.toString(),
      });
      if (json) return printJson(terminal, text);
      terminal.out(`${showDuration(value.needed_seconds)} to cover.\n`);
      const rows = [
        ...value.candidates.map((one, at): Cell[] => [
          { text: String(at + 1), colour: 'bold' },
          { text: one.person, colour: one.breaks.length > 0 ? 'yellow' : 'green' },
          one.reason,
        ]),
        ...value.excluded.map((one): Cell[] => ['-', { text: one.person, colour: 'dim' }, one.reason]),
      ];
      if (rows.length === 0) terminal.out('Nobody else takes turns here or is in its team.\n');
      else terminal.out(table(terminal, ['', 'PERSON', 'WHY'], rows));
    });
