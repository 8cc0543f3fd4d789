import { type ComponentType, type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';

let missing = false;
const watchers = new Set<() => void>();
const setMissing = (): void => {
  missing = true;
  for (const tell of watchers) tell();
};
/** Whether a part that somebody asked for could not be fetched. A browser asks for it again only after the page is loaded anew. */
export const useMissing = (): boolean =>
  useSyncExternalStore(
    (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    () => missing,
  );

/**
 * A part that is fetched when it is first shown, or by `soon` before that; `meanwhile` stands in its place. What cannot be
 * fetched is left out and told by `useMissing`: unlike React's `lazy` it never takes the page along.
 */
export const later = <P extends object>(load: () => Promise<ComponentType<P>>) => {
  let part: ComponentType<P> | undefined;
  const fetched = async (): Promise<ComponentType<P>> => {
    part = await load();
    return part;
  };
  const Later = ({ meanwhile, ...props }: P & { meanwhile?: ReactNode }) => {
    const [Part, setPart] = useState(() => part);
    useEffect(() => {
      let shown = true;
      if (!Part) fetched().then((found) => shown && setPart(() => found), setMissing);
      return () => {
        shown = false;
      };
    }, [Part]);
    return Part ? <Part {...(props as unknown as P)} /> : meanwhile;
  };
  return Object.assign(Later, { soon: () => void fetched().catch(() => undefined) });
};
