import { z } from 'zod';
import type { Path } from './source.ts';
import { didYouMean } from './suggest.ts';

export type Explained = { path: Path; part: 'key' | 'value'; message: string };
type Issue = z.core.$ZodIssue;
type Json = { [key: string]: unknown };

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const jsonSchemas = new WeakMap<z.ZodType, Json>();
/** The schema as plain data: what keys it knows and what it says of them. */
export const jsonSchemaOf = (schema: z.ZodType): Json => {
  const known = jsonSchemas.get(schema);
  if (known) return known;
  const made = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
  jsonSchemas.set(schema, made);
  return made;
};

const resolve = (root: Json, schema: unknown): Json[] => {
  if (!isMap(schema)) return [];
  if (typeof schema.$ref === 'string') {
    const target = schema.$ref
      .split('/')
      .slice(1)
      .reduce<unknown>((value, key) => (isMap(value) ? value[key] : undefined), root);
    return target === schema ? [] : resolve(root, target);
  }
  const choices = schema.anyOf ?? schema.oneOf;
  return Array.isArray(choices)
    ? [{ ...schema, anyOf: undefined, oneOf: undefined }, ...choices.flatMap((choice) => resolve(root, choice))]
    : [schema];
};
/** Every schema that may speak of the value at a path. */
const schemasAt = (schema: z.ZodType, path: Path): Json[] => {
  const root = jsonSchemaOf(schema);
  return path.reduce<Json[]>(
    (here, step) =>
      here.flatMap((one) => {
        const named = isMap(one.properties) ? one.properties[String(step)] : undefined;
        return resolve(root, named ?? (typeof step === 'number' ? one.items : one.additionalProperties));
      }),
    resolve(root, root),
  );
};
const keysOf = (schemas: Json[]): string[] => [
  ...new Set(
    schemas.flatMap((one) =>
      isMap(one.properties)
        ? Object.keys(one.properties)
        : isMap(one.propertyNames) && Array.isArray(one.propertyNames.enum)
          ? one.propertyNames.enum.map(String)
          : [],
    ),
  ),
];
const descriptionOf = (schemas: Json[]): string =>
  String(schemas.find((one) => typeof one.description === 'string')?.description ?? '');

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );

/** A value in a sentence. */
export const show = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (value === null) return 'nothing (the value is empty)';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return value === '' ? 'empty text' : `"${value.length > 60 ? `${value.slice(0, 57)}…` : value}"`;
  return typeof value === 'number' ? `the number ${value}` : String(value);
};
const TYPES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  null: 'nothing',
};
const FORMATS: Record<string, string> = {
  email: 'an e-mail address such as ana@example.com',
  url: 'a web address such as https://example.com',
  datetime: 'an instant such as 2026-03-29T01:30:00Z',
  date: 'a date such as 2026-03-01',
};

const anyOf = (list: readonly string[]): string =>
  list.length < 2 ? (list[0] ?? '') : `${list.slice(0, -1).join(', ')} or ${list.at(-1)}`;

/**
 * Says each of zod's complaints as file errors do: where, what was expected, and what is there instead.
 * `path` of the answer leads through `value`, which is what `schema` was asked about.
 */
export const explain = (schema: z.ZodType, value: unknown, issues: readonly Issue[]): Explained[] => {
  const all = issues.flatMap((issue) => flatten(issue, value)).flatMap((issue) => sentences(schema, value, issue));
  const seen = new Set<string>();
  // A missing key whose misspelling is explained beside it is one mistake, not two.
  const misspelt = new Set(
    all.flatMap((one) => (one.meant === undefined ? [] : [JSON.stringify([...one.path.slice(0, -1), one.meant])])),
  );
  return all.filter((one) => {
    const key = JSON.stringify([one.path, one.message]);
    const repeated = seen.has(key) || (one.missing === true && misspelt.has(JSON.stringify(one.path)));
    seen.add(key);
    return !repeated;
  });
};

/** Of a union, the branch whose complaint goes deepest or misses the key that was misspelt is the one that was meant. */
const flatten = (issue: Issue, value: unknown): Issue[] => {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const given = valueAt(value, issue.path);
  const keys = isMap(given) ? Object.keys(given) : [];
  const score = (branch: Issue[]): number => {
    const missing = branch.flatMap((inner) =>
      inner.path.length === 1 && inner.code === 'invalid_type' && valueAt(given, inner.path) === undefined
        ? [String(inner.path[0])]
        : [],
    );
    const meant = missing.some((key) => keys.some((written) => didYouMean(written, [key]).startsWith(':')));
    const strange = branch.reduce((sum, inner) => sum + (inner.code === 'unrecognized_keys' ? inner.keys.length : 0), 0);
    const atRoot = branch.some((inner) => inner.path.length === 0 && inner.code === 'invalid_type') ? 100 : 0;
    return (
      (meant ? 50 : 0) +
      10 * Math.max(0, ...branch.map((inner) => inner.path.length)) -
      5 * strange -
      8 * missing.length -
      branch.length -
      atRoot
    );
  };
  const ranked = [...issue.errors].sort((a, b) => score(b) - score(a));
  const best = ranked[0] ?? [];
  const ownWords = issue.message !== 'Invalid input';
  const noneFits = issue.errors.every((branch) =>
    branch.some(
      (inner) => inner.path.length === 0 && (inner.code === 'invalid_type' || (ownWords && inner.code !== 'unrecognized_keys')),
    ),
  );
  if (noneFits) return [issue];
  return best.flatMap((inner) => flatten({ ...inner, path: [...issue.path, ...inner.path] }, value));
};

