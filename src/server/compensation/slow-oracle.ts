/** The compensation report a second time, a minute at a time, as plainly as it can be said, for tests to compare with. */
import { type CompensationRules, DUTY_CLASSES, type DutyClass } from '../../contract/compensation.ts';
import type { Restriction } from '../../contract/restriction.ts';
import type { Home } from './rules.ts';

const WEEK = 7 * 1440;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const clock = (text: string) => Number(text.slice(-5, -3)) * 60 + Number(text.slice(-2));
const ofWeek = (edge: string) => DAYS.indexOf(edge.slice(0, 3)) * 1440 + clock(edge);

const isWithin = (windows: readonly Restriction[], minuteOfWeek: number): boolean =>
  windows.some(({ from, to, days }) => {
    const starts = from.length > 5 ? [ofWeek(from)] : (days ?? DAYS).map((day) => DAYS.indexOf(day) * 1440 + clock(from));
    const length = from.length > 5 ? (ofWeek(to) - ofWeek(from) + WEEK) % WEEK : (clock(to) - clock(from) + 1440) % 1440;
    return starts.some((start) => (minuteOfWeek - start + WEEK) % WEEK < length);
  });

type Asked = {
  rules: CompensationRules;
  /** Milliseconds; the walk begins at `low`, what counts at `start`. */
  low: number;
  start: number;
  end: number;
  /** By schedule: `ana primary` or `ana primary shadow` for everyone on call at a moment. */
  onCall: Record<string, (at: Temporal.Instant) => string[]>;
  homeOf: (person: string, schedule: string) => Home;
  /** By region, local days. */
  holidays: Record<string, string[]>;
  pages: readonly { person: string; at: number }[];
};

/** Quantities by `person schedule`: `scheduled`, minutes of each class, `shifts`, `pages`, and `rate 0` … */
export const slowSum = ({
  rules,
  low,
  start,
  end,
  onCall,
  homeOf,
  holidays,
  pages,
}: Asked): Record<string, Record<string, number>> => {
  const sums: Record<string, Record<string, number>> = {};
  const add = (line: string, what: string) => {
    sums[line] ??= {};
    sums[line][what] = (sums[line][what] ?? 0) + 1;
  };
  const classOf = (at: Temporal.Instant, { zone, region }: Home): DutyClass => {
    const local = at.toZonedDateTimeISO(zone);
    const minute = (local.dayOfWeek - 1) * 1440 + local.hour * 60 + local.minute;
    const is = {
      holiday: (holidays[region ?? ''] ?? []).includes(local.toPlainDate().toString()),
      weekend: isWithin(rules.weekend, minute),
      working_hours: isWithin(rules.working_hours, minute),
      after_hours: !isWithin(rules.working_hours, minute),
    };
    return rules.order.find((name) => is[name]) as DutyClass;
  };
  /** Rates that fit are counted one by one. */
  const pay = (
    per: 'hour' | 'shift' | 'page',
    line: string,
    at: Temporal.Instant,
    role: string,
    fits: (name?: DutyClass) => boolean,
  ) => {
    const day = at.toZonedDateTimeISO(rules.time_zone).toPlainDate().toString();
    for (const [index, rate] of rules.rates.entries())
      if (
        rate.per === per &&
        (!rate.role || rate.role === role) &&
        (!rate.from || rate.from <= day) &&
        (!rate.until || day < rate.until) &&
        fits(rate.class)
      )
        add(line, `rate ${index}`);
  };

  /** Of every unbroken stretch on call: the classes that were counted of it. */
  let running = new Map<string, Set<DutyClass>>();
  for (let ms = low; ms < end; ms += 60_000) {
    const at = Temporal.Instant.fromEpochMilliseconds(ms);
    const found = Object.keys(onCall)
      .sort()
      .flatMap((schedule) =>
        (onCall[schedule]?.(at) ?? [])
          .map((text) => text.split(' ') as [string, string, string?])
          .filter(([, , shadow]) => !shadow)
          .map(([person, role]) => ({ person, role, schedule })),
      );
    const order = ['primary', 'secondary', 'tertiary'];
    found.sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role));
    const scheduled = found.filter(
      (one, n) => found.findIndex((other) => other.person === one.person && other.schedule === one.schedule) === n,
    );
    const counted = scheduled.filter(
      (one, n) => rules.overlap === 'each' || scheduled.findIndex((other) => other.person === one.person) === n,
    );
    const isIn = ms >= start;
    if (isIn) for (const { person, schedule } of scheduled) add(`${person} ${schedule}`, 'scheduled');
    const now = new Map<string, Set<DutyClass>>();
    for (const { person, role, schedule } of scheduled) {
      const stretch = `${person} ${schedule} ${role}`;
      now.set(stretch, running.get(stretch) ?? new Set());
    }
    for (const { person, role, schedule } of counted) {
      const line = `${person} ${schedule}`;
      const name = classOf(at, homeOf(person, schedule));
      const seen = now.get(`${line} ${role}`) as Set<DutyClass>;
      if (isIn) {
        add(line, name);
        pay('hour', line, at, role, (wanted) => !wanted || wanted === name);
        if (seen.size === 0) {
          add(line, 'shifts');
          pay('shift', line, at, role, (wanted) => !wanted);
        }
        if (!seen.has(name)) pay('shift', line, at, role, (wanted) => wanted === name);
      }
      seen.add(name);
    }
    running = now;
    for (const page of pages.filter((one) => one.at === ms)) {
      const on = counted.find(({ person }) => person === page.person);
      const line = `${page.person} ${on?.schedule ?? null}`;
      const name = classOf(at, homeOf(page.person, on?.schedule ?? ''));
      add(line, 'pages');
      pay('page', line, at, on?.role ?? '', (wanted) => !wanted || wanted === name);
    }
  }
  for (const sum of Object.values(sums)) for (const name of ['scheduled', 'shifts', 'pages', ...DUTY_CLASSES]) sum[name] ??= 0;
  return sums;
};
