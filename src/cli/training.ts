import { Command } from 'commander';
import type { Training } from '../contract/training.ts';
import { examples } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, type Colour, clean, printJson, table } from './output.ts';
import type { Terminal } from './terminal.ts';
import { localTime } from './time.ts';

const STAGE: Record<Training['stage'], [string, Colour]> = {
  shadow: ['shadow', 'yellow'],
  reverse_shadow: ['reverse-shadow', 'yellow'],
  solo: ['ready for solo', 'green'],
};
const at = (schedule: string, person: string) =>
  `/api/schedules/${encodeURIComponent(schedule)}/training/${encodeURIComponent(person)}`;

export const trainingCommand = (terminal: Terminal): Command => {
  const zone = terminal.timeZone;
  const command = new Command('training')
    .summary('who learns to be on call: shadow, reverse-shadow, signed off')
    .description('Who learns to be on call, with their mentor, stage and turns done.')
    .addHelpText(
      'after',
      examples(
        'allclear training',
        'allclear training begin platform nia --mentor ben',
        'allclear training stage platform nia reverse_shadow',
        'allclear training ready platform nia --note "Calm in two nights"',
      ),
    );
  const said = (one: Training) => `${clean(one.display_name)}: ${STAGE[one.stage][0]} in ${clean(one.title)}.\n`;
  command
    .command('list', { isDefault: true })
    .description('By schedule; those who are signed off included.')
    .option('--schedule <name>', 'of one schedule')
    .option('--person <name>', 'of one person, or me')
    .addHelpText('after', examples('allclear training list --schedule platform'))
    .action(async (options: { schedule?: string; person?: string }, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.get<{ items: Training[] }>('/api/trainings', options);
      if (json) return printJson(terminal, text);
      if (value.items.length === 0) return terminal.out('Nobody is in training.\n');
      const rows = value.items.map((one): Cell[] => [
        one.schedule,
        { text: one.person, colour: 'bold' },
        one.mentor ?? 'nobody',
        { text: STAGE[one.stage][0], colour: STAGE[one.stage][1] },
        `${one.shadow_done} of ${one.shadow_wanted}`,
        `${one.reverse_shadow_done} of ${one.reverse_shadow_wanted}`,
        one.ready ? `${one.ready.by}, ${localTime(one.ready.at, zone)}` : '-',
      ]);
      terminal.out(
        table(terminal, ['SCHEDULE', 'PERSON', 'MENTOR', 'STAGE', 'SHADOWED', 'ASKED FIRST', `SIGNED (${zone})`], rows),
      );
    });
  command
    .command('begin')
    .description('Put somebody in training at the side of a mentor, or change what is asked of them.')
    .argument('<schedule>', 'name')
    .argument('<person>', 'who learns')
    .requiredOption('--mentor <name>', 'whenever they are on call, the person is there too')
    .option('--shadow <turns>', 'turns to shadow', Number, 2)
    .option('--reverse-shadow <turns>', 'turns in which the person is asked first', Number, 2)
    .option('--loud', 'page while shadowing as loudly as who is on call')
    .option('--behind <seconds>', 'how long the person has, asked first, before the mentor is paged', Number, 120)
    .addHelpText('after', examples('allclear training begin platform nia --mentor ben --shadow 3'))
    .action(
      async (
        schedule: string,
        person: string,
        options: { mentor: string; shadow: number; reverseShadow: number; loud?: boolean; behind: number },
        own: Command,
      ) => {
        const { client, json } = connect(terminal, own);
        const { text, value } = await client.put<Training>(at(schedule, person), {
          mentor: options.mentor,
          shadow_wanted: options.shadow,
          reverse_shadow_wanted: options.reverseShadow,
          loud: options.loud === true,
          behind_seconds: options.behind,
        });
        if (json) return printJson(terminal, text);
        terminal.out(said(value));
      },
    );
  command
    .command('stage')
    .description('On to reverse-shadow, or back to shadow; by the mentor or a manager.')
    .argument('<schedule>', 'name')
    .argument('<person>', 'who learns')
    .argument('<stage>', 'shadow or reverse_shadow')
    .addHelpText('after', examples('allclear training stage platform nia reverse_shadow'))
    .action(async (schedule: string, person: string, stage: string, _options: object, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.post<Training>(`${at(schedule, person)}/stage`, { stage: stage.replace('-', '_') });
      if (json) return printJson(terminal, text);
      terminal.out(said(value));
    });
  command
    .command('ready')
    .description('Sign that somebody is ready to be on call alone; by the mentor or a manager.')
    .argument('<schedule>', 'name')
    .argument('<person>', 'who learned')
    .option('--note <text>', 'what it rests on', '')
    .option('--take-back', 'in training again, asked first with the mentor behind')
    .addHelpText(
      'after',
      examples(
        'allclear training ready platform nia --note "Calm in two nights"',
        'allclear training ready platform nia --take-back',
      ),
    )
    .action(async (schedule: string, person: string, options: { note: string; takeBack?: boolean }, own: Command) => {
      const { client, json } = connect(terminal, own);
      const path = `${at(schedule, person)}/ready`;
      const { text, value } = options.takeBack
        ? await client.delete<Training>(path)
        : await client.post<Training>(path, { note: options.note });
      if (json) return printJson(terminal, text);
      terminal.out(said(value));
    });
  command
    .command('end')
    .description('Give a training up: nothing is asked or warned of any more.')
    .argument('<schedule>', 'name')
    .argument('<person>', 'who learned')
    .addHelpText('after', examples('allclear training end platform nia'))
    .action(async (schedule: string, person: string, _options: object, own: Command) => {
      const { client } = connect(terminal, own);
      await client.delete(at(schedule, person));
      terminal.out(`The training of ${clean(person)} in ${clean(schedule)} is ended.\n`);
    });
  return command;
};
