import type { Layer, Restriction, Schedule } from './queries.ts';

export type Preset = 'weekly' | 'tiers' | 'sun' | 'weekend' | 'empty';
export type Site = { name: string; zone: string; from: string; to: string; people: string[] };
/** What is asked of whoever begins with a preset; each uses its part. */
export type Wanted = {
  people: string[];
  secondary: boolean;
  /** How many are on call one behind the other, and the policy that asks them in turn; named as the schedule unless said. */
  tiers: 2 | 3;
  escalateMinutes: number;
  policy: string;
  /** On the schedule's clocks, `2026-11-16T09:00`. */
  starts: string;
  weekday: string[];
  weekend: string[];
  weekendFrom: string;
  weekendTo: string;
  sites: Site[];
  /** The hours of sites are typed, not found by their zones. */
  byHand: boolean;
};

const layer = (
  name: string,
  role: Layer['role'],
  starts: string,
  participants: string[],
  restrictions?: Restriction[],
): Layer => ({
  name,
  role,
  shadow: false,
  rotation: { every: 1, unit: 'week' },
  starts,
  participants,
  ...(restrictions ? { restrictions } : {}),
});

/** `Sydney office` → `sydney-office`, as far as a name may go. */
export const slugOf = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');

/** Whoever follows is second until then. */
const next = (people: string[]): string[] => [...people.slice(1), ...people.slice(0, 1)];

/** The layers a preset begins with; those without people are left out. */
export const layersOf = (preset: Preset, wanted: Wanted): Layer[] => {
  const { people, starts } = wanted;
  if (preset === 'weekly')
    return people.length === 0
      ? []
      : [
          layer('primary', 'primary', starts, people),
          ...(wanted.secondary && people.length > 1 ? [layer('secondary', 'secondary', starts, next(people))] : []),
        ];
  if (preset === 'weekend') {
    const { weekendFrom, weekendTo, weekday, weekend } = wanted;
    // Turns change when the stretch begins, so that no weekend is cut in two.
    const friday = new Date(`${starts.slice(0, 10)}T00:00Z`);
    friday.setUTCDate(friday.getUTCDate() + ((5 - friday.getUTCDay() + 7) % 7));
    const monday = new Date(`${starts.slice(0, 10)}T00:00Z`);
    monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7));
    const on = (day: Date, time: string) => `${day.toISOString().slice(0, 10)}T${time}`;
    return [
      ...(weekday.length > 0
        ? [layer('weekdays', 'primary', on(monday, weekendTo), weekday, [{ from: `mon ${weekendTo}`, to: `fri ${weekendFrom}` }])]
        : []),
      ...(weekend.length > 0
        ? [
            layer('weekend', 'primary', on(friday, weekendFrom), weekend, [
              { from: `fri ${weekendFrom}`, to: `mon ${weekendTo}` },
            ]),
          ]
        : []),
    ];
  }
  if (preset === 'sun') {
    const names = new Set<string>();
    return wanted.sites.flatMap((site, at) => {
      if (site.people.length === 0) return [];
      let name = slugOf(site.name) || `site-${at + 1}`;
      if (names.has(name)) name = `${name}-${at + 1}`;
      names.add(name);
      return [layer(name, 'primary', `${starts.slice(0, 10)}T${site.from}`, site.people, [{ from: site.from, to: site.to }])];
    });
  }
  return [];
};

export const scheduleFrom = (
  preset: Preset,
  wanted: Wanted,
  about: { name: string; title: string; team: string | undefined; time_zone: string },
): Schedule => ({
  name: about.name,
  title: about.title,
  ...(about.team ? { team: about.team } : {}),
  time_zone: about.time_zone,
  layers: layersOf(preset, wanted),
  policies: { max_consecutive_days: 7, min_gap_days: 14, min_rotation_size: 4 },
});
