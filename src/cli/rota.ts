import { Command } from 'commander';
import type { z } from 'zod';
import type { rotaProposal, rotaScore } from '../contract/rota.ts';
import { examples, moment, names, wholeNumber } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, printJson, table } from './output.ts';
import type { Terminal } from './terminal.ts';
import { localTime, type Moment } from './time.ts';

type Proposal = z.output<typeof rotaProposal>;
type Score = z.output<typeof rotaScore>;

const scheduleAt = (name: string) => `/api/schedules/${encodeURIComponent(name)}`;
const proposalAt = (id: string) => `/api/rota-proposals/${encodeURIComponent(id)}`;

const printScore = (terminal: Terminal, score: Score, before?: Score): void => {
  const change = before ? ` (now ${before.total})` : '';
  terminal.out(`\nScore ${score.total} of 100${change}\n`);
  terminal.out(
    table(
      terminal,
      ['PART', 'SCORE', 'WEIGHT', 'WHY'],
      score.parts.map((one): Cell[] => [one.part, String(one.score), String(one.weight), one.reason]),
    ),
  );
  terminal.out('\n');
  terminal.out(
    table(
      terminal,
      ['PERSON', 'TURNS', 'HOURS', 'FAIR', 'NIGHT', 'WEEKEND', 'HOLIDAY', 'BEFORE'],
      score.people.map((one): Cell[] => [
        { text: one.person, colour: 'bold' },
        String(one.turns),
        ...[one.hours, one.fair_hours, one.night_hours, one.weekend_hours, one.holiday_hours, one.past_hours].map(String),
      ]),
    ),
  );
};

const printProposal = (terminal: Terminal, value: Proposal): void => {
  terminal.out(
    table(
      terminal,
      [`FROM (${value.time_zone})`, 'UNTIL', 'LAYER', 'WHO', 'WHY'],
      value.turns.map((turn): Cell[] => [
        localTime(turn.starts, value.time_zone),
        localTime(turn.ends, value.time_zone),
        turn.layer,
        turn.person ? { text: turn.person, colour: 'bold' } : { text: 'nobody', colour: 'red' },
        turn.reason,
      ]),
    ),
  );
  for (const one of value.relaxed) terminal.out(`Not kept: ${one}\n`);
  printScore(terminal, value.score.after, value.score.before);
  const { proven, unfair, at_least } = value.quality;
  const rounded = (hours: number) => Math.round(hours * 10) / 10;
  terminal.out(
    proven
      ? '\nNo rota that keeps the rules is fairer.\n'
      : `\n${rounded(unfair)} weighted hours are unfair; no rota has fewer than ${rounded(at_least)}.\n`,
  );
  if (value.state === 'proposed') terminal.out(`\nPut it in force with: allclear rota apply ${value.id}\n`);
};

export const rotaCommand = (terminal: Terminal): Command => {
  const command = new Command('rota')
    .summary('propose a fair rota, score a schedule')
    .description(
      'Work out who takes which turn so that hours, nights, weekends and holidays are shared fairly, and score any schedule.',
    )
    .addHelpText(
      'after',
      examples(
        'allclear rota propose ops --weeks 12',
        'allclear rota apply 0197f2b8-5c3e-7a41-9d2f-3b8e6c1a4f50',
        'allclear rota score ops',
      ),
    );

  command
    .command('propose')
    .description('Work out a rota. Nothing changes until it is put in force with: allclear rota apply')
    .argument('<schedule>', 'whose layers say when turns change')
    .option('--weeks <n>', 'turns that begin in so many weeks, 1 to 26', wholeNumber(26), 8)
    .option('--from <time>', 'the first turn begins then or later; none: now', moment(terminal))
    .option('--layers <names>', 'only these layers, with commas', names)
    .option('--people <names>', 'who shares the turns; none: those who take turns in each layer', names)
    .addHelpText(
      'after',
      examples(
        'allclear rota propose ops',
        'allclear rota propose ops --weeks 12 --from "2026-12-07T00:00 Europe/Amsterdam" --people ana,ben,cem,dara',
      ),
    )
    .action(
      async (schedule: string, options: { weeks: number; from?: Moment; layers?: string[]; people?: string[] }, own: Command) => {
        const { client, json } = connect(terminal, own);
        const { text, value } = await client.post<Proposal>(`${scheduleAt(schedule)}/rota-proposals`, {
          weeks: options.weeks,
          ...(options.from ? { from: options.from.at.toString() } : {}),
          ...(options.layers ? { layers: options.layers } : {}),
          ...(options.people ? { people: options.people } : {}),
        });
        if (json) printJson(terminal, text);
        else printProposal(terminal, value);
      },
    );

  command
    .command('show')
    .description('Show a rota that was proposed.')
    .argument('<id>', 'from: allclear rota propose')
    .addHelpText('after', examples('allclear rota show 0197f2b8-5c3e-7a41-9d2f-3b8e6c1a4f50'))
    .action(async (id: string, _: object, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.get<Proposal>(proposalAt(id));
      if (json) printJson(terminal, text);
      else printProposal(terminal, value);
    });

  const decide = (name: string, state: 'in_force' | 'taken_back', description: string, said: string) =>
    command
      .command(name)
      .description(description)
      .argument('<id>', 'from: allclear rota propose')
      .addHelpText('after', examples(`allclear rota ${name} 0197f2b8-5c3e-7a41-9d2f-3b8e6c1a4f50`))
      .action(async (id: string, _: object, own: Command) => {
        const { client, json } = connect(terminal, own);
        const { text, value } = await client.put<Proposal>(proposalAt(id), { state });
        if (json) printJson(terminal, text);
        else terminal.out(`${said} ${value.schedule}.\n`);
      });
  decide('apply', 'in_force', 'Put a proposed rota in force, as layers of the schedule.', 'In force in');
  decide('take-back', 'taken_back', 'Take back what of a rota is to come; what has begun stays true.', 'Taken back in');

  command
    .command('score')
    .description('Score a schedule from 0 to 100: coverage, rules, and how evenly time is shared.')
    .argument('<schedule>', 'its name')
    .option('--from <time>', 'none: now', moment(terminal))
    .option('--to <time>', 'none: 30 days later', moment(terminal))
    .addHelpText(
      'after',
      examples('allclear rota score ops', 'allclear rota score ops --from 2026-10-01T00:00 --to 2026-12-31T00:00'),
    )
    .action(async (schedule: string, options: { from?: Moment; to?: Moment }, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.get<Score>(`${scheduleAt(schedule)}/rota-score`, {
        ...(options.from ? { from: options.from.at.toString() } : {}),
        ...(options.to ? { to: options.to.at.toString() } : {}),
      });
      if (json) printJson(terminal, text);
      else printScore(terminal, value);
    });
  return command;
};
