import type { allTeams, PersonRow } from '../identity/actions.ts';

export type Team = Awaited<ReturnType<typeof allTeams>>[number];

export const isIn = (team: Team, name: string): boolean => team.lead === name || team.members.includes(name);

/** Who leads a team: its lead, and whoever is a manager in it or was made one within it. `people`: everybody. */
export const leadsOf = (team: Team, people: PersonRow[]): string[] => [
  ...new Set([
    ...(team.lead ? [team.lead] : []),
    ...people.filter((one) => one.role === 'manager' && team.members.includes(one.name)).map((one) => one.name),
    ...team.grants.filter((grant) => grant.role === 'manager').map((grant) => grant.person),
  ]),
];
