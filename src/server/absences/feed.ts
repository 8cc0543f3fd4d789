import { guardedFetch, normalizeWebAddress } from '../channels/public-url.ts';
import { aside } from '../platform/aside.ts';
import { AppError, messageOf } from '../platform/errors.ts';
import type { Asked, Read } from './ical.ts';

const MAX_BYTES = 2 * 1024 * 1024;
const PATIENCE_MS = 20_000;
const MAX_REDIRECTS = 5;
const WORKER = new URL('./ical-worker.ts', import.meta.url);

/** As calendar programs give it, `webcal://` included. Throws AppError `invalid` naming `address`. */
export const calendarAddress = (address: string): string =>
  normalizeWebAddress(address.trim().replace(/^webcals?:\/\//i, 'https://'));

/** Reads a calendar of leave. Answers what is wrong in words, without the address, which is a secret; it throws nothing. */
export const readFeed = async (address: string, allowedHosts: string[], asked: Omit<Asked, 'text'>): Promise<Read> => {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const text = await textAt(address, allowedHosts, signal);
    // A stranger's calendar must not hold up a page.
    return await aside<Read>(WORKER, { ...asked, text }, PATIENCE_MS);
  } catch (thrown) {
    if (signal.aborted) return { wrong: `no answer within ${PATIENCE_MS / 1000} s` };
    return { wrong: thrown instanceof AppError ? thrown.message : `it cannot be reached: ${reasonOf(thrown)}` };
  }
};

const textAt = async (address: string, allow: string[], signal: AbortSignal): Promise<string> => {
  const get = guardedFetch({ allow, maxReplyBytes: MAX_BYTES + 1 });
  let at = address;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const response = await get(at, { headers: { accept: 'text/calendar, */*;q=0.1' }, signal });
    const next = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && next && URL.canParse(next, at)) {
      at = calendarAddress(new URL(next, at).href);
      continue;
    }
    if (!response.ok) throw new AppError('unavailable', `it answers ${response.status}${WHY[response.status] ?? ''}`);
    const bytes = await response.arrayBuffer();
    if (bytes.byteLength > MAX_BYTES)
      throw new AppError('unavailable', `the calendar is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
    return new TextDecoder().decode(bytes);
  }
  throw new AppError('unavailable', `it sends on more than ${MAX_REDIRECTS} times`);
};
const WHY: Record<number, string> = {
  401: ': it wants a password, which an address cannot give',
  403: ': it may not be read',
  404: ': nothing is there any more',
  410: ': nothing is there any more',
};

const reasonOf = (thrown: unknown): string =>
  thrown instanceof AggregateError && thrown.errors.length > 0 ? reasonOf(thrown.errors[0]) : messageOf(thrown);
