declare module '../platform/events.ts' {
  interface EventMap {
    /** A schedule is about to be removed: whoever counts on it throws, saying what. */
    'schedule.removing': { name: string };
    /** Who is on call may have changed: a step in flight looks again. */
    'schedule.changed': { name: string };
  }
}

export type {};
