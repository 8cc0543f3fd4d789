import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyText } from '../../../test/any-text.ts';
import { gunzippedLines, headerLine, type Part, readParts } from './file.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'allclear-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

const sum = (rows: string[]) => ({
  rows: rows.length,
  sha256: createHash('sha256')
    .update(rows.map((row) => `${row}\n`).join(''))
    .digest('hex'),
});
const header = (tables: Record<string, string[]>) =>
  headerLine({
    created_at: '2026-03-02T12:00:00Z',
    migrations: [{ name: '0001_house.sql', sha256: 'x' }],
    tables: Object.entries(tables).map(([name, rows]) => ({ name, columns: ['id'], rows: rows.length })),
    sequences: [],
    partitions: [],
  });
const linesOf = (tables: Record<string, string[]>): string[] => [
  header(tables),
  ...Object.entries(tables).flatMap(([name, rows]) => [JSON.stringify({ table: name }), ...rows]),
  JSON.stringify({ end: Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, sum(rows)])) }),
];
const read = async (lines: string[]): Promise<Part[]> =>
  Array.fromAsync(
    readParts(
      (async function* () {
        yield* lines;
      })(),
    ),
  );

const WHOLE = linesOf({ people: ['["1"]', '["2"]'], teams: [], tokens: ['[null]'] });

describe('the parts of a backup', () => {
  it('come in order, with what each table adds up to', async () => {
    const parts = await read(WHOLE);
    expect(parts.map((part) => (part.kind === 'row' ? `${part.table} ${part.line}` : part.kind))).toEqual([
      'header',
      'people ["1"]',
      'people ["2"]',
      'tokens [null]',
      'end',
    ]);
    expect(parts.at(-1)).toEqual({
      kind: 'end',
      checksums: { people: sum(['["1"]', '["2"]']), teams: sum([]), tokens: sum(['[null]']) },
    });
  });

  it.each<[string, string[], RegExp]>([
    ['an empty file', [], /its end is missing/],
    ['something else', ['hello'], /not JSON/],
    ['some other JSON', ['{"items":[]}'], /not a header/],
    ['a newer format', ['{"allclear_backup":2}'], /newer Allclear/],
    ['a file cut short', WHOLE.slice(0, -1), /its end is missing/],
    ['a row lost', WHOLE.filter((line) => line !== '["2"]'), /people do not add up/],
    ['a row changed', WHOLE.map((line) => (line === '["2"]' ? '["3"]' : line)), /people do not add up/],
    ['rows swapped', [WHOLE[0], WHOLE[1], WHOLE[3], WHOLE[2], ...WHOLE.slice(4)] as string[], /people do not add up/],
    ['a row more', WHOLE.flatMap((line) => (line === '[null]' ? [line, line] : [line])), /tokens do not add up/],
    ['a table lost', WHOLE.filter((line) => line !== '{"table":"teams"}'), /not where the header has it/],
    ['a row before its table', [WHOLE[0] as string, '["1"]'], /before its table/],
    ['two files', [...WHOLE, ...WHOLE], /more after its end/],
    ['an unknown line', [...WHOLE.slice(0, -1), '{"sql":"drop"}'], /neither row nor end/],
  ])('refuses %s', async (_, lines, message) => {
    await expect(read(lines)).rejects.toThrow(message);
  });

  it('no line can be taken away, doubled or changed unseen', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(WHOLE.length - 1), fc.constantFrom('drop', 'double', 'change'), async (at, how) => {
        const line = WHOLE[at] as string;
        const put = how === 'drop' ? [] : how === 'double' ? [line, line] : [line.replace(/\d|null|n/, '7')];
        if (put[0] === line && put.length === 1) return;
        // The header says more than the rows prove: of it, only what the rows depend on.
        if (at === 0 && how === 'change') return;
        await expect(read(WHOLE.toSpliced(at, 1, ...put))).rejects.toThrow();
      }),
    );
  });
});

describe('the lines of a file', () => {
  const lines = async (bytes: Uint8Array): Promise<string[]> => {
    const path = join(folder, 'file');
    await writeFile(path, bytes);
    return Array.fromAsync(gunzippedLines(path));
  };

  it('are the lines that were written, whatever they hold and however the bytes fall', async () => {
    const line = anyText().map((text) => text.toWellFormed().replaceAll('\n', ''));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 20 }), async (written) => {
        expect(await lines(gzipSync(written.map((text) => `${text}\n`).join('')))).toEqual(written);
      }),
      { numRuns: 50 },
    );
    const long = ['é'.repeat(100_000), '日本\u2028🔥'.repeat(50_000), ''];
    expect(await lines(gzipSync(`${long.join('\n')}\n`))).toEqual(long);
  });

  it.each<[string, () => Uint8Array]>([
    ['a file that is not gzip', () => Buffer.from('hello')],
    ['one cut short', () => gzipSync(WHOLE.join('\n')).subarray(0, -12)],
    [
      'one with a flipped bit',
      () => {
        const bytes = gzipSync(WHOLE.join('\n'));
        bytes[30] = (bytes[30] ?? 0) ^ 4;
        return bytes;
      },
    ],
  ])('refuses %s', async (_, bytes) => {
    await expect(lines(bytes())).rejects.toMatchObject({ code: 'invalid', field: 'file' });
  });
});
