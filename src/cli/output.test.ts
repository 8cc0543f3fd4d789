import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../test/any-text.ts';
import { bytes, clean, count, paint, progress, table, width } from './output.ts';
import { testTerminal } from './testing.ts';

const plain = { colours: false };
const coloured = { colours: true };

describe('a table', () => {
  it('aligns columns, and ends no line with spaces', () => {
    expect(
      table(
        plain,
        ['NUMBER', 'STATUS', 'TITLE'],
        [
          ['INC-1', { text: 'triage', colour: 'red' }, 'db down'],
          ['INC-22', 'acknowledged', ''],
        ],
      ),
    ).toBe('NUMBER  STATUS        TITLE\nINC-1   triage        db down\nINC-22  acknowledged\n');
  });

  it('colours do not move columns', () => {
    const rows = [
      ['a', { text: 'é日本', colour: 'red' as const }, 'end'],
      ['bb', '🔥', 'end'],
    ];
    const text = table(coloured, ['X', 'Y', 'Z'], rows);
    expect(text).toContain('\u001b[31m');
    const ends = clean2(text).map((line) => width(line.slice(0, line.search(/Z|end/))));
    expect(new Set(ends).size).toBe(1);
  });
  const clean2 = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => clean(line));
});

describe('text of others', () => {
  it.each([
    ['\u001b[2J\u001b[31mgone', 'gone'],
    ['a\r\nb', 'a b'],
    ['bell\u0007', 'bell '],
    ['c1 \u009b31m', 'c1 '],
    ['right-to-left \u202etxt', 'right-to-left  txt'],
    ['naïve 日本 🔥', 'naïve 日本 🔥'],
  ])('%j is shown as %j', (text, shown) => expect(clean(text)).toBe(shown));

  it('never holds a control character', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
        expect(clean(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
  });
});

it('colours only when asked to', () => {
  expect(paint(plain, 'red', 'x')).toBe('x');
  expect(paint(coloured, 'red', 'x')).toBe('\u001b[31mx\u001b[39m');
});

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [12_345_678, '12.3 MB'],
  [5e15, '5000.0 TB'],
])('%d bytes are %s', (n, text) => expect(bytes(n)).toBe(text));

it.each([
  [0, '0 rows'],
  [1, '1 row'],
  [1234, '1,234 rows'],
])('counts %d as %s', (n, text) => expect(count(n, 'row')).toBe(text));

describe('progress', () => {
  it('is silent when nobody watches', () => {
    const terminal = testTerminal();
    const drawn = progress(terminal);
    drawn.show('1 MB');
    drawn.clear();
    expect(terminal.stderr()).toBe('');
  });
  it('is redrawn on one line and taken away, at most ten times a second', () => {
    const terminal = testTerminal({ errIsTerminal: true });
    const drawn = progress(terminal);
    drawn.show('1 MB');
    drawn.show('2 MB');
    drawn.clear();
    expect(terminal.stderr()).toBe('\r\u001b[K1 MB\r\u001b[K');
  });
});
