import { ENV_REFERENCE } from '../../contract/process.ts';
import type { Kind } from './types.ts';

/** Looks a `${env:NAME}` up; undefined when the server has no such variable. */
export type Lookup = (name: string) => string | undefined;

const SECRET_SETTING = /password|secret|token|api_?key|private_?key|credential/i;
export const isReference = (value: unknown): value is string => typeof value === 'string' && /\$\{env:[A-Za-z_]\w*\}/.test(value);

/** Whether a field of a noun holds a secret, by its own name (not its whole path). */
export const isSecretField = (kind: Kind, field: string): boolean =>
  kind === 'integrations' ? field === 'key' || field === 'hmac_secret' : kind === 'settings' && SECRET_SETTING.test(field);

/** What stands in an exported file for a secret that is stored as it is. */
export const standIn = (...names: string[]): string =>
  `\${env:ALLCLEAR_${names.map((name) => name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')).join('_')}}`;

/**
 * An exported stand-in means the stored secret until the server has a variable of that name with another value:
 * so a file that was exported and not touched changes nothing. Any other value means itself.
 */
export const meantSecret = (written: unknown, stored: unknown, standInText: string, lookup: Lookup): unknown => {
  if (written !== standInText || typeof stored !== 'string' || isReference(stored)) return written;
  const name = ENV_REFERENCE.exec(standInText)?.[1] ?? '';
  const value = lookup(name);
  return value === undefined || value === stored ? stored : written;
};

/** Names in `${env:…}` anywhere in a value. */
export const referencesIn = (value: unknown): { path: string[]; name: string }[] => {
  if (typeof value === 'string')
    return [...value.matchAll(/\$\{env:([A-Za-z_]\w*)\}/g)].map((found) => ({ path: [], name: found[1] as string }));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    referencesIn(inner).map((found) => ({ ...found, path: [key, ...found.path] })),
  );
};
