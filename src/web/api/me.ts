import { queryOptions, useQuery } from '@tanstack/react-query';
import { ApiProblem } from './client.ts';

/** Who is signed in and what she may do; see the answer of `GET /api/me`. A machine's key has no person. */
export type Me = {
  person: {
    name: string;
    display_name: string;
    email: string;
    role: string;
    time_zone: string;
    locale: string | null;
    teams: string[];
  } | null;
  permissions: string[];
  version: string;
};

const read = async (): Promise<Me> => {
  const response = await fetch('/api/me', { credentials: 'same-origin', headers: { accept: 'application/json' } });
  if (response.ok) return (await response.json()) as Me;
  throw new ApiProblem(
    response.status,
    'The server does not say who is signed in',
    undefined,
    response.headers.get('x-request-id') ?? undefined,
  );
};

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: read });

export const useMe = (): Me | undefined => useQuery(meQuery).data;

/** Whether the person may do it at all; what concerns one team the server decides. */
export const useCan = (): ((permission: string) => boolean) => {
  const me = useMe();
  return (permission) => me?.permissions.includes(permission) ?? false;
};
