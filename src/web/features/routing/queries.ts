import { queryOptions } from '@tanstack/react-query';
import type { RoutingRule } from '../../../contract/service.ts';
import { api, ifMatch, ok, okWithTag } from '../../api/client.ts';

export type { RoutingRule };

export const routingQuery = queryOptions({
  queryKey: ['routing', 'rules'],
  queryFn: async () => {
    const { data, tag } = await okWithTag(api.GET('/api/routing'));
    return { data: data.items as RoutingRule[], tag };
  },
});

export const saveRouting = (items: RoutingRule[], tag: string | undefined) =>
  ok(api.PUT('/api/routing', { body: { items }, headers: ifMatch(tag) }));

export const backTestOf = (rules: RoutingRule[]) =>
  ok(api.POST('/api/routing/back-test', { body: { rules, days: 30, grouping: {} } }));

export const recentAlertsQuery = queryOptions({
  queryKey: ['alerts', 'recent'],
  queryFn: () => ok(api.GET('/api/alerts', { params: { query: { limit: 50 } } })),
});
