import { guardedFetch, normalizeWebAddress } from '../channels/public-url.ts';
import { aside } from '../platform/aside.ts';
import { AppError, messageOf } from '../platform/errors.ts';
import type { Asked, Entry, Read } from './ical.ts';

export type { Entry, Party } from './ical.ts';

const MAX_BYTES = 2 * 1024 * 1024;
const PATIENCE_MS = 20_000;
const MAX_REDIRECTS = 5;
const WORKER = new URL('./ical-worker.ts', import.meta.url);

/** As calendar programs give it, `webcal://` included. Throws AppError `invalid` naming `address`. */
export const calendarAddress = (address: string): string =>
  normalizeWebAddress(address.trim().replace(/^webcals?:\/\//i, 'https://'));

/** What was read before, to be answered again when the calendar says that it is the same still. */
type Known = { etag: string; entries: Entry[] };

/** Reads a calendar. Answers what is wrong in words, without the address, which is a secret; it throws nothing. */
export const readFeed = async (
  address: string,
  allowedHosts: string[],
  asked: Omit<Asked, 'text'>,
  known?: Known,
): Promise<Read & { etag?: string | null }> => {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const got = await textAt(address, allowedHosts, signal, known?.etag);
    if (!got) return { entries: known?.entries ?? [], etag: known?.etag ?? null };
    // A stranger's calendar must not hold up a page.
    return { ...(await aside<Read>(WORKER, { ...asked, text: got.text }, PATIENCE_MS)), etag: got.etag };
  } catch (thrown) {
    if (signal.aborted) return { wrong: `no answer within ${PATIENCE_MS / 1000} s` };
    return { wrong: thrown instanceof AppError ? thrown.message : `it cannot be reached: ${reasonOf(thrown)}` };
  }
};

/** Undefined: it is as it was when it had `etag`. */
const textAt = async (address: string, allow: string[], signal: AbortSignal, etag: string | undefined) => {
  const get = guardedFetch({ allow, maxReplyBytes: MAX_BYTES + 1 });
  let at = address;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const response = await get(at, {
      headers: { accept: 'text/calendar, */*;q=0.1', ...(etag ? { 'if-none-match': etag } : {}) },
      signal,
    });
    if (etag && response.status === 304) return undefined;
    const next = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && next && URL.canParse(next, at)) {
      at = calendarAddress(new URL(next, at).href);
      continue;
    }
    if (!response.ok) throw new AppError('unavailable', `it answers ${response.status}${WHY[response.status] ?? ''}`);
    const bytes = await response.arrayBuffer();
    if (bytes.byteLength > MAX_BYTES)
      throw new AppError('unavailable', `the calendar is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
    return { text: new TextDecoder().decode(bytes), etag: response.headers.get('etag') };
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
