import type { HealthLimits } from '../../contract/on-call-health.ts';
import { type Interval, intersect, union } from '../schedules/actions.ts';
import type { Duty, Fate, Outcome, Page, Sent } from './types.ts';

/** Messages about one incident are one page while none comes later than this after the one before. */
const SAME_PAGE_MS = 30 * 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const local = (at: number, zone: string) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
/** A time of a day; one the clocks skip is the moment they go on at. */
const instantOf = (date: Temporal.PlainDate, time: string, zone: string): number =>
  date.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
const clockOf = (at: Temporal.ZonedDateTime): string => at.toPlainTime().toString({ smallestUnit: 'minute' });

/**
 * The pages a person got, oldest first. All messages about one incident are one page, however many ways and rounds it
 * asked by, until half an hour passes without any; incidents that went out in one message are one page.
 */
export const pagesOf = (sent: readonly Sent[]): Page[] => {
  const pages: Page[] = [];
  const last = new Map<string, { page: Page; at: number }>();
  for (const one of sent.toSorted((a, b) => a.at - b.at)) {
    const before = last.get(one.incident_id);
    const newest = pages.at(-1);
    let page = before && one.at - before.at < SAME_PAGE_MS ? before.page : newest?.at === one.at ? newest : undefined;
    if (!page) {
      page = { at: one.at, incidents: [], messages: [], disturbs: false };
      pages.push(page);
    }
    if (!page.incidents.includes(one.incident_id)) page.incidents.push(one.incident_id);
    if (one.disturbs) page.messages.push(one.at);
    page.disturbs ||= one.disturbs;
    last.set(one.incident_id, { page, at: one.at });
  }
  return pages;
};

/** The night a moment lies in, by the day it began; undefined: it is day. */
export const nightOf = (at: number, zone: string, night: HealthLimits['night']): Temporal.PlainDate | undefined => {
  const moment = local(at, zone);
  const time = clockOf(moment);
  if (time >= night.from) return moment.toPlainDate();
  return time < night.to ? moment.toPlainDate().subtract({ days: 1 }) : undefined;
};

/** Where the clock hour of a moment began: an hour that comes twice is two hours. */
const hourOf = (at: number, zone: string): number =>
  local(at, zone).round({ smallestUnit: 'hour', roundingMode: 'floor' }).epochMilliseconds;

const mondayOf = (date: Temporal.PlainDate): Temporal.PlainDate => date.subtract({ days: date.dayOfWeek - 1 });

/** Whether there was something to do. What nobody recorded is not guessed. */
export const outcomeOf = (fate: Fate): Outcome => {
  if (fate.merged || fate.resolved_by === null) return 'unknown';
  if (fate.resolved_by === 'person') return 'acted';
  if (fate.resolved_by === 'other') return 'unknown';
  return fate.flapping || !fate.acknowledged_by_person ? 'passed' : 'unknown';
};

export const shareOf = (outcomes: readonly Outcome[]) => {
  const count = (outcome: Outcome) => outcomes.filter((one) => one === outcome).length;
  const [acted, passed, unknown] = [count('acted'), count('passed'), count('unknown')];
  return { acted, passed, unknown, share: acted + passed > 0 ? rounded(acted / (acted + passed), 100) : null };
};

const rounded = (value: number, parts = 10): number => Math.round(value * parts) / parts;

/** Time on call with never a whole day free between, as the policies of a schedule count it. */
const stretchesOf = (duty: readonly Interval[]): Interval[] => {
  const found: Interval[] = [];
  for (const { start, end } of union(duty)) {
    const last = found.at(-1);
    if (last && start - last.end < DAY_MS) last.end = end;
    else found.push({ start, end });
  }
  return found;
};

/** Days on the person's clocks: a week is seven of them also when the clocks change in it. */
const daysIn = ({ start, end }: Interval, zone: string): number =>
  rounded(
    local(start, zone).toPlainDateTime().until(local(end, zone).toPlainDateTime(), { largestUnit: 'hours' }).total('hours') / 24,
  );

const lengthOf = (intervals: readonly Interval[]): number => intervals.reduce((sum, { start, end }) => sum + end - start, 0);

export type Window = { from: Temporal.PlainDate; to: Temporal.PlainDate };
/** The days of a range on somebody's clocks, in milliseconds: from the first midnight to the one after the last day. */
export const spanOf = ({ from, to }: Window, zone: string): Interval => ({
  start: from.toZonedDateTime(zone).epochMilliseconds,
  end: to.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds,
});

const eachDay = ({ from, to }: Window, step = 1): Temporal.PlainDate[] => {
  const days: Temporal.PlainDate[] = [];
  for (let day = from; Temporal.PlainDate.compare(day, to) <= 0; day = day.add({ days: step })) days.push(day);
  return days;
};

export type Measured = {
  zone: string;
  window: Window;
  now: number;
  limits: HealthLimits;
  /** From some hours before the window on, so that a page that began before it is known as such. */
  sent: readonly Sent[];
  /** From some weeks before the window on, and a day past now. */
  duty: readonly Duty[];
};

