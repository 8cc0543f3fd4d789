import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { examples, moment, oneOf } from './arguments.ts';
import { connect, tokenFile } from './client.ts';
import { type Cell, printJson, table } from './output.ts';
import { Failure, type Terminal } from './terminal.ts';
import { localTime, type Moment } from './time.ts';

type Row = {
  name: string;
  role: string;
  person: string | null;
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
  revoked_at: string | null;
};

const ROLES = ['administrator', 'manager', 'responder', 'observer', 'stakeholder'];

export const tokenCommand = (terminal: Terminal): Command => {
  const command = new Command('token')
    .summary('API tokens: create, list, revoke, save')
    .description('API tokens: make, list and revoke them, and keep the one this computer uses.')
    .addHelpText(
      'after',
      examples(
        'allclear token create ci --role manager',
        'allclear token list',
        'allclear token revoke ci',
        'allclear token save',
      ),
    );

  command
    .command('create')
    .description('Make a token. Its text is shown this once.')
    .argument('<name>', 'what it is for')
    .option('--role <role>', ROLES.join(', '), oneOf(...ROLES), 'responder')
    .option('--person <name>', 'acts as this person')
    .option('--expires <time>', 'until when it works; none: until it is revoked', moment(terminal))
    .addHelpText(
      'after',
      examples(
        'allclear token create ci --role manager',
        'allclear token create ana-laptop --person ana --expires "2027-01-01T00:00Z"',
      ),
    )
    .action(async (name: string, options: { role: string; person?: string; expires?: Moment }, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.post<{ token: string }>('/api/tokens', {
        name,
        role: options.role,
        ...(options.person ? { person: options.person } : {}),
        ...(options.expires ? { expires_at: options.expires.at.toString() } : {}),
      });
      if (json) return printJson(terminal, text);
      terminal.out(`${value.token}\n`);
      terminal.err('Keep it now: it is not shown again.\n');
    });

  command
    .command('list')
    .description('List the tokens, without their secrets.')
    .addHelpText('after', examples('allclear token list'))
    .action(async (_options: object, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.get<{ items: Row[] }>('/api/tokens');
      if (json) return printJson(terminal, text);
      const time = (at: string | null) => (at ? localTime(at, terminal.timeZone) : '-');
      const now = terminal.now();
      terminal.out(
        table(
          terminal,
          ['NAME', 'ROLE', 'PERSON', 'CREATED', 'LAST USED', 'EXPIRES', 'STATE'],
          value.items.map((row): Cell[] => [
            row.name,
            row.role,
            row.person ?? '-',
            time(row.created_at),
            time(row.last_used_at),
            time(row.expires_at),
            stateOf(row, now),
          ]),
        ),
      );
    });

  command
    .command('revoke')
    .description('Revoke a token: from now on it is refused.')
    .argument('<name>')
    .addHelpText('after', examples('allclear token revoke ci'))
    .action(async (name: string, _options: object, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text } = await client.delete(`/api/tokens/${encodeURIComponent(name)}`);
      if (json) printJson(terminal, text);
      else terminal.out(`Revoked: ${name}\n`);
    });

  command
    .command('save')
    .description(
      'Keep the token that this computer uses, readable by you only. Without the text it is read from standard input, which leaves no trace in the shell history.',
    )
    .argument('[token]', 'its text')
    .addHelpText(
      'after',
      examples('allclear token save < token.txt', 'allclear token create laptop --role responder | allclear token save'),
    )
    .action(async (given: string | undefined) => {
      const token = (given ?? (await terminal.readInput())).trim();
      if (!/^[\x21-\x7e]{8,500}$/.test(token))
        throw new Failure('That is not a token: it is one word of at least 8 letters, digits and signs');
      const path = tokenFile(terminal);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(path, `${token}\n`, { mode: 0o600 });
      // A file that was there keeps its mode otherwise.
      await chmod(path, 0o600);
      terminal.err(`Kept in ${path}\n`);
    });
  return command;
};

const stateOf = (row: Row, now: Temporal.Instant): Cell => {
  if (row.revoked_at) return { text: 'revoked', colour: 'red' };
  if (row.expires_at && Temporal.Instant.compare(row.expires_at, now) <= 0) return { text: 'expired', colour: 'red' };
  return { text: 'valid', colour: 'green' };
};
