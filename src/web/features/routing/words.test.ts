import { expect, test } from 'vitest';
import type { RoutingRule } from './queries.ts';
import { effectWords, freshName, moved, placeAfter, ruleOf, rulesChanged, whenWords } from './words.ts';

const rule: RoutingRule = { name: 'a', when: { all: [] }, set: {}, stop: false };

test('a rule reads as a sentence', () => {
  expect(whenWords(rule)).toBe('Every alert');
  expect(whenWords({ ...rule, when: { name: 'env', op: '=', value: 'test' } })).toBe('If env is test');
  expect(effectWords(rule)).toEqual(['nothing changes']);
  expect(
    effectWords({
      ...rule,
      set: { service: 'db', severity: 'error', urgency: 'low', labels: { team: 'x' } },
      drop: 'tests',
      stop: true,
    }),
  ).toEqual(['goes to db', 'becomes High', 'has low urgency', 'gets team=x', 'is dropped: tests', 'later rules are not asked']);
});

test.each([
  [0, 2, ['b', 'c', 'a']],
  [2, 0, ['c', 'a', 'b']],
  [1, 1, ['a', 'b', 'c']],
])('from %i to %i', (from, to, after) => {
  expect(moved(['a', 'b', 'c'], from, to)).toEqual(after);
  for (const [place, one] of ['a', 'b', 'c'].entries()) expect(after[placeAfter(place, from, to)]).toBe(one);
});

test.each([
  ['items.2.when.all.0', 2],
  ['rules.0.name', 0],
  ['3.when', 3],
  ['items', undefined],
  [undefined, undefined],
])('%s is about rule %s', (field, index) => expect(ruleOf(field)).toBe(index));

test('a new rule has a name of its own', () => {
  expect(freshName([])).toBe('rule-1');
  expect(freshName([{ ...rule, name: 'rule-2' }])).toBe('rule-3');
});

test('how many rules changed: new, gone, edited, moved', () => {
  const [a, b] = [rule, { ...rule, name: 'b' }];
  expect(rulesChanged([a, b], [a, b])).toBe(0);
  expect(rulesChanged([a], [a, b])).toBe(1);
  expect(rulesChanged([a, b], [a])).toBe(1);
  expect(rulesChanged([a, b], [a, { ...b, stop: true }])).toBe(1);
  expect(rulesChanged([a, b], [b, a])).toBe(2);
});
