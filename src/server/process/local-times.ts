const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** `day` is 1 for Monday to 7, `time` HH:mm, `zone` an IANA name. */
export type LocalMoment = { day?: number; time?: string; zone?: string; date?: string };

const pad = (value: number): string => String(value).padStart(2, '0');
const zoneOf = (word: string): string | undefined => {
  if (/^(utc|gmt|z|zulu)$/i.test(word)) return 'UTC';
  if (!/^[A-Za-z]/.test(word)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: word }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
};
const dayOf = (word: string): number | undefined => {
  if (!/^[a-z]{3,}$/i.test(word)) return undefined;
  const at = DAYS.findIndex((day) => day.startsWith(word.toLowerCase().replace(/s$/, '')) || day === word.toLowerCase());
  return at < 0 ? undefined : at + 1;
};

/** `10:00`, `10am`, `9:30 PM` as one word; `24:00` and `13pm` are no times. */
const timeOf = (word: string): string | undefined => {
  if (word === 'noon') return '12:00';
  if (word === 'midnight') return '00:00';
  const found = /^(\d{1,2})(?::(\d{2}))?(?::\d{2})?(am|pm)?$/.exec(word);
  if (!found || (found[2] === undefined && found[3] === undefined)) return undefined;
  const hour = Number(found[1]);
  const minute = Number(found[2] ?? 0);
  if (minute > 59 || hour > (found[3] ? 12 : 23) || (found[3] && hour === 0)) return undefined;
  const shift = found[3] === 'pm' && hour < 12 ? 12 : found[3] === 'am' && hour === 12 ? -12 : 0;
  return `${pad(hour + shift)}:${pad(minute)}`;
};

/**
 * Reads `10:00 AM UTC`, `Monday 09:00 Europe/Berlin`, `2026-03-01 14:02 UTC`, in any order. Undefined when a word
 * of it is neither day, date, time nor zone, or two of them are.
 */
export const parseLocalMoment = (words: string): LocalMoment | undefined => {
  const tokens = words
    .trim()
    .replace(/(\d{4}-\d{2}-\d{2})T(?=\d)/, '$1 ')
    .replace(/(\d)\s*([ap])\.?m\b\.?/gi, (_, digit: string, half: string) => `${digit}${half.toLowerCase()}m`)
    .replace(/(\d)Z$/, '$1 UTC')
    .split(/[\s,()]+/)
    .filter((token) => token !== '' && !/^(at|on|by|every)$/i.test(token));
  const found: LocalMoment = {};
  for (const token of tokens) {
    const time = timeOf(token.toLowerCase());
    if (time !== undefined && found.time === undefined) found.time = time;
    else if (parseDate(token) && found.date === undefined) found.date = token;
    else if (dayOf(token) !== undefined && found.day === undefined) found.day = dayOf(token) as number;
    else if (zoneOf(token) && found.zone === undefined) found.zone = zoneOf(token) as string;
    else return undefined;
  }
  return tokens.length > 0 ? found : undefined;
};

/** A calendar date as ISO writes it, from `2026-03-01`, `March 1, 2026`, `1 Mar 2026`; undefined for no date. */
export const parseDate = (words: string): string | undefined => {
  const text = words
    .trim()
    .replaceAll(',', ' ')
    .replace(/(\d)(st|nd|rd|th)\b/, '$1');
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const us = /^([a-z]{3,9})\.?\s+(\d{1,2})\s+(\d{4})$/i.exec(text);
  const eu = /^(\d{1,2})\s+([a-z]{3,9})\.?\s+(\d{4})$/i.exec(text);
  const [year, month, day] = iso
    ? [iso[1], iso[2], iso[3]]
    : us
      ? [us[3], monthOf(us[1]), us[2]]
      : eu
        ? [eu[3], monthOf(eu[2]), eu[1]]
        : [];
  if (!year || !month || !day) return undefined;
  try {
    return Temporal.PlainDate.from(
      { year: Number(year), month: Number(month), day: Number(day) },
      { overflow: 'reject' },
    ).toString();
  } catch {
    return undefined;
  }
};
const monthOf = (word: string | undefined): number | undefined => {
  const at = MONTHS.findIndex((month) => word !== undefined && month.startsWith(word.toLowerCase()));
  return at < 0 ? undefined : at + 1;
};
