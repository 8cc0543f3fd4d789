import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { routingTest } from '../../../contract/routing.ts';
import type { trace } from '../../../contract/trace.ts';
import { api, ok } from '../../api/client.ts';

export type Trace = z.infer<typeof trace>;
export type Foreseen = z.infer<typeof routingTest>;
export type ForeseenAlert = Foreseen['alerts'][number];
export type PagedStep = ForeseenAlert['would_page'][number];

/** Its key begins with the noun whose changes it shows. */
export const traceQuery = (kind: 'incident' | 'alert', id: string) =>
  queryOptions({
    queryKey: [kind === 'incident' ? 'incidents' : 'alerts', 'trace', id],
    queryFn: () =>
      kind === 'incident'
        ? ok(api.GET('/api/incidents/{id}/trace', { params: { path: { id } } }))
        : ok(api.GET('/api/alerts/{id}/trace', { params: { path: { id } } })),
  });

export type Question = { integration?: string; payload?: unknown; alert?: string; at?: string };
export const foresee = (question: Question): Promise<Foreseen> => ok(api.POST('/api/routing/test', { body: question }));
