import { infiniteQueryOptions, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import type { Incident, journalEntry } from '../../../contract/incident.ts';
import type { incidentPage } from '../../../contract/pages.ts';
import { api, ok } from '../../api/client.ts';
import type { Search } from '../../search-state.ts';
import { now } from '../../time.ts';

export type { Incident };
export type Entry = z.infer<typeof journalEntry>;
export type Page = z.infer<typeof incidentPage>;

/** The filters of the list, by their names in the address. */
export const FILTERS = ['q', 'status', 'severity', 'service', 'team', 'assignee', 'urgency', 'since'];

const DAYS: Record<string, number> = { day: 1, week: 7, month: 30 };
/** To the hour, so that the same address asks the same question for a while. */
const sinceOf = (value: string | undefined): string | undefined => {
  const days = DAYS[value ?? ''];
  if (!days) return undefined;
  return new Date(Math.floor(now() / 3_600_000) * 3_600_000 - days * 86_400_000).toISOString();
};

/** One page after the other of what the address asks for, of these statuses. */
export const incidentsQuery = (search: Search, status: string, limit = 50) =>
  infiniteQueryOptions({
    queryKey: ['incidents', 'list', status, limit, ...FILTERS.map((name) => search[name]), search.sort],
    queryFn: ({ pageParam }) =>
      ok(
        api.GET('/api/incidents', {
          params: {
            query: {
              status,
              limit,
              q: search.q,
              severity: search.severity,
              service: search.service,
              team: search.team,
              assignee: search.assignee,
              urgency: search.urgency as 'high' | undefined,
              since: sinceOf(search.since),
              sort: (search.sort as '-opened_at' | undefined) ?? '-opened_at',
              cursor: pageParam,
            },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const countsQuery = queryOptions({
  queryKey: ['incidents', 'counts'],
  queryFn: () => ok(api.GET('/api/incidents/counts')),
});

const at = (id: string) => ({ params: { path: { id } } });

const incidentQuery = (id: string) =>
  queryOptions({ queryKey: ['incidents', 'one', id], queryFn: () => ok(api.GET('/api/incidents/{id}', at(id))) });

/** One incident; until it is read, as a list that was seen before has it. */
export const useIncident = (id: string) => {
  const client = useQueryClient();
  return useQuery({
    ...incidentQuery(id),
    placeholderData: () =>
      client
        .getQueriesData<{ pages: { items: Incident[] }[] }>({ queryKey: ['incidents', 'list'] })
        .flatMap(([, list]) => list?.pages.flatMap((page) => page.items) ?? [])
        .find((one) => one.number === id || one.id === id),
  });
};

export const nextQuery = (id: string) =>
  queryOptions({ queryKey: ['incidents', 'next', id], queryFn: () => ok(api.GET('/api/incidents/{id}/next', at(id))) });

/** Receipts of providers are no entries of the journal: while one is due, the server is asked again. */
export const pagesQuery = (id: string) =>
  queryOptions({
    queryKey: ['incidents', 'pages', id],
    queryFn: () => ok(api.GET('/api/incidents/{id}/pages', at(id))),
    refetchInterval: ({ state }) =>
      state.data?.items.some((page) => page.receipts.some((one) => /^(queued|sending|sent)$/.test(one.status)) && !page.ended_at)
        ? 5000
        : false,
  });

export const alertsQuery = (id: string) =>
  queryOptions({
    queryKey: ['alerts', 'of', id],
    queryFn: () => ok(api.GET('/api/incidents/{id}/alerts', { params: { path: { id }, query: { limit: 100 } } })),
  });

export const timelineQuery = (id: string, limit = 100) =>
  infiniteQueryOptions({
    queryKey: ['incidents', 'timeline', id, limit],
    queryFn: ({ pageParam }) =>
      ok(
        api.GET('/api/incidents/{id}/timeline', {
          params: { path: { id }, query: { order: 'newest', limit, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const servicesQuery = queryOptions({ queryKey: ['services', 'all'], queryFn: () => ok(api.GET('/api/services')) });
export const peopleQuery = queryOptions({ queryKey: ['people', 'all'], queryFn: () => ok(api.GET('/api/people')) });
export const teamsQuery = queryOptions({ queryKey: ['teams', 'all'], queryFn: () => ok(api.GET('/api/teams')) });

/** How a person of the incident is called. */
export const nameIn = (incident: Incident, name: string): string =>
  incident.people.find((one) => one.name === name)?.display_name ?? name;

export const isOver = (incident: Incident): boolean => incident.status === 'resolved' || incident.status === 'closed';
