import { text as textOf } from 'node:stream/consumers';
import { Command } from 'commander';
import type { CompensationReport } from '../contract/compensation.ts';
import { examples, moment } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, printJson, table } from './output.ts';
import type { Terminal } from './terminal.ts';
import { localTime } from './time.ts';

type Options = Partial<Record<'month' | 'from' | 'to' | 'person' | 'schedule' | 'team', string>> & { csv?: boolean };
type Sums = CompensationReport['people'][number];

const hours = (minutes: number): string => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;

/** For commander: a day is one of the rules' time zone and goes as it is; a moment becomes an instant. */
const dayOrMoment = (terminal: Terminal) => (text: string) =>
  /^\d{4}-\d\d-\d\d$/.test(text) ? text : moment(terminal)(text).at.toString();

export const compensationCommand = (terminal: Terminal): Command =>
  new Command('compensation')
    .summary('what being on call comes to in a month: hours, shifts, pages, amounts')
    .description(
      'What being on call comes to, by person and schedule: hours after hours, at weekends and on public holidays, shifts, pages and amounts. You see your own lines, those of teams you manage, or all as an administrator.',
    )
    .option('--month <month>', 'such as 2026-11; none: the month that runs')
    .option('--from <day or time>', 'instead of a month: the first day, or a moment', dayOrMoment(terminal))
    .option('--to <day or time>', 'exclusive', dayOrMoment(terminal))
    .option('--person <name>', 'of one person, or me')
    .option('--schedule <name>', 'of one schedule')
    .option('--team <name>', 'of the schedules of a team')
    .option('--csv', 'as CSV, for spreadsheets and payroll')
    .addHelpText(
      'after',
      examples(
        'allclear compensation --month 2026-11',
        'allclear compensation --month 2026-11 --csv > november.csv',
        'allclear compensation --person me --from 2026-11-01 --to 2026-11-16',
      ),
    )
    .action(async ({ csv, ...query }: Options, command: Command) => {
      const { client, json } = connect(terminal, command);
      if (csv) return terminal.out(await textOf(await client.open('GET', '/api/compensation/export', { query })));
      const { text, value } = await client.get<CompensationReport>('/api/compensation', query);
      if (json) return printJson(terminal, text);
      const zone = value.time_zone;
      terminal.out(`From ${localTime(value.from, zone)} to ${localTime(value.to, zone)} (${zone}).\n`);
      const money = new Intl.NumberFormat('en', { style: 'currency', currency: value.rules.currency });
      const amount = (of: number) => money.format(of / 10 ** value.fraction_digits);
      const cells = (sums: Sums): Cell[] => [
        hours(sums.counted_minutes),
        hours(sums.minutes.working_hours),
        hours(sums.minutes.after_hours),
        hours(sums.minutes.weekend),
        hours(sums.minutes.holiday),
        String(sums.shifts),
        String(sums.pages),
        ...(value.rules.rates.length > 0 ? [amount(sums.amount)] : []),
      ];
      if (value.lines.length === 0) terminal.out('Nobody you may read of was on call or paged.\n');
      else
        terminal.out(
          table(
            terminal,
            [
              'PERSON',
              'SCHEDULE',
              'ON CALL',
              'WORKING',
              'AFTER HOURS',
              'WEEKEND',
              'HOLIDAY',
              'SHIFTS',
              'PAGES',
              ...(value.rules.rates.length > 0 ? ['AMOUNT'] : []),
            ],
            value.people.flatMap((person) => {
              const own = value.lines.filter((line) => line.person === person.person);
              return [
                ...own.map((line): Cell[] => [
                  { text: line.person, colour: 'bold' },
                  line.schedule ?? 'not on call',
                  ...cells(line),
                ]),
                ...(own.length > 1 ? [['', { text: 'together', colour: 'bold' as const }, ...cells(person)]] : []),
              ];
            }),
          ),
        );
      for (const note of value.notes) terminal.err(`${note}\n`);
    });
