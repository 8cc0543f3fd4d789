import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, ok } from '../../api/client.ts';
import type { paths } from '../../api/schema.d.ts';

type Answer<T> = T extends { responses: { 200: { content: { 'application/json': infer Data } } } } ? Data : never;
export type History = Answer<paths['/api/schedules/{name}/history']['get']>;
export type Item = History['items'][number];

export const scheduleHistoryQuery = (name: string) =>
  queryOptions({
    queryKey: ['schedules', 'history', name],
    queryFn: () => ok(api.GET('/api/schedules/{name}/history', { params: { path: { name } } })),
  });
export const policyHistoryQuery = (name: string) =>
  queryOptions({
    queryKey: ['escalation', 'history', name],
    queryFn: () => ok(api.GET('/api/escalation-policies/{name}/history', { params: { path: { name } } })),
  });

export const scheduleThenQuery = (name: string, at: string) =>
  queryOptions({
    queryKey: ['schedules', 'then', name, at],
    queryFn: () => ok(api.GET('/api/schedules/{name}', { params: { path: { name }, query: { at } } })),
    placeholderData: keepPreviousData,
    retry: false,
  });
export const policyThenQuery = (name: string, at: string) =>
  queryOptions({
    queryKey: ['escalation', 'then', name, at],
    queryFn: () => ok(api.GET('/api/escalation-policies/{name}', { params: { path: { name }, query: { at } } })),
    placeholderData: keepPreviousData,
    retry: false,
  });

export const onCallThenQuery = (schedule: string, at: string) =>
  queryOptions({
    queryKey: ['schedules', 'on-call-then', schedule, at],
    queryFn: async () =>
      (await ok(api.GET('/api/on-call', { params: { query: { at } } }))).items.filter((one) => one.schedule === schedule),
    placeholderData: keepPreviousData,
  });
