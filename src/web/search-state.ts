import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export type Search = Record<string, string | undefined>;

/**
 * The state a screen keeps in its address: filters, sort, tab, what is peeked at. Everything is text; several
 * values stand with commas. `set` changes some and keeps the others; an empty value goes away. A change
 * replaces the entry in the history unless `push` is asked for.
 */
export const useSearchState = (): [Search, (change: Search, push?: boolean) => void] => {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const set = useCallback(
    (change: Search, push = false) => {
      void navigate({
        to: '.',
        replace: !push,
        search: (before: Search) =>
          Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined && value !== '')),
      });
    },
    [navigate],
  );
  return [search, set];
};

export const parseSearch = (text: string): Search => Object.fromEntries(new URLSearchParams(text));
export const stringifySearch = (search: Record<string, unknown>): string => {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) if (typeof value === 'string' && value !== '') parameters.set(key, value);
  const text = parameters.toString().replaceAll('%2C', ',');
  return text ? `?${text}` : '';
};

/** `a,b` → its parts. */
export const several = (value: string | undefined): string[] => value?.split(',').filter(Boolean) ?? [];
