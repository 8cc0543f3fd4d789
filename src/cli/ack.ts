import { Command } from 'commander';
import { examples } from './arguments.ts';
import { actOnIncidents } from './incident-verb.ts';
import type { Terminal } from './terminal.ts';

export const ackCommand = (terminal: Terminal): Command =>
  new Command('ack')
    .summary('say that you have incidents: paging stops')
    .description('Acknowledge incidents: someone has them, and paging stops.')
    .argument('<incidents...>', 'numbers such as INC-2026-0001')
    .addHelpText('after', examples('allclear ack INC-2026-0001', 'allclear ack INC-2026-0001 INC-2026-0002'))
    .action((numbers: string[], _options: object, command: Command) => actOnIncidents(terminal, command, numbers, 'acknowledge'));
