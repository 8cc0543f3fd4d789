import type { allTeams } from '../identity/actions.ts';

export type Team = Awaited<ReturnType<typeof allTeams>>[number];

export const isIn = (team: Team, name: string): boolean => team.lead === name || team.members.includes(name);

/** Who leads a team: its lead, and whoever was made a manager within it. */
export const leadsOf = (team: Team): string[] => [
  ...new Set([
    ...(team.lead ? [team.lead] : []),
    ...team.grants.filter((grant) => grant.role === 'manager').map((grant) => grant.person),
  ]),
];
