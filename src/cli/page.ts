import { Command } from 'commander';
import type { Incident } from '../contract/incident.ts';
import { examples, names, oneOf } from './arguments.ts';
import { connect } from './client.ts';
import { incidentLine } from './incident-verb.ts';
import { printJson } from './output.ts';
import type { Terminal } from './terminal.ts';

type Options = { to?: string[]; severity?: string; urgency?: string; description?: string };

export const pageCommand = (terminal: Terminal): Command =>
  new Command('page')
    .summary('declare an incident, which pages who is on call for a service, or people')
    .description(
      "Declare an incident for a service. It pages by the service's escalation policy; with --to it is then handed to people, who are paged at once, and the policy stops.",
    )
    .argument('<service>', 'service it is about')
    .argument('<title...>', 'what is wrong, in a few words')
    .option('--to <people>', 'hand it to these people; several with commas', names)
    .option(
      '--severity <severity>',
      'critical, error, warning or info (default error)',
      oneOf('critical', 'error', 'warning', 'info'),
    )
    .option('--urgency <urgency>', "high or low; none: by the service's rule", oneOf('high', 'low'))
    .option('--description <text>', 'more about it')
    .addHelpText(
      'after',
      examples(
        'allclear page checkout "Payments fail in NL"',
        'allclear page checkout "Need a second pair of eyes" --to ana,ben --urgency low',
      ),
    )
    .action(async (service: string, title: string[], options: Options, command: Command) => {
      const { client, json } = connect(terminal, command);
      const { to, ...rest } = options;
      let answer = await client.post<Incident>('/api/incidents', { title: title.join(' '), service, ...rest });
      if (to && to.length > 0) {
        const { number } = answer.value;
        try {
          answer = await client.post<Incident>(`/api/incidents/${number}/reassign`, { people: to });
        } catch (thrown) {
          terminal.err(`${number} was opened and pages by its policy, but it was not handed to ${to.join(', ')}.\n`);
          throw thrown;
        }
      }
      if (json) printJson(terminal, answer.text);
      else terminal.out(incidentLine(terminal, answer.value));
    });
