import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { alert } from '../../../contract/incident.ts';
import { api, ok } from '../../api/client.ts';
import { type Search, several } from '../../search-state.ts';

export type Alert = Omit<z.infer<typeof alert>, 'payload'> & { payload?: unknown };

/** The filters of the list, by their names in the address. */
export const FILTERS = ['q', 'status', 'severity', 'service', 'integration', 'disposition', 'label'];

/** A label in the address, where a comma stands between two of them: escaped as in RFC 6901. */
export const labelInAddress = (name: string, value: string): string =>
  `${name}:${value}`.replaceAll('~', '~0').replaceAll(',', '~1');
const labelOf = (text: string): string => text.replaceAll('~1', ',').replaceAll('~0', '~');

const filterOf = (search: Search) => ({
  q: search.q,
  severity: search.severity as Alert['severity'] | undefined,
  service: search.service,
  integration: search.integration,
  disposition: search.disposition as Alert['disposition'] | undefined,
  ...(search.label ? { label: several(search.label).map(labelOf) } : {}),
});
const keyOf = (search: Search) => FILTERS.map((name) => search[name]);

/** One page after the other of what the address asks for, of this status. */
export const alertsQuery = (search: Search, status: 'open' | 'resolved', limit = 50) =>
  infiniteQueryOptions({
    queryKey: ['alerts', 'list', status, limit, ...keyOf(search), search.sort],
    queryFn: ({ pageParam }) =>
      ok(
        api.GET('/api/alerts', {
          params: {
            query: {
              ...filterOf(search),
              status,
              limit,
              sort: (search.sort as '-first_seen' | undefined) ?? '-first_seen',
              cursor: pageParam,
            },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

export const countsQuery = (search: Search, by: string) =>
  queryOptions({
    queryKey: ['alerts', 'counts', by, ...keyOf(search)],
    queryFn: () =>
      ok(
        api.GET('/api/alerts/counts', {
          params: { query: { ...filterOf(search), status: search.status as 'open' | undefined, by } },
        }),
      ),
    placeholderData: keepPreviousData,
  });

/** How many are open, whatever the filter. */
export const openCountQuery = queryOptions({
  queryKey: ['alerts', 'open-by-service'],
  queryFn: () => ok(api.GET('/api/alerts/counts', { params: { query: { status: 'open', by: 'service' } } })),
});

export const labelsQuery = queryOptions({
  queryKey: ['alerts', 'labels'],
  queryFn: () => ok(api.GET('/api/alerts/labels')),
  staleTime: 5 * 60_000,
});

export const alertQuery = (id: string) =>
  queryOptions({
    queryKey: ['alerts', 'one', id],
    queryFn: () => ok(api.GET('/api/alerts/{id}', { params: { path: { id } } })),
  });

export const historyQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['alerts', 'history', id],
    queryFn: ({ pageParam }) =>
      ok(api.GET('/api/alerts/{id}/history', { params: { path: { id }, query: { limit: 10, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const servicesQuery = queryOptions({ queryKey: ['services', 'all'], queryFn: () => ok(api.GET('/api/services')) });
export const integrationsQuery = queryOptions({
  queryKey: ['integrations', 'all'],
  queryFn: () => ok(api.GET('/api/integrations')),
});

export const isOver = (alert: Alert): boolean => alert.status === 'resolved';
