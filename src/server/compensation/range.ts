import type { z } from 'zod';
import type { compensationQuery } from '../../contract/compensation.ts';
import { invalid } from '../platform/errors.ts';
import type { Interval } from '../schedules/actions.ts';
import { atMinute, dayBegins } from './rules.ts';

const MOST_DAYS = 400;
const DAY = 24 * 3_600_000;

type Asked = Pick<z.output<typeof compensationQuery>, 'month' | 'from' | 'to'>;

/** The range that is asked for, at whole minutes: a month, from one day or instant to another, or the month that runs. */
export const rangeOf = ({ month, from, to }: Asked, zone: string, now: Temporal.Instant): Interval => {
  if (month && (from || to)) throw invalid('give a month, or `from` and `to`, not both', 'month');
  if (!from && !to) {
    const first = month ? Temporal.PlainYearMonth.from(month) : now.toZonedDateTimeISO(zone).toPlainDate().toPlainYearMonth();
    const start = first.toPlainDate({ day: 1 });
    return { start: dayBegins(start.toString(), zone), end: dayBegins(start.add({ months: 1 }).toString(), zone) };
  }
  if (!from || !to) throw invalid('give both `from` and `to`', from ? 'to' : 'from');
  const at = (text: string) =>
    atMinute(text.includes('T') ? Temporal.Instant.from(text).epochMilliseconds : dayBegins(text, zone));
  const range = { start: at(from), end: at(to) };
  if (range.end <= range.start) throw invalid('must be after `from`', 'to');
  if (range.end - range.start > MOST_DAYS * DAY) throw invalid(`at most ${MOST_DAYS} days at a time`, 'to');
  return range;
};
