import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../../../../test/any-text.ts';
import { flattenLabels, hrefOf, imagesOf, linksOf } from './fields.ts';
import { fingerprint } from './fingerprint.ts';
import { severityOf, severityOrError } from './severity.ts';
import { parseInstant } from './time.ts';
import { cleanJson, cleanText, cutKey, cutProblems, cutText } from './truncate.ts';

const long = anyText({ maxLength: 600 });

describe('limits', () => {
  test.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['😀😀😀', 3, '😀😀😀'],
    ['😀😀😀😀', 3, '😀😀…'],
    ['a\u0000b', 9, 'a\uFFFDb'],
    ['a\ud800b', 9, 'a\uFFFDb'],
    ['', 3, ''],
  ])('cutText %j to %i', (text, max, cut) => expect(cutText(text, max)).toBe(cut));

  test('cut text is fit for PostgreSQL and never longer than asked', () => {
    fc.assert(
      fc.property(long, fc.integer({ min: 1, max: 100 }), (text, max) => {
        const cut = cutText(text, max);
        expect([...cut].length).toBeLessThanOrEqual(max);
        expect(cut.isWellFormed() && !cut.includes('\u0000')).toBe(true);
      }),
    );
  });

  test('a long key keeps its beginning, stays unique and is stable', () => {
    const [a, b] = [`${'k'.repeat(300)}a`, `${'k'.repeat(300)}b`];
    expect(cutKey(a)).toHaveLength(255);
    expect(cutKey(a).slice(0, 190)).toBe('k'.repeat(190));
    expect(cutKey(a)).toMatch(/:[0-9a-f]{64}$/);
    expect(cutKey(a)).not.toBe(cutKey(b));
    expect(cutKey('😀'.repeat(255))).toBe('😀'.repeat(255));
    fc.assert(fc.property(long, (text) => void expect(cutKey(cutKey(text))).toBe(cutKey(text))));
  });

  test('cleanJson cleans keys and values and stops at a depth', () => {
    expect(cleanJson({ 'a\u0000': ['\ud800', Number.POSITIVE_INFINITY, undefined, true] })).toEqual({
      'a\uFFFD': ['\uFFFD', null, null, true],
    });
    expect(cleanJson([[['x']]], 2)).toEqual([['…']]);
    const own = cleanJson(JSON.parse('{"__proto__":{"polluted":1}}')) as object;
    expect(Object.hasOwn(own, '__proto__') && !('polluted' in own)).toBe(true);
    expect(cleanText('plain')).toBe('plain');
  });

  test('problems are counted past a hundred', () => {
    const cut = cutProblems(Array.from({ length: 150 }, (_, index) => `p${index}`));
    expect(cut).toHaveLength(100);
    expect(cut[99]).toBe('… and 51 more');
    expect(cutProblems(['x'.repeat(400)])[0]).toHaveLength(300);
  });

  test('labels are flattened, joined and counted', () => {
    expect(
      flattenLabels({ a: 1, b: { c: true, d: { e: 'x' } }, l: ['p', 2], o: [{}], n: null, '': 'x', s: ' ' }, { a: 2, z: 'last' }),
    ).toEqual({
      a: '1',
      'b.c': 'true',
      'b.d.e': 'x',
      l: 'p, 2',
      z: 'last',
    });
    expect(flattenLabels({ a: { b: { c: { d: { e: 1 } } }, x: 1 } })).toEqual({ 'a.x': '1' });
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`l${index}`, 'v']));
    expect(Object.keys(flattenLabels(many))).toHaveLength(200);
    expect([...(flattenLabels({ v: 'x'.repeat(5000) }).v ?? '')]).toHaveLength(2048);
  });

  test.each([
    ['http://rb', 'http://rb'],
    [' https://x/y?a=1#b ', 'https://x/y?a=1#b'],
    ['javascript:alert(1)', undefined],
    ['/relative', undefined],
    ['http://', undefined],
    [`http://x/${'y'.repeat(3000)}`, undefined],
    [5, undefined],
  ])('hrefOf %j', (value, href) => expect(hrefOf(value)).toBe(href));

  test('links are unique; images keep what is usable', () => {
    expect(
      linksOf([
        { href: 'http://a', text: 'A' },
        { href: 'http://a', text: 'B' },
        { href: 'data:x' },
        { href: 'http://b', text: {} },
      ]),
    ).toEqual([{ href: 'http://a', text: 'A' }, { href: 'http://b' }]);
    expect(imagesOf([{ src: 'http://a', href: 'file:///x', alt: 'A' }, { src: null }])).toEqual([{ src: 'http://a', alt: 'A' }]);
  });
});

