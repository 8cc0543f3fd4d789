import type { Timeline } from './queries.ts';

type Shift = Timeline['shifts'][number];
export type Piece = { from: number; to: number; fresh: boolean };

const ms = (at: string) => Date.parse(at);

/** A shift after a change, cut where somebody had it before anyhow: what is fresh is who was not on call then. */
export const piecesOf = (shift: Shift, before: readonly Shift[]): Piece[] => {
  const [from, to] = [ms(shift.starts), ms(shift.ends)];
  const had = before
    .filter((one) => one.person === shift.person && one.role === shift.role && one.shadow === shift.shadow)
    .map((one) => ({ from: Math.max(from, ms(one.starts)), to: Math.min(to, ms(one.ends)) }))
    .filter((one) => one.from < one.to)
    .sort((a, b) => a.from - b.from);
  const pieces: Piece[] = [];
  let at = from;
  for (const one of had) {
    if (one.to <= at) continue;
    if (one.from > at) pieces.push({ from: at, to: one.from, fresh: true });
    pieces.push({ from: Math.max(at, one.from), to: one.to, fresh: false });
    at = one.to;
  }
  if (at < to) pieces.push({ from: at, to, fresh: true });
  return pieces.reduce<Piece[]>((joined, piece) => {
    const last = joined.at(-1);
    if (last && last.fresh === piece.fresh && last.to === piece.from) last.to = piece.to;
    else joined.push({ ...piece });
    return joined;
  }, []);
};

const ORDER = ['primary', 'secondary', 'tertiary'] as const;
/** The roles a schedule fills, first asked first. */
export const rolesOf = ({ layers, shifts }: Pick<Timeline, 'layers' | 'shifts'>): (typeof ORDER)[number][] => {
  const used = new Set([...layers.map((layer) => layer.role), ...shifts.map((shift) => shift.role)]);
  const roles = ORDER.filter((role) => used.has(role));
  return roles.length > 0 ? roles : ['primary'];
};

/** When nobody has a role, or, where a schedule has one role alone, when nobody is on call. */
export const gapsFor = (timeline: Timeline, role: string): Timeline['gaps'] => {
  const own = timeline.gaps.filter((gap) => gap.role === role);
  return own.length > 0 || rolesOf(timeline).length > 1 ? own : timeline.gaps.filter((gap) => gap.role === null);
};

/** How long nobody at all is on call, in ms. */
export const uncovered = (timeline: Pick<Timeline, 'gaps'>): number =>
  timeline.gaps.filter((gap) => gap.role === null).reduce((sum, gap) => sum + ms(gap.ends) - ms(gap.starts), 0);
