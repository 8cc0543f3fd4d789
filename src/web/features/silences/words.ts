import { silences as t } from '../../text/silences.ts';
import { short } from '../../time.ts';
import { matcherWords } from '../matching/words.ts';
import type { Silence, Written } from './queries.ts';

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const daysWords = (days: readonly string[]): string => {
  const sorted = DAYS.filter((day) => days.includes(day));
  if (sorted.length === 7) return t.everyDay;
  if (sorted.join() === 'mon,tue,wed,thu,fri') return t.weekdays;
  if (sorted.join() === 'sat,sun') return t.weekends;
  return sorted.map((day) => t.days[day]).join(', ');
};

/** `Mon, Thu, 02:00 to 04:00 Europe/Amsterdam`. */
export const recursWords = ({ days, from, to, time_zone }: NonNullable<Written['recurs']>): string =>
  t.weekly(daysWords(days), from, to, time_zone);

/** `db, web: host is db1`. */
export const coversWords = ({ services, matchers }: Pick<Silence, 'services' | 'matchers'>): string => {
  const where = services.length > 0 ? services.join(', ') : t.everyService;
  return matchers.length > 0 ? `${where}: ${matchers.map(matcherWords).join(', ')}` : where;
};

export const whenWords = (silence: Silence): string => {
  if (silence.state === 'expired') return t.ended(short(silence.ended_at ?? silence.ends_at ?? silence.starts_at ?? 0));
  if (silence.recurs) return recursWords(silence.recurs);
  if (!silence.ends_at) return t.noEnd;
  return silence.state === 'active'
    ? t.until(short(silence.ends_at))
    : t.span(short(silence.starts_at ?? 0), short(silence.ends_at));
};
