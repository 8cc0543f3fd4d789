import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { journalEntry } from '../../../contract/incident.ts';
import type { channelName } from '../../../contract/people.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { tokenRow } from '../../../contract/sign-in.ts';
import type { wordingTry } from '../../../contract/wording.ts';
import { api, ok, okWithTag } from '../../api/client.ts';
import type { Search } from '../../search-state.ts';
import { now } from '../../time.ts';
import type { Tagged } from '../editing/use-draft.ts';

export type Channel = z.infer<typeof channelName>;
export type Entry = z.infer<typeof journalEntry>;
export type Token = z.infer<typeof tokenRow>;

export const settingsQuery = queryOptions({
  queryKey: ['settings', 'delivery'],
  queryFn: (): Promise<Tagged<Settings>> => okWithTag(api.GET('/api/settings')),
});
export const channelsQuery = queryOptions({
  queryKey: ['settings', 'channels'],
  queryFn: () => ok(api.GET('/api/settings/channels')),
});
export const wordingQuery = queryOptions({
  queryKey: ['settings', 'wording'],
  queryFn: () => wordingShown(),
});
const wordingShown = () => ok(api.GET('/api/settings/wording'));
export type WordingShown = Awaited<ReturnType<typeof wordingShown>>;
/** Messages in a wording, which is given as JSON. */
export const wordingTriedQuery = (body: string) =>
  queryOptions({
    queryKey: ['settings', 'wording', 'preview', body],
    queryFn: () => tryWording(JSON.parse(body)),
    staleTime: Number.POSITIVE_INFINITY,
  });
const tryWording = (body: z.input<typeof wordingTry>) => ok(api.POST('/api/settings/wording/preview', { body }));
export type WordingTried = Awaited<ReturnType<typeof tryWording>>;
export const tokensQuery = queryOptions({ queryKey: ['tokens'], queryFn: () => ok(api.GET('/api/tokens')) });
export const exportQuery = queryOptions({
  queryKey: ['settings', 'process'],
  queryFn: () => ok(api.GET('/api/process/export')),
  staleTime: 0,
});

export const signOnQuery = queryOptions({ queryKey: ['settings', 'sign-on'], queryFn: () => ok(api.GET('/api/sign-on')) });
const oneSignOn = (id: string) => okWithTag(api.GET('/api/sign-on/{id}', { params: { path: { id } } }));
export const oneSignOnQuery = (id: string) =>
  queryOptions({ queryKey: ['settings', 'sign-on', id], queryFn: () => oneSignOn(id) });
export type SignOnRow = Awaited<ReturnType<typeof oneSignOn>>['data'];

export const scimQuery = queryOptions({
  queryKey: ['settings', 'scim'],
  queryFn: () => okWithTag(api.GET('/api/scim')),
});

/** The filters of the audit log, by their names in the address. */
export const AUDIT_FILTERS = ['q', 'actor', 'about', 'source', 'within', 'since', 'until'];
const DAYS: Record<string, number> = { day: 1, week: 7, month: 30, quarter: 90 };
const HOUR_MS = 3_600_000;

/** What the address asks of the audit log, as the API takes it. `within` is to the hour, so that it is one question for a while. */
export const auditFilter = (search: Search) => {
  const days = DAYS[search.within ?? ''];
  const since = search.since ?? (days && new Date(Math.floor(now() / HOUR_MS) * HOUR_MS - days * 24 * HOUR_MS).toISOString());
  return {
    ...(search.q ? { q: search.q } : {}),
    ...(search.actor ? { actor: search.actor } : {}),
    ...(search.about ? { subject: search.about } : {}),
    ...(search.source ? { source: search.source } : {}),
    ...(since ? { since } : {}),
    ...(search.until ? { until: search.until } : {}),
  };
};
export const auditQuery = (search: Search) => {
  const filter = auditFilter(search);
  return infiniteQueryOptions({
    queryKey: ['journal', filter],
    queryFn: ({ pageParam }) => ok(api.GET('/api/journal', { params: { query: { ...filter, limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 0,
  });
};

export type Files = { files: { name: string; text: string }[]; prune: boolean };
export const planFiles = (body: Files) => ok(api.POST('/api/process/plan', { body }));
/** What files would change, and every problem in them. */
export type Planned = Awaited<ReturnType<typeof planFiles>>;

const severities = () => okWithTag(api.GET('/api/severities'));
export const severitiesQuery = queryOptions({ queryKey: ['settings', 'severities'], queryFn: severities });
export type Level = Awaited<ReturnType<typeof severities>>['data']['items'][number];
const roles = () => okWithTag(api.GET('/api/incident-roles'));
export const rolesQuery = queryOptions({ queryKey: ['settings', 'roles'], queryFn: roles });
export type Role = Awaited<ReturnType<typeof roles>>['data']['items'][number];
