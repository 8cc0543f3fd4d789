import type { Wording } from '../../../contract/wording.ts';

const without = <T>(map: Record<string, T>, key: string): Record<string, T> =>
  Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));
/** The map with one key set; an undefined or empty value takes the key out. */
const put = <T extends object | string>(map: Record<string, T>, key: string, value: T | undefined): Record<string, T> =>
  value === undefined || (typeof value === 'object' && Object.keys(value).length === 0)
    ? without(map, key)
    : { ...map, [key]: value };

/** The wording with one part of one language changed, or as usual where `template` is undefined. */
export const reworded = (
  wording: Wording = {},
  kind: string,
  part: string,
  language: string,
  template: string | undefined,
): Wording => {
  const parts = wording[kind] ?? {};
  return put(wording, kind, put(parts, part, put(parts[part] ?? {}, language, template)));
};
