import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, ok, okWithTag } from '../../api/client.ts';
import type { paths } from '../../api/schema.d.ts';

type Answer<T> = T extends { responses: { 200: { content: { 'application/json': infer Data } } } } ? Data : never;
export type Proposal = Answer<paths['/api/rota-proposals/{id}']['get']>;
export type Score = Answer<paths['/api/schedules/{name}/rota-score']['get']>;
export type Wishes = Answer<paths['/api/people/{name}/rota-preferences']['get']>;

export const proposalQuery = (id: string) =>
  queryOptions({
    queryKey: ['schedules', 'rota', id],
    queryFn: () => okWithTag(api.GET('/api/rota-proposals/{id}', { params: { path: { id } } })),
  });

export const proposalsQuery = (name: string) =>
  queryOptions({
    queryKey: ['schedules', 'rotas', name],
    queryFn: async () => (await ok(api.GET('/api/schedules/{name}/rota-proposals', { params: { path: { name } } }))).items,
  });

export const scoreQuery = (name: string, from: number, to: number) =>
  queryOptions({
    queryKey: ['schedules', 'rota-score', name, from, to],
    queryFn: () =>
      ok(
        api.GET('/api/schedules/{name}/rota-score', {
          params: { path: { name }, query: { from: new Date(from).toISOString(), to: new Date(to).toISOString() } },
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const wishesQuery = (name: string) =>
  queryOptions({
    queryKey: ['people', 'rota-preferences', name],
    queryFn: () => ok(api.GET('/api/people/{name}/rota-preferences', { params: { path: { name } } })),
  });
