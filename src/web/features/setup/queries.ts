import { queryOptions } from '@tanstack/react-query';
import type { Setup } from '../../../contract/setup.ts';
import { api, ok } from '../../api/client.ts';
import { now } from '../../time.ts';

export type Step = Setup['steps'][number];
export type StepId = Step['id'];
export type { Setup };

/** What comes in and what leaves is no entry of the settings: while something is missing the server is asked this often. */
const LOOKING_MS = 1000;
const READY_MS = 60_000;

/** The address and the clock that this browser sees are checked with the rest. */
export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: (): Promise<Setup> =>
    ok(api.GET('/api/setup', { params: { query: { origin: location.origin, at: new Date(now()).toISOString() } } })),
  refetchInterval: ({ state }) => (state.data?.ready ? READY_MS : LOOKING_MS),
});
/** The same for whoever only wants to know whether it is done. */
export const setupStateQuery = queryOptions({ ...setupQuery, refetchInterval: READY_MS });

export const presetsQuery = queryOptions({
  queryKey: ['settings', 'presets'],
  queryFn: () => ok(api.GET('/api/severity-presets')),
});
