import { Command } from 'commander';
import type { Incident } from '../contract/incident.ts';
import { examples, wholeNumber } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, printJson, severityColour, statusColour, table } from './output.ts';
import type { Terminal } from './terminal.ts';
import { localTime } from './time.ts';

type Options = { status: string; limit: number } & Partial<
  Record<'service' | 'q' | 'severity' | 'team' | 'assignee' | 'since' | 'until' | 'sort' | 'cursor', string>
>;

export const incidentsCommand = (terminal: Terminal): Command =>
  new Command('incidents')
    .summary('list incidents, newest first')
    .description('List incidents, newest first; without --status the open ones.')
    .option('--status <list>', 'open, triage, acknowledged, resolved, closed or all; several with commas', 'open')
    .option('--service <name>', 'of one service')
    .option('--q <words>', 'words in the title, or a number')
    .option('--severity <list>', 'critical, error, warning, info; several with commas')
    .option('--team <name>', 'of the services a team owns')
    .option('--assignee <name>', 'whose they are; me: of the person the token acts for')
    .option('--since <instant>', 'opened then or later')
    .option('--until <instant>', 'opened before then')
    .option('--sort <order>', '-opened_at, opened_at, -severity or severity')
    .option('--limit <n>', 'how many, at most 200', wholeNumber(200), 50)
    .option('--cursor <cursor>', 'older ones: the `next` of the previous list')
    .addHelpText(
      'after',
      examples(
        'allclear incidents',
        'allclear incidents --status resolved,closed --service checkout',
        'allclear incidents --assignee me --sort=-severity',
        'allclear incidents --json | jq -r ".items[].number"',
      ),
    )
    .action(async (options: Options, command: Command) => {
      const { client, json } = connect(terminal, command);
      const { status, limit, ...filter } = options;
      const { text, value } = await client.get<{ items: Incident[]; next?: string | null }>('/api/incidents', {
        ...filter,
        status: status === 'all' ? undefined : status,
        limit: String(limit),
      });
      if (json) return printJson(terminal, text);
      if (value.items.length === 0) return terminal.out('No incidents.\n');
      terminal.out(
        table(
          terminal,
          ['NUMBER', 'STATUS', 'SEVERITY', 'SERVICE', 'OPENED', 'WHO', 'NEXT', 'TITLE'],
          value.items.map((incident): Cell[] => [
            incident.number,
            { text: incident.status, colour: statusColour(incident.status) },
            { text: incident.severity, colour: severityColour(incident.severity) },
            incident.service,
            localTime(incident.opened_at, terminal.timeZone),
            incident.acknowledged_by ?? (incident.assignees.join(', ') || '-'),
            nextOf(incident, terminal.timeZone),
            incident.title,
          ]),
        ),
      );
      if (value.next) terminal.err(`There are more: --cursor ${value.next}\n`);
    });

const nextOf = ({ escalation, status }: Incident, zone: string): string => {
  if (status !== 'triage' || !escalation?.next_at) return '-';
  const at = localTime(escalation.next_at, zone).slice(11);
  if (escalation.state === 'waiting') return `waits until ${at}`;
  if (escalation.state === 'exhausted') return `NOBODY LEFT, again ${at}`;
  return `step ${escalation.step < escalation.of ? escalation.step + 1 : 1} ${at}`;
};
