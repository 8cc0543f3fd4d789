import { Command } from 'commander';
import type { z } from 'zod';
import type { incidentNext, incidentPage } from '../contract/pages.ts';
import { examples } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, clean, printJson, table } from './output.ts';
import type { Terminal } from './terminal.ts';
import { localTime } from './time.ts';

type Page = z.infer<typeof incidentPage>;
type Next = z.infer<typeof incidentNext>;

export const pagesCommand = (terminal: Terminal): Command =>
  new Command('pages')
    .summary('who was paged for an incident, and what became of each message')
    .description(
      'Everybody who was paged, the newest first: at which step, by which method, and what the provider said. Then who is next.',
    )
    .argument('<incident>', "an incident's number or id")
    .addHelpText('after', examples('allclear pages INC-2026-0001'))
    .action(async (incident: string, _options: object, command: Command) => {
      const { client, json } = connect(terminal, command);
      const path = `/api/incidents/${encodeURIComponent(incident)}`;
      const { text, value } = await client.get<{ items: Page[] }>(`${path}/pages`);
      if (json) return printJson(terminal, text);
      const zone = terminal.timeZone;
      if (value.items.length === 0) terminal.out('Nobody was paged.\n');
      else
        terminal.out(
          table(
            terminal,
            ['PAGED', 'PERSON', 'STEP', 'STATE', 'METHOD', 'ADDRESS', 'MESSAGE', 'WHY'],
            value.items.flatMap((page) => {
              const first: Cell[] = [
                localTime(page.created_at, zone),
                { text: page.person.name, colour: 'bold' },
                page.fallback ? 'fallback' : page.step === null ? '-' : `${page.step}, round ${page.round ?? 1}`,
                page.waiting_because ? `${page.status}: ${page.waiting_because}` : page.status,
              ];
              const messages = page.receipts.map((one): Cell[] => [
                `${one.label ?? one.channel}${one.vendor ? ` (${one.vendor})` : ''}`,
                one.address,
                { text: messageOf(one), colour: one.status === 'failed' ? 'red' : 'dim' },
              ]);
              const [message, ...more] = messages.length > 0 ? messages : [['-', '-', '-']];
              return [[...first, ...(message ?? []), page.reason], ...more.map((one): Cell[] => ['', '', '', '', ...one, ''])];
            }),
          ),
        );
      const { next } = (await client.get<Next>(`${path}/next`)).value;
      if (next) terminal.out(`\n${clean(nextText(next, zone))}\n`);
    });

const messageOf = (one: Page['receipts'][number]): string => {
  const because = one.error ?? one.queued_because;
  return because ? `${one.status}: ${because}` : one.status;
};

const nextText = (next: NonNullable<Next['next']>, zone: string): string => {
  const whom = [...next.people.map((one) => one.display_name), ...next.places].join(', ');
  const at = localTime(next.at, zone);
  if (!whom) return `Next: nobody is left to page; everything is tried again at ${at}.`;
  return `Next: ${whom} at ${at} (${next.fallback ? 'the fallback' : `step ${next.step}`}), unless somebody answers.`;
};
