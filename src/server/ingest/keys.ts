import type { Known } from './types.ts';

/** How long an answer counts: a key changed on another node works here this much later at most. */
const FRESH_MS = 5000;
/** A save may take this long to commit; until then its keys are asked of the database. */
const SAVING_MS = 5000;
const MOST = 10_000;

/** Keys that a transaction of this process is changing, with the moment after which it is no longer waited for. */
const changing = new Map<string, number>();
let changes = 0;

/** Says that a save touches these keys; until it is committed nobody may remember what they meant. */
export const keysChanging = (keys: string[]): void => {
  changes += 1;
  for (const key of keys) changing.set(key, performance.now() + SAVING_MS);
};
export const keyChanges = (): number => changes;

/**
 * Remembers which integration has a key, so that a busy sender costs no query; a key nobody has is remembered
 * too, so that a misdirected one does not either. Holds at most 10,000.
 */
export const rememberKeys = (load: (key: string) => Promise<Known | undefined>) => {
  const known = new Map<string, { integration: Known | undefined; until: number }>();
  let generation = 0;
  const isChanging = (key: string): boolean => {
    const until = changing.get(key);
    if (until === undefined) return false;
    if (until > performance.now()) return true;
    changing.delete(key);
    return false;
  };
  return {
    find: async (key: string): Promise<Known | undefined> => {
      const unsure = changing.size > 0 && isChanging(key);
      const entry = unsure ? undefined : known.get(key);
      if (entry && entry.until > performance.now()) return entry.integration;
      const before = generation;
      const changesBefore = changes;
      const integration = await load(key);
      if (unsure || before !== generation || changesBefore !== changes) return integration;
      known.delete(key);
      if (known.size >= MOST) known.delete(known.keys().next().value as string);
      known.set(key, { integration, until: performance.now() + FRESH_MS });
      return integration;
    },
    forget: (): void => {
      generation += 1;
      known.clear();
      changing.clear();
    },
  };
};
