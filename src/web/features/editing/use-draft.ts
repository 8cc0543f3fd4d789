import { useState } from 'react';
import { ApiProblem } from '../../api/client.ts';

/** A thing as the server tells it, with the tag that a change of it names. */
export type Tagged<T> = { data: T; tag: string | undefined };

/** A thing that is being edited. */
export type Draft<T> = {
  value: T;
  set: (next: T) => void;
  /** Differs from what it was made from. */
  dirty: boolean;
  /** What it was made from, whatever was saved by others since. */
  base: Tagged<T>;
  /** Somebody saved another state since: theirs. */
  theirs: T | undefined;
  discard: () => void;
  /** Keeps what was typed and takes what is saved now as what it changes. */
  putOver: () => void;
};

/**
 * What somebody types over a saved thing. Unchanged, it follows the server; once touched it is kept, and says when
 * somebody else saved the thing meanwhile. `current` is the answer of `okWithTag`.
 */
export const useDraft = <T>(current: Tagged<T>): Draft<T> => {
  const [edited, setEdited] = useState<{ value: T; base: Tagged<T> }>();
  const base = edited?.base ?? current;
  const value = edited?.value ?? current.data;
  const same = (a: T, b: T) => JSON.stringify(a) === JSON.stringify(b);
  const dirty = edited !== undefined && !same(value, base.data);
  return {
    value,
    set: (next) => setEdited((before) => ({ value: next, base: before?.base ?? current })),
    dirty,
    base,
    theirs: dirty && current.tag !== base.tag && !same(current.data, base.data) ? current.data : undefined,
    discard: () => setEdited(undefined),
    putOver: () => setEdited({ value, base: current }),
  };
};

/** Whether the server refused a change because somebody else made one first. */
export const isStale = (error: unknown): error is ApiProblem => error instanceof ApiProblem && error.status === 412;
