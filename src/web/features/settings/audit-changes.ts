import type { Entry } from './queries.ts';

export type Changed = { field: string; before: string | undefined; after: string | undefined };

export const said = (value: unknown): string | undefined =>
  value === null || value === undefined
    ? undefined
    : typeof value === 'string'
      ? value
      : Array.isArray(value) && value.every((one) => typeof one !== 'object')
        ? value.join(', ')
        : JSON.stringify(value);

const isChange = (value: unknown): value is { field: string; before?: unknown; after?: unknown } =>
  typeof value === 'object' && value !== null && 'field' in value && typeof value.field === 'string';

/** What an entry says was changed, as text; nothing when it says none. */
export const changesIn = (entry: Pick<Entry, 'data'>): Changed[] => {
  const { changes } = entry.data;
  if (!Array.isArray(changes)) return [];
  return changes.filter(isChange).map((one) => ({ field: one.field, before: said(one.before), after: said(one.after) }));
};

/** Whatever else is kept with an entry, to read; undefined when there is nothing. */
export const restOf = (entry: Pick<Entry, 'data'>): string | undefined => {
  const { changes, ...rest } = entry.data;
  const kept = Array.isArray(changes) && changes.every(isChange) ? rest : entry.data;
  return Object.keys(kept).length > 0 ? JSON.stringify(kept, undefined, 2) : undefined;
};
