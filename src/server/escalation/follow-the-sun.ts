/** Half hours: some zones are half an hour off. */
const SLOTS = 48;
const NIGHT = { from: 22, to: 6 };
/** On call at least an hour, at most sixteen. */
const SHORTEST = 2;
const LONGEST = 32;
/** An hour at night counts as much as any number of hours early or late. */
const NIGHT_COST = 1000;
const MIDDAY = 13;

/** `09:30` of a half hour of the day. */
export const clock = (slot: number): string =>
  `${String(Math.floor((slot % SLOTS) / 2)).padStart(2, '0')}:${slot % 2 === 0 ? '00' : '30'}`;

/** Hours by which the site's clocks are ahead of the schedule's on each day of the year ahead: how far, and on how many days. */
const differences = (zone: string, site: string, now: Temporal.Instant): Map<number, number> => {
  const found = new Map<number, number>();
  for (let day = 0; day < 366; day++) {
    const at = now.add({ hours: 24 * day });
    const ahead = (at.toZonedDateTimeISO(site).offsetNanoseconds - at.toZonedDateTimeISO(zone).offsetNanoseconds) / 3.6e12;
    found.set(ahead, (found.get(ahead) ?? 0) + 1);
  }
  return found;
};

const localHour = (slot: number, ahead: number) => (((slot / 2 + ahead) % 24) + 24) % 24;
const isNight = (hour: number) => hour >= NIGHT.from || hour < NIGHT.to;
const slotsOf = (from: number, to: number) =>
  Array.from({ length: (((to - from) % SLOTS) + SLOTS) % SLOTS }, (_, at) => (from + at) % SLOTS);

/** Hours at night in the year ahead of whoever has these half hours of every day. */
export const nightHours = (zone: string, site: string, from: number, to: number, now: Temporal.Instant): number =>
  [...differences(zone, site, now)].reduce(
    (sum, [ahead, days]) => sum + days * slotsOf(from, to).filter((slot) => isNight(localHour(slot, ahead))).length * 0.5,
    0,
  );

/** `07:00 to 15:00` on the site's clocks, each that occurs in the year ahead. */
export const localHours = (zone: string, site: string, from: number, to: number, now: Temporal.Instant): string[] => [
  ...new Set(
    [...differences(zone, site, now).keys()].map(
      (ahead) => `${clock(localHour(from, ahead) * 2)} to ${clock(localHour(to, ahead) * 2)}`,
    ),
  ),
];

/**
 * Which half hours of the day each site has, on the schedule's clock: all of the day, each in one stretch, as few at night there as can
 * be over the year ahead, and else near the middle of the day. Looks at every way to cut the day.
 */
export const handoffs = <T extends { time_zone: string }>(
  sites: readonly T[],
  zone: string,
  now: Temporal.Instant,
): { site: T; from: number; to: number }[] => {
  const known = sites.map((site) => {
    const ahead = differences(zone, site.time_zone, now);
    const cost = Array.from({ length: SLOTS }, (_, slot) =>
      [...ahead].reduce((sum, [by, days]) => {
        const hour = localHour(slot, by);
        const off = Math.min(Math.abs(hour - MIDDAY), 24 - Math.abs(hour - MIDDAY));
        return sum + days * (isNight(hour) ? NIGHT_COST : off ** 2);
      }, 0),
    );
    return { site, cost, ahead: Math.max(...ahead.keys()) };
  });
  // The sun is first where clocks are furthest ahead.
  known.sort((a, b) => b.ahead - a.ahead);
  let best = { total: Number.POSITIVE_INFINITY, cuts: [] as number[] };
  for (let start = 0; start < SLOTS; start++) {
    // By slots given away so far: the cheapest way, and where it was cut.
    let ways = new Map<number, { total: number; cuts: number[] }>([[0, { total: 0, cuts: [] }]]);
    for (const { cost } of known) {
      const next: typeof ways = new Map();
      for (const [done, { total, cuts }] of ways)
        for (let sum = total, length = 1; length <= LONGEST && done + length <= SLOTS; length++) {
          sum += cost[(start + done + length - 1) % SLOTS] as number;
          if (length >= SHORTEST && sum < (next.get(done + length)?.total ?? Number.POSITIVE_INFINITY))
            next.set(done + length, { total: sum, cuts: [...cuts, done] });
        }
      ways = next;
    }
    const whole = ways.get(SLOTS);
    if (whole && whole.total < best.total) best = { total: whole.total, cuts: whole.cuts.map((cut) => (start + cut) % SLOTS) };
  }
  return known.map(({ site }, at) => ({
    site,
    from: best.cuts[at] as number,
    to: best.cuts[(at + 1) % known.length] as number,
  }));
};
