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

type Listed = { languages: string[]; parts: { kind: string; part: string }[] };
/** The wording without what this version does not word: kinds, parts and languages that are not listed. */
export const listedOf = (wording: Wording, { languages, parts }: Listed): Wording => {
  let kept: Wording = {};
  for (const { kind, part } of parts)
    for (const language of languages) kept = reworded(kept, kind, part, language, wording[kind]?.[part]?.[language]);
  return kept;
};

/** What `listedOf` leaves out, each as `kind part (language)`. */
export const unlistedOf = (wording: Wording, listed: Listed): string[] => {
  const kept = listedOf(wording, listed);
  return Object.entries(wording).flatMap(([kind, parts]) =>
    Object.entries(parts).flatMap(([part, languages]) =>
      Object.keys(languages).flatMap((language) =>
        kept[kind]?.[part]?.[language] === undefined ? [`${kind} ${part} (${language})`] : [],
      ),
    ),
  );
};