type Sentence = Explained & { meant?: string; missing?: boolean };

const sentences = (schema: z.ZodType, value: unknown, issue: Issue): Sentence[] => {
  const { path } = issue;
  const given = valueAt(value, path);
  const here = schemasAt(schema, path);
  const got = `got ${show(given)}`;
  const one = (message: string): Sentence[] => [{ path, part: 'value', message }];
  if (given === undefined && issue.code !== 'unrecognized_keys' && path.length > 0) {
    const about = descriptionOf(here) || expectation(issue, here);
    return [
      {
        path,
        part: 'value',
        message: `expected the key ${String(path.at(-1))}${about ? ` (${about})` : ''}: it is missing`,
        missing: true,
      },
    ];
  }
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysOf(here);
      return issue.keys.map((key) => {
        const hint = didYouMean(
          key,
          known.filter((other) => !isMap(given) || given[other] === undefined || other === key),
        );
        const meant = /^: did you mean (.*)\?$/.exec(hint)?.[1];
        return {
          path: [...path, key],
          part: 'key',
          message: `unknown key ${key}${meant === undefined ? `: expected ${anyOf(known)}` : hint}`,
          ...(meant === undefined ? {} : { meant }),
        };
      });
    }
    case 'invalid_key': {
      const key = String(path.at(-1));
      const known = keysOf(schemasAt(schema, path.slice(0, -1)));
      const near = didYouMean(key, known);
      return [
        {
          path,
          part: 'key',
          message: `unknown key ${key}${near.startsWith(':') ? near : `: expected ${known.length > 0 ? anyOf(known) : issue.issues[0]?.message}`}`,
        },
      ];
    }
    case 'invalid_value': {
      const options = issue.values.map(String);
      const near = typeof given === 'string' ? didYouMean(given, options) : '';
      return one(`expected ${anyOf(options)}, ${got}${near.startsWith(':') ? near : ''}`);
    }
    case 'invalid_type': {
      const quotes =
        issue.expected === 'string' && (typeof given === 'number' || typeof given === 'boolean') ? ': put it in quotes' : '';
      return one(`expected ${expectation(issue, here)}, ${got}${quotes}`);
    }
    case 'custom':
      return one(
        /^an? /.test(issue.message) ? `expected ${issue.message}, ${got}${zoneHint(issue.message, given)}` : issue.message,
      );
    default:
      return one(`expected ${expectation(issue, here)}, ${got}`);
  }
};

const expectation = (issue: Issue, here: Json[]): string => {
  switch (issue.code) {
    case 'invalid_type': {
      const keys = issue.expected === 'object' ? keysOf(here) : [];
      return keys.length > 0
        ? `a map with ${anyOf(keys.length > 8 ? [...keys.slice(0, 8), '…'] : keys)}`
        : (TYPES[issue.expected] ?? issue.expected);
    }
    case 'invalid_union': {
      if (issue.message !== 'Invalid input') return issue.message;
      const keys = keysOf(here);
      return keys.length > 0 ? `a map with ${anyOf(keys)}` : descriptionOf(here) || 'something else';
    }
    case 'invalid_value':
      return anyOf(issue.values.map(String));
    case 'invalid_format':
      return issue.message.startsWith('Invalid ') ? (FORMATS[issue.format] ?? descriptionOf(here)) : issue.message;
    case 'too_small':
    case 'too_big': {
      const bound = issue.code === 'too_small' ? issue.minimum : issue.maximum;
      const limit =
        issue.code === 'too_small'
          ? `${issue.inclusive ? 'at least' : 'more than'} ${bound}`
          : `${issue.inclusive ? 'at most' : 'less than'} ${bound}`;
      const what = issue.origin === 'string' ? ' character' : issue.origin === 'array' ? ' item' : '';
      return `${limit}${what}${what && Number(bound) !== 1 ? 's' : ''}`;
    }
    default:
      return issue.message;
  }
};

const zoneHint = (message: string, given: unknown): string => {
  if (!message.includes('time zone') || typeof given !== 'string') return '';
  const near = didYouMean(given, Intl.supportedValuesOf('timeZone'));
  return near.startsWith(':') ? near : '';
};
