/** Half-open, in milliseconds of Unix time. A list of them is in order of start. */
export type Interval = { start: number; end: number };

const inOrder = (a: Interval, b: Interval) => a.start - b.start;

/** The same instants as disjoint intervals, touching ones joined. */
export function union(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const { start, end } of intervals.toSorted(inOrder)) {
    if (start >= end) continue;
    const last = result.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}

/** What of each piece lies outside the disjoint `covered`. Pieces keep all else they carry. */
export function subtract<T extends Interval>(pieces: readonly T[], covered: readonly Interval[]): T[] {
  if (covered.length === 0) return [...pieces];
  const result: T[] = [];
  let first = 0;
  for (const piece of pieces) {
    while (first < covered.length && covered[first]!.end <= piece.start) first++;
    let start = piece.start;
    for (let at = first; at < covered.length && covered[at]!.start < piece.end; at++) {
      const hidden = covered[at]!;
      if (start < hidden.start) result.push({ ...piece, start, end: hidden.start });
      start = hidden.end;
    }
    if (start === piece.start) result.push(piece);
    else if (start < piece.end) result.push({ ...piece, start });
  }
  return result;
}

/** What of each piece lies within the disjoint `windows`. Pieces keep all else they carry. */
export function intersect<T extends Interval>(pieces: readonly T[], windows: readonly Interval[]): T[] {
  const result: T[] = [];
  let first = 0;
  for (const piece of pieces) {
    while (first < windows.length && windows[first]!.end <= piece.start) first++;
    for (let at = first; at < windows.length && windows[at]!.start < piece.end; at++) {
      const start = Math.max(piece.start, windows[at]!.start);
      const end = Math.min(piece.end, windows[at]!.end);
      result.push({ ...piece, start, end });
    }
  }
  return result;
}

/** What of `from` to `to` none of the disjoint intervals covers. */
export const complement = (covered: readonly Interval[], from: number, to: number): Interval[] =>
  from < to ? subtract([{ start: from, end: to }], covered) : [];
