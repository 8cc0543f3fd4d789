import type { Condition, Matcher } from '../../../contract/common.ts';
import { matching as t } from '../../text/matching.ts';

/** The fields that a matcher may name besides labels. */
export const FIELDS = ['summary', 'severity', 'source', 'service', 'integration'];

/** `severity is critical`. */
export const matcherWords = ({ name, op, value }: Matcher): string => `${name} ${t.ops[op]} ${value || t.empty}`;

/** How the tests of a group count: all, at least one, none, or not all of them. */
export type Mode = 'all' | 'any' | 'none' | 'notAll';
export type Group = { mode: Mode; items: Condition[] };

export const isMatcher = (condition: Condition): condition is Matcher => 'name' in condition;

/** A condition as a group of tests; a single test is a group of one. */
export const groupOf = (condition: Condition): Group => {
  if (isMatcher(condition)) return { mode: 'all', items: [condition] };
  if ('all' in condition) return { mode: 'all', items: condition.all };
  if ('any' in condition) return { mode: 'any', items: condition.any };
  const inner = condition.not;
  if (isMatcher(inner)) return { mode: 'none', items: [inner] };
  if ('any' in inner) return { mode: 'none', items: inner.any };
  if ('all' in inner) return { mode: 'notAll', items: inner.all };
  return { mode: 'none', items: [inner] };
};

/** The condition that a group says. */
export const conditionOf = ({ mode, items }: Group): Condition => {
  if (mode === 'all') return { all: items };
  if (mode === 'any') return { any: items };
  return { not: mode === 'none' ? { any: items } : { all: items } };
};

/** A condition as a phrase: `service is db and (host is a or host is b)`. */
export const conditionWords = (condition: Condition, inner = false): string => {
  const { mode, items } = groupOf(condition);
  if (items.length === 0) return mode === 'all' ? t.always : t.modeWords[mode];
  const words = items.map((one) => (isMatcher(one) ? matcherWords(one) : conditionWords(one, true)));
  if (mode === 'all' || mode === 'any') {
    const joined = words.join(mode === 'all' ? t.and : t.or);
    return inner && words.length > 1 ? `(${joined})` : joined;
  }
  return `${t.modeWords[mode]} (${words.join(', ')})`;
};
