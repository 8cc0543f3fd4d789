import { schedules as t } from '../../text/schedules.ts';
import type { Layer, Restriction } from './queries.ts';

const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEK)[number];
export const weekdays = WEEK;

/** `Mon to Fri`, `Sat and Sun`, `every day`. */
export const daysText = (days: readonly string[] | undefined): string => {
  if (!days || days.length === 7) return t.everyDay;
  const at = days.map((day) => WEEK.indexOf(day as Weekday)).sort((a, b) => a - b);
  const names = at.map((index) => t.days[WEEK[index] as Weekday]);
  const inARow = at.every((index, position) => position === 0 || index === (at[position - 1] as number) + 1);
  if (inARow && at.length > 2) return t.fromTo(names[0] as string, names.at(-1) as string);
  return names.join(', ');
};

const edge = (text: string) => text.replace(/^[a-z]{3}/, (day) => t.days[day as Weekday]);
export const isWeekly = (window: Restriction): boolean => window.from.length > 5;
/** `09:00 to 18:00, Mon to Fri` or `Fri 18:00 to Mon 09:00`. */
export const restrictionText = (window: Restriction): string =>
  isWeekly(window)
    ? t.fromTo(edge(window.from), edge(window.to))
    : `${t.fromTo(window.from, window.to)}${window.days ? `, ${daysText(window.days)}` : ''}`;

/** `Every week, Mon 09:00`. Hours and days hand over at a time, not on a weekday. */
export const rotationText = ({ rotation, starts }: Pick<Layer, 'rotation' | 'starts'>): string => {
  const { every, unit } = rotation;
  const weekday = WEEK[(new Date(`${starts}Z`).getUTCDay() + 6) % 7] as Weekday;
  const time = starts.slice(11, 16);
  const when =
    unit === 'week' ? `${t.days[weekday]} ${time}` : unit === 'month' ? t.dayOfMonth(Number(starts.slice(8, 10)), time) : time;
  return `${t.every(every, unit)}, ${when}`;
};

export const layerNote = (layer: Layer): string =>
  layer.restrictions?.length
    ? layer.restrictions.map(restrictionText).join('; ')
    : layer.calendar
      ? t.byCalendar
      : rotationText(layer);
