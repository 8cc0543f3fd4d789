import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ok } from '../../api/client.ts';
import type { paths } from '../../api/schema.d.ts';
import { clock, now, weekdayAndDay } from '../../time.ts';

export type CoverRequest = paths['/api/cover-requests/{id}']['get']['responses'][200]['content']['application/json'];
export type Verb = 'accept' | 'decline' | 'withdraw' | 'undo';
const DAYS = 60;

export const coverQuery = (id: string) =>
  queryOptions({
    queryKey: ['schedules', 'cover', id],
    queryFn: () => ok(api.GET('/api/cover-requests/{id}', { params: { path: { id } } })),
    refetchInterval: 60_000,
  });

/** Open ones that I asked, or that ask me. */
export const myCoverQuery = queryOptions({
  queryKey: ['schedules', 'cover', 'mine'],
  queryFn: async () => (await ok(api.GET('/api/cover-requests', { params: { query: { person: 'me', open: 'true' } } }))).items,
});

/** Whole turns of somebody in the next 60 days; shadowing is nobody's to give. */
export const turnsQuery = (person: string) =>
  queryOptions({
    queryKey: ['schedules', 'turns', person],
    queryFn: async () => {
      const to = new Date(now() + DAYS * 86_400_000).toISOString();
      const { items } = await ok(api.GET('/api/shifts', { params: { query: { person, to } } }));
      return items.filter((one) => !one.shadow);
    },
  });

export const span = (turn: { starts: string; ends: string }): string =>
  `${weekdayAndDay(turn.starts)} ${clock(turn.starts)} – ${weekdayAndDay(turn.ends)} ${clock(turn.ends)}`;

export const useAnswer = (id: string) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (verb: Verb) => ok(api.POST(`/api/cover-requests/{id}/${verb}`, { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['schedules'] }),
  });
};
