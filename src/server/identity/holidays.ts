import { aside } from '../platform/aside.ts';
import { invalid } from '../platform/errors.ts';

/** Local days from `day` (YYYY-MM-DD) on, `days` of them. */
export type Holiday = { day: string; days: number; name: string };
export type Asked = { region: string; year: number };
/** `title` is null for a region nothing is known of. */
export type RegionYear = Asked & { title: string | null; days: Holiday[] };

/** Reading the library takes 0.4 s and 60 MB: in a thread that goes again, and once for a region and year. */
const WORKER = new URL('./holidays-worker.ts', import.meta.url);
const PATIENCE_MS = 20_000;
const known = new Map<string, RegionYear>();
const keyOf = ({ region, year }: Asked) => `${region} ${year}`;

/** Public holidays of regions such as `NL` or `DE-BY` in the years asked for. Throws AppError `unavailable`. */
export const publicHolidays = async (asked: readonly Asked[]): Promise<RegionYear[]> => {
  const missing = [...new Map(asked.filter((one) => !known.has(keyOf(one))).map((one) => [keyOf(one), one])).values()];
  if (missing.length > 0)
    for (const found of await aside<RegionYear[]>(WORKER, missing, PATIENCE_MS)) known.set(keyOf(found), found);
  return asked.flatMap((one) => known.get(keyOf(one)) ?? []);
};

/** Refuses a region nothing is known of. */
export const assertHolidays = async (region: string | undefined, now: Temporal.Instant, field = 'holidays'): Promise<void> => {
  if (region === undefined) return;
  const [found] = await publicHolidays([{ region, year: now.toZonedDateTimeISO('UTC').year }]);
  if (!found?.title)
    throw invalid(
      `no public holidays are known for ${region}: give a country such as NL, or with its region such as DE-BY`,
      field,
    );
};
