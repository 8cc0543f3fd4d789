import { useSyncExternalStore } from 'react';

/** Milliseconds since the epoch. The one place of the console that reads the clock. */
export const now = (): number => Date.now() + skew;

/** How far the server's clock is ahead of this device's, in ms: countdowns are the server's. */
let skew = 0;
export const setServerTime = (serverNow: number): void => {
  skew = serverNow - Date.now();
};

/** What numbers and dates are written in: the person's locale once known, else the browser's. */
let locale: string | undefined;
export const setLocale = (value: string | null | undefined): void => {
  locale = value ?? undefined;
};

export type When = string | number;
const date = (when: When) => new Date(when);

const formats = new Map<string, Intl.DateTimeFormat>();
const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = JSON.stringify([locale, options]);
  const found = formats.get(key) ?? new Intl.DateTimeFormat(locale, { hourCycle: 'h23', ...options });
  formats.set(key, found);
  return found;
};

/** `03:13`, in the device's zone or the one given. */
export const clock = (when: When, timeZone?: string): string =>
  format({ hour: '2-digit', minute: '2-digit', ...(timeZone ? { timeZone } : {}) }).format(date(when));

/** `03:13:04`. */
export const clockSeconds = (when: When): string =>
  format({ hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(date(when));
/** `15 Nov 2026, 03:13:04 CET`. */
export const full = (when: When, timeZone?: string): string =>
  format({
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    ...(timeZone ? { timeZone } : {}),
  }).format(date(when));

/** `15 Nov`; with the year if it is another. */
export const day = (when: When, timeZone?: string): string => {
  const sameYear = date(when).getFullYear() === date(now()).getFullYear();
  return format({
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
    ...(timeZone ? { timeZone } : {}),
  }).format(date(when));
};

/** `November 2026`, of a moment in UTC. */
export const monthAndYear = (when: When): string =>
  format({ month: 'long', year: 'numeric', timeZone: 'UTC' }).format(date(when));

/** `Sat 15 Nov`. */
export const weekdayAndDay = (when: When, timeZone?: string): string =>
  format({ weekday: 'short', day: 'numeric', month: 'short', ...(timeZone ? { timeZone } : {}) }).format(date(when));

export const isToday = (when: When): boolean => date(now()).toDateString() === date(when).toDateString();

/** As short as is still plain: the clock today, the weekday this week, the day before that. */
export const short = (when: When): string => {
  const age = now() - date(when).getTime();
  if (isToday(when)) return clock(when);
  if (Math.abs(age) < 6 * 86_400_000) return `${format({ weekday: 'short' }).format(date(when))} ${clock(when)}`;
  return day(when);
};

const pad = (value: number) => String(value).padStart(2, '0');

/** `40 s`, `25 min`, `4 h 12 min`, `2 d 3 h`. Takes milliseconds. */
export const duration = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `${hours} h ${pad(minutes % 60)} min` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return hours % 24 ? `${days} d ${hours % 24} h` : `${days} d`;
};

/** `1:48`, `1:05:00`: what is left. Takes milliseconds. */
export const countdown = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
};

export const money = (value: number, currency: string): string =>
  new Intl.NumberFormat(locale, { style: 'currency', currency }).format(value);
export const number = (value: number): string => new Intl.NumberFormat(locale).format(value);

/** Instant → what `<input type="datetime-local">` takes, in the device's zone. */
export const toLocalInput = (when: When): string => {
  const at = date(when);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
};
/** What `<input type="datetime-local">` gives, in the device's zone → instant; undefined while it is incomplete. */
export const fromLocalInput = (value: string): string | undefined => {
  // A browser's own parser takes half a date for a whole one.
  if (!/^\d{4,6}-\d\d-\d\dT\d\d:\d\d/.test(value)) return undefined;
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
};

const seconds = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;
const eachSecond = (tell: () => void) => {
  seconds.add(tell);
  ticking ??= setInterval(() => {
    for (const one of seconds) one();
  }, 1000);
  return () => {
    seconds.delete(tell);
    if (seconds.size === 0) {
      clearInterval(ticking);
      ticking = undefined;
    }
  };
};

/** The time, anew each second (or each `step` ms): one timer for the whole page. */
export const useNow = (step = 1000): number => useSyncExternalStore(eachSecond, () => Math.floor(now() / step) * step);
