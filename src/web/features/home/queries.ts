import { queryOptions } from '@tanstack/react-query';
import { api, ok } from '../../api/client.ts';

/** My pages that nobody has answered. */
export const myPagesQuery = queryOptions({
  queryKey: ['pages', 'mine'],
  queryFn: () => ok(api.GET('/api/pages', { params: { query: { person: 'me', status: 'open' } } })),
});
/** It changes by the clock, which no journal tells of. */
export const onCallQuery = queryOptions({
  queryKey: ['oncall'],
  queryFn: () => ok(api.GET('/api/on-call')),
  refetchInterval: 60_000,
});
export const myShiftsQuery = queryOptions({
  queryKey: ['schedules', 'mine'],
  queryFn: () => ok(api.GET('/api/shifts', { params: { query: { person: 'me' } } })),
  refetchInterval: 300_000,
});
export const doctorQuery = queryOptions({
  queryKey: ['home', 'doctor'],
  queryFn: () => ok(api.GET('/api/doctor')),
  refetchInterval: 60_000,
});
export const aloneAlertsQuery = queryOptions({
  queryKey: ['alerts', 'alone'],
  queryFn: async () => {
    const { items } = await ok(api.GET('/api/alerts', { params: { query: { status: 'open', limit: 50 } } }));
    return items.filter((alert) => alert.disposition !== 'incident').slice(0, 8);
  },
});
