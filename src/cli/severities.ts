import { Command } from 'commander';
import type { z } from 'zod';
import type { severityPresets, severityScheme } from '../contract/process.ts';
import { examples } from './arguments.ts';
import { connect } from './client.ts';
import { type Cell, clean, paint, printJson, table } from './output.ts';
import type { Terminal } from './terminal.ts';

type Scheme = z.infer<typeof severityScheme>;
type Presets = z.infer<typeof severityPresets>;

export const severitiesCommand = (terminal: Terminal): Command =>
  new Command('severities')
    .summary('the levels of severity, and presets to begin with')
    .description(
      'The levels of severity, from worst to least, and what each asks for. Three presets are there to begin with; one replaces the levels that are in force, unless a postmortem names a level that would be gone.',
    )
    .option('--presets', 'the presets instead')
    .option('--use <preset>', 'replace the levels by this preset')
    .addHelpText(
      'after',
      examples('allclear severities', 'allclear severities --presets', 'allclear severities --use sev-1-to-4'),
    )
    .action(async (options: { presets?: true; use?: string }, command: Command) => {
      const { client, json } = connect(terminal, command);
      if (options.presets) {
        const { text, value } = await client.get<Presets>('/api/severity-presets');
        if (json) return printJson(terminal, text);
        for (const preset of value.items)
          terminal.out(
            `${paint(terminal, 'bold', preset.id)}  ${preset.title}${preset.chosen ? paint(terminal, 'green', ' (in force)') : ''}\n    ${clean(preset.description)}\n    ${preset.levels.map((one) => `${one.level} ${one.name}`).join(' · ')}\n`,
          );
        return;
      }
      const { text, value } =
        options.use === undefined
          ? await client.get<Scheme>('/api/severities')
          : await client.post<Scheme>('/api/severities/preset', { preset: options.use });
      if (json) return printJson(terminal, text);
      if (value.items.length === 0) return terminal.out('No levels are written down yet. See: allclear severities --presets\n');
      terminal.out(
        table(
          terminal,
          ['LEVEL', 'NAME', 'ANSWERED WITHIN', 'UPDATES', 'OVER WITHIN', 'TOLD'],
          value.items.map((one): Cell[] => [
            { text: one.level, colour: 'bold' },
            one.name,
            one.response_time ?? '',
            one.communication ?? '',
            one.target_resolution ?? '',
            one.escalation ?? '',
          ]),
        ),
      );
    });
