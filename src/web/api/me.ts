import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Me } from '../../contract/sign-in.ts';
import { api, ok } from './client.ts';

/** Who is signed in and what she may do somewhere. A machine's key has no person. */
export const meQuery = queryOptions({ queryKey: ['me'], queryFn: () => ok(api.GET('/api/me')) });

export const useMe = (): Me | undefined => useQuery(meQuery).data;

/** Whether the person may do it at all; what concerns one team the server decides. */
export const useCan = (): ((permission: string) => boolean) => {
  const me = useMe();
  return (permission) => me?.permissions.includes(permission) ?? false;
};

const RANK = ['stakeholder', 'observer', 'responder', 'manager', 'administrator'];
/** What a manager may do for what her teams own, and not for what others own. */
const OWN = ['service.write', 'schedule.write', 'policy.write', 'team.write', 'health.read', 'leave.write'];

/** Whether she may do it to what this team owns, or, without a team, to what no team owns. As `decide` of the server says. */
const mayFor = (me: Me | undefined, permission: string, team: string | undefined): boolean => {
  if (!me?.permissions.includes(permission)) return false;
  if (me.role === 'administrator') return true;
  const from = RANK.indexOf(OWN.includes(permission) ? 'manager' : 'responder');
  const here = team ? me.teams[team] : undefined;
  if (here && RANK.indexOf(here) >= from) return true;
  return RANK.indexOf(me.role) >= from && !(OWN.includes(permission) && team);
};
export const useCanFor = (): ((permission: string, team: string | undefined) => boolean) => {
  const me = useMe();
  return (permission, team) => mayFor(me, permission, team);
};
