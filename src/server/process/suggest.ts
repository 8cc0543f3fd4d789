/** Edits between two words, a swap of neighbours counting as one (optimal string alignment). */
const distance = (a: string, b: string): number => {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row];
    for (let at = 1; at <= b.length; at += 1) {
      const same = a[row - 1] === b[at - 1];
      let best = Math.min((last[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1, (last[at - 1] ?? 0) + (same ? 0 : 1));
      if (row > 1 && at > 1 && a[row - 1] === b[at - 2] && a[row - 2] === b[at - 1])
        best = Math.min(best, (before[at - 2] ?? 0) + 1);
      next.push(best);
    }
    before = last;
    last = next;
  }
  return last[b.length] ?? 0;
};

/** The known word that was most likely meant, if one is near enough. */
export const closest = (word: string, known: readonly string[]): string | undefined => {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s_.-]/g, '');
  const given = plain(word.slice(0, 100));
  const allowed = Math.max(1, Math.floor(given.length / 3));
  let best: { word: string; edits: number } | undefined;
  for (const candidate of known) {
    const other = plain(candidate);
    if (Math.abs(other.length - given.length) > allowed) continue;
    const edits = distance(given, other);
    if (edits <= allowed && (!best || edits < best.edits)) best = { word: candidate, edits };
  }
  return best?.word;
};

/** `: did you mean x?`, or what there is, or nothing. */
export const didYouMean = (word: string, known: readonly string[]): string => {
  const near = closest(word, known);
  if (near !== undefined) return `: did you mean ${near}?`;
  return known.length > 0 && known.length <= 30 ? `; there is ${known.join(', ')}` : '';
};
