import type { z } from 'zod';
import { AppError, type ErrorCode, STATUS_OF } from './errors.ts';

// What is wrong with a request, as our API says it.

const TITLE: Record<ErrorCode, string> = {
  invalid: 'The request is not valid',
  unauthenticated: 'Sign in first',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  conflict: 'Conflict',
  stale: 'It was changed meanwhile',
  too_large: 'Too large',
  rate_limited: 'Too many requests',
  overloaded: 'Busy',
  unavailable: 'A provider did not answer',
};

/** RFC 9457. */
export const problemOf = (error: AppError, requestId: string) => ({
  type: `https://allclear.invalid/problems/${error.code}`,
  title: TITLE[error.code],
  status: STATUS_OF[error.code],
  detail: error.message,
  ...(error.field ? { field: error.field } : {}),
  ...error.facts,
  request_id: requestId,
});

/** The first thing wrong, with its path; zod lists unknown keys and wrong types alike. */
export const fromZod = (error: z.ZodError, prefix = ''): AppError => {
  const issue = flatten(error.issues)[0];
  const path = [prefix, ...(issue?.path ?? [])].filter((part) => part !== '').join('.');
  return new AppError('invalid', `${path || 'body'}: ${issue?.message ?? 'invalid'}`, path || undefined);
};
type Issue = z.core.$ZodIssue;
/** A union reports one issue; the branch with the deepest complaint is the one the writer meant. */
const flatten = (issues: Issue[]): Issue[] =>
  issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
    const depth = (branch: Issue[]) => Math.max(0, ...branch.map((inner) => inner.path.length)) * 10 - branch.length;
    const best = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? [];
    return flatten(best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })));
  });

/** The value itself; refuses a NUL in any text or key of it, which PostgreSQL can hold in neither `text` nor `jsonb`. */
export const withoutNul = <T>(given: T): T => {
  const left: { value: unknown; path: string }[] = [{ value: given, path: '' }];
  for (let next = left.pop(); next; next = left.pop()) {
    const { value, path } = next;
    if (typeof value === 'string' && value.includes('\0'))
      throw new AppError(
        'invalid',
        `${path || 'body'}: holds a NUL character (\\u0000), which cannot be stored`,
        path || undefined,
      );
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      if (key.includes('\0'))
        throw new AppError('invalid', `${path || 'body'}: a name in it holds a NUL character (\\u0000)`, path);
      left.push({ value: inner, path: path ? `${path}.${key}` : key });
    }
  }
  return given;
};

/** Text that is no value of its column's type, or that PostgreSQL's encoding cannot hold: the sender's to mend. */
const UNSTORABLE = new Set(['22P02', '22021', '22P05']);
export const isUnstorable = (thrown: unknown): thrown is Error =>
  thrown instanceof Error && 'code' in thrown && UNSTORABLE.has(String(thrown.code));
