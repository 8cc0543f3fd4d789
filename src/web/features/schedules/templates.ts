import { type Preset, slugOf, type Wanted } from './presets.ts';
import type { SunInput, TiersInput } from './queries.ts';

/** What the server makes in one step: hours of sites by their clocks, or a schedule with the policy that asks its tiers. */
export type Asked = { template: 'sun'; body: SunInput } | { template: 'tiers'; body: TiersInput };

export const isTemplate = (preset: Preset, wanted: Wanted): boolean => preset === 'tiers' || (preset === 'sun' && !wanted.byHand);

/** Names of sites as the server takes them, each once. */
const namesOf = (sites: readonly { name: string }[]): string[] => {
  const taken = new Set<string>();
  return sites.map((site, at) => {
    const own = slugOf(site.name) || `site-${at + 1}`;
    let name = own;
    for (let number = 2; taken.has(name); number += 1) name = `${own.slice(0, 60)}-${number}`;
    taken.add(name);
    return name;
  });
};

/** What is asked of the server; none while people or zones are missing. Sites without people are left out. */
export const templateOf = (
  preset: Preset,
  wanted: Wanted,
  about: { name: string; title: string; team: string | undefined; time_zone: string },
): Asked | undefined => {
  const own = { name: about.name, title: about.title, ...(about.team ? { team: about.team } : {}), time_zone: about.time_zone };
  if (preset === 'tiers') {
    const { people, tiers, escalateMinutes, policy } = wanted;
    if (people.length < tiers) return undefined;
    const seconds = Number.isNaN(escalateMinutes) ? {} : { escalate_after_seconds: Math.round(escalateMinutes * 60) };
    return { template: 'tiers', body: { ...own, people, tiers, ...(policy ? { policy } : {}), ...seconds } };
  }
  const sites = wanted.sites.filter((site) => site.people.length > 0);
  if (sites.length < 2 || sites.some((site) => !site.zone)) return undefined;
  const names = namesOf(sites);
  return {
    template: 'sun',
    body: {
      ...own,
      sites: sites.map(({ zone, people }, at) => ({ name: names[at] as string, time_zone: zone, people })),
    },
  };
};
