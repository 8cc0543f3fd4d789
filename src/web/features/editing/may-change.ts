import { useCan, useMe } from '../../api/me.ts';

/** Whether she may change what this team owns (none: what no team owns), as docs/permissions.md says; the server decides. */
export const useMayChange = (): ((permission: string, team: string | undefined) => boolean) => {
  const can = useCan();
  const me = useMe();
  return (permission, team) => {
    if (!me || !can(permission)) return false;
    if (me.role === 'administrator' || me.person === null) return true;
    return team === undefined ? me.role === 'manager' : me.teams[team] === 'manager';
  };
};
