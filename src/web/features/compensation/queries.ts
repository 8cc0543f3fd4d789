import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, ok, okWithTag } from '../../api/client.ts';

const report = (month: string | undefined) => ok(api.GET('/api/compensation', { params: { query: { month } } }));
export type Report = Awaited<ReturnType<typeof report>>;
export type Line = Report['lines'][number];

/** What being on call came to in a month, of everybody the reader may know of; none: the month that runs. */
export const compensationQuery = (month: string | undefined) =>
  queryOptions({
    queryKey: ['schedules', 'compensation', month],
    queryFn: () => report(month),
    placeholderData: keepPreviousData,
  });

const rules = () => okWithTag(api.GET('/api/settings/compensation'));
export const rulesQuery = queryOptions({ queryKey: ['settings', 'compensation'], queryFn: rules });
/** As they are told, with every default. */
export type Rules = Required<Awaited<ReturnType<typeof rules>>['data']>;
export type Rate = Rules['rates'][number];

/** What a month would come to by rules that are not saved. */
export const previewQuery = (month: string, asked: Rules) =>
  queryOptions({
    queryKey: ['schedules', 'compensation', 'preview', month, asked],
    queryFn: () => ok(api.POST('/api/compensation/preview', { body: { month, rules: asked } })),
    placeholderData: keepPreviousData,
    retry: false,
  });
