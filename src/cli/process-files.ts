import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlanResult, Remark } from '../contract/process.ts';
import { readText, unreadable } from './arguments.ts';
import { clean, count, paint, paintErr } from './output.ts';
import { Failure, type Terminal } from './terminal.ts';

export type ProcessFile = { name: string; text: string };

const MAX_FILES = 500;

/**
 * The YAML files that paths name: a file as it is, a folder with all below it (sorted, hidden ones left out),
 * `-` for standard input. Throws Failure when one cannot be read or there are none.
 */
export const readProcessFiles = async (terminal: Terminal, paths: string[]): Promise<ProcessFile[]> => {
  const found: string[] = [];
  for (const path of paths) {
    if (path === '-') {
      found.push(path);
      continue;
    }
    try {
      if (!(await stat(path)).isDirectory()) {
        found.push(path);
        continue;
      }
      const entries = await readdir(path, { recursive: true, withFileTypes: true });
      const below = entries
        .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => !/(^|[\\/])\.[^.\\/]/.test(file.slice(path.length)))
        .sort();
      if (below.length === 0) throw new Failure(`There is no .yaml file in ${path}`);
      found.push(...below);
    } catch (thrown) {
      throw thrown instanceof Failure ? thrown : new Failure(unreadable(path, thrown));
    }
  }
  const files = [...new Set(found)];
  if (files.length > MAX_FILES) throw new Failure(`${files.length} files are more than the ${MAX_FILES} one plan may have`);
  return Promise.all(
    files.map(async (path) => ({ name: path === '-' ? 'standard input' : path, text: await readText(terminal, path) })),
  );
};

/** `oncall.yaml:12:5: error: there is no person named anna`, as compilers say it, so that editors can jump there. */
const remarkLine = (terminal: Terminal, level: 'error' | 'warning', remark: Remark): string => {
  const place = [remark.file, remark.line, remark.column].filter((part) => part !== null).join(':');
  return `${place ? `${place}: ` : ''}${paintErr(terminal, level === 'error' ? 'red' : 'yellow', level)}: ${clean(remark.message)}\n`;
};

/** Prints warnings and errors on standard error, one a line; returns how many errors there are. */
export const tellRemarks = (terminal: Terminal, plan: PlanResult, allowUnpaged: boolean): number => {
  for (const remark of plan.warnings) terminal.err(remarkLine(terminal, 'warning', remark));
  for (const remark of plan.pages_nobody) terminal.err(remarkLine(terminal, allowUnpaged ? 'warning' : 'error', remark));
  for (const remark of plan.problems) terminal.err(remarkLine(terminal, 'error', remark));
  const errors = plan.problems.length + (allowUnpaged ? 0 : plan.pages_nobody.length);
  if (errors > 0) terminal.err(`${count(errors, 'error')}: apply would refuse this.\n`);
  return errors;
};

/** The server's plan, its additions, changes and removals in colour. */
export const planText = (terminal: Terminal, plan: PlanResult): string =>
  plan.text
    .replace(/\n+$/, '')
    .split('\n')
    .map((line) => {
      const sign = line.trimStart()[0];
      const text = line.replace(/\t/g, '  ');
      const shown = `${text.slice(0, text.length - text.trimStart().length)}${clean(text.trimStart())}`;
      return `${sign === '+' ? paint(terminal, 'green', shown) : sign === '-' ? paint(terminal, 'red', shown) : sign === '~' ? paint(terminal, 'yellow', shown) : shown}\n`;
    })
    .join('');
