import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Me } from '../../contract/sign-in.ts';
import { api, ok } from './client.ts';

/** Who is signed in and what she may do somewhere. A machine's key has no person. */
const meQuery = queryOptions({ queryKey: ['me'], queryFn: () => ok(api.GET('/api/me')) });

export const useMe = (): Me | undefined => useQuery(meQuery).data;

/** Whether the person may do it at all; what concerns one team the server decides. */
export const useCan = (): ((permission: string) => boolean) => {
  const me = useMe();
  return (permission) => me?.permissions.includes(permission) ?? false;
};
