import { queryOptions } from '@tanstack/react-query';
import { api, ok } from '../../api/client.ts';

export const integrationsQuery = queryOptions({
  queryKey: ['integrations', 'all'],
  queryFn: () => ok(api.GET('/api/integrations')),
});
/** The newest alerts that came through one integration. */
export const recentAlertsQuery = (integration: string) =>
  queryOptions({
    queryKey: ['alerts', 'recent', integration],
    queryFn: async () => (await ok(api.GET('/api/alerts', { params: { query: { integration, limit: 30 } } }))).items,
  });
