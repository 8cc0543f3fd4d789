import { queryOptions } from '@tanstack/react-query';
import { api, ok, okWithTag } from '../../api/client.ts';

export const accessQuery = queryOptions({ queryKey: ['people', 'access'], queryFn: () => ok(api.GET('/api/access')) });
export const impactQuery = (name: string) =>
  queryOptions({
    queryKey: ['people', 'impact', name],
    queryFn: () => ok(api.GET('/api/people/{name}/impact', { params: { path: { name } } })),
  });
export const teamQuery = (name: string) =>
  queryOptions({
    queryKey: ['teams', 'one', name],
    queryFn: () => okWithTag(api.GET('/api/teams/{name}', { params: { path: { name } } })),
  });
/** It grows by the clock, which no journal tells of. */
export const loadQuery = queryOptions({
  queryKey: ['people', 'load'],
  queryFn: () => ok(api.GET('/api/load')),
  staleTime: 60_000,
});
export const ROLES = ['stakeholder', 'observer', 'responder', 'manager', 'administrator'] as const;
export type Role = (typeof ROLES)[number];
