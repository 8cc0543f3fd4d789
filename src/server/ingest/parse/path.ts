import { invalid } from '../../platform/errors.ts';
import { textOf } from './fields.ts';

/** The steps from the root: names of own properties and list positions (negative ones count from the end). */
type Path = (string | number)[];
type Part = { text: string } | { path: Path };

/** A compiled mapping value: a single path keeps the type it finds, anything else is text. */
export type Expression = { path: Path } | { parts: Part[] };

const MAX_LENGTH = 2000;
const MAX_STEPS = 32;
const STEP = /\.([\p{L}_@][\p{L}\p{N}_@-]*)|\[(-?\d{1,6})\]|\['((?:[^'\\]|\\['\\])*)'\]|\["((?:[^"\\]|\\["\\])*)"\]/uy;

/**
 * Compile a mapping value. `$.a.b[0]['k-e-y']` is a path; text with `{$.a}` or `{a.b}` is a template (`{{` and `}}` are literal
 * braces); anything else is itself. There are no wildcards, filters or functions: at most 32 steps, own properties only.
 * Throws `invalid`, naming `field`, for what cannot be read.
 */
export function compileExpression(source: string, field: string): Expression {
  if (source.length > MAX_LENGTH) throw invalid(`is longer than ${MAX_LENGTH} characters`, field);
  const trimmed = source.trim();
  if (/^\$($|[.[])/.test(trimmed)) return { path: compilePath(trimmed, field) };
  const parts: Part[] = [];
  const pattern = /\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g;
  for (const [token, inner] of source.matchAll(pattern)) {
    if (inner !== undefined) parts.push({ path: compilePath(inner.trim(), field) });
    else if (token === '{' || token === '}')
      throw invalid(`has an unmatched '${token}' (write '${token}${token}' for the character)`, field);
    else parts.push({ text: token === '{{' || token === '}}' ? token.slice(1) : token });
  }
  return { parts };
}

/** The value an expression has for an event: what a path finds, or a template's text; undefined where nothing was found. */
export function evaluate(expression: Expression, event: unknown): unknown {
  if ('path' in expression) return follow(expression.path, event);
  let found = false;
  const texts = expression.parts.map((part) => {
    if ('text' in part) return part.text;
    const text = textOf(follow(part.path, event));
    if (text !== undefined) found = true;
    return text ?? '';
  });
  // A template of which no path was found says nothing about this event; one without paths is a constant.
  const constant = expression.parts.every((part) => 'text' in part);
  return found || constant ? texts.join('') : undefined;
}

function compilePath(source: string, field: string): Path {
  const path: Path = [];
  // `a.b` and `$a` are not JSONPath, but what people write in a template.
  let rest = source.startsWith('$') ? source.slice(1) : source;
  if (rest !== '' && !source.startsWith('$') && !/^[.[]/.test(rest)) rest = `.${rest}`;
  if (source === '') throw invalid("has empty braces '{}'", field);
  let at = 0;
  while (at < rest.length) {
    STEP.lastIndex = at;
    const step = STEP.exec(rest);
    if (!step) throw invalid(`cannot be read at '${rest.slice(at, at + 20)}' (a path looks like $.alerts[0]['some-key'])`, field);
    if (path.length >= MAX_STEPS) throw invalid(`has more than ${MAX_STEPS} steps`, field);
    const [, name, index, single, double] = step;
    path.push(index === undefined ? (name ?? (single ?? double ?? '').replace(/\\(.)/g, '$1')) : Number(index));
    at = STEP.lastIndex;
  }
  return path;
}

function follow(path: Path, event: unknown): unknown {
  let value = event;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value)) value = typeof step === 'number' ? value.at(step) : undefined;
    else value = Object.hasOwn(value, step) ? (value as Record<string | number, unknown>)[step] : undefined;
  }
  return value;
}
