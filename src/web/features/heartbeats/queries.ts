import { queryOptions } from '@tanstack/react-query';
import type { Heartbeat as Written } from '../../../contract/heartbeat.ts';
import { api, ok, okWithTag } from '../../api/client.ts';

export type { Written };
export type Heartbeat = Written & { state: 'waiting' | 'healthy' | 'overdue'; last_ping_at: string | null };

/** Pings are no entries of the journal. */
const PINGS_MS = 10_000;

export const heartbeatsQuery = queryOptions({
  queryKey: ['heartbeats', 'all'],
  queryFn: () => ok(api.GET('/api/heartbeats')),
  refetchInterval: PINGS_MS,
});

export const heartbeatQuery = (name: string) =>
  queryOptions({
    queryKey: ['heartbeats', 'one', name],
    queryFn: () => okWithTag(api.GET('/api/heartbeats/{name}', { params: { path: { name } } })),
  });
