import { queryOptions } from '@tanstack/react-query';
import type { Silence as Written } from '../../../contract/silence.ts';
import { api, ifMatch, ok, okWithTag } from '../../api/client.ts';
import { queryClient } from '../../api/query.ts';
import type { Search } from '../../search-state.ts';

export type Silence = Written & {
  id: string;
  state: 'active' | 'pending' | 'expired';
  created_by: string;
  ended_at: string | null;
};
export type { Written };

export const FILTERS = ['q', 'kind', 'service'];

/** A window begins and ends by the clock, without a word of the journal. */
const BY_THE_CLOCK_MS = 30_000;

export const silencesQuery = (state: 'active' | 'upcoming' | 'past', search: Search) =>
  queryOptions({
    queryKey: ['silences', 'list', state, search.kind, search.service],
    queryFn: () =>
      ok(
        api.GET('/api/silences', {
          params: { query: { state, kind: search.kind as 'silence' | undefined, service: search.service } },
        }),
      ),
    refetchInterval: BY_THE_CLOCK_MS,
  });

export const silenceQuery = (id: string) =>
  queryOptions({
    queryKey: ['silences', 'one', id],
    queryFn: () => okWithTag(api.GET('/api/silences/{id}', { params: { path: { id } } })),
  });

export const calendarQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ['silences', 'calendar', from, to],
    queryFn: () => ok(api.GET('/api/silences/calendar', { params: { query: { from, to } } })),
  });

export const alertQuery = (id: string) =>
  queryOptions({
    queryKey: ['alerts', 'one', id],
    queryFn: () => ok(api.GET('/api/alerts/{id}', { params: { path: { id } } })),
  });

/** What it would hide; asked again as alerts come and go. `body` is made when it is asked, because "for 2 h" begins then. */
export const previewQuery = (key: unknown, body: () => Written) =>
  queryOptions({
    queryKey: ['alerts', 'silence-preview', key],
    queryFn: () => ok(api.POST('/api/silences/preview', { body: body() })),
    retry: false,
  });

/** As it is written, without what the server adds. */
export const writtenOf = ({ kind, comment, services, matchers, starts_at, ends_at, recurs }: Silence): Written => ({
  kind,
  comment,
  services,
  matchers,
  ...(starts_at ? { starts_at } : {}),
  ...(ends_at ? { ends_at } : {}),
  ...(recurs ? { recurs } : {}),
});

const refresh = () => queryClient.invalidateQueries({ queryKey: ['silences'] });

export const endSilence = async (id: string): Promise<void> => {
  await ok(api.POST('/api/silences/{id}/end', { params: { path: { id } } }));
  await refresh();
};

/** Brings one that was ended into force again: the named one as it was, another anew with the time it had left. */
export const restore = async (silence: Silence): Promise<void> => {
  if (silence.name)
    await ok(api.PUT('/api/silences/{name}', { params: { path: { name: silence.name } }, body: writtenOf(silence) }));
  else await ok(api.POST('/api/silences', { body: writtenOf(silence) }));
  await refresh();
};

/**
 * Saves what was changed. One without a name cannot be changed in place: the new one is made first and the old
 * one ended then, so that nothing pages in between.
 */
export const saveSilence = async (body: Written, old?: { silence: Silence; tag: string | undefined }): Promise<string> => {
  const name = old?.silence.name;
  const made = name
    ? await ok(api.PUT('/api/silences/{name}', { params: { path: { name } }, body, headers: ifMatch(old.tag) }))
    : await ok(api.POST('/api/silences', { body }));
  if (old && !name) await ok(api.POST('/api/silences/{id}/end', { params: { path: { id: old.silence.id } } }));
  await refresh();
  return made.id;
};
