import { guardedFetch } from './public-url.ts';

/** Asks an address with GET, for a dead-man switch: true when it answered 2xx within `timeoutMs`. Never throws. */
export const ping = async (url: string, allow: readonly string[], timeoutMs: number): Promise<boolean> => {
  try {
    return (await guardedFetch({ allow })(url, { signal: AbortSignal.timeout(timeoutMs) })).ok;
  } catch {
    return false;
  }
};
