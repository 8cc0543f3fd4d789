import { queryOptions } from '@tanstack/react-query';
import { api, ok } from '../../api/client.ts';

/** Label names and values that alerts had lately, to choose from. */
export const labelsQuery = queryOptions({
  queryKey: ['alerts', 'labels'],
  queryFn: () => ok(api.GET('/api/alerts/labels')),
});
