import { Command, Option } from 'commander';
import type { z } from 'zod';
import type { Readiness, shownTestPagePlan } from '../contract/readiness.ts';
import { examples, wholeNumber } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, paint, printJson, table } from './output.ts';
import { EXIT, type Terminal } from './terminal.ts';

type Plan = z.infer<typeof shownTestPagePlan>;
const WEEKS = ['every', 'first', 'second', 'third', 'fourth', 'last'];
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Who could be reached, and why not. Fails when nothing reaches somebody who is counted on. */
export const readinessCommand = (terminal: Terminal): Command =>
  new Command('readiness')
    .summary('who could be reached by a page, who not, and why')
    .description('List everybody whom a policy counts on, the worst first. Fails while nothing reaches one of them.')
    .option('--all', 'also those whom nothing speaks against')
    .addHelpText('after', examples('allclear readiness', 'allclear readiness --all'))
    .action(async (options: { all?: boolean }, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.get<Readiness>('/api/readiness');
      const lost = value.people.filter((one) => one.state === 'unreachable');
      if (lost.length > 0) terminal.exitCode = EXIT.failed;
      if (json) return printJson(terminal, text);
      const rows = value.people
        .filter((one) => options.all || one.state !== 'ready')
        .map((one): Cell[] => [
          one.name,
          one.state === 'unreachable' ? paint(terminal, 'red', one.state) : one.state,
          one.last_test?.status ?? 'never tested',
          one.problems.map((problem) => problem.problem).join('; ') || 'nothing speaks against it',
        ]);
      if (rows.length === 0) terminal.out(`Nothing speaks against reaching all ${value.people.length}.\n`);
      else terminal.out(table(terminal, ['PERSON', 'STATE', 'LAST TEST', 'WHY'], rows));
    });

/** Test pages by the calendar. */
export const testPagesCommand = (terminal: Terminal): Command => {
  const command = new Command('test-pages')
    .summary('test pages by the calendar, which people confirm')
    .description('Plan test pages: each person is asked by day on their own clock, and confirms as a page is acknowledged.')
    .addHelpText(
      'after',
      examples(
        'allclear test-pages list',
        'allclear test-pages plan monthly --week first --day mon --at 10:00',
        'allclear test-pages remove monthly',
      ),
    );
  const line = (plan: Plan): Cell[] => [
    plan.name,
    plan.team ?? 'everybody',
    `${plan.week} ${plan.day} ${plan.at}`,
    plan.enabled ? (plan.next_on ?? 'never') : 'off',
    plan.last ? `${plan.last.on}: ${plan.last.confirmed} of ${plan.last.sent} confirmed` : 'not yet',
  ];
  const show = (plans: Plan[]) => terminal.out(table(terminal, ['NAME', 'WHO', 'WHEN', 'NEXT', 'LAST'], plans.map(line)));
  command
    .command('list', { isDefault: true })
    .description('List what is planned, and what became of the last time.')
    .addHelpText('after', examples('allclear test-pages list'))
    .action(async (_options: object, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.get<{ items: Plan[] }>('/api/test-page-plans');
      if (json) printJson(terminal, text);
      else if (value.items.length === 0) terminal.out('No test pages are planned.\n');
      else show(value.items);
    });
  command
    .command('plan')
    .description('Plan test pages, or bring a plan to this state.')
    .argument('<name>', 'of the plan')
    .option('--team <name>', 'its people alone; none: everybody whom a policy counts on')
    .addOption(new Option('--week <which>', 'every week, or on which such day of the month').choices(WEEKS).default('first'))
    .addOption(new Option('--day <day>', 'of the week').choices(DAYS).default('mon'))
    .option('--at <time>', 'on the clock of each person, from 08:00 to 20:59', '10:00')
    .option('--within <hours>', 'to confirm', wholeNumber(48), 4)
    .option('--off', 'keep it, and send nothing')
    .addHelpText(
      'after',
      examples('allclear test-pages plan monthly', 'allclear test-pages plan shop --team shop --week every --day wed --at 14:00'),
    )
    .action(
      async (
        name: string,
        options: { team?: string; week: string; day: string; at: string; within: number; off?: boolean },
        own: Command,
      ) => {
        const { client, json } = connect(terminal, own);
        const { text, value } = await client.put<Plan>(`/api/test-page-plans/${encodeURIComponent(name)}`, {
          ...(options.team ? { team: options.team } : {}),
          week: options.week,
          day: options.day,
          at: options.at,
          confirm_within_hours: options.within,
          enabled: !options.off,
        });
        if (json) printJson(terminal, text);
        else show([value]);
      },
    );
  command
    .command('remove')
    .description('Ask nobody any more by a plan.')
    .argument('<name>', 'of the plan')
    .addHelpText('after', examples('allclear test-pages remove monthly'))
    .action(async (name: string, _options: object, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text } = await client.delete(`/api/test-page-plans/${encodeURIComponent(name)}`);
      if (json) printJson(terminal, text);
      else terminal.out('Removed.\n');
    });
  return command;
};
