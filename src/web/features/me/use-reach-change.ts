import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, okWithTag } from '../../api/client.ts';
import { reachQuery } from './queries.ts';
import type { Change } from './reach-changes.ts';

export type Wanted = { change: Change; done?: () => void };

/** Saves one change at a time, each made from what is on the screen then; refused with 412 when somebody else was first. */
export const useReachChange = (name: string) => {
  const client = useQueryClient();
  return useMutation({
    scope: { id: `reach of ${name}` },
    mutationFn: async ({ change }: Wanted) => {
      const seen = await client.ensureQueryData(reachQuery(name));
      const { contact_methods, notification_rules } = change(seen.data);
      return okWithTag(
        api.PUT('/api/people/{name}/reach', {
          params: { path: { name } },
          body: { contact_methods, notification_rules },
          headers: ifMatch(seen.tag),
        }),
      );
    },
    onSuccess: ({ data, tag }, { done }) => {
      client.setQueryData(reachQuery(name).queryKey, { data, tag });
      done?.();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['people'] }),
  });
};
