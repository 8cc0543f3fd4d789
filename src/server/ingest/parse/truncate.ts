import { createHash } from 'node:crypto';

/** Longest values kept, in characters (code points). PagerDuty's limits for summary and key; the rest are ours. */
export const LIMITS = {
  summary: 1024,
  key: 255,
  labelValue: 2048,
  labels: 200,
  source: 255,
  href: 2048,
  linkText: 255,
  links: 50,
  images: 20,
  problems: 100,
  rawDepth: 64,
} as const;

const MARK = '…';

/** Text PostgreSQL accepts: NUL and lone surrogates, which neither `text` nor `jsonb` can hold, become U+FFFD. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}

/** Clean text of at most `max` characters; what is cut ends in `…`. */
export function cutText(text: string, max: number): string {
  const clean = cleanText(text);
  if (clean.length <= max) return clean;
  const kept = firstCharacters(clean, max + 1);
  return kept.characters <= max ? clean : firstCharacters(clean, max - 1).text + MARK;
}

/**
 * A key of at most 255 characters. A longer one becomes its beginning and the SHA-256 of the whole, so two long keys that
 * differ only at the end stay two. Applying it again changes nothing.
 */
export function cutKey(text: string): string {
  const clean = cleanText(text);
  if (clean.length <= LIMITS.key || firstCharacters(clean, LIMITS.key + 1).characters <= LIMITS.key) return clean;
  return `${firstCharacters(clean, LIMITS.key - 65).text}:${sha256(clean)}`;
}

/** SHA-256 of a text, 64 hex digits. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * A copy of a JSON value that PostgreSQL's `jsonb` accepts: every string and key cleaned, anything nested deeper than 64
 * replaced by `…` (the server's own parser has a stack limit), non-finite numbers null.
 */
export function cleanJson(value: unknown, depth: number = LIMITS.rawDepth): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object') return null;
  if (depth <= 0) return MARK;
  if (Array.isArray(value)) return value.map((item) => cleanJson(item, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [cleanText(key), cleanJson(item, depth - 1)]));
}

/** A list of at most 100 problems of at most 300 characters; the last says how many more there were. */
export function cutProblems(problems: string[]): string[] {
  const kept = problems.slice(0, LIMITS.problems).map((problem) => cutText(problem, 300));
  if (problems.length > LIMITS.problems) kept[LIMITS.problems - 1] = `… and ${problems.length - LIMITS.problems + 1} more`;
  return kept;
}

/** The first `max` code points of a text and how many there were: never half a surrogate pair. */
function firstCharacters(text: string, max: number): { text: string; characters: number } {
  let end = 0;
  let characters = 0;
  while (end < text.length && characters < max) {
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
    characters += 1;
  }
  return { text: text.slice(0, end), characters };
}
