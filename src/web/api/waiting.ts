import { useSyncExternalStore } from 'react';

/** Whoever waits this long is told, and what to do. */
const SLOW_MS = 5000;
/** What has no answer by then has none: nothing of the API works for this long. */
export const GIVEN_UP_MS = 60_000;

let late = 0;
const watchers = new Set<() => void>();
const count = (by: 1 | -1) => {
  late += by;
  for (const tell of watchers) tell();
};

/** `fetch` that is given up after a minute, and counts as late before: `TimeoutError` then. */
export const patientFetch = async (request: Request): Promise<Response> => {
  const end = new AbortController();
  let isLate = false;
  const slow = setTimeout(() => {
    isLate = true;
    count(1);
  }, SLOW_MS);
  const over = setTimeout(() => end.abort(new DOMException('No answer', 'TimeoutError')), GIVEN_UP_MS);
  try {
    const answer = await fetch(request, { signal: AbortSignal.any([request.signal, end.signal]) });
    // An answer that stalls half way is late too.
    const body = await answer.arrayBuffer();
    return new Response(body.byteLength > 0 ? body : null, answer);
  } finally {
    clearTimeout(slow);
    clearTimeout(over);
    if (isLate) count(-1);
  }
};

/** Whether something has been asked for a while and is not answered yet. */
export const useSlow = (): boolean =>
  useSyncExternalStore(
    (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    () => late > 0,
  );
