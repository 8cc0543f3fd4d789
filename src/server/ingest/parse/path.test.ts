import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../../../../test/any-text.ts';
import { AppError } from '../../platform/errors.ts';
import { compileExpression, evaluate } from './path.ts';

const event = JSON.parse(
  '{"a":{"b":[{"c":1},{"c":null}],"k-e-y":"dash","q\'s":"quote","":"blank"},"s":"text","n":0,"t":true,"é":"accent","list":["x","y"],"__proto__":{"own":1},"x.y":"dot"}',
);
const value = (source: string, of: unknown = event) => evaluate(compileExpression(source, 'f'), of);

describe('paths', () => {
  test.each([
    ['$.s', 'text'],
    ['$', event],
    ['$.a.b[0].c', 1],
    ['$.a.b[1].c', null],
    ['$.a.b[-1]', { c: null }],
    ['$.a.b[9].c', undefined],
    ["$.a['k-e-y']", 'dash'],
    ['$.a.k-e-y', 'dash'],
    ['$["a"]["k-e-y"]', 'dash'],
    ["$.a['q\\'s']", 'quote'],
    ["$.a['']", 'blank'],
    ["$['x.y']", 'dot'],
    ['$.é', 'accent'],
    ['$.n', 0],
    [' $.s ', 'text'],
    ['$[0]', undefined],
    ['$.list[1]', 'y'],
    ['$.list.length', undefined],
    ['$.s.length', undefined],
    ['$.s[0]', undefined],
    ['$.constructor', undefined],
    ['$.toString', undefined],
    ['$.a.hasOwnProperty', undefined],
    ['$.list.map', undefined],
    ['$.a.b.c', undefined],
  ])('%s', (source, found) => expect(value(source)).toEqual(found));

  test('only what the event itself has', () => {
    expect(value('$.__proto__.own')).toBe(1);
    expect(value('$.__proto__', {})).toBeUndefined();
    expect(value('$.a', null)).toBeUndefined();
    expect(value('$', 'just text')).toBe('just text');
  });
});

describe('templates and constants', () => {
  test.each([
    ['plain words', 'plain words'],
    ['', ''],
    ['{$.s} on {a.k-e-y}', 'text on dash'],
    ['{s}', 'text'],
    ['n={$.n} t={$.t}', 'n=0 t=true'],
    ['{{s}}', '{s}'],
    ['{{{s}}}', '{text}'],
    ['{$.missing} and {s}', ' and text'],
    ['{$.missing}', undefined],
    ['only {$.missing}', undefined],
    ['{$.a}', undefined],
    ['$5 down', '$5 down'],
    ["{$.a['k-e-y']}", 'dash'],
    ['{a.b[0].c}', '1'],
  ])('%j', (source, text) => expect(value(source)).toBe(text));
});

describe('what cannot be read is refused, naming the field', () => {
  test.each([
    '$.',
    '$.a..b',
    '$.a[',
    '$.a[x]',
    "$.a['x",
    '$.*',
    '$..a',
    '$.a[?(@.b)]',
    '{',
    '}',
    '{}',
    '{ }',
    '{a b}',
    'x {$.} y',
    '{a()}',
    '$.1a',
    `$${'.a'.repeat(33)}`,
    'x'.repeat(2001),
  ])('%j', (source) => {
    try {
      compileExpression(source, 'mapping.summary');
      expect.unreachable();
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(AppError);
      expect(thrown).toMatchObject({ code: 'invalid', field: 'mapping.summary' });
    }
  });

  test('any text compiles or is invalid, quickly; whatever compiles evaluates on anything', () => {
    const pieces = fc
      .array(fc.constantFrom('$', '.', '[', ']', "'", '"', '{', '}', '\\', 'a', '0', '-', ' ', '__proto__', '\ud800'), {
        maxLength: 60,
      })
      .map((list) => list.join(''));
    fc.assert(
      fc.property(fc.oneof(pieces, anyText()), fc.jsonValue(), (source, json) => {
        try {
          evaluate(compileExpression(source, 'f'), json);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
