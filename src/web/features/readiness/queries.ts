import { queryOptions } from '@tanstack/react-query';
import { api, ok } from '../../api/client.ts';

export const readinessQuery = queryOptions({
  queryKey: ['readiness', 'people'],
  queryFn: () => ok(api.GET('/api/readiness')),
});
export const plansQuery = queryOptions({
  queryKey: ['readiness', 'plans'],
  queryFn: () => ok(api.GET('/api/test-page-plans')),
});
export const digestQuery = queryOptions({
  queryKey: ['readiness', 'digest'],
  queryFn: () => ok(api.GET('/api/readiness/digest')),
});
