/** What words for a length of time say: elapsed seconds, or days on which an office works. */
export type Duration = { seconds: number } | { business_days: number };

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const LONGEST_SECONDS = 10 * 365 * DAY;
const UNITS: [RegExp, number][] = [
  [/^(s|secs?|seconds?)$/, 1],
  [/^(m|mins?|minutes?)$/, MINUTE],
  [/^(h|hrs?|hours?)$/, HOUR],
  [/^(d|days?)$/, DAY],
  [/^(w|wks?|weeks?)$/, 7 * DAY],
  [/^months?$/, 30 * DAY],
];
const NUMBERS = new Map(
  Object.entries({
    a: 1,
    an: 1,
    one: 1,
    two: 2,
    three: 3,
    four: 4,
    five: 5,
    six: 6,
    seven: 7,
    eight: 8,
    nine: 9,
    ten: 10,
    twelve: 12,
    fifteen: 15,
    twenty: 20,
    thirty: 30,
    forty: 40,
    'forty-five': 45,
    sixty: 60,
    ninety: 90,
  }),
);
const WHOLE = new Map<string, Duration>([
  ...['immediate', 'immediately', 'at once', 'instantly', 'now', 'right away', 'asap'].map((words): [string, Duration] => [
    words,
    { seconds: 0 },
  ]),
  ['half-hourly', { seconds: HOUR / 2 }],
  ['half an hour', { seconds: HOUR / 2 }],
  ['half hour', { seconds: HOUR / 2 }],
  ['hourly', { seconds: HOUR }],
  ['twice daily', { seconds: DAY / 2 }],
  ['twice a day', { seconds: DAY / 2 }],
  ['daily', { seconds: DAY }],
  ['other day', { seconds: 2 * DAY }],
  ['weekly', { seconds: 7 * DAY }],
  ['twice a week', { seconds: 3.5 * DAY }],
  ['biweekly', { seconds: 14 * DAY }],
  ['fortnightly', { seconds: 14 * DAY }],
  ['monthly', { seconds: 30 * DAY }],
  ['same business day', { business_days: 0 }],
  ['same working day', { business_days: 0 }],
]);
const LEADING =
  /^(every|each|within|in|after|up to|at most|no more than|less than|under|max\.?|maximum|about|around|approx\.?|approximately|once (a|an|per|every)|once|the|<=?|≤|~)\s*(?=\S)/;
const TRAILING = /\s*(status updates?|updates?|or less|or sooner|at most|max\.?|maximum|at the latest)$/;
const NUMBER = String.raw`\d+(?:\.\d+)?`;
const ISO = /^p(?:(\d+)w)?(?:(\d+)d)?(?:t(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?)?$/;

/**
 * Reads a length of time as people write it: `5 minutes`, `Every 2 hours`, `Daily update`, `< 4 h`, `1h30m`,
 * `Next business day`, `PT15M`. Of a range the longer end counts. Undefined when the words say something else.
 */
export const parseDuration = (words: string): Duration | undefined => {
  let rest = words
    .toLowerCase()
    .replaceAll(/[–—]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .replace(/[.!]+$/, '')
    .trim();
  if (WHOLE.has(rest)) return WHOLE.get(rest);
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(LEADING, '').replace(TRAILING, '').trim();
  }
  const known = WHOLE.get(rest);
  if (known) return known;
  const office = /^(next|(?:\S+ )?)(?:business|working|work) ?days?$/.exec(rest);
  if (office) {
    const before = office[1]?.trim() ?? '';
    const days = before === '' || before === 'next' ? 1 : numberOf(before);
    return days === undefined || !Number.isInteger(days) || days > 366 ? undefined : { business_days: days };
  }
  const seconds = isoSeconds(rest) ?? sum(rest);
  return seconds === undefined || seconds > LONGEST_SECONDS ? undefined : { seconds: Math.round(seconds) };
};

const numberOf = (word: string): number | undefined => (new RegExp(`^${NUMBER}$`).test(word) ? Number(word) : NUMBERS.get(word));

const isoSeconds = (text: string): number | undefined => {
  const found = ISO.exec(text);
  if (!found || !/\d/.test(text)) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
  return weeks * 7 * DAY + days * DAY + hours * HOUR + minutes * MINUTE + seconds;
};

/** `1 hour and 30 minutes`, `1h30m`, `15-30 min`, `hour`; every part must be understood. */
const sum = (text: string): number | undefined => {
  const range = new RegExp(`^(${NUMBER}) ?([a-z]*) ?(?:-|to) ?(${NUMBER}) ?([a-z]+)$`).exec(text);
  if (range) return sum(`${range[3]} ${range[4]}`);
  const parts = text
    .replaceAll(/(,| and | & )/g, ' ')
    .replaceAll(new RegExp(`(${NUMBER})([a-z])`, 'g'), '$1 $2')
    .replaceAll(/([a-z])(\d)/g, '$1 $2')
    .split(' ')
    .filter(Boolean);
  if (parts.length === 0) return undefined;
  let total = 0;
  for (let at = 0; at < parts.length; ) {
    const amount = numberOf(parts[at] as string);
    // "every hour": no number is one of them, but only as the whole of it.
    if (amount === undefined && parts.length > 1) return undefined;
    if (amount !== undefined) at += 1;
    const unit = UNITS.find(([pattern]) => pattern.test(parts[at] ?? ''));
    if (!unit) return undefined;
    total += (amount ?? 1) * unit[1];
    at += 1;
  }
  return total;
};

const STARTS_CADENCE = /^(every|each|hourly|daily|weekly|twice|half-hourly|next|once)$/;
const STARTS_TIME = /^(within|under|next|\d.*|<.*|immediate|immediately|one|two|three|four|five|ten|fifteen|thirty)$/;

/** The length of time in a sentence: how often (`cadence`) or how soon (`deadline`). The whole of it is tried first. */
export const findDuration = (sentence: string, what: 'cadence' | 'deadline'): Duration | undefined => {
  const whole = parseDuration(sentence);
  if (whole) return whole;
  const starts = what === 'cadence' ? STARTS_CADENCE : STARTS_TIME;
  const tokens = sentence
    .replaceAll(/[(),;:]/g, ' ')
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 100);
  for (const [from, token] of tokens.entries()) {
    if (!starts.test(token.toLowerCase())) continue;
    for (let to = Math.min(tokens.length, from + 8); to > from; to -= 1) {
      const found = parseDuration(tokens.slice(from, to).join(' '));
      if (found) return found;
    }
  }
  return undefined;
};
