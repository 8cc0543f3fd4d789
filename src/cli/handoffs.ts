import { Command } from 'commander';
import type { z } from 'zod';
import type { handoff, handoffDetail, preShiftCheck } from '../contract/handoff.ts';
import { examples } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, type Colour, clean, count, paint, printJson, table } from './output.ts';
import type { Terminal } from './terminal.ts';
import { localTime } from './time.ts';

type Row = z.infer<typeof handoff>;
type Detail = z.infer<typeof handoffDetail>;
type Check = z.infer<typeof preShiftCheck>;
const PATH = '/api/handoffs';
const STATE: Record<string, Colour> = { open: 'yellow', confirmed: 'green', lapsed: 'red', withdrawn: 'dim' };
const CHECK: Record<string, Colour> = { ok: 'green', warning: 'yellow', error: 'red' };

export const handoffsCommand = (terminal: Terminal): Command => {
  const zone = terminal.timeZone;
  const command = new Command('handoffs')
    .summary('changes of who is on call: what is left behind, what to check before, “I have it”')
    .description('Changes of who is on call, the last 30 days and the coming 14. Whoever comes confirms each.')
    .addHelpText(
      'after',
      examples(
        'allclear handoffs',
        'allclear handoffs show 0198f2b8-5c3e-7a41-9d2f-3b8e6c1a4f50',
        'allclear handoffs confirm 0198f2b8-5c3e-7a41-9d2f-3b8e6c1a4f50',
      ),
    );
  command
    .command('list', { isDefault: true })
    .description('In order of time; without --all only those that wait for somebody to confirm.')
    .option('--all', 'also what is confirmed or over')
    .option('--mine', 'in which you go or come')
    .option('--schedule <name>', 'of one schedule')
    .addHelpText('after', examples('allclear handoffs list --mine', 'allclear handoffs list --schedule platform --all'))
    .action(async (options: { all?: boolean; mine?: boolean; schedule?: string }, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.get<{ items: Row[] }>(PATH, {
        ...(options.all ? {} : { open: 'true' }),
        ...(options.mine ? { person: 'me' } : {}),
        ...(options.schedule ? { schedule: options.schedule } : {}),
      });
      if (json) return printJson(terminal, text);
      if (value.items.length === 0) return terminal.out(options.all ? 'No handoff.\n' : 'No handoff waits to be confirmed.\n');
      const rows = value.items.map((row): Cell[] => [
        row.id,
        localTime(row.at, zone),
        row.role === 'primary' ? row.schedule : `${row.schedule} (${row.role})`,
        row.outgoing.join(', ') || 'nobody',
        { text: row.incoming.join(', '), colour: 'bold' },
        { text: row.confirmed_by ? `${row.state} by ${row.confirmed_by}` : row.state, colour: STATE[row.state] ?? 'dim' },
      ]);
      terminal.out(table(terminal, ['ID', `AT (${zone})`, 'SCHEDULE', 'GOES', 'COMES', 'STATE'], rows));
    });
  command
    .command('show')
    .description('What is to be watched, what is open, paging and silenced, and the check before the shift.')
    .argument('<id>', 'of the handoff')
    .addHelpText('after', examples('allclear handoffs show 0198f2b8-5c3e-7a41-9d2f-3b8e6c1a4f50'))
    .action(async (id: string, _options: object, own: Command) => {
      const { client, json } = connect(terminal, own);
      const path = `${PATH}/${encodeURIComponent(clean(id))}`;
      const { text, value } = await client.get<Detail>(path);
      if (json) return printJson(terminal, text);
      const check = (await client.get<Check>(`${path}/check`)).value;
      terminal.out(`${shownOf(value, zone)}${checkOf(terminal, check)}`);
    });
  command
    .command('confirm')
    .description('Say “I have it”, as one of those who come; from twelve hours before.')
    .argument('<id>', 'of the handoff')
    .addHelpText('after', examples('allclear handoffs confirm 0198f2b8-5c3e-7a41-9d2f-3b8e6c1a4f50'))
    .action(async (id: string, _options: object, own: Command) => {
      const { client, json } = connect(terminal, own);
      const { text, value } = await client.post<Detail>(`${PATH}/${encodeURIComponent(clean(id))}/confirm`, {});
      if (json) return printJson(terminal, text);
      terminal.out(`${value.confirmed_by} has ${clean(value.title)}.\n`);
    });
  return command;
};

const lines = (title: string, items: string[], none: string): string =>
  `\n${title}\n${(items.length > 0 ? items : [none]).map((item) => `  ${clean(item)}\n`).join('')}`;

const shownOf = (one: Detail, zone: string): string => {
  const { left } = one;
  return [
    `${clean(one.title)}${one.role === 'primary' ? '' : `, ${one.role}`}: ${one.outgoing.join(', ') || 'nobody'} to ${one.incoming.join(', ')}, ${localTime(one.at, zone)} (${zone}), ${one.state}\n`,
    lines('To watch', one.note.split('\n').filter(Boolean), 'nothing was written'),
    ...(one.before ? [lines('Watched before', one.before.note.split('\n').filter(Boolean), '')] : []),
    lines(
      `Open incidents (${left.open_incidents.total})`,
      left.open_incidents.items.map((item) => `${item.number} ${item.title}, ${item.status}`),
      'none',
    ),
    lines(
      `Pages of the last week (${left.pages.total})`,
      left.pages.items.map((item) => `${item.number} ${item.title}, ${count(item.pages, 'page')}`),
      'none',
    ),
    lines(
      'Silences running',
      left.silences.map((item) => `${item.comment}, until ${localTime(item.until, zone)}`),
      'none',
    ),
  ].join('');
};

const checkOf = (terminal: Terminal, check: Check): string =>
  [
    `\nBefore the shift of ${check.person}\n`,
    ...check.items.map(
      (item) =>
        `  ${paint(terminal, CHECK[item.state] ?? 'dim', item.state.padEnd(8))}${clean(`${item.text} ${item.fix}`.trim())}\n`,
    ),
    ...check.runbooks.flatMap((one) => one.links.map((link) => `  read    ${clean(`${one.title || one.service}: ${link}`)}\n`)),
    ...check.contacts.flatMap((policy) =>
      policy.next.map(
        (step) =>
          `  next    ${policy.policy}, after ${Math.round(step.after_seconds / 60)} min: ${clean([...step.people.map((one) => one.name), ...step.places].join(', ') || 'nobody')}\n`,
      ),
    ),
  ].join('');
