import { useSyncExternalStore } from 'react';

type Theme = 'light' | 'dark' | 'system';

const watchers = new Set<() => void>();
const read = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};
const write = (key: string, value: string) => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Then it holds until the page is left.
  }
  for (const tell of watchers) tell();
};
const subscribe = (tell: () => void) => {
  watchers.add(tell);
  return () => watchers.delete(tell);
};

let theme = (read('allclear.theme') as Theme | null) ?? 'system';
let slim = read('allclear.rail') === 'slim';

/** Kept on this device; theme-first.ts applies it before the first paint. */
export const useTheme = (): [Theme, (theme: Theme) => void] => [
  useSyncExternalStore(subscribe, () => theme),
  (next) => {
    theme = next;
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    write('allclear.theme', next);
  },
];

export const useSlimRail = (): [boolean, () => void] => [
  useSyncExternalStore(subscribe, () => slim),
  () => {
    slim = !slim;
    write('allclear.rail', slim ? 'slim' : 'wide');
  },
];
