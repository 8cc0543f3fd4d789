import { useQuery } from '@tanstack/react-query';
import { useCan } from '../../api/me.ts';
import { peopleQuery } from '../incidents/queries.ts';

/** How a person of this name is called, for whoever may read people. */
export const useCalled = (): ((name: string) => string) => {
  const can = useCan();
  const people = useQuery({ ...peopleQuery, enabled: can('configuration.read') }).data?.items;
  return (name) => people?.find((one) => one.name === name)?.display_name ?? name;
};
