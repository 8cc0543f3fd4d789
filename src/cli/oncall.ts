import { Command } from 'commander';
import { examples, moment } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, printJson, table } from './output.ts';
import type { Terminal } from './terminal.ts';
import { localTime, type Moment, utcTime } from './time.ts';

type Row = {
  schedule: string;
  person: string;
  role: string;
  shadow: boolean;
  since: string;
  until: string | null;
  reason: string;
};

export const oncallCommand = (terminal: Terminal): Command =>
  new Command('oncall')
    .alias('who-is-on-call')
    .summary('who is on call, now or at a moment')
    .description('Who is on call in every schedule, until when, and why.')
    .option('--at <time>', '2026-03-29T01:30Z, or with a zone "2026-03-29T01:30 Europe/London"', moment(terminal))
    .option('--schedule <name>', 'of one schedule')
    .addHelpText(
      'after',
      examples(
        'allclear oncall',
        'allclear who-is-on-call --schedule platform',
        'allclear oncall --at "2026-12-25T09:00 Europe/Amsterdam"',
      ),
    )
    .action(async (options: { at?: Moment; schedule?: string }, command: Command) => {
      const { client, json } = connect(terminal, command);
      const { text, value } = await client.get<{ items: Row[] }>('/api/on-call', { at: options.at?.at.toString() });
      if (json && options.schedule === undefined) return printJson(terminal, text);
      const rows = value.items.filter((row) => options.schedule === undefined || row.schedule === options.schedule);
      if (json) return printJson(terminal, JSON.stringify({ items: rows }));
      if (rows.length === 0) return terminal.out(`Nobody is on call${options.schedule ? ` in ${options.schedule}` : ''}.\n`);
      const zone = terminal.timeZone;
      terminal.out(
        table(
          terminal,
          ['SCHEDULE', 'PERSON', 'ROLE', `UNTIL (${zone})`, 'UNTIL (UTC)', 'WHY'],
          rows.map((row): Cell[] => [
            row.schedule,
            { text: row.person, colour: 'bold' },
            row.shadow ? `${row.role}, shadow` : row.role,
            row.until ? localTime(row.until, zone) : 'open end',
            row.until ? utcTime(row.until) : 'open end',
            row.reason,
          ]),
        ),
      );
    });
