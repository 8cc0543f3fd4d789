import SCIMMY from 'scimmy';
import { judged, ScimError } from './error.ts';
import { isPlain, type Plain } from './shapes.ts';

const MAX_LENGTH = 2000;
/**
 * The library multiplies `(a or b) and (c or d)` out: 14 such groups took 0.7 s and 22 would not end, with nothing else served meanwhile.
 * Words inside of a text count too: the library's own reading of quotes and brackets is not ours.
 */
const MAX_PARTS = 8;
export const refuseManyParts = (scimType: 'invalidFilter' | 'invalidPath' | 'invalidValue', text: string): void => {
  if ((text.match(/\b(?:and|or|not)\b|[([]/gi)?.length ?? 0) > MAX_PARTS)
    throw new ScimError(400, scimType, `More than ${MAX_PARTS} and, or, not and brackets in one filter: ask for less at a time`);
};
/** Compared letter by letter; every other text whatever its case (RFC 7643, section 4). */
const EXACT = new Set(['id', 'externalId']);

/** `attribute eq "value"`, which a store can look up; anything else is matched against each resource. */
export type Filter = { equal: { attribute: string; value: string } } | { match: (resources: Plain[]) => Plain[] };

/** Each expression of a filter with its texts folded: `["eq", "A"]` → `["eq", "a"]`. */
const folded = (value: unknown, attribute: string, name: (text: string) => string): unknown => {
  if (Array.isArray(value)) {
    const inner = [...value];
    if (inner.some(Array.isArray)) return inner.map((one) => folded(one, attribute, name));
    return inner.map((part, index) =>
      index === inner.length - 1 && index > 0 && typeof part === 'string' ? fold(part, attribute) : part,
    );
  }
  if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [name(key), folded(one, key, name)]));
  return value;
};
const fold = (text: string, attribute: string) => (EXACT.has(attribute) ? text : text.toLowerCase());
const foldedResource = (value: unknown, attribute = ''): unknown => {
  if (typeof value === 'string') return fold(value, attribute);
  if (Array.isArray(value)) return value.map((one) => foldedResource(one, attribute));
  if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, foldedResource(one, key)]));
  return value;
};

/** A resource that lacks what a filter looks into has nothing in it; the library would fail at it. */
const withParts = (resource: Plain, parts: string[]): Plain => {
  const known = new Set(Object.keys(resource).map((key) => key.toLowerCase()));
  const absent = parts.filter((part) => !known.has(part.toLowerCase()));
  return absent.length === 0 ? resource : { ...resource, ...Object.fromEntries(absent.map((part) => [part, {}])) };
};

const LOOKED_UP: Record<string, string> = {
  id: 'id',
  username: 'userName',
  externalid: 'externalId',
  displayname: 'displayName',
  emails: 'emails',
  'emails.value': 'emails',
};

/** Reads a filter of RFC 7644; refuses one that is none with `invalidFilter`. */
export const readFilter = (given: string): Filter => {
  if (given.length > MAX_LENGTH) throw new ScimError(400, 'invalidFilter', `The filter is longer than ${MAX_LENGTH} characters`);
  const text = given
    .trim()
    .replace(/urn:ietf:params:scim:schemas:core:2\.0:(User|Group):/gi, '')
    .replace(/\b(emails|members|groups)(?=\s+(?:(?:eq|ne|co|sw|ew)\s|pr\b))/gi, '$1.value');
  const [, attribute = '', raw] = /^([\w.]+)\s+eq\s+("(?:[^"\\]|\\.)*")$/i.exec(text) ?? [];
  const known = LOOKED_UP[attribute.toLowerCase()];
  if (known && raw) {
    const value = judged('invalidFilter', () => JSON.parse(raw) as string);
    if (value.includes('\0')) throw new ScimError(400, 'invalidFilter', 'The filter holds a NUL character');
    return { equal: { attribute: known, value } };
  }
  refuseManyParts('invalidFilter', text);
  return judged('invalidFilter', () => {
    // The library takes a filter that breaks off for one that does not.
    if (/\b(and|or|not)$/i.test(text)) throw new ScimError(400, 'invalidFilter', 'The filter breaks off');
    const parsed = new SCIMMY.Types.Filter(text);
    if (JSON.stringify(parsed).match(/\["(?:not","|)(?:eq|ne|co|sw|ew|gt|lt|ge|le)"\]/) || parsed.length === 0)
      throw new ScimError(400, 'invalidFilter', 'A comparison has no value');
    const branches = [...parsed].map((one) => {
      const expression = folded(one, '', (key) => key) as Plain;
      return {
        filter: new SCIMMY.Types.Filter(expression),
        parts: Object.keys(expression).filter((key) => isPlain(expression[key])),
      };
    });
    return {
      match: (resources) =>
        judged('invalidFilter', () =>
          resources.filter((one) => {
            const resource = foldedResource(one) as Plain;
            return branches.some(({ filter, parts }) => filter.match([withParts(resource, parts)]).length > 0);
          }),
        ),
    };
  });
};
