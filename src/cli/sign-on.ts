import { Command } from 'commander';
import type { z } from 'zod';
import { SCIM_SCOPE, type scimShown } from '../contract/scim.ts';
import type { signOnShown, signOnTested } from '../contract/sign-on.ts';
import { examples } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, clean, printJson, table } from './output.ts';
import { EXIT, type Terminal } from './terminal.ts';
import { localTime } from './time.ts';

type Providers = { items: z.infer<typeof signOnShown>[] };
type Scim = z.infer<typeof scimShown>;
type Mapping = Scim['settings']['mapping'][number];

const gives = ({ role, team, team_role }: Mapping): string =>
  [...(role ? [role] : []), ...(team ? [`team ${team}${team_role ? ` as ${team_role}` : ''}`] : [])].join(', ');

export const signOnCommand = (terminal: Terminal): Command => {
  const command = new Command('sign-on')
    .summary('how people sign in and who brings them: providers, SCIM')
    .description('How people sign in by a provider (OpenID Connect), and how a directory brings people and groups (SCIM 2.0).')
    .addHelpText(
      'after',
      examples('allclear sign-on show', 'allclear sign-on test corp', 'allclear sign-on scim', 'allclear sign-on scim-key okta'),
    );
  const time = (at: string | null) => (at ? localTime(at, terminal.timeZone) : '-');

  command
    .command('show')
    .description('The providers people sign in by, without their secrets.')
    .addHelpText('after', examples('allclear sign-on show'))
    .action(async (_options: object, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.get<Providers>('/api/sign-on');
      if (json) return printJson(terminal, text);
      if (value.items.length === 0) return terminal.out('No provider: people sign in with passwords and passkeys.\n');
      terminal.out(
        table(
          terminal,
          ['ID', 'TITLE', 'ISSUER', 'PEOPLE', 'GROUPS MAPPED'],
          value.items.map((row): Cell[] => [
            row.id,
            row.settings.title,
            row.settings.issuer,
            String(row.people),
            String(row.settings.mapping.length),
          ]),
        ),
      );
    });

  command
    .command('test')
    .description('Ask a provider what it is now, and say what is wrong.')
    .argument('<id>')
    .addHelpText('after', examples('allclear sign-on test corp'))
    .action(async (id: string, _options: object, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.post<z.infer<typeof signOnTested>>(`/api/sign-on/${encodeURIComponent(id)}/test`, {});
      if (!value.ok) terminal.exitCode = EXIT.failed;
      if (json) return printJson(terminal, text);
      terminal.out(value.ok ? 'The provider answers as it should.\n' : `${clean(value.problem ?? '')}\n`);
    });

  command
    .command('scim')
    .description('Where a directory brings people and groups, what its groups give, and what was refused.')
    .addHelpText('after', examples('allclear sign-on scim', 'allclear sign-on scim --json'))
    .action(async (_options: object, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.get<Scim>('/api/scim');
      if (json) return printJson(terminal, text);
      const keys = value.keys.map((key) => `${key.name} (last used ${time(key.last_used_at)})`).join(', ') || 'none';
      terminal.out(
        `Base address: ${value.base_url}\nKeys: ${keys}\nPeople: ${value.users}\nLast request: ${time(value.last_request_at)}\n`,
      );
      if (value.groups.length > 0) {
        const given = (group: Scim['groups'][number]) =>
          value.settings.mapping
            .filter((one) => one.group === group.name || one.group === group.external_id)
            .map(gives)
            .join('; ');
        terminal.out(
          `\n${table(
            terminal,
            ['GROUP', 'PEOPLE', 'GIVES'],
            value.groups.map((group): Cell[] => [group.name, String(group.members), given(group) || '-']),
          )}`,
        );
      }
      if (value.refused.length > 0)
        terminal.out(
          `\n${table(
            terminal,
            ['REFUSED', 'KEY', 'REQUEST', 'STATUS', 'REASON'],
            value.refused
              .slice(0, 10)
              .map((one): Cell[] => [time(one.at), one.key ?? '-', `${one.method} ${one.path}`, String(one.status), one.reason]),
          )}`,
        );
    });

  command
    .command('scim-key')
    .description('Make a key for a directory. It works for SCIM and nothing else. Its text is shown this once.')
    .argument('<name>', 'which directory it is for')
    .addHelpText('after', examples('allclear sign-on scim-key okta', 'allclear token revoke okta'))
    .action(async (name: string, _options: object, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.post<{ token: string }>('/api/tokens', { name, scopes: [SCIM_SCOPE] });
      if (json) return printJson(terminal, text);
      terminal.out(`${value.token}\n`);
      terminal.err('Keep it now: it is not shown again.\n');
    });
  return command;
};
