import { Command, InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import type { personHealth, teamHealth } from '../contract/on-call-health.ts';
import { examples } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, printJson, table } from './output.ts';
import type { Terminal } from './terminal.ts';
import { localTime, showDuration } from './time.ts';

type Person = z.infer<typeof personHealth>;
type Team = z.infer<typeof teamHealth>;
type Options = { team?: string; from?: string; to?: string };

const day = (text: string): string => {
  try {
    return Temporal.PlainDate.from(text.trim(), { overflow: 'reject' }).toString();
  } catch {
    throw new InvalidArgumentError(`${text} is not a day such as 2026-03-02.`);
  }
};

const share = ({ acted, passed, unknown, share: part }: Person['actionable']): string => {
  const known = acted + passed;
  return `${part === null ? 'unknown' : `${Math.round(part * 100)} %`} (${acted} of ${known} known, ${unknown} unknown)`;
};
const over = (is: boolean): string => (is ? ', over the limit' : '');

export const healthCommand = (terminal: Terminal): Command =>
  new Command('health')
    .summary('what being on call asked of you, somebody or a team')
    .description(
      'Pages, interrupted sleep, days in a row, how much was actionable, and rest that is owed. About one person: for that person, who leads one of their teams, and administrators.',
    )
    .argument('[person]', 'none: you', 'me')
    .option('--team <name>', 'of a team instead')
    .option('--from <day>', 'first day on the person’s calendar; none: four weeks', day)
    .option('--to <day>', 'last day; none: today', day)
    .addHelpText(
      'after',
      examples('allclear health', 'allclear health ben --from 2026-01-01 --to 2026-03-31', 'allclear health --team platform'),
    )
    .action(async (person: string, { team, from, to }: Options, command: Command) => {
      const { client, json } = connect(terminal, command);
      const path = team ? `/api/teams/${encodeURIComponent(team)}/health` : `/api/people/${encodeURIComponent(person)}/health`;
      const { text, value } = await client.get<Person | Team>(path, { from, to });
      if (json) printJson(terminal, text);
      else if ('team' in value) ofTeam(terminal, value);
      else ofPerson(terminal, value);
    });

const ofPerson = (terminal: Terminal, value: Person): void => {
  const rows: [string, string][] = [
    ['Pages', `${value.pages}, ${value.pages_a_week} a week`],
    [
      'At night',
      `${value.night_pages}, ${value.pages_a_night === null ? 'no night on call' : `${value.pages_a_night} a night of ${value.nights_on_call} on call`}`,
    ],
    [
      'Interrupted sleep',
      `${value.interrupted_hours} h in ${value.nights.length} ${value.nights.length === 1 ? 'night' : 'nights'}`,
    ],
    ['Longest on call', `${value.consecutive_days} d${over(value.consecutive_over)}`],
    ['Actionable', share(value.actionable)],
  ];
  terminal.out(`${value.display_name}, ${value.from} to ${value.to} (${value.time_zone})\n`);
  terminal.out(table(terminal, ['WHAT', 'HOW MUCH'], rows));
  for (const one of value.nights.filter((night) => night.over))
    terminal.out(`Night of ${one.night}: ${one.pages} pages, over the limit.\n`);
  for (const one of value.weeks.filter((week) => week.over))
    terminal.out(`Week of ${one.week}: ${one.pages} pages, over the limit.\n`);
  for (const one of value.rest) {
    const at = (moment: string) => localTime(moment, value.time_zone);
    terminal.out(
      `Rest owed: paged ${at(one.paged_at)}, off from ${at(one.starts)} to ${at(one.ends)}; on call ${showDuration(one.on_call_seconds)} of it.\n`,
    );
    for (const turn of one.cover)
      terminal.out(`  allclear cover-requests ask ${turn.schedule} --from ${turn.starts} --to ${turn.ends}\n`);
  }
};

const ofTeam = (terminal: Terminal, value: Team): void => {
  const { together, members } = value;
  terminal.out(`${value.title || value.team}, ${value.people} people, ${value.from} to ${value.to}\n`);
  if (together)
    terminal.out(
      table(
        terminal,
        ['WHAT', 'HOW MUCH'],
        [
          ['Pages', `${together.pages}, ${together.pages_a_week} a person and week`],
          ['At night', String(together.night_pages)],
          ['Interrupted sleep', `${together.interrupted_hours} h`],
          ['Mornings owed', String(together.rest_owed)],
          ['Actionable', share(together.actionable)],
        ],
      ),
    );
  if (members && members.length > 0)
    terminal.out(
      table(
        terminal,
        ['PERSON', 'PAGES', 'AT NIGHT', 'SLEEP', 'DAYS', 'RESTS'],
        members.map((one): Cell[] => [
          { text: one.person, colour: 'bold' },
          String(one.pages),
          String(one.night_pages),
          `${one.interrupted_hours} h`,
          String(one.consecutive_days),
          String(one.rest.length),
        ]),
      ),
    );
  if (value.hidden) terminal.out(`Not all is shown: ${value.hidden}.\n`);
};
