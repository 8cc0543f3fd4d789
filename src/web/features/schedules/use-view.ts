import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useMe } from '../../api/me.ts';
import { useSearchState } from '../../search-state.ts';
import { now } from '../../time.ts';
import { peopleQuery } from '../incidents/queries.ts';
import { dateOf, deviceZone, isDate, type Span, spanOf, type View } from './zone.ts';

export const VIEWS: View[] = ['day', 'week', 'fortnight', 'month'];

/** What a timeline shows, as the address says it: how much, from when, in which zone. Two weeks from this Monday by default, in my zone. */
export const useView = (scheduleZone?: string): { span: Span; zone: string; choice: string } => {
  const [search] = useSearchState();
  const choice = search.zone === 'utc' || (search.zone === 'schedule' && scheduleZone) ? (search.zone as string) : 'mine';
  const zone = choice === 'utc' ? 'UTC' : choice === 'schedule' && scheduleZone ? scheduleZone : deviceZone();
  const view = VIEWS.find((one) => one === search.view) ?? 'fortnight';
  const date = isDate(search.date) ? search.date : dateOf(now(), zone);
  const span = useMemo(() => spanOf(view, date, zone), [view, date, zone]);
  return { span, zone, choice };
};

/** How people are called, by their names. */
export const useCalled = (): ((name: string) => string) => {
  const people = useQuery(peopleQuery).data?.items;
  return (name) => people?.find((one) => one.name === name)?.display_name ?? name;
};
export const useMyName = (): string | undefined => useMe()?.person?.name;
