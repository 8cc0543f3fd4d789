export type FieldChange = { field: string; before: unknown; after: unknown };

type Fields = Record<string, unknown>;
const isMap = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

const HIDDEN = '…';
/** Fields whose value would let somebody in, or watch in our name; the journal is read by more people than the settings. */
const SECRET = /password|secret|token|(^|_)key$|(^|_)auth($|_)|^dead_man_url$/;
const isReference = (value: string) => /^\$\{env:[A-Za-z_][A-Za-z0-9_]*\}$/.test(value);
const MOST_CHARACTERS = 2000;
const MOST_CHANGES = 200;

const nameOf = (item: unknown): string | undefined => {
  if (!isMap(item)) return undefined;
  const { name, label } = item;
  return typeof name === 'string' ? name : typeof label === 'string' ? label : undefined;
};
/** A list of named things as a map by their names, so that one that is put before the others changes nothing of them. */
const byName = (list: unknown[]): Fields | undefined => {
  const names = list.map(nameOf);
  return names.every((name) => name !== undefined) && new Set(names).size === names.length
    ? Object.fromEntries(list.map((item, index) => [names[index] as string, item]))
    : undefined;
};

const shown = (value: unknown, secret: boolean): unknown => {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') {
    if (secret && !isReference(value)) return HIDDEN;
    return value.length > MOST_CHARACTERS ? `${value.slice(0, MOST_CHARACTERS)}…` : value;
  }
  if (Array.isArray(value)) return value.map((item) => shown(item, secret));
  if (isMap(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item, secret || SECRET.test(key))]));
  return secret ? HIDDEN : value;
};

/**
 * What differs between two states of a thing, by dotted path, secrets hidden: of a new thing all that it has, of a removed
 * one all that it had (`undefined` for the other side). `null` stands for absent. Instants must be texts already.
 */
export const changesOf = (before: object | undefined, after: object | undefined): FieldChange[] => {
  const out: FieldChange[] = [];
  const compare = (path: string, a: unknown, b: unknown, secret: boolean): void => {
    const [left, right] = [a ?? null, b ?? null];
    const inside = (x: Fields, y: Fields): void => {
      for (const key of new Set([...Object.keys(x), ...Object.keys(y)]))
        compare(path === '' ? key : `${path}.${key}`, x[key], y[key], secret || SECRET.test(key));
    };
    if (isMap(left) && isMap(right)) {
      inside(left, right);
      return;
    }
    if (Array.isArray(left) && Array.isArray(right) && left.length + right.length > 0) {
      const [x, y] = [byName(left), byName(right)];
      if (x && y) {
        inside(x, y);
        const kept = (list: Fields, other: Fields) => Object.keys(list).filter((name) => name in other);
        if (kept(x, y).join('\n') !== kept(y, x).join('\n'))
          out.push({ field: path === '' ? 'order' : `${path}.order`, before: Object.keys(x), after: Object.keys(y) });
        return;
      }
      if ([...left, ...right].every(isMap)) {
        for (let n = 0; n < Math.max(left.length, right.length); n += 1) compare(`${path}.${n}`, left[n], right[n], secret);
        return;
      }
    }
    if (JSON.stringify(left) !== JSON.stringify(right))
      out.push({ field: path, before: shown(left, secret), after: shown(right, secret) });
  };
  compare('', before ?? {}, after ?? {}, false);
  return out.length > MOST_CHANGES
    ? [...out.slice(0, MOST_CHANGES), { field: `and ${out.length - MOST_CHANGES} more`, before: null, after: null }]
    : out;
};