/** What being on call asked of one person in some days of their calendar. */
export const measure = ({ zone, window, now, limits, sent, duty }: Measured) => {
  const span = spanOf(window, zone);
  const all = pagesOf(sent).filter((page) => page.at >= span.start && page.at < span.end);
  const pages = all.filter((page) => page.disturbs);
  const until = Math.max(span.start, Math.min(span.end, now));
  const served = union(intersect(union(duty), [{ start: Number.NEGATIVE_INFINITY, end: until }]));

  const nights = new Map<string, { pages: number; hours: Set<number> }>();
  const ofNight = (at: number) => {
    const key = nightOf(at, zone, limits.night)?.toString();
    if (key === undefined) return undefined;
    const night = nights.get(key) ?? { pages: 0, hours: new Set() };
    nights.set(key, night);
    return night;
  };
  for (const page of pages) {
    const night = ofNight(page.at);
    if (night) night.pages += 1;
    for (const at of page.messages) ofNight(at)?.hours.add(hourOf(at, zone));
  }

  const weeks = eachDay({ from: mondayOf(window.from), to: window.to }, 7).map((monday) => {
    const own = pages.filter((page) => mondayOf(local(page.at, zone).toPlainDate()).equals(monday)).length;
    return { week: monday.toString(), pages: own, over: own > limits.pages_a_week };
  });
  const shownNights = [...nights]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([night, found]) => ({
      night,
      pages: found.pages,
      interrupted_hours: found.hours.size,
      over: found.pages > limits.pages_a_night,
    }));
  const nightPages = shownNights.reduce((sum, night) => sum + night.pages, 0);
  const nightsOnCall = eachDay({ from: window.from.subtract({ days: 1 }), to: window.to }).filter((day) => {
    const start = Math.max(span.start, instantOf(day, limits.night.from, zone));
    const end = Math.min(until, instantOf(day.add({ days: 1 }), limits.night.to, zone));
    return start < end && intersect(served, [{ start, end }]).length > 0;
  }).length;
  const stretches = stretchesOf(served).filter((one) => one.end > span.start && one.start < span.end);
  const consecutive = Math.max(0, ...stretches.map((one) => daysIn(one, zone)));
  return {
    pages: pages.length,
    pages_a_week: rounded(pages.length / (eachDay(window).length / 7)),
    mailed: all.length - pages.length,
    weeks,
    night_pages: nightPages,
    nights_on_call: nightsOnCall,
    pages_a_night: nightsOnCall > 0 ? rounded(nightPages / nightsOnCall) : null,
    nights: shownNights,
    interrupted_hours: shownNights.reduce((sum, night) => sum + night.interrupted_hours, 0),
    consecutive_days: consecutive,
    consecutive_over: consecutive > limits.consecutive_days,
    incidents: [...new Set(pages.flatMap((page) => page.incidents))],
    rest: restOf(pages, { zone, now, limits, duty }),
  };
};

/** A morning for each night with a page in its small hours, the newest first. */
const restOf = (pages: readonly Page[], { zone, now, limits, duty }: Pick<Measured, 'zone' | 'now' | 'limits' | 'duty'>) => {
  const { from, to, until } = limits.rest;
  const mornings = new Map<string, { paged: number; start: number; end: number }>();
  for (const page of pages)
    for (const paged of page.messages) {
      const moment = local(paged, zone);
      const date = moment.toPlainDate();
      if (clockOf(moment) < from || clockOf(moment) >= to || mornings.has(date.toString())) continue;
      mornings.set(date.toString(), { paged, start: instantOf(date, to, zone), end: instantOf(date, until, zone) });
    }
  return [...mornings.values()]
    .toSorted((a, b) => b.paged - a.paged)
    .map(({ paged, start, end }) => ({
      paged_at: text(paged),
      starts: text(start),
      ends: text(end),
      on_call_seconds: Math.round(lengthOf(intersect(union(duty), [{ start, end }])) / 1000),
      cover: intersect(
        duty.toSorted((a, b) => a.start - b.start),
        [{ start: Math.max(start, now), end }],
      )
        .filter((one) => one.start < one.end)
        .map((one) => ({ schedule: one.schedule, title: one.title, starts: text(one.start), ends: text(one.end) })),
    }));
};
const text = (at: number): string => Temporal.Instant.fromEpochMilliseconds(at).toString();

/** The limits a person passed in one week of their calendar, for those who are told. */
export type Passed =
  | { limit: 'night'; night: string; pages: number; most: number }
  | { limit: 'week'; pages: number; most: number }
  | { limit: 'days'; days: number; most: number };

export const passedIn = (monday: Temporal.PlainDate, health: ReturnType<typeof measure>, limits: HealthLimits): Passed[] => {
  const [first, last] = [monday.toString(), monday.add({ days: 6 }).toString()];
  const week = health.weeks.find((one) => one.week === first);
  return [
    ...health.nights
      .filter((one) => one.over && one.night >= first && one.night <= last)
      .map((one) => ({ limit: 'night' as const, night: one.night, pages: one.pages, most: limits.pages_a_night })),
    ...(week?.over ? [{ limit: 'week' as const, pages: week.pages, most: limits.pages_a_week }] : []),
    ...(health.consecutive_over
      ? [{ limit: 'days' as const, days: health.consecutive_days, most: limits.consecutive_days }]
      : []),
  ];
};

/** Hours of the morning in which people are told, on their own clocks: never at night, and thrice so that none is missed. */
const TOLD_FROM = 9;
const TOLD_UNTIL = 12;
/** The week somebody is told of now, by its Monday: the one yesterday was in. Undefined: it is not their morning. */
export const weekToTell = (now: Temporal.Instant, zone: string): Temporal.PlainDate | undefined => {
  const at = now.toZonedDateTimeISO(zone);
  return at.hour >= TOLD_FROM && at.hour < TOLD_UNTIL ? mondayOf(at.toPlainDate().subtract({ days: 1 })) : undefined;
};
