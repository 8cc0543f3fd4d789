// Local times of any zone, from what Intl knows: not every browser has Temporal. Instants are milliseconds since the epoch,
// local times are text such as `2026-03-29T02:30`, dates such as `2026-03-29`.

const DAY = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();
const formatOf = (zone: string): Intl.DateTimeFormat => {
  const found =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  formats.set(zone, found);
  return found;
};

/** What the clocks of a zone show, as if it were UTC. */
const wallAt = (at: number, zone: string): number => {
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) part[type] = Number(value);
  return Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second);
};

/** How far a zone's clocks are ahead of UTC, in ms. */
export const offsetAt = (at: number, zone: string): number => wallAt(at, zone) - Math.floor(at / 1000) * 1000;

/** `2026-03-29T02:30` on the clocks of a zone. */
export const localOf = (at: number, zone: string): string => new Date(wallAt(at, zone)).toISOString().slice(0, 16);
export const dateOf = (at: number, zone: string): string => localOf(at, zone).slice(0, 10);

/**
 * When a zone's clocks show a local time. One that comes twice is the first of the two; one that the clocks skip is as
 * much later as they skip: both as calendars do it. Undefined if the text is no local time.
 */
export const instantOf = (local: string, zone: string): number | undefined => {
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall)) return undefined;
  const [before, after] = [offsetAt(wall - DAY, zone), offsetAt(wall + DAY, zone)];
  const exact = [wall - before, wall - after].filter((at) => wallAt(at, zone) === wall);
  return exact.length > 0 ? Math.min(...exact) : wall - before;
};

/** Midnight, or the first moment of a day whose midnight the clocks skip. */
export const startOf = (date: string, zone: string): number => instantOf(`${date}T00:00`, zone) as number;

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00Z`) + days * DAY).toISOString().slice(0, 10);
const addMonths = (date: string, months: number): string => {
  const at = new Date(`${date.slice(0, 8)}01T00:00Z`);
  at.setUTCMonth(at.getUTCMonth() + months);
  return at.toISOString().slice(0, 10);
};
export const isDate = (text: string | undefined): text is string =>
  text !== undefined && /^[12]\d{3}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00Z`));

/** Monday of the week a date is in. */
export const mondayOf = (date: string): string => addDays(date, -((new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7));

export type View = 'day' | 'week' | 'fortnight' | 'month';
export type Day = { date: string; from: number; to: number };
export type Span = { view: View; from: number; to: number; first: string; days: Day[] };

/** The days that a view of a date shows, each as long as it really is: 23 or 25 hours when the clocks change. */
export const spanOf = (view: View, date: string, zone: string): Span => {
  const first = view === 'day' ? date : view === 'month' ? `${date.slice(0, 8)}01` : mondayOf(date);
  const end = view === 'month' ? addMonths(first, 1) : addDays(first, { day: 1, week: 7, fortnight: 14 }[view]);
  const days: Day[] = [];
  for (let day = first; day < end; day = addDays(day, 1))
    days.push({ date: day, from: startOf(day, zone), to: startOf(addDays(day, 1), zone) });
  return { view, from: startOf(first, zone), to: startOf(end, zone), first, days };
};

/** The date from which the view before or after this one is drawn. */
export const move = ({ view, first }: Span, by: 1 | -1): string =>
  view === 'month' ? addMonths(first, by) : addDays(first, by * { day: 1, week: 7, fortnight: 14 }[view]);

/** The full hours of a day by its clocks: an hour that comes twice is there twice, one that is skipped is not. */
export const hoursOf = ({ from, to }: Day, zone: string): number[] => {
  const hours: number[] = [];
  for (let at = from; at < to; at += 900_000) if (localOf(at, zone).endsWith(':00')) hours.push(at);
  return hours;
};

const STEP: Record<View, number> = { day: 900_000, week: 1_800_000, fortnight: 3_600_000, month: 3 * 3_600_000 };

/** The nearest moment a drag may begin or end at: an edge of a shift that is `near` ms away at most, else a round time of its day. */
export const snap = (at: number, span: Span, edges: readonly number[], near: number): number => {
  const edge = edges.reduce<number | undefined>(
    (best, one) => (Math.abs(one - at) <= Math.abs((best ?? Number.NEGATIVE_INFINITY) - at) ? one : best),
    undefined,
  );
  if (edge !== undefined && Math.abs(edge - at) <= near) return edge;
  const day = span.days.find((one) => at >= one.from && at < one.to) ?? span.days.at(-1);
  if (!day) return at;
  const step = STEP[span.view];
  return Math.min(day.to, day.from + Math.round((at - day.from) / step) * step);
};

/** `UTC+1`, `UTC-3:30`, `UTC`. */
export const offsetName = (at: number, zone: string): string => {
  const minutes = Math.round(offsetAt(at, zone) / 60_000);
  if (minutes === 0) return 'UTC';
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? '-' : '+'}${hours}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`;
};
/** `America/New_York` → `New York`. */
export const cityOf = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
export const deviceZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;
/** Every zone the browser knows. */
export const zones = (): string[] => ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
