import { stripVTControlCharacters, styleText } from 'node:util';
import type { Terminal } from './terminal.ts';

export type Colour = 'red' | 'yellow' | 'green' | 'cyan' | 'dim' | 'bold';
export type Cell = string | { text: string; colour: Colour };

/** Text of others, such as an alert's summary, must not move the cursor or colour the terminal. */
export const clean = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/\s*\n\s*/g, ' ')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, ' ');

/** The text in a colour, when the terminal shows colours. */
export const paint = (terminal: Pick<Terminal, 'colours'>, colour: Colour, text: string): string =>
  terminal.colours ? styleText(colour, text, { validateStream: false }) : text;

/** The same for standard error. */
export const paintErr = (terminal: Pick<Terminal, 'errColours'>, colour: Colour, text: string): string =>
  paint({ colours: terminal.errColours }, colour, text);

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });
const isWide =
  /^(?:[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation})/u;
/** Columns a text takes on a terminal: East Asian wide characters and emoji take two. */
export const width = (text: string): number =>
  [...characters.segment(text)].reduce((sum, { segment }) => sum + (isWide.test(segment) ? 2 : 1), 0);

/** Rows under a header, columns aligned by spaces; nothing is cut, so that `grep` and copying work. */
export const table = (terminal: Pick<Terminal, 'colours'>, header: string[], rows: Cell[][]): string => {
  const cells = [header.map((text): Cell => ({ text, colour: 'dim' })), ...rows].map((row) =>
    row.map((cell) =>
      typeof cell === 'string' ? { text: clean(cell), colour: undefined } : { ...cell, text: clean(cell.text) },
    ),
  );
  const widths = header.map((_, column) => Math.max(...cells.map((row) => width(row[column]?.text ?? ''))));
  return cells
    .map((row) => {
      const last = row.findLastIndex((cell) => cell.text !== '');
      return row
        .slice(0, last + 1)
        .map(({ text, colour }, column) => {
          const shown = colour && text ? paint(terminal, colour, text) : text;
          return column === last ? shown : shown + ' '.repeat((widths[column] ?? 0) - width(text));
        })
        .join('  ');
    })
    .map((line) => `${line}\n`)
    .join('');
};

/** `1 page`, `3 pages`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** Prints a server's answer exactly as it came, one document a line. */
export const printJson = (terminal: Terminal, text: string): void => terminal.out(text.endsWith('\n') ? text : `${text}\n`);

/** How far long work has come, redrawn on one line of standard error; silent unless that is a terminal. */
export const progress = (terminal: Terminal) => {
  let drawn = -1_000;
  const started = terminal.now().epochMilliseconds;
  return {
    show: (text: string): void => {
      const at = terminal.now().epochMilliseconds - started;
      if (!terminal.errIsTerminal || at - drawn < 100) return;
      drawn = at;
      terminal.err(`\r\u001b[K${clean(text)}`);
    },
    clear: (): void => {
      if (terminal.errIsTerminal && drawn >= 0) terminal.err('\r\u001b[K');
    },
  };
};

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;
export const bytes = (n: number): string => {
  const power = n < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(n) / 3));
  return `${power === 0 ? n : (n / 1000 ** power).toFixed(1)} ${UNITS[power]}`;
};

export const statusColour = (status: string): Colour =>
  status === 'triage' ? 'red' : status === 'acknowledged' ? 'yellow' : 'green';
export const severityColour = (severity: string): Colour =>
  severity === 'critical' || severity === 'error' ? 'red' : severity === 'warning' ? 'yellow' : 'cyan';
