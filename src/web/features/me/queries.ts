import { queryOptions } from '@tanstack/react-query';
import { api, ok, okWithTag } from '../../api/client.ts';
import type { paths } from '../../api/schema.d.ts';
import { now } from '../../time.ts';

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
export const webPushQuery = queryOptions({ queryKey: ['settings', 'web-push'], queryFn: () => ok(api.GET('/api/web-push')) });
/** Who she is, to be changed by herself. */
export const ownQuery = queryOptions({ queryKey: ['me', 'own'], queryFn: () => okWithTag(api.GET('/api/me')) });
export const securityQuery = queryOptions({ queryKey: ['me', 'security'], queryFn: () => ok(api.GET('/api/me/security')) });
export const sessionsQuery = queryOptions({ queryKey: ['me', 'sessions'], queryFn: () => ok(api.GET('/api/me/sessions')) });
export const tokensQuery = queryOptions({ queryKey: ['me', 'tokens'], queryFn: () => ok(api.GET('/api/me/tokens')) });

type LeaveAnswer = paths['/api/people/{name}/leave']['get']['responses'][200]['content']['application/json'];
export type LeaveItem = LeaveAnswer['items'][number];
export type LeaveCalendar = LeaveAnswer['calendar'];
/** A calendar that has just been given is being read. */
export const leaveQuery = (name: string) =>
  queryOptions({
    queryKey: ['people', 'leave', name],
    queryFn: () => ok(api.GET('/api/people/{name}/leave', at(name))),
    refetchInterval: (query) => (query.state.data?.calendar && !query.state.data.calendar.tried_at ? 2000 : false),
  });
const YEAR_MS = 366 * 86_400_000;
export const shiftsAheadQuery = (person: string) =>
  queryOptions({
    queryKey: ['schedules', 'ahead-of', person],
    queryFn: async () => {
      const [from, to] = [now(), now() + YEAR_MS].map((time) => new Date(time).toISOString());
      return (await ok(api.GET('/api/shifts', { params: { query: { person, from, to } } }))).items;
    },
  });
