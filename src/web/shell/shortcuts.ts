import { useEffect, useRef, useSyncExternalStore } from 'react';

/** A single key, or two pressed one after the other: `g i`. */
export type Shortcut = { key: string; label: string; run: () => void; hidden?: boolean };

const OFF = 'allclear.single-keys';
const stored = () => {
  try {
    return localStorage.getItem(OFF) !== 'off';
  } catch {
    return true;
  }
};
let on = stored();
const watchers = new Set<() => void>();

/** Whether single keys do something: kept on this device, for people whose tools type letters. */
export const useSingleKeys = (): [boolean, (on: boolean) => void] => [
  useSyncExternalStore(
    (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    () => on,
  ),
  (next) => {
    on = next;
    try {
      localStorage.setItem(OFF, next ? 'on' : 'off');
    } catch {
      // Then it holds until the page is left.
    }
    for (const tell of watchers) tell();
  },
];

/** The latest comes first: a dialog's or page's own key goes before the shell's. */
const sets: { current: Shortcut[] }[] = [];

/** Every shortcut that works now, for the help. */
export const shortcutsNow = (): Shortcut[] => sets.flatMap((set) => set.current).filter((one) => !one.hidden);

/** Adds keys while the component is there. */
export const useShortcuts = (shortcuts: Shortcut[]): void => {
  const mine = useRef(shortcuts);
  mine.current = shortcuts;
  useEffect(() => {
    sets.unshift(mine);
    return () => void sets.splice(sets.indexOf(mine), 1);
  }, []);
};

const inField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
    (target instanceof HTMLInputElement && !/^(checkbox|radio|button|submit)$/.test(target.type)));

const PAIR_MS = 1500;
let first: { key: string; at: number } | undefined;

/** Listens for the whole page, once; returns what ends it. Never in a field, a dialog or a menu, nor with Ctrl, ⌘ or Alt. */
export const listenForShortcuts = (): (() => void) => {
  const onKey = (event: KeyboardEvent) => {
    if (!on || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat)
      return;
    if (
      inField(event.target) ||
      document.querySelector('[role="dialog"]:not([data-toast]), [role="alertdialog"], [role="menu"], [role="listbox"]')
    )
      return;
    const pair = first && event.timeStamp - first.at < PAIR_MS ? `${first.key} ${event.key}` : undefined;
    const all = sets.flatMap((set) => set.current);
    const found = (pair && all.find((one) => one.key === pair)) || all.find((one) => one.key === event.key);
    first = all.some((one) => one.key.startsWith(`${event.key} `)) ? { key: event.key, at: event.timeStamp } : undefined;
    if (!found) return;
    first = undefined;
    event.preventDefault();
    found.run();
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
};
