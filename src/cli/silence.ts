import { Command, InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import type { Matcher } from '../contract/common.ts';
import type { silence } from '../contract/silence.ts';
import { duration, examples, moment, names } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, printJson, table } from './output.ts';
import { Failure, type Terminal } from './terminal.ts';
import { localTime, type Moment } from './time.ts';

type Shown = z.infer<typeof silence> & { id: string; state: 'active' | 'pending' | 'expired'; created_by: string };

/** Reads `name=value`, with `!=`, `=~` or `!~` for the other tests. */
export const readMatcher = (text: string): Matcher => {
  const match = text.match(/^([^=!~\s]+)\s*(=~|!~|!=|=)\s*(.*)$/s);
  if (!match)
    throw new InvalidArgumentError('Write a test such as name=value, name!=value, name=~expression or name!~expression.');
  const [, name, op, value] = match as unknown as [string, string, Matcher['op'], string];
  return { name, op, value };
};

export const silenceCommand = (terminal: Terminal): Command => {
  const command = new Command('silence')
    .summary('silence alerts: recorded and visible, not paged')
    .description('Silence alerts, or plan maintenance: they are recorded and visible, and page nobody.')
    .addHelpText(
      'after',
      examples(
        'allclear silence create --service checkout --for 2h --comment "migrating the database"',
        'allclear silence list',
        'allclear silence end 0197f2b8-5c3e-7a41-9d2f-3b8e6c1a4f50',
      ),
    );

  type Create = {
    service?: string[];
    match?: Matcher[];
    for?: number;
    from?: Moment;
    until?: Moment;
    comment: string;
    maintenance?: boolean;
  };
  command
    .command('create')
    .summary('silence now, or from a moment')
    .description('Silence what all the tests match, from now or a moment on.')
    .option('--service <names>', 'these services; several with commas; none: every service', names)
    .option(
      '--match <test>',
      'label or field test such as env=staging or summary=~disk.*; repeat for more, all must hold',
      (text, before: Matcher[] = []) => [...before, readMatcher(text)],
    )
    .option('--for <duration>', 'how long: 30m, 2h, 7d', duration)
    .option('--from <time>', 'when it begins (default now)', moment(terminal))
    .option('--until <time>', 'when it ends, instead of --for', moment(terminal))
    .requiredOption('--comment <text>', 'why, for whoever wonders')
    .option('--maintenance', 'planned maintenance')
    .addHelpText(
      'after',
      examples(
        'allclear silence create --match env=staging --for 2h --comment "load test"',
        `allclear silence create --service checkout --maintenance --from "2026-12-01T22:00 Europe/Amsterdam" --for 4h --comment "new database"`,
      ),
    )
    .action(async (options: Create, own: Command) => {
      if ((options.for === undefined) === (options.until === undefined)) own.error('error: give --for or --until, one of them');
      const { client, json } = connect(terminal, own);
      const starts = options.from?.at ?? terminal.now();
      const ends = options.until?.at ?? starts.add({ seconds: options.for ?? 0 });
      const { text, value } = await client.post<{ id: string }>('/api/silences', {
        kind: options.maintenance ? 'maintenance' : 'silence',
        comment: options.comment,
        services: options.service ?? [],
        matchers: options.match ?? [],
        ...(options.from ? { starts_at: starts.toString() } : {}),
        ends_at: ends.toString(),
      });
      if (json) printJson(terminal, text);
      else terminal.out(`${value.id}  until ${localTime(ends.toString(), terminal.timeZone)} ${terminal.timeZone}\n`);
    });

  command
    .command('list')
    .description('List silences and maintenance, newest first; without --all those that are active or to come.')
    .option('--all', 'expired ones too')
    .addHelpText('after', examples('allclear silence list', 'allclear silence list --all'))
    .action(async (options: { all?: boolean }, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.get<{ items: Shown[] }>('/api/silences');
      if (json) return printJson(terminal, text);
      const rows = value.items.filter((row) => options.all || row.state !== 'expired');
      if (rows.length === 0) return terminal.out('No silences.\n');
      const zone = terminal.timeZone;
      terminal.out(
        table(
          terminal,
          ['ID', 'STATE', 'KIND', 'FROM', 'UNTIL', 'BY', 'WHAT', 'WHY'],
          rows.map((row): Cell[] => [
            row.id,
            { text: row.state, colour: row.state === 'active' ? 'yellow' : 'dim' },
            row.kind,
            row.starts_at ? localTime(row.starts_at, zone) : '-',
            row.ends_at ? localTime(row.ends_at, zone) : row.recurs ? `recurs ${row.recurs.from}-${row.recurs.to}` : '-',
            row.created_by,
            whatOf(row),
            row.comment,
          ]),
        ),
      );
    });

  command
    .command('end')
    .description('End a silence now; what it kept quiet is reconsidered.')
    .argument('<id>', 'id or name, from: allclear silence list')
    .addHelpText('after', examples('allclear silence end 0197f2b8-5c3e-7a41-9d2f-3b8e6c1a4f50'))
    .action(async (id: string, _options: object, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { value } = await client.get<{ items: Shown[] }>('/api/silences');
      const found = value.items.find((row) => (row.id === id || row.name === id) && row.state !== 'expired');
      if (!found) throw new Failure(`No active or coming silence is ${id}: see allclear silence list --all`);
      const { text } = await client.delete(`/api/silences/${found.id}`);
      if (json) printJson(terminal, text);
      else terminal.out(`Ended: ${found.comment}\n`);
    });
  return command;
};

const whatOf = (row: Shown): string =>
  [
    ...row.services.map((service) => `service ${service}`),
    ...row.matchers.map(({ name, op, value }) => `${name}${op}${value}`),
  ].join(', ');
