import type { Level } from './queries.ts';

/** The list with one item a place up (-1) or down (1); at the ends it stays. */
export const moved = <T>(list: T[], index: number, by: -1 | 1): T[] => {
  const to = index + by;
  if (to < 0 || to >= list.length) return list;
  const next = [...list];
  const [item] = next.splice(index, 1);
  next.splice(to, 0, item as T);
  return next;
};

const WORDS = { response_time: 'response', communication: 'update_every', target_resolution: 'target_resolution' } as const;

/** A level with one text typed anew. What the server worked out of words goes with them; an emptied text goes. */
export const withText = (level: Level, key: keyof Level, typed: string): Level => {
  const base = WORDS[key as keyof typeof WORDS];
  const drop = [key, ...(base ? [`${base}_seconds`, `${base}_business_days`] : [])];
  const rest = Object.fromEntries(Object.entries(level).filter(([one]) => !drop.includes(one)));
  return { ...rest, ...(typed === '' && key !== 'level' ? {} : { [key]: typed }) } as Level;
};

/** As the API takes it: one text, or a list of them. */
type Lines = string | string[] | undefined;
export const listOf = (lines: Lines): string[] => [lines ?? []].flat();
export const linesOf = (lines: Lines): string => listOf(lines).join('\n');
/** Empty lines stay while one types; they go when it is saved. */
export const withoutEmpty = (lines: Lines): string[] =>
  listOf(lines)
    .map((one) => one.trim())
    .filter(Boolean);
