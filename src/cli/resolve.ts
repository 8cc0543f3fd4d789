import { Command } from 'commander';
import { examples } from './arguments.ts';
import { actOnIncidents } from './incident-verb.ts';
import type { Terminal } from './terminal.ts';

export const resolveCommand = (terminal: Terminal): Command =>
  new Command('resolve')
    .summary('say that incidents are over')
    .description('Resolve incidents: they are over, and so are their alerts.')
    .argument('<incidents...>', 'numbers such as INC-2026-0001')
    .option('--note <text>', 'what is known, for the timeline')
    .addHelpText('after', examples('allclear resolve INC-2026-0001 --note "rolled back 4.2"'))
    .action((numbers: string[], options: { note?: string }, command: Command) =>
      actOnIncidents(terminal, command, numbers, 'resolve', options.note === undefined ? {} : { note: options.note }),
    );
