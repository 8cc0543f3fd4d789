import { queryOptions } from '@tanstack/react-query';
import { api, ok } from '../../api/client.ts';

const board = () => ok(api.GET('/api/on-call/board'));
/** It changes by the clock, which no journal tells of. */
export const boardQuery = queryOptions({ queryKey: ['oncall', 'board'], queryFn: board, refetchInterval: 60_000 });
export type Board = Awaited<ReturnType<typeof board>>;
