import SCIMMY from 'scimmy';
import { judged, ScimError } from './error.ts';
import { isPlain, type Plain } from './shapes.ts';

const MAX_LENGTH = 2000;
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
    .replace(/\b(emails|members|groups)(?=\s+(eq|ne|co|sw|ew)\s)/gi, '$1.value');
  const [, attribute = '', raw] = /^([\w.]+)\s+eq\s+("(?:[^"\\]|\\.)*")$/i.exec(text) ?? [];
  const known = LOOKED_UP[attribute.toLowerCase()];
  if (known && raw) {
    const value = judged('invalidFilter', () => JSON.parse(raw) as string);
    if (value.includes('\0')) throw new ScimError(400, 'invalidFilter', 'The filter holds a NUL character');
    return { equal: { attribute: known, value } };
  }
  return judged('invalidFilter', () => {
    // The library takes a filter that breaks off for one that does not.
    if (/\b(and|or|not)$/i.test(text)) throw new ScimError(400, 'invalidFilter', 'The filter breaks off');
    const parsed = new SCIMMY.Types.Filter(text);
    if (JSON.stringify(parsed).match(/\["(?:not","|)(?:eq|ne|co|sw|ew|gt|lt|ge|le)"\]/) || parsed.length === 0)
      throw new ScimError(400, 'invalidFilter', 'A comparison has no value');
    const filter = new SCIMMY.Types.Filter([...parsed].map((one) => folded(one, '', (key) => key)));
    return {
      match: (resources) => {
        const by = new Map(resources.map((one) => [foldedResource(one), one]));
        return judged('invalidFilter', () => filter.match([...by.keys()])).map((one) => by.get(one) as Plain);
      },
    };
  });
};
