import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from './program.ts';
import { serveCommand } from './serve.ts';
import { testTerminal } from './testing.ts';

const program = createProgram(testTerminal(), serveCommand());
const all = (command: Command, path: string): { path: string; command: Command }[] =>
  command.commands.flatMap((child) => [
    { path: `${path} ${child.name()}`, command: child },
    ...all(child, `${path} ${child.name()}`),
  ]);
const commands = all(program, 'allclear');
const helpOf = (command: Command): string => {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
};

it('has every command that was promised', () => {
  const promised =
    'serve plan apply export oncall page incidents ack resolve why simulate test-page silence doctor backup restore import-key token';
  const there = program.commands.flatMap((command) => [command.name(), ...command.aliases()]);
  expect(there).toEqual(expect.arrayContaining([...promised.split(' '), 'who-is-on-call']));
});

describe.each(commands)('$path', ({ path, command }) => {
  it('has a description and examples that are command lines of it', () => {
    const help = helpOf(command);
    expect(command.description()).not.toBe('');
    const lines = help
      .slice(help.indexOf('Examples:'))
      .split('\n')
      .filter((line) => line.includes('allclear '));
    expect(lines.length).toBeGreaterThan(0);
    const names = [path, ...command.aliases().map((alias) => `allclear ${alias}`)];
    expect(lines.some((line) => names.some((name) => line.includes(name)))).toBe(true);
  });

  it('takes --json, --url and --token', () => {
    const globals = command.createHelp().visibleGlobalOptions(command);
    expect(globals.map((option) => option.long)).toEqual(expect.arrayContaining(['--json', '--url', '--token']));
  });

  it('is in docs/cli.md with an example', async () => {
    const docs = await readFile(new URL('../../docs/cli.md', import.meta.url), 'utf8');
    expect(docs).toMatch(new RegExp(`^(DATABASE_URL=\\S+ )?${path}( |$)`, 'm'));
    const top = path.split(' ')[1] ?? '';
    expect(docs).toMatch(new RegExp(`^### \`allclear ${top}[ \`]`, 'm'));
  });
});

it('docs/cli.md speaks of no command that is not there', async () => {
  const docs = await readFile(new URL('../../docs/cli.md', import.meta.url), 'utf8');
  const named = [...docs.matchAll(/^(?:\S+=\S+ )?allclear ([a-z-]+)|`allclear ([a-z-]+)/gm)].map((match) => match[1] ?? match[2]);
  const there = program.commands.flatMap((command) => [command.name(), ...command.aliases()]);
  expect(named.filter((name) => !there.includes(name ?? ''))).toEqual([]);
});
