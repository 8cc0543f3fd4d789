import { Command } from 'commander';
import { examples, moment, names } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, clean, printJson, table } from './output.ts';
import type { Terminal } from './terminal.ts';
import { localTime, type Moment } from './time.ts';

type Row = {
  id: string;
  schedule: string;
  person: string;
  starts: string;
  ends: string;
  asked: string[];
  in_return: { schedule: string; starts: string; ends: string } | null;
  state: string;
  taken_by: string | null;
};
const VERBS = {
  accept: 'take the turn, and give your own in a swap',
  decline: 'say no; once everyone has, whoever asked is told',
  withdraw: 'ask nobody any more',
  undo: 'take an accepted one back; both are told',
};
const PATH = '/api/cover-requests';

export const coverRequestsCommand = (terminal: Terminal): Command => {
  const command = new Command('cover-requests')
    .summary('ask others to take a turn of yours, or to swap it; answer what you are asked')
    .description('Requests for cover and swaps. Nothing changes until somebody who is asked accepts.')
    .addHelpText(
      'after',
      examples(
        'allclear cover-requests',
        'allclear cover-requests ask platform --from "2026-12-24T18:00 Europe/Amsterdam" --to 2026-12-25T08:00Z --ask ben,cleo',
        'allclear cover-requests accept 0198f2b8-5c3e-7a41-9d2f-3b8e6c1a4f50',
      ),
    );
  const print = (rows: Row[]) => {
    const zone = terminal.timeZone;
    const span = (turn: { starts: string; ends: string }) => `${localTime(turn.starts, zone)} to ${localTime(turn.ends, zone)}`;
    terminal.out(
      table(
        terminal,
        ['ID', 'SCHEDULE', 'OF', `TURN (${zone})`, 'IN RETURN', 'ASKED', 'STATE'],
        rows.map((row): Cell[] => [
          row.id,
          row.schedule,
          { text: row.person, colour: 'bold' },
          span(row),
          row.in_return ? `${row.in_return.schedule}, ${span(row.in_return)}` : 'nothing',
          row.asked.join(', '),
          row.taken_by ? `${row.state} by ${row.taken_by}` : row.state,
        ]),
      ),
    );
  };
  command
    .command('list', { isDefault: true })
    .description('Those that wait for an answer, or with --all every one, the newest first.')
    .addHelpText('after', examples('allclear cover-requests list --mine', 'allclear cover-requests list --all --json'))
    .option('--all', 'also what is answered or over')
    .option('--mine', 'of you, or that ask you')
    .action(async (options: { all?: boolean; mine?: boolean }, sub: Command) => {
      const { client, json } = connect(terminal, sub);
      const items: Row[] = [];
      let cursor: string | undefined;
      do {
        const { value } = await client.get<{ items: Row[]; next: string | null }>(PATH, {
          open: options.all ? undefined : 'true',
          person: options.mine ? 'me' : undefined,
          cursor,
        });
        items.push(...value.items);
        cursor = value.next ?? undefined;
      } while (cursor);
      if (json) return printJson(terminal, JSON.stringify({ items, next: null }));
      if (items.length === 0) return terminal.out('Nobody asks for cover.\n');
      print(items);
    });
  command
    .command('ask')
    .description('Ask others to take a turn. Without --ask everyone else who takes turns in the schedule is asked.')
    .argument('<schedule>', 'name')
    .requiredOption('--from <time>', 'first moment', moment(terminal))
    .requiredOption('--to <time>', 'last moment', moment(terminal))
    .option('--ask <people>', 'whom, separated by commas', names)
    .option('--person <name>', 'whose turn it is; for others only whoever manages the schedule may ask', 'me')
    .option('--return-schedule <name>', 'a swap: the schedule of the turn you take in return (default: the same)')
    .option('--return-from <time>', 'a swap: its first moment', moment(terminal))
    .option('--return-to <time>', 'a swap: its last moment', moment(terminal))
    .option('--note <text>', 'why', '')
    .addHelpText(
      'after',
      examples('allclear cover-requests ask platform --from 2026-12-24T17:00Z --to 2026-12-25T08:00Z --note "School play"'),
    )
    .action(
      async (
        schedule: string,
        options: {
          from: Moment;
          to: Moment;
          ask?: string[];
          person: string;
          note: string;
          returnSchedule?: string;
          returnFrom?: Moment;
          returnTo?: Moment;
        },
        sub: Command,
      ) => {
        const { client, json } = connect(terminal, sub);
        const { returnFrom, returnTo, returnSchedule } = options;
        const { text, value } = await client.post<Row>(PATH, {
          schedule,
          starts: options.from.at.toString(),
          ends: options.to.at.toString(),
          person: options.person,
          note: options.note,
          ...(options.ask ? { asked: options.ask } : {}),
          ...(returnFrom || returnTo || returnSchedule
            ? {
                in_return: {
                  schedule: returnSchedule ?? schedule,
                  starts: returnFrom?.at.toString(),
                  ends: returnTo?.at.toString(),
                },
              }
            : {}),
        });
        if (json) return printJson(terminal, text);
        print([value]);
      },
    );
  for (const [verb, what] of Object.entries(VERBS))
    command
      .command(verb)
      .description(`${what[0]?.toUpperCase()}${what.slice(1)}.`)
      .argument('<id>', 'of the request')
      .addHelpText('after', examples(`allclear cover-requests ${verb} 0198f2b8-5c3e-7a41-9d2f-3b8e6c1a4f50`))
      .action(async (id: string, _options: object, sub: Command) => {
        const { client, json } = connect(terminal, sub);
        const { text, value } = await client.post<Row>(`${PATH}/${encodeURIComponent(clean(id))}/${verb}`);
        if (json) return printJson(terminal, text);
        print([value]);
      });
  return command;
};
