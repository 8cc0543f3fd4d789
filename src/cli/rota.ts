import { Command, InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import type { rotaProposal, rotaScore } from '../contract/rota.ts';
import type { followTheSunResult } from '../contract/schedule-templates.ts';
import { examples, moment, names, wholeNumber } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, printJson, table } from './output.ts';
import type { Terminal } from './terminal.ts';
import { localTime, type Moment } from './time.ts';

type Proposal = z.output<typeof rotaProposal>;
type Score = z.output<typeof rotaScore>;

const scheduleAt = (name: string) => `/api/schedules/${encodeURIComponent(name)}`;
const proposalAt = (id: string) => `/api/rota-proposals/${encodeURIComponent(id)}`;

type Site = { name: string; time_zone: string; people: string[] };
/** For commander: `sydney=Australia/Sydney=sue,sid`. */
const site = (text: string, before: Site[]): Site[] => {
  const [name, time_zone, people] = text.split('=');
  if (!name || !time_zone || !people)
    throw new InvalidArgumentError('It must be name=zone=people, such as sydney=Australia/Sydney=sue,sid.');
  return [...before, { name, time_zone, people: names(people) }];
};

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

  command
    .command('follow-the-sun')
    .description('Make a schedule in which each site has the hours of its day, and check it for the year ahead.')
    .argument('<name>', 'of the new schedule')
    .requiredOption('--site <name=zone=people>', 'once for each site; people with commas', site, [])
    .option('--team <name>', 'that owns it')
    .option('--dry-run', 'only say what it would be')
    .addHelpText(
      'after',
      examples(
        'allclear rota follow-the-sun sun --site sydney=Australia/Sydney=sue,sid --site london=Europe/London=liz,lou --site denver=America/Denver=dan,dee',
      ),
    )
    .action(async (name: string, options: { site: Site[]; team?: string; dryRun?: boolean }, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.post<z.output<typeof followTheSunResult>>('/api/schedule-templates/follow-the-sun', {
        name,
        sites: options.site,
        ...(options.team ? { team: options.team } : {}),
        dry_run: options.dryRun ?? false,
      });
      if (json) return printJson(terminal, text);
      terminal.out(
        table(
          terminal,
          ['SITE', `FROM (${value.schedule.time_zone})`, 'UNTIL', 'NIGHT HOURS A YEAR', 'ON ITS CLOCKS'],
          value.sites.map((one): Cell[] => [one.name, one.from, one.to, String(one.night_hours), one.local.join(', ')]),
        ),
      );
      terminal.out(
        value.gap_hours === 0 ? 'Covered around the clock for a year.\n' : `${value.gap_hours} hours of the year have nobody.\n`,
      );
    });

  command
    .command('tiers')
    .description('Make a schedule with a first and a second on call, and the policy that asks one after the other.')
    .argument('<name>', 'of the new schedule, and of the policy')
    .requiredOption('--people <names>', 'in order of their weeks, with commas', names)
    .option('--zone <zone>', 'of the schedule', terminal.timeZone)
    .option('--tiers <n>', '2 or 3', wholeNumber(3), 2)
    .option('--team <name>', 'that owns it')
    .addHelpText('after', examples('allclear rota tiers ops --people ana,ben,cem,dara --zone Europe/Amsterdam'))
    .action(async (name: string, options: { people: string[]; zone: string; tiers: number; team?: string }, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.post<{ policy: string }>('/api/schedule-templates/tiers', {
        name,
        people: options.people,
        time_zone: options.zone,
        tiers: options.tiers,
        ...(options.team ? { team: options.team } : {}),
      });
      if (json) printJson(terminal, text);
      else terminal.out(`Made schedule ${name} and policy ${value.policy}.\n`);
    });
  return command;
};
