import { queryOptions } from '@tanstack/react-query';
import { api, ok, okWithTag } from '../../api/client.ts';
import type { paths } from '../../api/schema.d.ts';
import { handoffs as t } from '../../text/handoffs.ts';
import { clock, now, weekdayAndDay } from '../../time.ts';

type Answer<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { 'application/json': infer R } } } };
}
  ? R
  : never;
export type Handoff = Answer<'/api/handoffs/{id}'>;
export type HandoffRow = Answer<'/api/handoffs'>['items'][number];
export type Check = Answer<'/api/handoffs/{id}/check'>;
export type Notices = Answer<'/api/people/{name}/handoff-notices'>;

export const handoffQuery = (id: string) =>
  queryOptions({
    queryKey: ['handoffs', 'one', id],
    queryFn: () => okWithTag(api.GET('/api/handoffs/{id}', { params: { path: { id } } })),
    refetchInterval: 60_000,
  });
export const checkQuery = (id: string) =>
  queryOptions({
    queryKey: ['handoffs', 'check', id],
    queryFn: () => ok(api.GET('/api/handoffs/{id}/check', { params: { path: { id } } })),
    refetchInterval: 30_000,
  });

const HOUR = 3_600_000;
/** Of the last two days and to come, to the hour, so that the same question is asked for a while. */
const from = () => new Date((Math.floor(now() / HOUR) - 48) * HOUR).toISOString();
export const ofScheduleQuery = (schedule: string) =>
  queryOptions({
    queryKey: ['handoffs', 'of', schedule],
    queryFn: async () => (await ok(api.GET('/api/handoffs', { params: { query: { schedule, from: from() } } }))).items,
  });
export const myHandoffsQuery = queryOptions({
  queryKey: ['handoffs', 'mine'],
  queryFn: async () =>
    (await ok(api.GET('/api/handoffs', { params: { query: { person: 'me', open: 'true', from: from() } } }))).items,
});
export const noticesQuery = (name: string) =>
  queryOptions({
    queryKey: ['people', 'handoff-notices', name],
    queryFn: () => okWithTag(api.GET('/api/people/{name}/handoff-notices', { params: { path: { name } } })),
  });

export const when = (at: string): string => `${weekdayAndDay(at)} ${clock(at)}`;
export const titleOf = (one: Pick<HandoffRow, 'title' | 'role'>): string => `${one.title}${t.role[one.role]}`;
