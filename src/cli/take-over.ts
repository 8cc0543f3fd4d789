import { Command } from 'commander';
import { duration, examples } from './arguments.ts';
import { connect } from './client.ts';
import { clean, printJson } from './output.ts';
import type { Terminal } from './terminal.ts';
import { localTime } from './time.ts';

export const takeOverCommand = (terminal: Terminal): Command =>
  new Command('take-over')
    .summary('be on call from now for a while, in place of whoever is')
    .description('“I have it”: you are on call from now, in place of whoever is. Hand it back by removing the override.')
    .argument('<schedule>', 'name')
    .requiredOption('--for <duration>', '30m, 2h, 1h30m …; at most a week', duration)
    .option('--role <role>', 'primary, secondary or tertiary', 'primary')
    .addHelpText('after', examples('allclear take-over platform --for 2h'))
    .action(async (schedule: string, options: { for: number; role: string }, command: Command) => {
      const { client, json } = connect(terminal, command);
      const until = terminal.now().add({ seconds: options.for }).toString();
      const { text, value } = await client.post<{ id: string; from: string[] }>(
        `/api/schedules/${encodeURIComponent(schedule)}/take-over`,
        { until, role: options.role },
      );
      if (json) return printJson(terminal, text);
      const from = value.from.length > 0 ? ` in place of ${value.from.map(clean).join(', ')}` : '';
      terminal.out(
        `You are on call in ${schedule}${from} until ${localTime(until, terminal.timeZone)} (${terminal.timeZone}).\n`,
      );
    });
