import { RE2JS } from 're2js';
import type { Condition, Matcher } from '../../contract/common.ts';
import { invalid } from './errors.ts';

/** Labels first; a name that is no label may be a field such as `summary`. Missing counts as empty. */
export type Facts = { labels: Record<string, string>; fields: Record<string, string> };

// RE2: linear in the input, so a rule can never hang intake. Patterns are few and long-lived.
const compiled = new Map<string, RE2JS>();
const pattern = (source: string): RE2JS => {
  const known = compiled.get(source);
  if (known) return known;
  if (compiled.size >= 2000) compiled.clear();
  const fresh = RE2JS.compile(source, RE2JS.DOTALL);
  compiled.set(source, fresh);
  return fresh;
};

const valueIn = (facts: Facts, name: string): string =>
  Object.hasOwn(facts.labels, name)
    ? (facts.labels[name] as string)
    : Object.hasOwn(facts.fields, name)
      ? (facts.fields[name] as string)
      : '';

/** Whether the whole value passes the test, as in Prometheus. */
export const matches = (matcher: Matcher, facts: Facts): boolean => {
  const value = valueIn(facts, matcher.name);
  switch (matcher.op) {
    case '=':
      return value === matcher.value;
    case '!=':
      return value !== matcher.value;
    case '=~':
      return pattern(matcher.value).matches(value);
    case '!~':
      return !pattern(matcher.value).matches(value);
  }
};

/** Whether every test passes for what has no label and no field at all, which in Alertmanager makes a silence too wide. */
export const matchNothing = (matchers: Matcher[]): boolean =>
  matchers.every((matcher) => matches(matcher, { labels: {}, fields: {} }));

export const holds = (condition: Condition, facts: Facts): boolean => {
  if ('all' in condition) return condition.all.every((inner) => holds(inner, facts));
  if ('any' in condition) return condition.any.some((inner) => holds(inner, facts));
  if ('not' in condition) return !holds(condition.not, facts);
  return matches(condition, facts);
};

export const describeMatcher = (matcher: Matcher): string => `${matcher.name}${matcher.op}"${matcher.value}"`;
export const describeCondition = (condition: Condition): string => {
  if ('all' in condition) return condition.all.length === 0 ? 'everything' : condition.all.map(describeCondition).join(' and ');
  if ('any' in condition) return `(${condition.any.map(describeCondition).join(' or ')})`;
  if ('not' in condition) return `not (${describeCondition(condition.not)})`;
  return describeMatcher(condition);
};

/** The first test that fails, with the value it found; undefined when the condition holds. */
export const whyNot = (condition: Condition, facts: Facts): string | undefined => {
  if (holds(condition, facts)) return undefined;
  if ('all' in condition) return condition.all.map((inner) => whyNot(inner, facts)).find((why) => why !== undefined);
  if ('any' in condition)
    return condition.any.length === 0
      ? 'none of no tests can hold'
      : condition.any.map((inner) => whyNot(inner, facts)).join(' and ');
  if ('not' in condition) return `${describeCondition(condition.not)} holds`;
  const value = valueIn(facts, condition.name);
  return `${describeMatcher(condition)} fails: ${value === '' ? 'it is empty or missing' : `it is "${value.slice(0, 200)}"`}`;
};

/** What of a text an expression finds, whatever the case: its first group where it has one that took part, else all of it. */
export const findIn = (source: string, text: string): string | undefined => {
  const found = pattern(`(?i)${source}`).matcher(text);
  if (!found.find()) return undefined;
  return (found.groupCount() > 0 ? found.group(1) : null) ?? found.group() ?? undefined;
};
/** Refuses an expression RE2 cannot compile, naming its field. */
export const assertPattern = (source: string, field: string): void => {
  try {
    pattern(`(?i)${source}`);
  } catch (thrown) {
    throw invalid(`not an RE2 expression: ${thrown instanceof Error ? thrown.message : thrown}`, field);
  }
};
/** Refuses an expression RE2 cannot compile, naming its field. */
export const assertMatcher = (matcher: Matcher, field: string): void => {
  if (matcher.op === '=' || matcher.op === '!=') return;
  try {
    pattern(matcher.value);
  } catch (thrown) {
    throw invalid(`not an RE2 expression: ${thrown instanceof Error ? thrown.message : thrown}`, `${field}.value`);
  }
};
export const assertCondition = (condition: Condition, field: string): void => {
  if ('all' in condition) for (const [index, inner] of condition.all.entries()) assertCondition(inner, `${field}.all.${index}`);
  else if ('any' in condition)
    for (const [index, inner] of condition.any.entries()) assertCondition(inner, `${field}.any.${index}`);
  else if ('not' in condition) assertCondition(condition.not, `${field}.not`);
  else assertMatcher(condition, field);
};

/** Whether every word of what was typed occurs in one of the texts, whatever its case. */
export const matchesText = (typed: string | undefined, ...texts: (string | null | undefined)[]): boolean => {
  const words = (typed ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const all = texts.map((text) => (text ?? '').toLowerCase());
  return words.every((word) => all.some((text) => text.includes(word)));
};
