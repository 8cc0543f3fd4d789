import { Command } from 'commander';
import { examples } from './arguments.ts';
import { connect } from './client.ts';
import { clean, printJson } from './output.ts';
import type { Terminal } from './terminal.ts';

export const inviteCommand = (terminal: Terminal): Command =>
  new Command('invite')
    .summary('let a person sign in: a link with which she chooses a password')
    .description('Make a link with which a person chooses a password. It works once. It is mailed too when mail is set up.')
    .argument('<person>', 'name')
    .addHelpText('after', examples('allclear invite ana', 'allclear invite ana --json'))
    .action(async (person: string, _options: object, command: Command) => {
      const { client, json } = connect(terminal, command);
      const { text, value } = await client.post<{ url: string; mailed: boolean; expires_at: string }>(
        `/api/people/${encodeURIComponent(person)}/invite`,
      );
      if (json) return printJson(terminal, text);
      terminal.out(`${clean(value.url)}\n`);
      terminal.err(
        `${value.mailed ? 'Mailed, and to hand over' : 'To hand over; mail is not set up'}. It works once, until ${value.expires_at}.\n`,
      );
    });
