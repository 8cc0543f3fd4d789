import { Command, InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import type { leaveOfPerson } from '../contract/absence.ts';
import { examples, moment } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, printJson, table } from './output.ts';
import type { Terminal } from './terminal.ts';
import { localTime, type Moment } from './time.ts';

type Shown = z.infer<typeof leaveOfPerson>;
type DayOrMoment = { day: string } | Moment;

/** A whole day, or a moment. */
const dayOrMoment =
  (terminal: Terminal) =>
  (text: string): DayOrMoment => {
    if (!/^\d{4}-\d\d-\d\d$/.test(text.trim())) return moment(terminal)(text);
    try {
      return { day: Temporal.PlainDate.from(text.trim(), { overflow: 'reject' }).toString() };
    } catch {
      throw new InvalidArgumentError(`${text} is not a day of the calendar.`);
    }
  };

export const leaveCommand = (terminal: Terminal): Command => {
  const command = new Command('leave')
    .summary('when people are away, and their public holidays')
    .description('When you or somebody else is away. Schedules warn of shifts then, and propose who could cover them.')
    .addHelpText(
      'after',
      examples(
        'allclear leave list',
        'allclear leave list --person ben',
        'allclear leave add --from 2026-07-01 --to 2026-07-14 --reason "summer"',
        'allclear leave remove 0197f2b8-5c3e-7a41-9d2f-3b8e6c1a4f50',
      ),
    );

  command
    .command('list', { isDefault: true })
    .description('List leave that is not over, where it comes from, and the next public holidays.')
    .option('--person <name>', 'of somebody else', 'me')
    .addHelpText('after', examples('allclear leave list', 'allclear leave list --person ben'))
    .action(async (options: { person: string }, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.get<Shown>(`/api/people/${encodeURIComponent(options.person)}/leave`);
      if (json) return printJson(terminal, text);
      const rows = value.items.map((row): Cell[] => [
        row.id,
        row.first_day ?? localTime(row.starts, value.time_zone),
        row.last_day ?? localTime(row.ends, value.time_zone),
        row.source === 'calendar' ? 'calendar' : 'by hand',
        row.reason ?? 'away',
      ]);
      if (rows.length === 0) terminal.out(`No leave of ${value.person} is planned.\n`);
      else terminal.out(table(terminal, ['ID', `FROM (${value.time_zone})`, 'UNTIL', 'SOURCE', 'REASON'], rows));
      if (value.calendar?.error) terminal.err(`The calendar cannot be read: ${value.calendar.error}\n`);
      for (const { day, name } of value.holidays?.next ?? [])
        terminal.out(`Public holiday in ${value.holidays?.title}: ${day} ${name}\n`);
    });

  command
    .command('add')
    .description('Plan leave: whole days, or between two moments.')
    .requiredOption('--from <day or time>', '2026-07-01, or "2026-07-01T13:00 Europe/London"', dayOrMoment(terminal))
    .option('--to <day or time>', 'last day, or end; none: that one day', dayOrMoment(terminal))
    .option('--reason <text>', 'seen by the person alone')
    .option('--person <name>', 'of somebody else', 'me')
    .addHelpText(
      'after',
      examples('allclear leave add --from 2026-07-01 --to 2026-07-14', 'allclear leave add --person ben --from 2026-12-24'),
    )
    .action(async (options: { from: DayOrMoment; to?: DayOrMoment; reason?: string; person: string }, own: Command) => {
      const { from, to } = options;
      if ('day' in from !== 'day' in (to ?? { day: '' })) own.error('error: give two days, or two times');
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.post<{ id: string }>(`/api/people/${encodeURIComponent(options.person)}/leave`, {
        ...('day' in from ? { first_day: from.day } : { starts: from.at.toString() }),
        ...(to ? ('day' in to ? { last_day: to.day } : { ends: to.at.toString() }) : {}),
        ...(options.reason ? { reason: options.reason } : {}),
      });
      if (json) printJson(terminal, text);
      else terminal.out(`${value.id}\n`);
    });

  command
    .command('remove')
    .description('Remove leave that was planned by hand.')
    .argument('<id>', 'from: allclear leave list')
    .option('--person <name>', 'of somebody else', 'me')
    .addHelpText('after', examples('allclear leave remove 0197f2b8-5c3e-7a41-9d2f-3b8e6c1a4f50'))
    .action(async (id: string, options: { person: string }, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text } = await client.delete(`/api/people/${encodeURIComponent(options.person)}/leave/${encodeURIComponent(id)}`);
      if (json) printJson(terminal, text);
      else terminal.out('Removed.\n');
    });
  return command;
};
