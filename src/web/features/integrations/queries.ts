import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { events, refusedRequest } from '../../../contract/inspector.ts';
import type { phoneCall } from '../../../contract/phone.ts';
import type { Integration as Written } from '../../../contract/service.ts';
import { api, ok, okWithTag } from '../../api/client.ts';

export type { Written };
export type Integration = Written & {
  key: string;
  last_event_at: string | null;
  url: string;
  addresses: Record<string, string>;
  alerts_24h: number;
  refused_24h: number;
};
export type Accepted = Omit<z.output<typeof events>['accepted'][number], 'payload'> & { payload?: unknown };
export type Refused = z.output<typeof refusedRequest>;

export const KINDS = ['alertmanager', 'prometheus', 'grafana', 'pagerduty', 'opsgenie', 'victorops', 'generic', 'email'] as const;
export type Kind = (typeof KINDS)[number];
/** Tools, and a number that people call. */
export const ALL_KINDS = [...KINDS, 'phone'] as const;
export type AnyKind = (typeof ALL_KINDS)[number];
export type Call = z.output<typeof phoneCall>;

/** What comes in is no entry of the journal: while somebody looks, the server is asked this often. */
const LOOKING_MS = 2000;
const LIST_MS = 30_000;

const at = (name: string) => ({ params: { path: { name } } });

export const integrationsQuery = (filter: { service?: string | undefined; q?: string | undefined } = {}) =>
  queryOptions({
    queryKey: ['integrations', 'list', filter.service, filter.q],
    queryFn: () => ok(api.GET('/api/integrations', { params: { query: filter } })),
    refetchInterval: LIST_MS,
  });

export const integrationQuery = (name: string) =>
  queryOptions({
    queryKey: ['integrations', 'one', name],
    queryFn: () => okWithTag(api.GET('/api/integrations/{name}', at(name))),
    refetchInterval: LOOKING_MS,
  });

export const setupQuery = (name: string) =>
  queryOptions({
    queryKey: ['integrations', 'setup', name],
    queryFn: () => ok(api.GET('/api/integrations/{name}/setup', at(name))),
  });

export const eventsQuery = (name: string) =>
  queryOptions({
    queryKey: ['integrations', 'events', name],
    queryFn: () => ok(api.GET('/api/integrations/{name}/events', at(name))),
    refetchInterval: LOOKING_MS,
  });

/** The last calls to a phone line. */
export const callsQuery = (name: string) =>
  queryOptions({
    queryKey: ['integrations', 'calls', name],
    queryFn: () => ok(api.GET('/api/integrations/{name}/calls', at(name))),
    refetchInterval: LOOKING_MS,
  });

/** Requests with a key that no integration has. */
export const strangersQuery = queryOptions({
  queryKey: ['integrations', 'strangers'],
  queryFn: () => ok(api.GET('/api/refused-requests')),
  refetchInterval: LIST_MS,
});
