import { expect, test } from 'vitest';
import type { Condition } from '../../../contract/common.ts';
import { conditionOf, conditionWords, groupOf } from './words.ts';

const a = { name: 'a', op: '=' as const, value: '1' };
const b = { name: 'b', op: '!~' as const, value: 'x.*' };

test.each<[Condition, string]>([
  [{ all: [] }, 'every alert'],
  [a, 'a is 1'],
  [{ all: [a, b] }, 'a is 1 and b does not match x.*'],
  [{ all: [a, { any: [a, b] }] }, 'a is 1 and (a is 1 or b does not match x.*)'],
  [{ not: a }, 'none of (a is 1)'],
  [{ not: { all: [a, b] } }, 'not all of (a is 1, b does not match x.*)'],
  [{ not: { not: a } }, 'none of (none of (a is 1))'],
  [{ ...a, value: '' }, 'a is (empty)'],
])('%j reads "%s"', (condition, words) => expect(conditionWords(condition)).toBe(words));

const holds = (condition: Condition, facts: Record<string, boolean>): boolean =>
  'name' in condition
    ? (facts[condition.name] ?? false)
    : 'all' in condition
      ? condition.all.every((one) => holds(one, facts))
      : 'any' in condition
        ? condition.any.some((one) => holds(one, facts))
        : !holds(condition.not, facts);

test.each<Condition>([
  a,
  { all: [] },
  { any: [] },
  { not: a },
  { not: { not: a } },
  { not: { any: [a, b] } },
  { not: { all: [a, b] } },
  { all: [{ any: [a, b] }, { not: b }] },
])('%j means the same as the group that is edited', (condition) => {
  const back = conditionOf(groupOf(condition));
  for (const facts of [{}, { a: true }, { b: true }, { a: true, b: true }] as Record<string, boolean>[])
    expect(holds(back, facts)).toBe(holds(condition, facts));
});
