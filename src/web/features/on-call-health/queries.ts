import { queryOptions } from '@tanstack/react-query';
import { api, ok, okWithTag } from '../../api/client.ts';
import type { paths } from '../../api/schema.d.ts';
import { now } from '../../time.ts';

export type Health = paths['/api/people/{name}/health']['get']['responses'][200]['content']['application/json'];
export type Limits = paths['/api/settings/health-limits']['get']['responses'][200]['content']['application/json'];

const DAY = 86_400_000;
/** The first day of so many up to today; without it the server takes four weeks of the person's own calendar. */
const since = (days: number) => new Date(now() - (days - 1) * DAY).toISOString().slice(0, 10);

const rangeOf = (weeks: number) => (weeks === 4 ? {} : { from: since(7 * weeks) });

/** It grows by the clock, which no journal tells of. */
const staleTime = 60_000;

export const healthQuery = (name: string, weeks: number) =>
  queryOptions({
    queryKey: ['people', 'health', name, weeks],
    queryFn: () => ok(api.GET('/api/people/{name}/health', { params: { path: { name }, query: rangeOf(weeks) } })),
    staleTime,
  });
/** Of the night before: what is owed now. */
export const restQuery = queryOptions({
  queryKey: ['people', 'health', 'me', 'rest'],
  queryFn: async () =>
    (await ok(api.GET('/api/people/{name}/health', { params: { path: { name: 'me' }, query: { from: since(3) } } }))).rest,
  staleTime,
});
export const teamHealthQuery = (name: string, weeks: number) =>
  queryOptions({
    queryKey: ['teams', 'health', name, weeks],
    queryFn: () => ok(api.GET('/api/teams/{name}/health', { params: { path: { name }, query: rangeOf(weeks) } })),
    staleTime,
  });
export const limitsQuery = queryOptions({
  queryKey: ['settings', 'health-limits'],
  queryFn: () => okWithTag(api.GET('/api/settings/health-limits')),
});

/** Where cover is asked for, filled in. */
export const askFor = (turn: { schedule: string; starts: string; ends: string }): string =>
  `/cover/new?${new URLSearchParams({ schedule: turn.schedule, starts: turn.starts, ends: turn.ends })}`;
