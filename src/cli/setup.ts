import { Command } from 'commander';
import type { Setup } from '../contract/setup.ts';
import { examples } from './arguments.ts';
import { connect } from './client.ts';
import { type Colour, clean, paint, printJson } from './output.ts';
import { EXIT, type Terminal } from './terminal.ts';

const COLOURS: Record<Setup['steps'][number]['state'], Colour> = {
  done: 'green',
  next: 'bold',
  waiting: 'yellow',
  failed: 'red',
  later: 'dim',
};

export const setupCommand = (terminal: Terminal): Command =>
  new Command('setup')
    .summary('how far the set-up is, and the list of the first weeks')
    .description(
      'How far the set-up is: each step checked by the server as things stand now, and what to do next; then the list of the first weeks. Ticks an item of that list, or takes a tick back.',
    )
    .option('--done <item>', 'tick this item, for everyone')
    .option('--undo <item>', 'take the tick back')
    .option('--test-page [service]', 'page who is on call for a service, as a test that ends by itself; none: the first service')
    .addHelpText(
      'after',
      examples(
        'allclear setup',
        'allclear setup --test-page',
        'allclear setup --done tabletop',
        'allclear setup || echo "nobody can be paged yet"',
      ),
    )
    .action(async (options: { done?: string; undo?: string; testPage?: string | true }, command: Command) => {
      const { client, json } = connect(terminal, command);
      const tick = async (item: string, done: boolean) => {
        await client.put(`/api/setup/items/${encodeURIComponent(item)}`, { done });
        if (!json) terminal.out(`${item}: ${done ? 'done' : 'not done'}.\n`);
      };
      if (options.done !== undefined) await tick(options.done, true);
      if (options.undo !== undefined) await tick(options.undo, false);
      if (options.testPage !== undefined) {
        const body = options.testPage === true ? {} : { service: options.testPage };
        const { text, value } = await client.post<{ incident: string }>('/api/setup/test-page', body);
        if (json) printJson(terminal, text);
        else terminal.out(`${value.incident} is on its way. Acknowledge it: the test ends by itself after 15 minutes.\n`);
      }
      if (options.done !== undefined || options.undo !== undefined || options.testPage !== undefined) return;
      const { text, value } = await client.get<Setup>('/api/setup');
      if (!value.ready) terminal.exitCode = EXIT.failed;
      if (json) return printJson(terminal, text);
      for (const step of value.steps) {
        const state = paint(terminal, COLOURS[step.state], step.state.padEnd(7));
        terminal.out(`${state}  ${paint(terminal, 'bold', step.title)}\n         ${clean(step.text)}\n`);
        if (step.warning) terminal.out(`         ${paint(terminal, 'yellow', clean(step.warning))}\n`);
      }
      terminal.out(`${value.done} of ${value.of} done.\n`);
      for (const week of value.weeks) {
        terminal.out(`\n${paint(terminal, 'bold', week.title)}\n`);
        for (const item of week.items) {
          const who = item.done_by ? ` (${clean(item.done_by)})` : item.by === 'system' ? ' (seen by Allclear)' : '';
          terminal.out(`  [${item.done ? 'x' : ' '}] ${item.id.padEnd(22)} ${item.title}${paint(terminal, 'dim', who)}\n`);
        }
      }
    });
