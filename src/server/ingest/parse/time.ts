const ISO = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;
const LATEST = Temporal.Instant.from('9999-12-31T23:59:59Z');

/**
 * A tool's timestamp: ISO 8601 with `Z`, `+00:00`, `+0000`, `+00` or nothing (taken as UTC), or a Unix time in seconds,
 * milliseconds, microseconds or nanoseconds, as number or text. Go's zero time (0001-01-01), anything up to 1970 or after
 * 9999, and whatever cannot be read, is undefined: a bad clock must not cost a page.
 */
export function parseInstant(value: unknown): Temporal.Instant | undefined {
  const instant = typeof value === 'number' ? fromUnix(value) : typeof value === 'string' ? fromText(value.trim()) : undefined;
  if (!instant || instant.epochMilliseconds <= 0 || Temporal.Instant.compare(instant, LATEST) > 0) return undefined;
  return instant;
}

function fromText(text: string): Temporal.Instant | undefined {
  if (text.length > 64) return undefined;
  if (/^\d{9,19}(\.\d+)?$/.test(text)) return fromUnix(Number(text));
  const [, date, time, zone] = ISO.exec(text) ?? [];
  if (!date || !time) return undefined;
  // Temporal takes nine digits of a second; some senders print more.
  const clock = time.replace(/([.,]\d{9})\d+$/, '$1');
  const offset = !zone || /^(z|utc|gmt)$/i.test(zone) ? 'Z' : zone;
  try {
    return Temporal.Instant.from(`${date}T${clock}${offset}`);
  } catch {
    return undefined;
  }
}

/** The magnitude tells the unit: seconds stay below 1e11 until the year 5138. */
function fromUnix(value: number): Temporal.Instant | undefined {
  if (!Number.isFinite(value) || value <= 0) return undefined;
  const milliseconds = value < 1e11 ? value * 1e3 : value < 1e14 ? value : value < 1e17 ? value / 1e3 : value / 1e6;
  return milliseconds < 8.64e15 ? Temporal.Instant.fromEpochMilliseconds(Math.round(milliseconds)) : undefined;
}
