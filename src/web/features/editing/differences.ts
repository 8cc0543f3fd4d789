export type Difference = { path: string; was: string | undefined; is: string | undefined };

const leaves = (value: unknown, path: string, out: Map<string, string>): Map<string, string> => {
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 0 && path) out.set(path, '');
    for (const [key, inner] of entries) leaves(inner, path ? `${path}.${key}` : key, out);
  } else if (value !== undefined) out.set(path, String(value));
  return out;
};

/** Where two states of a thing differ, value by value: paths as the API names them, `layers.0.participants.1`. */
export const differences = (before: unknown, after: unknown): Difference[] => {
  const [was, is] = [leaves(before, '', new Map()), leaves(after, '', new Map())];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((path) => was.get(path) !== is.get(path))
    .map((path) => ({ path, was: was.get(path), is: is.get(path) }));
};

/** How many of its own fields differ, whatever is inside them: what a person would call the number of changes. */
export const fieldsChanged = (before: object, after: object): number => {
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...was.keys(), ...is.keys()])].filter(
    (key) => differences({ at: was.get(key) }, { at: is.get(key) }).length > 0,
  ).length;
};
