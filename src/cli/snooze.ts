import { Command } from 'commander';
import { duration, examples } from './arguments.ts';
import { actOnIncidents } from './incident-verb.ts';
import type { Terminal } from './terminal.ts';

export const snoozeCommand = (terminal: Terminal): Command =>
  new Command('snooze')
    .summary('keep incidents quiet for a while')
    .description('Keep incidents quiet for a while; what is still open then pages again.')
    .argument('<incidents...>', 'numbers such as INC-2026-0001')
    .requiredOption('--for <duration>', '30m, 2h, 1h30m …; from a minute to 30 days', duration)
    .addHelpText('after', examples('allclear snooze INC-2026-0001 --for 2h'))
    .action((numbers: string[], options: { for: number }, command: Command) =>
      actOnIncidents(terminal, command, numbers, 'snooze', { seconds: options.for }),
    );
