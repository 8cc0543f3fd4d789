import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';

/** Something a page can do, offered first in the palette while the page is open. */
export type Command = { label: string; icon?: ReactNode; shortcut?: string; run: () => void };

const sets: { current: Command[] }[] = [];
export const commandsHere = (): Command[] => sets.flatMap((set) => set.current);

/** Offers a page's actions in the palette while the component is there. */
export const useCommands = (commands: Command[]): void => {
  const mine = useRef(commands);
  mine.current = commands;
  useEffect(() => {
    sets.unshift(mine);
    return () => void sets.splice(sets.indexOf(mine), 1);
  }, []);
};
