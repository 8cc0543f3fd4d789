import type { z } from 'zod';
import type { impact } from '../../contract/leaving.ts';
import type { Team } from '../../contract/people.ts';
import type { Layer, Override, Schedule } from '../../contract/schedule.ts';

const swapped = (names: readonly string[], from: string, to: string): string[] => [
  ...new Set(names.map((name) => (name === from ? to : name))),
];

/**
 * A schedule with one person in another's turns, also where a calendar's names mean her. Somebody who sits beside her in one turn sits
 * there alone. Undefined when it does not name her.
 */
export const scheduleWith = (schedule: Schedule, from: string, to: string): Schedule | undefined => {
  const isNamed = ({ participants, calendar }: Layer) =>
    participants.flat().includes(from) || Object.values(calendar?.people ?? {}).includes(from);
  if (!schedule.layers.some(isNamed)) return undefined;
  const seat = (given: string | string[]): string | string[] => {
    if (typeof given === 'string') return given === from ? to : given;
    const people = swapped(given, from, to);
    return people.length === 1 ? (people[0] as string) : people;
  };
  const meant = (people: Record<string, string>) =>
    Object.fromEntries(Object.entries(people).map(([words, person]) => [words, person === from ? to : person]));
  return {
    ...schedule,
    layers: schedule.layers.map((layer) => ({
      ...layer,
      participants: layer.participants.map(seat),
      ...(layer.calendar?.people ? { calendar: { ...layer.calendar, people: meant(layer.calendar.people) } } : {}),
    })),
  };
};

/** What becomes of an override that names her: it names the other, or goes, because nobody stands in for herself. Undefined: not named. */
export const overrideWith = <T extends Pick<Override, 'kind' | 'person' | 'replaces'>>(
  override: T,
  from: string,
  to: string,
): T | 'goes' | undefined => {
  if (override.person !== from && override.replaces !== from) return undefined;
  const person = override.person === from ? to : override.person;
  const replaces = override.replaces === from ? to : override.replaces;
  if (person !== undefined && person === replaces) return 'goes';
  return { ...override, ...(person === undefined ? {} : { person }), ...(replaces === undefined ? {} : { replaces }) };
};

/** A team with one person in another's place; of two roles that meet the one she had already stays. Undefined when it does not name her. */
export const teamWith = (team: Team, from: string, to: string): Team | undefined => {
  const granted = team.grants.some((grant) => grant.person === from);
  if (team.lead !== from && !team.members.includes(from) && !granted) return undefined;
  const lead = team.lead === from ? to : team.lead;
  return {
    ...team,
    ...(lead ? { lead } : {}),
    members: swapped(team.members, from, to),
    grants: team.grants.some((grant) => grant.person === to)
      ? team.grants.filter((grant) => grant.person !== from)
      : team.grants.map((grant) => (grant.person === from ? { ...grant, person: to } : grant)),
  };
};

/**
 * What of an impact an administrator has to see to, a line each; teams she was only a member of and silences hold without her. `keys`:
 * those that ended with her, by which something may have called us.
 */
export const countedOn = (found: z.input<typeof impact>, keys: string[]): { label: string; value: string }[] => {
  const numbers = (list: { incident: string }[]) => [...new Set(list.map((one) => one.incident))].join(', ');
  const lines = [
    {
      label: 'Schedules',
      value: found.schedules
        .map(({ schedule, layers }) => (layers.length > 0 ? `${schedule} (${layers.join(', ')})` : `${schedule} (overrides)`))
        .join(', '),
    },
    {
      label: 'Escalation policies',
      value: found.policies
        .map(
          ({ policy, steps, fallback }) =>
            `${policy} (${[...steps.map((step) => `step ${step}`), ...(fallback ? ['fallback'] : [])].join(', ')})`,
        )
        .join(', '),
    },
    { label: 'Lead of', value: found.teams.flatMap((one) => (one.lead ? [one.team] : [])).join(', ') },
    { label: 'Pages that went on', value: numbers(found.open_pages) },
    { label: 'Incidents paged again', value: numbers(found.held_incidents) },
    { label: 'Keys that ended', value: keys.join(', ') },
  ];
  return lines.filter((line) => line.value !== '');
};
