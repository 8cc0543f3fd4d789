import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import { Failure, type Terminal } from './terminal.ts';
import { type Moment, readDuration, readMoment } from './time.ts';

const asArgument = <T>(read: () => T): T => {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof RangeError) throw new InvalidArgumentError(thrown.message);
    throw thrown;
  }
};

/** For commander: a duration in seconds. */
export const duration = (text: string): number => asArgument(() => readDuration(text));

/** For commander: a moment, whose note is told on standard error. */
export const moment =
  (terminal: Terminal) =>
  (text: string): Moment =>
    asArgument(() => {
      const read = readMoment(text, terminal.timeZone);
      if (read.note) terminal.err(`${read.note}\n`);
      return read;
    });

/** For commander: `ana,ben` and repeated options alike. */
export const names = (text: string, before: string[] = []): string[] => [
  ...before,
  ...text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean),
];

/** For commander: a whole number from 1 to `max`. */
export const wholeNumber =
  (max: number) =>
  (text: string): number => {
    const n = Number(text);
    if (!Number.isInteger(n) || n < 1 || n > max) throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`);
    return n;
  };

/** For commander: one of a few words. */
export const oneOf =
  (...words: string[]) =>
  (text: string): string => {
    if (!words.includes(text)) throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
    return text;
  };

/** Text of a file, or of standard input for `-`. */
export const readText = async (terminal: Terminal, path: string): Promise<string> => {
  if (path === '-') return terminal.readInput();
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    throw new Failure(unreadable(path, thrown));
  }
};
export const unreadable = (path: string, thrown: unknown): string => {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  const why = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'it may not be read' : String(thrown);
  return `Cannot read ${path}: ${why}`;
};

/** For a command's help. */
export const examples = (...lines: string[]): string => `\nExamples:\n${lines.map((line) => `  ${line}\n`).join('')}`;
