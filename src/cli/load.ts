import { Command } from 'commander';
import { examples, wholeNumber } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, printJson, table } from './output.ts';
import type { Terminal } from './terminal.ts';

type Row = {
  person: string;
  on_call_seconds: number;
  on_call_night_seconds: number;
  incidents: number;
  night_incidents: number;
};

const hours = (seconds: number): string => `${Math.round(seconds / 360) / 10} h`;

export const loadCommand = (terminal: Terminal): Command =>
  new Command('load')
    .summary('how much each person was on call and paged')
    .description(
      'Hours on call and incidents that paged each person in the days before now, and how much of it at night: 22:00 to 06:00 on their own clocks.',
    )
    .option('--days <n>', 'how far back, 1 to 366', wholeNumber(366), 28)
    .addHelpText('after', examples('allclear load', 'allclear load --days 90 --json'))
    .action(async ({ days }: { days: number }, command: Command) => {
      const { client, json } = connect(terminal, command);
      const { text, value } = await client.get<{ items: Row[] }>('/api/load', { days: String(days) });
      if (json) return printJson(terminal, text);
      const rows = value.items.filter((row) => row.on_call_seconds > 0 || row.incidents > 0);
      if (rows.length === 0) return terminal.out(`Nobody was on call or paged in the last ${days} days.\n`);
      terminal.out(
        table(
          terminal,
          ['PERSON', 'ON CALL', 'AT NIGHT', 'INCIDENTS', 'AT NIGHT'],
          rows
            .toSorted((a, b) => b.incidents - a.incidents || b.on_call_seconds - a.on_call_seconds)
            .map((row): Cell[] => [
              { text: row.person, colour: 'bold' },
              hours(row.on_call_seconds),
              hours(row.on_call_night_seconds),
              String(row.incidents),
              String(row.night_incidents),
            ]),
        ),
      );
    });
