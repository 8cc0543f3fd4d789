/** A moment someone typed; `note` says what was unclear about it and how it was taken. */
export type Moment = { at: Temporal.Instant; note?: string };

const LOCAL = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\s*\[(\S+)\]|\s+([A-Za-z]\S*))?$/;
const WITH_OFFSET = /T.*(?:[zZ]|[+-]\d\d(?::?\d\d)?)$/;

/**
 * Reads `2026-03-29T01:30Z`, `2026-03-29T01:30+01:00`, or a wall time with its zone, `2026-03-29T01:30 Europe/London`;
 * without a zone the wall time is one of `localZone`. A wall time that the clocks skip is moved on by what they skip, one that comes
 * twice is the first (RFC 5545, 3.3.5), and the note says so. Throws RangeError with a message for people.
 */
export const readMoment = (text: string, localZone: string): Moment => {
  const trimmed = text.trim();
  if (WITH_OFFSET.test(trimmed)) {
    try {
      return { at: Temporal.Instant.from(trimmed) };
    } catch {
      throw new RangeError(`"${trimmed}" is not a moment: write it as 2026-03-29T01:30Z`);
    }
  }
  const match = trimmed.match(LOCAL);
  if (!match)
    throw new RangeError(`"${trimmed}" is not a time: write 2026-03-29T01:30Z, or with a zone "2026-03-29T01:30 Europe/London"`);
  const named = match[3] ?? match[4];
  const zone = named ?? localZone;
  const local = plainOf(`${match[1]}T${match[2]}`);
  const earlier = zonedOf(local, zone, 'earlier');
  const later = zonedOf(local, zone, 'later');
  const said = `${show(local)} ${zone}`;
  if (earlier.equals(later)) {
    const at = earlier.toInstant();
    return named ? { at } : { at, note: `No zone was given: ${said} is meant, ${utc(at)}.` };
  }
  if (earlier.toPlainDateTime().equals(local)) {
    const at = earlier.toInstant();
    const second = later.toString({ timeZoneName: 'never', smallestUnit: 'minute' });
    return {
      at,
      note: `${said} comes twice, because the clocks go back: the first is meant, ${utc(at)}. For the second write ${second}.`,
    };
  }
  const at = later.toInstant();
  return {
    at,
    note: `${said} does not exist, because the clocks go forward over it: ${show(later.toPlainDateTime())} is meant, ${utc(at)}.`,
  };
};

const plainOf = (text: string): Temporal.PlainDateTime => {
  try {
    return Temporal.PlainDateTime.from(text, { overflow: 'reject' });
  } catch {
    throw new RangeError(`${text} is not a date and time of the calendar`);
  }
};
const zonedOf = (local: Temporal.PlainDateTime, zone: string, disambiguation: 'earlier' | 'later') => {
  try {
    return local.toZonedDateTime(zone, { disambiguation });
  } catch {
    throw new RangeError(`There is no time zone ${zone}: write an IANA name such as Europe/London`);
  }
};

const show = (local: Temporal.PlainDateTime): string => local.toString({ smallestUnit: 'minute' }).replace('T', ' ');
const utc = (at: Temporal.Instant): string => at.toString({ smallestUnit: 'minute' });

/** `2026-03-02 13:00`, on the clock of the zone. */
export const localTime = (at: string, zone: string): string =>
  Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
/** With seconds, for things that follow one another quickly. */
export const localSeconds = (at: string, zone: string): string =>
  Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'second' }).replace('T', ' ');
/** `2026-03-02 12:00Z`. */
export const utcTime = (at: string): string => Temporal.Instant.from(at).toString({ smallestUnit: 'minute' }).replace('T', ' ');

const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds of `30m`, `2h`, `1h30m`, `7d`. Days are 24 hours. Throws RangeError with a message for people. */
export const readDuration = (text: string): number => {
  const trimmed = text.trim().toLowerCase();
  if (!/^(?:\d{1,6}[smhdw])+$/.test(trimmed)) throw new RangeError(`"${text}" is not a duration: write 30m, 2h, 1h30m or 7d`);
  const parts = [...trimmed.matchAll(/(\d+)([smhdw])/g)];
  const units = parts.map((part) => part[2]);
  if (new Set(units).size < units.length) throw new RangeError(`"${text}" names a unit twice`);
  const seconds = parts.reduce((sum, [, n, unit]) => sum + Number(n) * (UNIT_SECONDS[unit as string] ?? 0), 0);
  if (seconds === 0) throw new RangeError(`"${text}" is no time at all`);
  return seconds;
};

/** `90 s`, `5 min`, `1 h 30 min`, `2 d`: whole minutes once past two of them. */
export const showDuration = (seconds: number): string => {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  return [days && `${days} d`, hours && `${hours} h`, rest && `${rest} min`].filter(Boolean).join(' ');
};
