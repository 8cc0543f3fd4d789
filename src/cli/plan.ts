import { Command } from 'commander';
import type { PlanResult } from '../contract/process.ts';
import { examples } from './arguments.ts';
import { connect } from './client.ts';
import { printJson } from './output.ts';
import { planText, readProcessFiles, tellRemarks } from './process-files.ts';
import { EXIT, type Terminal } from './terminal.ts';

export const planCommand = (terminal: Terminal): Command =>
  new Command('plan')
    .summary('what applying process files would change')
    .description(
      'What applying process files would change. Exit code 2 when there are changes, 0 when there are none, 1 on errors.',
    )
    .argument('<paths...>', 'YAML files, or folders of them; - reads standard input')
    .option('--prune', 'also remove what a key that is present does not list')
    .option('--allow-unpaged', 'accept services that would page nobody')
    .addHelpText(
      'after',
      examples('allclear plan process/', 'allclear plan --prune people.yaml oncall.yaml', 'allclear export | allclear plan -'),
    )
    .action(async (paths: string[], options: { prune?: boolean; allowUnpaged?: boolean }, command: Command) => {
      const { client, json } = connect(terminal, command);
      const files = await readProcessFiles(terminal, paths);
      const { text, value } = await client.post<PlanResult>('/api/process/plan', { files, prune: options.prune === true });
      if (json) printJson(terminal, text);
      else terminal.out(planText(terminal, value));
      const errors = tellRemarks(terminal, value, options.allowUnpaged === true);
      terminal.exitCode = errors > 0 ? EXIT.failed : value.has_changes ? EXIT.changes : EXIT.done;
    });
