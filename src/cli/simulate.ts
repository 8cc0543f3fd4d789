import { Command } from 'commander';
import type { z } from 'zod';
import type { simulated } from '../contract/trace.ts';
import { examples, moment, readText } from './arguments.ts';
import { connect } from './client.ts';
import { clean, paint, printJson } from './output.ts';
import type { Terminal } from './terminal.ts';
import { localTime, type Moment, showDuration, utcTime } from './time.ts';

type Simulated = z.infer<typeof simulated>;
type Page = Simulated['alerts'][number]['would_page'][number];

export const simulateCommand = (terminal: Terminal): Command =>
  new Command('simulate')
    .summary('what a payload would do, now or at a moment; touches nothing')
    .description(
      'What would happen if an integration received a payload: routing, silences, who would be paged, when and by what. It touches nothing.',
    )
    .argument('<payload>', 'file as the tool would send it; - reads standard input')
    .requiredOption('--integration <name>', 'which integration would receive it')
    .option('--at <time>', '2026-03-29T01:30Z, or with a zone "2026-03-29T01:30 Europe/London"', moment(terminal))
    .addHelpText(
      'after',
      examples(
        'allclear simulate --integration prod payload.json',
        `allclear simulate --integration prod --at '2026-03-29T01:30 Europe/London' payload.json`,
      ),
    )
    .action(async (path: string, options: { integration: string; at?: Moment }, command: Command) => {
      const { client, json } = connect(terminal, command);
      const { text, value } = await client.post<Simulated>('/api/simulate', {
        integration: options.integration,
        ...(options.at ? { at: options.at.at.toString() } : {}),
        payload: payloadOf(await readText(terminal, path)),
      });
      if (json) return printJson(terminal, text);
      terminal.out(`At ${localTime(value.at, terminal.timeZone)} ${terminal.timeZone} (${utcTime(value.at)}):\n`);
      for (const note of value.notes) terminal.out(`${paint(terminal, 'yellow', 'note:')} ${clean(note)}\n`);
      if (value.alerts.length === 0) terminal.out('The payload holds no alert: nobody would be paged.\n');
      for (const alert of value.alerts) {
        terminal.out(`\n${paint(terminal, 'bold', clean(alert.summary))} (${clean(alert.service)})\n`);
        for (const { step, result, why } of alert.decisions)
          terminal.out(
            `  ${paint(terminal, 'cyan', step)}: ${clean(result)}${why ? paint(terminal, 'dim', `, because: ${clean(why)}`) : ''}\n`,
          );
        if (alert.would_page.length === 0) terminal.out('  Nobody would be paged.\n');
        for (const page of alert.would_page) terminal.out(pageText(terminal, page));
      }
    });

/** What is not JSON goes as text: some tools send a form or a plain line. */
const payloadOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const pageText = (terminal: Terminal, page: Page): string => {
  const head = `  step ${page.step}, ${page.after_seconds === 0 ? 'at once' : `after ${showDuration(page.after_seconds)}`}`;
  if (page.skipped) return `${head}: ${paint(terminal, 'yellow', 'skipped')}, because: ${clean(page.skipped)}\n`;
  const people = page.people.map((one) => {
    const methods = one.methods.map(
      ({ channel, label, after_seconds }) =>
        `${label === channel ? channel : `${label} (${channel})`}${after_seconds === 0 ? '' : ` after ${showDuration(after_seconds)}`}`,
    );
    const waits = one.waits ? `; waits: ${clean(one.waits)}` : '';
    return `    ${paint(terminal, 'bold', one.name)} by ${methods.join(', ') || 'nothing: no usable method'}${waits}\n      ${paint(terminal, 'dim', `because: ${clean(one.reason)}`)}\n`;
  });
  const places = page.places.length > 0 ? `    also told: ${page.places.join(', ')}\n` : '';
  return `${head}:\n${people.join('')}${places}`;
};