describe('severity words', () => {
  test.each([
    ['critical', 'critical'],
    ['CRITICAL', 'critical'],
    ['P1', 'critical'],
    ['sev0', 'critical'],
    ['SEV-1', 'critical'],
    ['Sev 1', 'critical'],
    ['Disaster', 'critical'],
    ['emerg', 'critical'],
    [1, 'critical'],
    ['1', 'critical'],
    [0, 'critical'],
    ['error', 'error'],
    ['P2', 'error'],
    ['High', 'error'],
    ['alerting', 'error'],
    ['No Data', 'error'],
    ['no_data', 'error'],
    [2, 'error'],
    ['warning', 'warning'],
    ['WARN', 'warning'],
    ['P3', 'warning'],
    ['Average', 'warning'],
    ['medium', 'warning'],
    [3, 'warning'],
    ['info', 'info'],
    ['INFO', 'info'],
    ['P4', 'info'],
    ['P5', 'info'],
    ['Not classified', 'info'],
    ['none', 'info'],
    ['RECOVERY', 'info'],
    ['ok', 'info'],
    [5, 'info'],
    ['banana', undefined],
    ['', undefined],
    [null, undefined],
    [{}, undefined],
    ['x'.repeat(41), undefined],
    ['constructor', undefined],
    [7, undefined],
  ])('%j is %s', (word, severity) => {
    expect(severityOf(word)).toBe(severity);
    expect(severityOrError(word, 'severity', [])).toBe(severity ?? 'error');
  });

  test('an unknown word is told, an absent one is not', () => {
    const problems: string[] = [];
    severityOrError('banana', 'labels.severity', problems);
    severityOrError(undefined, 'x', problems);
    severityOrError([1], 'y', problems);
    expect(problems).toEqual([
      "labels.severity: unknown severity 'banana', taken as error",
      'y: unknown severity of type array, taken as error',
    ]);
  });
});

describe('timestamps', () => {
  const at = '2015-07-17T08:42:58.315Z';
  test.each([
    ['2015-07-17T08:42:58.315+0000', at],
    ['2015-07-17T08:42:58.315+00:00', at],
    ['2015-07-17T08:42:58.315Z', at],
    ['2015-07-17T10:42:58.315+02', at],
    ['2015-07-17 08:42:58.315', at],
    ['2015-07-17T08:42:58,315', at],
    ['2015-07-17 08:42:58.315 UTC', at],
    [' 2015-07-17t08:42:58.315z ', at],
    ['2015-07-17T14:12:58.315+05:30', at],
    ['1437122578315', at],
    [1437122578315, at],
    [1437122578.315, at],
    [1437122578315000, at],
    [1437122578, '2015-07-17T08:42:58Z'],
    ['1437122578', '2015-07-17T08:42:58Z'],
    ['2015-07-17T08:42Z', '2015-07-17T08:42:00Z'],
    ['2021-10-12T09:51:03.157076123999+02:00', '2021-10-12T07:51:03.157076123Z'],
    ['0001-01-01T00:00:00Z', undefined],
    ['0001-01-01T00:00:00.000Z', undefined],
    [0, undefined],
    [-5, undefined],
    ['', undefined],
    ['yesterday', undefined],
    ['2015-13-40T00:00:00Z', undefined],
    ['2015-07-17', undefined],
    [null, undefined],
    [{}, undefined],
    [Number.NaN, undefined],
    [1e300, undefined],
    ['9'.repeat(20), undefined],
    ['2015-07-17T25:00:00Z', undefined],
  ])('%j', (value, instant) => expect(parseInstant(value)?.toString()).toBe(instant));
});

describe('fingerprint', () => {
  test.each([
    [{}, 'cbf29ce484222325'],
    [{ alertname: 'HighCPU', instance: 'web1', severity: 'critical' }, '930f65ae35d9bb94'],
    [{ severity: 'critical', instance: 'web1', alertname: 'HighCPU', empty: '' }, '930f65ae35d9bb94'],
  ])('%j', (labels, print) => expect(fingerprint(labels)).toBe(print));

  test('equals 64-bit FNV-1a done with BigInt', () => {
    const slow = (labels: Record<string, string>) => {
      const parts = Object.entries(labels)
        .filter(([, value]) => value !== '')
        .map(([name, value]) => [Buffer.from(name), Buffer.from(value)] as const);
      parts.sort(([a], [b]) => Buffer.compare(a, b));
      let hash = 0xcbf29ce484222325n;
      for (const byte of parts.flatMap(([name, value]) => [...name, 0xff, ...value, 0xff]))
        hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
      return hash.toString(16).padStart(16, '0');
    };
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
        (labels) => void expect(fingerprint(labels)).toBe(slow(labels)),
      ),
    );
  });
});
