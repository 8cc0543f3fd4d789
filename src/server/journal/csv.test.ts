import { expect, test } from 'vitest';
import { csvLine } from './csv.ts';

test.each([
  ['plain', '"plain"'],
  [null, '""'],
  ['with "quotes", commas\nand lines', '"with ""quotes"", commas\nand lines"'],
  ['=HYPERLINK("http://evil")', '"\'=HYPERLINK(""http://evil"")"'],
  ['+31612345678', '"\'+31612345678"'],
  ['-1', '"\'-1"'],
  ['@SUM(A1)', '"\'@SUM(A1)"'],
  ['  =1+1', '"\'  =1+1"'],
  ['\t=1', '"\'\t=1"'],
  ['a=b', '"a=b"'],
])('the cell %j is written %s', (cell, written) => {
  expect(csvLine([cell])).toBe(`${written}\r\n`);
});
