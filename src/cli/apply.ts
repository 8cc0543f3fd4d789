import { Command } from 'commander';
import type { PlanResult } from '../contract/process.ts';
import { examples } from './arguments.ts';
import { connect } from './client.ts';
import { paint, printJson } from './output.ts';
import { planText, readProcessFiles, tellRemarks } from './process-files.ts';
import { EXIT, type Terminal } from './terminal.ts';

export const applyCommand = (terminal: Terminal): Command =>
  new Command('apply')
    .summary('bring the server to the state of process files')
    .description('Bring the server to the state of process files: everything, or on any error nothing.')
    .argument('<paths...>', 'YAML files, or folders of them; - reads standard input')
    .option('--prune', 'also remove what a key that is present does not list')
    .option('--allow-unpaged', 'accept services that would page nobody')
    .addHelpText('after', examples('allclear apply process/', 'allclear apply --prune people.yaml oncall.yaml'))
    .action(async (paths: string[], options: { prune?: boolean; allowUnpaged?: boolean }, command: Command) => {
      const { client, json } = connect(terminal, command);
      const body = { files: await readProcessFiles(terminal, paths), prune: options.prune === true };
      const allowUnpaged = options.allowUnpaged === true;
      // The plan has the place of every error; a refusal of apply has one sentence.
      const plan = await client.post<PlanResult>('/api/process/plan', body);
      if (!json) terminal.out(planText(terminal, plan.value));
      if (tellRemarks(terminal, plan.value, allowUnpaged) > 0) {
        if (json) printJson(terminal, plan.text);
        terminal.exitCode = EXIT.failed;
        return;
      }
      const { text } = await client.post('/api/process/apply', { ...body, allow_unpaged: allowUnpaged });
      if (json) printJson(terminal, text);
      else if (plan.value.has_changes) terminal.out(`${paint(terminal, 'green', 'Applied.')}\n`);
    });
