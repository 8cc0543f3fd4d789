import { parentPort, workerData } from 'node:worker_threads';
import Holidays from 'date-holidays';
import type { Asked, RegionYear } from './holidays.ts';

const HOUR_MS = 3_600_000;

const titleOf = (region: string): string | null => {
  const [country = '', state, district] = region.split('-');
  const all = new Holidays();
  const title = all.getCountries('en')[country];
  const stateTitle = state && all.getStates(country, 'en')?.[state];
  const districtTitle = state && district && all.getRegions(country, state, 'en')?.[district];
  if (!title || (state && !stateTitle) || (district && !districtTitle)) return null;
  return [districtTitle, stateTitle, title].filter(Boolean).join(', ');
};

const yearOf = ({ region, year }: Asked): RegionYear => {
  const title = titleOf(region);
  if (title === null) return { region, year, title, days: [] };
  const [country = '', state = '', district = ''] = region.split('-');
  const found = new Holidays(country, state, district).getHolidays(year, 'en').filter((one) => one.type === 'public');
  const days = found.map((one) => ({
    day: one.date.slice(0, 10),
    // One that begins at a sunset is told by its first whole day.
    days: Math.max(1, Math.floor((one.end.getTime() - one.start.getTime()) / (24 * HOUR_MS))),
    name: one.name,
  }));
  return { region, year, title, days };
};

parentPort?.postMessage((workerData as Asked[]).map(yearOf));
