import type { z } from 'zod';
import type { history } from '../../contract/history.ts';
import { AppError, notFound } from '../platform/errors.ts';
import { changesOf, type FieldChange } from './changes.ts';

/** What a thing said from a moment on; no definition: it was removed then. `made`: there was nothing of that id before. */
export type Version<T> = {
  id: string;
  starts_at: Temporal.Instant;
  definition: T | null;
  saved_by: string | null;
  source: string | null;
  made: boolean;
};
type There<T> = Version<T> & { definition: T };

const isAfter = (a: Temporal.Instant, b: Temporal.Instant) => Temporal.Instant.compare(a, b) > 0;
const said = (at: Temporal.Instant) => at.toString({ smallestUnit: 'second' });

/** The version in force at a moment, of all of one name, oldest first. Throws `not_found` that says why there is none. `what`: `Schedule web`. */
export const versionAt = <T>(versions: readonly Version<T>[], at: Temporal.Instant, what: string): There<T> => {
  const [first] = versions;
  if (!first) throw notFound(what);
  const found = versions.findLast((one) => !isAfter(one.starts_at, at));
  if (found?.definition) return found as There<T>;
  const why = found
    ? `it was removed at ${said(found.starts_at)}`
    : first.made
      ? `it was made at ${said(first.starts_at)}`
      : `what it said before ${said(first.starts_at)} is not known`;
  throw new AppError('not_found', `${what} has no version of ${said(at)}: ${why}`);
};

/** The versions of one name, oldest first, as the history of it, newest first. `wordsOf`: the difference of two, a sentence each. */
export const historyOf = <T extends object>(
  name: string,
  type: string,
  versions: readonly Version<T>[],
  wordsOf: (before: T, after: T) => string[],
): z.input<typeof history> => {
  const items = versions.map((version, index): z.input<typeof history>['items'][number] => {
    const earlier = versions[index - 1];
    const before = earlier?.id === version.id ? earlier.definition : null;
    const { definition: after } = version;
    return {
      from: version.starts_at.toString(),
      to: versions[index + 1]?.starts_at.toString() ?? null,
      action: after === null ? 'removed' : before ? 'saved' : version.made ? 'made' : 'found',
      by: version.saved_by,
      source: version.source,
      text: before && after ? wordsOf(before, after) : [],
      changes: before || version.made ? changesOf(before ?? undefined, after ?? undefined) : [],
    };
  });
  const last = versions.at(-1);
  return {
    name,
    subject: last ? `${type}:${last.id}` : null,
    complete: versions[0]?.made ?? false,
    items: items.reverse(),
  };
};

const value = (of: unknown): string => {
  if (of === null || of === undefined) return 'none';
  if (Array.isArray(of))
    return of.length === 0 ? 'none' : of.map((one) => (Array.isArray(one) ? one.join(' with ') : value(one))).join(', ');
  if (typeof of !== 'object') return String(of);
  return Object.entries(of)
    .map(([key, inner]) => `${key} ${value(inner)}`)
    .join(' ');
};
/** One change as a sentence; `called`: what people call the field. */
export const sentenceOf = ({ field, before, after }: FieldChange, called = field): string =>
  before === null || before === ''
    ? `${called}: ${value(after)}.`
    : after === null || after === ''
      ? `${called}: none any more, was ${value(before)}.`
      : `${called}: ${value(after)}, was ${value(before)}.`;
