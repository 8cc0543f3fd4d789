import { Command } from 'commander';
import type { Integration } from '../contract/service.ts';
import { examples, readText } from './arguments.ts';
import { connect } from './client.ts';
import { printJson } from './output.ts';
import { Failure, type Terminal } from './terminal.ts';

/** What the server shows of a secret to those who may not read it. */
const HIDDEN = '…';

/** The parts of an integration that are configuration, and so may be sent back. */
const configurationOf = ({ service, kind, mapping, hmac_secret, phone }: Integration) => ({
  service,
  kind,
  ...(mapping ? { mapping } : {}),
  ...(hmac_secret ? { hmac_secret } : {}),
  ...(phone ? { phone } : {}),
});

export const importKeyCommand = (terminal: Terminal): Command =>
  new Command('import-key')
    .summary('give an integration the key its senders use already')
    .description(
      'Give an integration the key its senders use already, so that they move here by a change of host name. The rest of it stays.',
    )
    .argument('<integration>', 'its name')
    .argument('<key>', 'PagerDuty routing key, Opsgenie API key …; - reads standard input')
    .addHelpText(
      'after',
      examples('allclear import-key prod 0123456789abcdef0123456789abcdef', 'allclear import-key prod - < key.txt'),
    )
    .action(async (name: string, given: string, _options: object, command: Command) => {
      const { client, json } = connect(terminal, command);
      const path = `/api/integrations/${encodeURIComponent(name)}`;
      const key = given === '-' ? (await readText(terminal, given)).trim() : given;
      const { value } = await client.get<Integration>(path);
      if (value.hmac_secret === HIDDEN)
        throw new Failure(
          `${name} has an hmac_secret that this token may not read, and so cannot keep: use an administrator's token`,
        );
      const { text } = await client.put(path, { ...configurationOf(value), key });
      if (json) printJson(terminal, text);
      else terminal.out(`${name} takes the key now.\n`);
    });
