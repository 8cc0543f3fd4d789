import { queryOptions } from '@tanstack/react-query';
import { api, ok, okWithTag } from '../../api/client.ts';

const at = (name: string) => ({ params: { path: { name } } });
export const personQuery = (name: string) =>
  queryOptions({ queryKey: ['people', 'one', name], queryFn: () => okWithTag(api.GET('/api/people/{name}', at(name))) });
/** How she is reached, apart from the rest of her: her name may change while she adds a phone. */
export const reachQuery = (name: string) =>
  queryOptions({
    queryKey: ['people', 'reach', name],
    queryFn: () => okWithTag(api.GET('/api/people/{name}/reach', at(name))),
  });
export const personJournalQuery = (name: string) =>
  queryOptions({
    queryKey: ['people', 'journal', name],
    queryFn: async () => {
      const { items } = await ok(
        api.GET('/api/journal', { params: { query: { subject: 'person', type: 'person.message', limit: 50 } } }),
      );
      return items.filter((entry) => entry.subject_name === name);
    },
    refetchInterval: 3000,
  });
/** Who she is, to be changed by herself. */
export const ownQuery = queryOptions({ queryKey: ['me', 'own'], queryFn: () => okWithTag(api.GET('/api/me')) });
export const securityQuery = queryOptions({ queryKey: ['me', 'security'], queryFn: () => ok(api.GET('/api/me/security')) });
export const sessionsQuery = queryOptions({ queryKey: ['me', 'sessions'], queryFn: () => ok(api.GET('/api/me/sessions')) });
export const tokensQuery = queryOptions({ queryKey: ['me', 'tokens'], queryFn: () => ok(api.GET('/api/me/tokens')) });
