/** A time during which a silence is active, as instants; no end: it goes on. */
export type Span = { starts: string; ends: string | null };

/** A span's part on one day of the week, in minutes of that day's clock, and its place beside others at the same time. */
export type Block<T extends Span> = {
  span: T;
  day: number;
  from: number;
  to: number;
  lane: number;
  lanes: number;
  /** Whether it begins and ends on this day, or runs on. */
  begins: boolean;
  ends: boolean;
};

/** Midnight of the Monday of the week, on the device's clock; in ms. */
export const mondayOf = (when: number): number => {
  const at = new Date(when);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() - ((at.getDay() + 6) % 7)).getTime();
};

/** Midnight some days later; a day has 23 or 25 hours when the clocks change. */
export const plusDays = (midnight: number, days: number): number => {
  const at = new Date(midnight);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() + days).getTime();
};

/** `2026-11-23`, as it stands in the address. */
export const dateText = (midnight: number): string => {
  const at = new Date(midnight);
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
};
export const dateOf = (text: string | undefined): number | undefined => {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text ?? '');
  return parts ? new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])).getTime() : undefined;
};

export const minuteOfDay = (when: number): number => {
  const at = new Date(when);
  return at.getHours() * 60 + at.getMinutes();
};

/** Shorter ones are drawn this long, so that they can be hit. */
const SHORTEST = 30;
const DAY = 1440;

/** The spans as blocks of the seven days from a Monday on; those that overlap stand side by side. */
export const blocksOf = <T extends Span>(spans: T[], monday: number): Block<T>[] =>
  Array.from({ length: 7 }, (_, day) => {
    const [start, end] = [plusDays(monday, day), plusDays(monday, day + 1)];
    const blocks = spans.flatMap((span): Block<T>[] => {
      const [starts, ends] = [Date.parse(span.starts), span.ends === null ? Number.POSITIVE_INFINITY : Date.parse(span.ends)];
      if (starts >= end || ends <= start) return [];
      const from = Math.min(starts <= start ? 0 : minuteOfDay(starts), DAY - SHORTEST);
      const to = ends >= end ? DAY : minuteOfDay(ends);
      return [
        { span, day, from, to: Math.max(to, from + SHORTEST), lane: 0, lanes: 1, begins: starts >= start, ends: ends <= end },
      ];
    });
    return inLanes(blocks);
  }).flat();

/** Blocks that touch each other, directly or through others, share the width evenly. */
const inLanes = <T extends Span>(blocks: Block<T>[]): Block<T>[] => {
  const sorted = [...blocks].sort((a, b) => a.from - b.from || b.to - a.to);
  const out: Block<T>[] = [];
  let together: Block<T>[] = [];
  let until = 0;
  const close = () => {
    const lanes = Math.max(0, ...together.map((one) => one.lane)) + 1;
    out.push(...together.map((one) => ({ ...one, lanes })));
    together = [];
  };
  for (const block of sorted) {
    if (block.from >= until) close();
    const taken = new Set(together.filter((one) => one.to > block.from).map((one) => one.lane));
    let lane = 0;
    while (taken.has(lane)) lane += 1;
    together.push({ ...block, lane });
    until = Math.max(until, block.to);
  }
  close();
  return out;
};
