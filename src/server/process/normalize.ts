import { ENV_REFERENCE, type ProcessDocument, type Remark } from '../../contract/process.ts';
import type { ChannelName } from '../channels/types.ts';
import { AppError } from '../platform/errors.ts';
import { type Lookup, meantSecret, referencesIn, standIn } from './secrets.ts';
import { remark } from './source.ts';
import type { Where } from './types.ts';

export type Tools = {
  lookup: Lookup;
  /** As the channel stores an address; throws AppError `invalid` for one it cannot use. */
  normalizeAddress: (channel: ChannelName, address: string) => string;
  now: Temporal.Instant;
};
/** Silences that were ended by hand, by name, with the end they had in the files. */
export type EndedSilences = ReadonlyMap<string, string | undefined>;

type Settings = NonNullable<ProcessDocument['settings']>;
const sorted = (names: string[]): string[] => [...new Set(names)].sort();

/**
 * Brings what files say to the form in which the product keeps it, so that the same thing written twice is equal:
 * addresses, instants, and secrets by reference. What the files leave to the product is taken from `current`.
 */
export const normalize = (
  wanted: ProcessDocument,
  current: ProcessDocument,
  ended: EndedSilences,
  where: Where,
  tools: Tools,
): { wanted: ProcessDocument; problems: Remark[]; warnings: Remark[] } => {
  const problems: Remark[] = [];
  const warnings: Remark[] = [];

  const people = wanted.people.map((person) => {
    const known = current.people.find((one) => one.name === person.name);
    const contact_methods = person.contact_methods.map((method, index) => {
      let { address } = method;
      try {
        address = tools.normalizeAddress(method.channel, method.address);
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        problems.push(
          remark(
            where('people', person.name, ['contact_methods', index, 'address']),
            `expected an address for ${method.channel}, got "${method.address}": ${thrown.message}`,
          ),
        );
      }
      const stored = known?.contact_methods.find(
        (one) => one.label === method.label && one.channel === method.channel && one.address === address,
      );
      const { verified: _, ...rest } = method;
      // A file can vouch for an address; it never takes back what a person proved.
      return { ...rest, address, ...(method.verified || stored?.verified ? { verified: true } : {}) };
    });
    // Methods stay in the order in which they came; only rules say in which order they are tried.
    const placeOf = (label: string) => {
      const at = known?.contact_methods.findIndex((one) => one.label === label) ?? -1;
      return at < 0 ? Number.MAX_SAFE_INTEGER : at;
    };
    contact_methods.sort((a, b) => placeOf(a.label) - placeOf(b.label));
    return { ...person, email: person.email.toLowerCase(), contact_methods };
  });

  const integrations = wanted.integrations.map((integration) => {
    const known = current.integrations.find((one) => one.name === integration.name);
    // The hooks need these at once and not only when something is sent, so references are looked up now.
    const secretOf = (field: 'key' | 'hmac_secret'): string | undefined => {
      const written = integration[field];
      const meant = meantSecret(written, known?.[field], standIn(integration.name, field), tools.lookup);
      const name = ENV_REFERENCE.exec(written ?? '')?.[1];
      if (name === undefined || meant !== written) return meant as string | undefined;
      const value = tools.lookup(name);
      const place = where('integrations', integration.name, [field]);
      if (value === undefined) problems.push(remark(place, `the environment variable ${name} is not set on the server`));
      else if (field === 'key' && !/^[A-Za-z0-9_-]{8,64}$/.test(value))
        problems.push(remark(place, `expected ${name} to hold 8 to 64 letters, digits, dashes or underscores`));
      return value;
    };
    const key = secretOf('key') ?? known?.key;
    const hmac = secretOf('hmac_secret');
    const { key: _key, hmac_secret: _hmac, ...rest } = integration;
    return { ...rest, ...(key === undefined ? {} : { key }), ...(hmac === undefined ? {} : { hmac_secret: hmac }) };
  });
  for (const [index, one] of integrations.entries()) {
    const other = integrations.findIndex((candidate) => candidate.key !== undefined && candidate.key === one.key);
    if (other >= 0 && other < index)
      problems.push(
        remark(where('integrations', one.name, ['key']), `expected a key of its own, got that of ${integrations[other]?.name}`),
      );
  }

  const silences = wanted.silences.flatMap((silence) => {
    const known = current.silences.find((one) => one.name === silence.name);
    const starts = silence.starts_at ? Temporal.Instant.from(silence.starts_at).toString() : known?.starts_at;
    const ends = silence.ends_at ? Temporal.Instant.from(silence.ends_at).toString() : undefined;
    if (ends && Temporal.Instant.compare(ends, tools.now) <= 0) return [];
    if (!known && ended.has(silence.name) && ended.get(silence.name) === ends) {
      warnings.push(
        remark(
          where('silences', silence.name),
          `silence ${silence.name} was ended by hand and stays so: give it another ends_at to start it again`,
        ),
      );
      return [];
    }
    const { starts_at: _starts, ends_at: _ends, ...rest } = silence;
    return [{ ...rest, ...(starts ? { starts_at: starts } : {}), ...(ends ? { ends_at: ends } : {}) }];
  });

  const settings = wanted.settings && normalizeSettings(wanted.settings, current.settings, tools.lookup);
  for (const { path, name } of settings ? referencesIn(settings.channels) : [])
    if (tools.lookup(name) === undefined)
      warnings.push(
        remark(
          where('settings', 'settings', ['channels', ...path]),
          `the environment variable ${name} is not set on the server: ${path[0]} sends nothing until it is`,
        ),
      );
  return {
    wanted: {
      ...wanted,
      people,
      teams: wanted.teams.map((team) => ({
        ...team,
        members: sorted(team.members),
        grants: [...team.grants].sort((a, b) => (a.person < b.person ? -1 : 1)),
      })),
      integrations,
      silences,
      settings,
    },
    problems,
    warnings,
  };
};

const normalizeSettings = (settings: Settings, current: ProcessDocument['settings'], lookup: Lookup): Settings => {
  const meant = (written: unknown, stored: unknown, names: string[]): unknown => {
    if (typeof written !== 'object' || written === null || Array.isArray(written))
      return meantSecret(written, stored, standIn(...names), lookup);
    return Object.fromEntries(
      Object.entries(written).map(([key, value]) => [
        key,
        meant(value, typeof stored === 'object' && stored !== null ? Reflect.get(stored, key) : undefined, [...names, key]),
      ]),
    );
  };
  return { ...settings, channels: meant(settings.channels, current?.channels ?? {}, []) as Settings['channels'] };
};
