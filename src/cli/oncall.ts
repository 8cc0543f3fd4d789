import { Command } from 'commander';
import type { z } from 'zod';
import type { onCallBoard } from '../contract/on-call.ts';
import { examples, moment } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, printJson, table } from './output.ts';
import { Failure, type Terminal } from './terminal.ts';
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
    .description('Who is on call in every schedule, until when, and why. Of the past: by what each schedule said then.')
    .option('--at <time>', '2026-03-29T01:30Z, or with a zone "2026-03-29T01:30 Europe/London"', moment(terminal))
    .option('--schedule <name>', 'of one schedule')
    .option('--all', 'also who is next, gaps of the next 14 days and the services by which each is paged')
    .addHelpText(
      'after',
      examples(
        'allclear oncall',
        'allclear oncall --all',
        'allclear who-is-on-call --schedule platform',
        'allclear oncall --at "2026-12-25T09:00 Europe/Amsterdam"',
      ),
    )
    .action(async (options: { at?: Moment; schedule?: string; all?: boolean }, command: Command) => {
      const { client, json } = connect(terminal, command);
      if (options.all) {
        if (options.at) throw new Failure('--all is about now: leave out --at');
        const { text, value } = await client.get<Board>('/api/on-call/board');
        return json ? printJson(terminal, text) : showBoard(terminal, value, options.schedule);
      }
      const { text, value } = await client.get<{ items: Row[]; unknown: { schedule: string; since: string }[] }>('/api/on-call', {
        at: options.at?.at.toString(),
      });
      if (json && options.schedule === undefined) return printJson(terminal, text);
      const rows = value.items.filter((row) => options.schedule === undefined || row.schedule === options.schedule);
      if (json) return printJson(terminal, JSON.stringify({ items: rows }));
      for (const { schedule, since } of value.unknown)
        if (options.schedule === undefined || options.schedule === schedule)
          terminal.err(`What ${schedule} said before ${utcTime(since)} is not known.\n`);
      if (rows.length === 0)
        return terminal.out(
          `Nobody ${options.at && Temporal.Instant.compare(options.at.at, terminal.now()) < 0 ? 'was' : 'is'} on call${options.schedule ? ` in ${options.schedule}` : ''}.\n`,
        );
      const zone = terminal.timeZone;
      terminal.out(
        table(
          terminal,
          // In UTC there is nothing to hold against it.
          ['SCHEDULE', 'PERSON', 'ROLE', `UNTIL (${zone})`, ...(zone === 'UTC' ? [] : ['UNTIL (UTC)']), 'WHY'],
          rows.map((row): Cell[] => [
            row.schedule,
            { text: row.person, colour: 'bold' },
            row.shadow ? `${row.role}, shadow` : row.role,
            row.until ? localTime(row.until, zone) : 'open end',
            ...(zone === 'UTC' ? [] : [row.until ? utcTime(row.until) : 'open end']),
            row.reason,
          ]),
        ),
      );
    });

type Board = z.infer<typeof onCallBoard>;
const names = (people: { person: string; role: string }[]) =>
  people.map((one) => (one.role === 'primary' ? one.person : `${one.person} (${one.role})`)).join(', ');

const showBoard = (terminal: Terminal, board: Board, schedule: string | undefined): void => {
  const zone = terminal.timeZone;
  const rows = board.schedules.filter((row) => schedule === undefined || row.schedule === schedule);
  if (rows.length === 0) {
    terminal.out(schedule ? `There is no schedule ${schedule}.\n` : 'There is no schedule.\n');
    return;
  }
  terminal.out(
    table(
      terminal,
      ['TEAM', 'SCHEDULE', 'NOW', `NEXT (${zone})`, `NOBODY (${zone})`, 'PAGED BY'],
      rows.map((row): Cell[] => {
        const now = names(row.now.filter((one) => !one.shadow));
        const next = row.next && `${localTime(row.next.at, zone)} ${names(row.next.people)}`.trim();
        return [
          row.team ?? '-',
          row.schedule,
          now ? { text: now, colour: 'bold' } : { text: 'nobody', colour: 'red' },
          next ?? '-',
          row.gap ? { text: `${localTime(row.gap.starts, zone)} to ${localTime(row.gap.ends, zone)}`, colour: 'yellow' } : '-',
          row.services.map((one) => one.name).join(', ') || 'no service',
        ];
      }),
    ),
  );
};
