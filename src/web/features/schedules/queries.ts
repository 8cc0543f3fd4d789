import { keepPreviousData, queryOptions, skipToken } from '@tanstack/react-query';
import { api, ok, okWithTag } from '../../api/client.ts';
import type { paths } from '../../api/schema.d.ts';
import { now } from '../../time.ts';
import type { Asked } from './templates.ts';

// By the API's own description: the schemas of contract/schedule.ts know Temporal, which not every browser does.
type Answer<T> = T extends { responses: { 200: { content: { 'application/json': infer Data } } } } ? Data : never;
export type Schedule = Answer<paths['/api/schedules/{name}']['get']>;
export type Layer = Schedule['layers'][number];
export type Restriction = NonNullable<Layer['restrictions']>[number];
export type Timeline = Answer<paths['/api/schedules/{name}/timeline']['get']>;
export type Override = Timeline['overrides'][number];
export type Preview = Answer<paths['/api/schedules/preview']['post']>;
export type PreviewInput = NonNullable<paths['/api/schedules/preview']['post']['requestBody']>['content']['application/json'];
export type NewOverride = Omit<Override, 'id' | 'reason'>;
export type Role = Layer['role'];

const iso = (at: number) => new Date(at).toISOString();
const at = (name: string) => ({ params: { path: { name } } });

export const schedulesQuery = queryOptions({ queryKey: ['schedules', 'all'], queryFn: () => ok(api.GET('/api/schedules')) });

export const scheduleQuery = (name: string) =>
  queryOptions({
    queryKey: ['schedules', 'one', name],
    queryFn: () => okWithTag(api.GET('/api/schedules/{name}', at(name))),
  });

export const timelineQuery = (name: string, from: number, to: number) =>
  queryOptions({
    queryKey: ['schedules', 'timeline', name, from, to],
    queryFn: () =>
      ok(api.GET('/api/schedules/{name}/timeline', { params: { path: { name }, query: { from: iso(from), to: iso(to) } } })),
    placeholderData: keepPreviousData,
  });

export const teamTimelineQuery = (team: string | undefined, from: number, to: number) =>
  queryOptions({
    queryKey: ['schedules', 'team-timeline', team, from, to],
    queryFn: async () =>
      (await ok(api.GET('/api/timeline', { params: { query: { team, from: iso(from), to: iso(to) } } }))).items,
    placeholderData: keepPreviousData,
  });

/** What is ahead: 30 days of a schedule from this hour on, its gaps and the policies it breaks. */
export const aheadQuery = (name: string) =>
  queryOptions({
    queryKey: ['schedules', 'ahead', name],
    queryFn: () => ok(api.GET('/api/schedules/{name}/shifts', { params: { path: { name }, query: { from: iso(now()) } } })),
    refetchInterval: 300_000,
  });

export const overridesQuery = (name: string) =>
  queryOptions({
    queryKey: ['schedules', 'overrides', name],
    queryFn: async () =>
      (
        await ok(
          api.GET('/api/schedules/{name}/overrides', {
            params: { path: { name }, query: { from: iso(now()), to: iso(now() + 366 * 86_400_000) } },
          }),
        )
      ).items,
  });

/** Slack user groups that follow it. What Slack said of them is in no journal, so it is asked for. */
export const userGroupsQuery = (name: string) =>
  queryOptions({
    queryKey: ['schedules', 'user-groups', name],
    queryFn: () => ok(api.GET('/api/schedules/{name}/user-groups', at(name))),
    refetchInterval: 30_000,
  });

/** Calendars that layers take their turns from. */
export const layerCalendarsQuery = (name: string) =>
  queryOptions({
    queryKey: ['schedules', 'layer-calendars', name],
    queryFn: () => ok(api.GET('/api/schedules/{name}/layer-calendars', at(name))),
    refetchInterval: 30_000,
  });

/** Everybody's shifts in a stretch, everywhere: who is free then. */
export const busyQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ['schedules', 'busy', from, to],
    queryFn: async () => (await ok(api.GET('/api/shifts', { params: { query: { from, to } } }))).items,
    placeholderData: keepPreviousData,
  });

/** Who would cover a stretch, the fairest first. */
export const coverProposalsQuery = (name: string, person: string | undefined, from: string, to: string) =>
  queryOptions({
    queryKey: ['schedules', 'cover-proposals', name, person, from, to],
    queryFn: () =>
      ok(api.GET('/api/schedules/{name}/cover-proposals', { params: { path: { name }, query: { person, from, to } } })),
    placeholderData: keepPreviousData,
    retry: false,
  });

/** What a draft would change. The same draft asks once; while the next answer is awaited the last one stays. */
export const previewQuery = (input: PreviewInput) =>
  queryOptions({
    queryKey: ['schedules', 'preview', input],
    queryFn: () => ok(api.POST('/api/schedules/preview', { body: input })),
    placeholderData: keepPreviousData,
    retry: false,
  });

type Body<T> = T extends { requestBody?: { content: { 'application/json': infer Sent } } } ? Sent : never;
export type SunInput = Body<paths['/api/schedule-templates/follow-the-sun']['post']>;
export type TiersInput = Body<paths['/api/schedule-templates/tiers']['post']>;

/** Makes a schedule by a template; `dry_run`: says only what it would be. */
export const madeBy = async (asked: Asked, dry_run: boolean) =>
  asked.template === 'sun'
    ? {
        template: 'sun' as const,
        ...(await ok(api.POST('/api/schedule-templates/follow-the-sun', { body: { ...asked.body, dry_run } }))),
      }
    : {
        template: 'tiers' as const,
        ...(await ok(api.POST('/api/schedule-templates/tiers', { body: { ...asked.body, dry_run } }))),
      };
export type TemplateAnswer = Awaited<ReturnType<typeof madeBy>>;

/** What a template would make. While the next answer is awaited the last one stays. */
export const templateQuery = (asked: Asked | undefined) =>
  queryOptions({
    queryKey: ['schedules', 'template', asked],
    queryFn: asked ? () => madeBy(asked, true) : skipToken,
    placeholderData: keepPreviousData,
    retry: false,
  });

export const titleOf = (schedule: { name: string; title: string }): string => schedule.title || schedule.name;
