import type { SendContext, SendResult } from './types.ts';

const DAY_MS = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const IMF_FIXDATE = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) GMT$/;

/** Milliseconds to wait by a Retry-After header, seconds or a date (RFC 9110 §10.2.3), at most a day. */
export const retryAfterMs = (header: string | null, now: Temporal.Instant): number | undefined => {
  const value = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Math.min(Number(value) * 1000, DAY_MS);
  const [, day, monthName, year, time] = IMF_FIXDATE.exec(value) ?? [];
  const month = MONTHS.indexOf(monthName ?? '') + 1;
  if (month === 0) return undefined;
  try {
    const at = Temporal.Instant.from(`${year}-${String(month).padStart(2, '0')}-${day}T${time}Z`);
    return Math.min(Math.max(at.epochMilliseconds - now.epochMilliseconds, 0), DAY_MS);
  } catch {
    return undefined;
  }
};

/** The reply as a JSON object, or undefined where it is anything else. */
export const jsonObject = async (response: Response): Promise<Record<string, unknown> | undefined> => {
  try {
    const value: unknown = JSON.parse(await response.text());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

/**
 * What an answer other than 2xx means: 408, 425, 429 and 5xx are tried again, after Retry-After where given; a redirect
 * and every other 4xx cannot be helped by trying again. `said` is the provider's own explanation.
 */
export const failureOf = (who: string, response: Response, said: string | undefined, ctx: SendContext): SendResult => {
  const { status } = response;
  const detail = said ? `: ${said}` : '';
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const afterMs = retryAfterMs(response.headers.get('retry-after'), ctx.now);
    return {
      outcome: 'retry',
      reason: `${who} answered ${status}${detail}`,
      ...(afterMs === undefined ? {} : { afterMs }),
      // A gateway speaks for a server behind it that may have done its work.
      ...(status === 502 || status === 504 ? { uncertain: true } : {}),
    };
  }
  if (status >= 300 && status < 400)
    return {
      outcome: 'refused',
      reason: `${who} answered ${status}, a redirect; redirects are not followed, so give the final address`,
    };
  return { outcome: 'refused', reason: `${who} answered ${status}${detail}` };
};
