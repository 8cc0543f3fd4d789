import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, ok } from '../../api/client.ts';

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
