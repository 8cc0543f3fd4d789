import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { examples } from './arguments.ts';
import { connect } from './client.ts';
import { printJson } from './output.ts';
import type { Terminal } from './terminal.ts';

export const exportCommand = (terminal: Terminal): Command =>
  new Command('export')
    .summary('the configuration as one process file')
    .description('Print the configuration as one YAML file, which plan and apply read; with it nothing would change.')
    .option('--output <file>', 'write it there instead')
    .addHelpText('after', examples('allclear export > process.yaml', 'allclear export --output process.yaml'))
    .action(async (options: { output?: string }, command: Command) => {
      const { client, json } = connect(terminal, command);
      const { text, value } = await client.get<{ text: string }>('/api/process/export');
      if (options.output !== undefined) await writeFile(options.output, value.text);
      if (json) printJson(terminal, text);
      else if (options.output === undefined) terminal.out(value.text.endsWith('\n') ? value.text : `${value.text}\n`);
    });
