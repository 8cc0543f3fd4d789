import type { PostmortemDocument, SeverityLevel } from '../../contract/process.ts';
import { type Duration, findDuration, parseDuration } from './durations.ts';
import { parseDate, parseLocalMoment } from './local-times.ts';
import { slugify, splitNames } from './names.ts';
import type { Reporter } from './types.ts';

type Fields = Record<string, unknown>;
const isMap = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The long form of a map such as `roles:` or `templates:`; `keys` are those written, in the order of the list. */
export const fromMap = (kind: 'roles' | 'templates', map: Fields): { keys: string[]; items: unknown[] } => ({
  keys: Object.keys(map),
  items: Object.entries(map).map(([key, value]) => {
    const name = slugify(key);
    const body = typeof value === 'string' && kind === 'templates' ? { body: value } : (value ?? {});
    return isMap(body) ? { name, ...(name === key || 'title' in body ? {} : { title: key }), ...body } : body;
  }),
});

/** Puts what words for a length of time say beside them; refuses a number that says otherwise. */
const withDuration = <T extends Fields>(
  item: T,
  words: string,
  base: string,
  what: 'cadence' | 'deadline' | 'length',
  report: Reporter,
): T => {
  const text = item[words];
  if (typeof text !== 'string') return item;
  const found: Duration | undefined = what === 'length' ? parseDuration(text) : findDuration(text, what);
  const seconds = `${base}_seconds`;
  const days = `${base}_business_days`;
  if (!found) {
    if (what !== 'cadence' && item[seconds] === undefined && item[days] === undefined)
      report.warning(
        [words],
        `"${text}" is kept as words: expected a length of time such as 5 minutes, Every 2 hours or Next business day`,
      );
    return item;
  }
  const [key, other, value] = 'seconds' in found ? [seconds, days, found.seconds] : [days, seconds, found.business_days];
  if (item[other] !== undefined) report.problem([other], `${words} says "${text}": expected ${key}: ${value}, or no ${other}`);
  else if (item[key] !== undefined && item[key] !== value)
    report.problem([key], `expected ${value}, which is what ${words} says ("${text}"), got ${item[key]}`);
  return { ...item, [key]: value };
};

/** Works out the numbers a severity's words stand for. */
export const normalizeSeverity = (level: SeverityLevel, report: Reporter): SeverityLevel => {
  const response = withDuration(level, 'response_time', 'response', 'deadline', report);
  const updates = withDuration(response, 'communication', 'update_every', 'cadence', report);
  return withDuration(updates, 'target_resolution', 'target_resolution', 'deadline', report);
};

/** Gives a postmortem its name, its duration in seconds, and its timeline instants; a time of day belongs to the postmortem's date. */
export const normalizePostmortem = (item: PostmortemDocument, report: Reporter): PostmortemDocument => {
  const timed = withDuration(item, 'duration', 'duration', 'length', report);
  const name = item.name ?? slugify([parseDate(item.date ?? ''), item.title].filter(Boolean).join('-'));
  if (!name) report.problem(['title'], `expected a title with a letter or digit, or a name, got "${item.title}"`);
  const date = item.date === undefined ? undefined : parseDate(item.date);
  if (item.date !== undefined && date === undefined)
    report.problem(['date'], `expected a date such as 2026-03-01, got "${item.date}"`);
  let day = date;
  let last: string | undefined;
  const timeline = item.timeline.map((entry, index) => {
    const moment = parseLocalMoment(entry.time);
    if (!moment?.time) {
      if (!entry.at)
        report.warning(['timeline', index, 'time'], `"${entry.time}" is kept as words: expected a time such as 14:02 UTC`);
      return entry;
    }
    // Without a date of its own an earlier time than the one before is the next day's.
    if (moment.date) day = moment.date;
    else if (day && last !== undefined && moment.time < last) day = Temporal.PlainDate.from(day).add({ days: 1 }).toString();
    last = moment.time;
    if (!day || entry.at) return entry;
    const at = Temporal.PlainDateTime.from(`${day}T${moment.time}`).toZonedDateTime(moment.zone ?? 'UTC');
    return { time: entry.time, at: at.toInstant().toString(), event: entry.event };
  });
  const action_items = item.action_items.map((action, index) => {
    if (action.due_date === undefined) return action;
    const due = parseDate(action.due_date);
    if (!due)
      report.warning(
        ['action_items', index, 'due_date'],
        `"${action.due_date}" is kept as words: expected a date such as 2026-03-01`,
      );
    return { ...action, due_date: due ?? action.due_date };
  });
  return {
    ...timed,
    ...(name ? { name } : {}),
    ...(date ? { date } : {}),
    authors: item.authors.flatMap(splitNames),
    timeline,
    action_items,
  };
};
