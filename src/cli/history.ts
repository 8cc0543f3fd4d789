import { Argument, Command } from 'commander';
import type { z } from 'zod';
import type { history } from '../contract/history.ts';
import { examples, moment } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, printJson, table } from './output.ts';
import type { Terminal } from './terminal.ts';
import { localTime, type Moment } from './time.ts';

const PATHS = { schedule: '/api/schedules', policy: '/api/escalation-policies' } as const;
const ACTION = { made: 'Made.', saved: 'Saved.', removed: 'Removed.', found: 'The oldest version that is known.' };

export const historyCommand = (terminal: Terminal): Command =>
  new Command('history')
    .summary('what a schedule or policy said, from when to when, by whom')
    .description(
      'Versions of a schedule or an escalation policy, newest first, also of one that is removed. With --at the version of that moment, as JSON.',
    )
    .addArgument(new Argument('<kind>').choices(Object.keys(PATHS)))
    .argument('<name>')
    .option('--at <time>', 'the version of 2026-03-29T01:30Z, or with a zone "2026-03-29T01:30 Europe/London"', moment(terminal))
    .addHelpText(
      'after',
      examples(
        'allclear history schedule platform',
        'allclear history policy checkout',
        'allclear history schedule platform --at "2026-03-02T03:00 Europe/Amsterdam"',
      ),
    )
    .action(async (kind: keyof typeof PATHS, name: string, options: { at?: Moment }, command: Command) => {
      const { client, json } = connect(terminal, command);
      const path = `${PATHS[kind]}/${encodeURIComponent(name)}`;
      if (options.at) {
        const { text, value } = await client.get<object>(path, { at: options.at.at.toString() });
        return json ? printJson(terminal, text) : terminal.out(`${JSON.stringify(value, null, 2)}\n`);
      }
      const { text, value } = await client.get<z.infer<typeof history>>(`${path}/history`, {});
      if (json) return printJson(terminal, text);
      const zone = terminal.timeZone;
      terminal.out(
        table(
          terminal,
          [`FROM (${zone})`, 'WHO', 'THROUGH', 'WHAT'],
          value.items.map((item): Cell[] => [
            localTime(item.from, zone),
            { text: item.by ?? 'not known', colour: 'bold' },
            item.source ?? 'not known',
            item.text.length > 0 ? item.text.join(' ') : ACTION[item.action],
          ]),
        ),
      );
      if (!value.complete) terminal.out('What it said before the oldest of these is not known.\n');
    });
