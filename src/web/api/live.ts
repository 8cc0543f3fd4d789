import { useSyncExternalStore } from 'react';
import { now, setServerTime } from '../time.ts';
import { queryClient } from './query.ts';

/** Of a change what matters here: which kind of thing it is about. */
type Change = { subject_type: string };

/** Subject of the journal → the first words of the query keys that may show it. */
const SHOWN_IN: Record<string, string[]> = {
  incident: ['incidents', 'home', 'pages'],
  alert: ['alerts', 'incidents', 'home'],
  service: ['services', 'home'],
  person: ['people', 'me', 'teams', 'pages', 'schedules', 'handoffs', 'readiness'],
  team: ['teams', 'people'],
  schedule: ['schedules', 'oncall', 'home', 'handoffs'],
  handoff: ['handoffs'],
  silence: ['silences', 'alerts'],
  escalation_policy: ['escalation', 'services'],
  routing: ['routing'],
  integration: ['integrations', 'services'],
  token: ['tokens'],
  heartbeat: ['heartbeats', 'services'],
  settings: ['settings', 'readiness'],
};

/** `live`: changes arrive. `stale`: no word for 30 s. `unreached`: never a word. `offline`: the device itself says so. */
export type Link = { state: 'connecting' | 'live' | 'stale' | 'unreached' | 'offline'; heardAt: number };

const STALE_MS = 30_000;
const BATCH_MS = 100;

let link: Link = { state: 'connecting', heardAt: now() };
const watchers = new Set<() => void>();
const set = (next: Partial<Link>) => {
  const changed = next.state !== undefined && next.state !== link.state;
  link = { ...link, ...next };
  if (changed) for (const tell of watchers) tell();
};

const waiting = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;

const flush = () => {
  timer = undefined;
  const keys = new Set([...waiting].flatMap((subject) => SHOWN_IN[subject] ?? [subject]));
  waiting.clear();
  for (const key of keys) void queryClient.invalidateQueries({ queryKey: [key] });
};

let source: EventSource | undefined;
let lastId: string | undefined;
let greeted = false;

const heard = () => set({ state: 'live', heardAt: now() });

const open = () => {
  source?.close();
  source = new EventSource(lastId ? `/api/live?after=${encodeURIComponent(lastId)}` : '/api/live');
  source.addEventListener('hello', (event) => {
    setServerTime(Date.parse((JSON.parse(event.data as string) as { at: string }).at));
    heard();
    // Whoever has seen no change yet cannot say from where to be caught up.
    if (greeted && !lastId) void queryClient.invalidateQueries();
    greeted = true;
  });
  source.addEventListener('beat', heard);
  source.addEventListener('error', () => link.state === 'connecting' && set({ state: 'unreached' }));
  source.addEventListener('reset', () => void queryClient.invalidateQueries());
  source.addEventListener('change', (event) => {
    heard();
    lastId = event.lastEventId;
    const change = JSON.parse(event.data as string) as Change;
    waiting.add(change.subject_type);
    if (timer === undefined) timer = setTimeout(flush, BATCH_MS);
  });
};

/** Begins to listen, once; returns what ends it. */
export const startLive = (): (() => void) => {
  open();
  const watch = setInterval(() => {
    // The browser gives up on some failures, such as an answer of 503; then it is for us to try again.
    if (source?.readyState === EventSource.CLOSED) open();
    if (!navigator.onLine) set({ state: 'offline' });
    else if (now() - link.heardAt > STALE_MS) {
      if (link.state === 'live') set({ state: 'stale' });
      if (link.state === 'connecting') set({ state: 'unreached' });
    }
  }, 2000);
  const online = () => open();
  const offline = () => set({ state: 'offline' });
  addEventListener('online', online);
  addEventListener('offline', offline);
  return () => {
    clearInterval(watch);
    removeEventListener('online', online);
    removeEventListener('offline', offline);
    source?.close();
    source = undefined;
  };
};

/** Asks the server at once instead of at the next try. */
export const tryNow = (): void => {
  open();
  void queryClient.invalidateQueries();
};

export const useLink = (): Link =>
  useSyncExternalStore(
    (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    () => link,
  );
