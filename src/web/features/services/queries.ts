import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Service } from '../../../contract/service.ts';
import { api, ifMatch, ok, okWithTag } from '../../api/client.ts';
import type { Search } from '../../search-state.ts';

export type { Service };
export const FILTERS = ['q', 'team'];

/** Providers, people and clocks change health without a word of the journal. */
const HEALTH_MS = 60_000;

export const healthQuery = (search: Search) =>
  infiniteQueryOptions({
    queryKey: ['services', 'health', search.q, search.team],
    queryFn: ({ pageParam }) =>
      ok(
        api.GET('/api/services', {
          params: { query: { with: 'health', q: search.q, team: search.team, limit: 100, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: HEALTH_MS,
  });

export const serviceQuery = (name: string) =>
  queryOptions({
    queryKey: ['services', 'one', name],
    queryFn: () => okWithTag(api.GET('/api/services/{name}', { params: { path: { name } } })),
  });

export const policiesQuery = queryOptions({
  queryKey: ['escalation', 'all'],
  queryFn: () => ok(api.GET('/api/escalation-policies')),
});

export const saveService = ({ name, ...body }: Service, tag: string | undefined) =>
  ok(api.PUT('/api/services/{name}', { params: { path: { name } }, body, headers: ifMatch(tag) }));

export const makeService = ({ name, ...body }: Pick<Service, 'name' | 'title' | 'team' | 'escalation_policy'>) =>
  ok(api.PUT('/api/services/{name}', { params: { path: { name } }, body, headers: { 'if-none-match': '*' } }));

/** Health of one: the list narrowed to its name has it, among services whose texts have that word too. */
export const healthOfQuery = (name: string) =>
  queryOptions({
    queryKey: ['services', 'health-of', name],
    queryFn: async () => {
      const { items } = await ok(api.GET('/api/services', { params: { query: { with: 'health', q: name, limit: 200 } } }));
      return items.find((one) => one.name === name)?.health ?? null;
    },
    refetchInterval: HEALTH_MS,
  });
