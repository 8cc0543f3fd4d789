import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Condition, condition, matcher } from '../../contract/common.ts';
import { assertCondition, describeCondition, type Facts, holds, matches } from './matching.ts';

const facts: Facts = {
  labels: { env: 'production', empty: '', summary: 'label', multi: 'a\nb' },
  fields: { severity: 'error', summary: 'field' },
};

test.each([
  ['env', '=', 'production', true],
  ['env', '=', 'prod', false],
  ['env', '!=', 'prod', true],
  ['env', '=~', 'prod', false],
  ['env', '=~', 'prod.*', true],
  ['env', '=~', 'test|production', true],
  ['env', '!~', 'test|production', false],
  ['env', '!~', 'test', true],
  ['severity', '=', 'error', true],
  ['summary', '=', 'label', true],
  ['missing', '=', '', true],
  ['missing', '!=', 'x', true],
  ['missing', '=~', '.+', false],
  ['empty', '=~', '', true],
  ['multi', '=~', 'a.b', true],
  ['constructor', '=', '', true],
  ['__proto__', '=', '', true],
] as const)('%s %s %s: %s', (name, op, value, want) => {
  expect(matches(matcher.parse({ name, op, value }), facts)).toBe(want);
});

test('an expression that would take others for ever is linear here', () => {
  const slow = { labels: { text: `${'a'.repeat(50_000)}!` }, fields: {} };
  expect(matches(matcher.parse({ name: 'text', op: '=~', value: '(a+)+$' }), slow)).toBe(false);
});

describe('conditions', () => {
  const yes: Condition = { name: 'env', op: '=', value: 'production' };
  const no: Condition = { name: 'env', op: '=', value: 'test' };
  test.each([
    [{ all: [] }, true],
    [{ any: [] }, false],
    [{ all: [yes, no] }, false],
    [{ any: [no, yes] }, true],
    [{ not: no }, true],
    [{ all: [yes, { any: [no, { not: { all: [no] } }] }] }, true],
  ] as [Condition, boolean][])('%j: %s', (given, want) => {
    expect(holds(condition.parse(given), facts)).toBe(want);
  });

  const tree = fc.letrec<{ node: Condition }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(yes, no),
      fc.record({ all: fc.array(tie('node'), { maxLength: 3 }) }),
      fc.record({ any: fc.array(tie('node'), { maxLength: 3 }) }),
      fc.record({ not: tie('node') }),
    ),
  })).node;
  test('De Morgan: not any is all not', () => {
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 4 }), (list) => {
        expect(holds({ not: { any: list } }, facts)).toBe(holds({ all: list.map((inner) => ({ not: inner })) }, facts));
      }),
    );
  });

  test('said in words, and refused with the path of what is wrong', () => {
    expect(describeCondition({ all: [yes, { any: [no, { not: yes }] }] })).toBe(
      'env="production" and (env="test" or not (env="production"))',
    );
    expect(describeCondition({ all: [] })).toBe('everything');
    const broken: Condition = { all: [yes, { any: [{ not: { name: 'a', op: '=~', value: '(?<' } }] }] };
    expect(() => assertCondition(broken, 'when')).toThrow(
      expect.objectContaining({ code: 'invalid', field: 'when.all.1.any.0.not.value' }),
    );
    expect(() => assertCondition({ name: 'a', op: '=', value: '(' }, 'when')).not.toThrow();
  });
});
