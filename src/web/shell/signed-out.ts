import { useSyncExternalStore } from 'react';

let out = false;
const watchers = new Set<() => void>();

/** Her session ended while she was at work: what she typed stays, and she is asked who she is above it. */
export const setSignedOut = (next: boolean): void => {
  out = next;
  for (const tell of watchers) tell();
};
export const useSignedOut = (): boolean =>
  useSyncExternalStore(
    (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    () => out,
  );
