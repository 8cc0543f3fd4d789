declare module '../platform/events.ts' {
  interface EventMap {
    /** A silence no longer hides anything: its open alerts are looked at again. */
    'silence.over': { id: string };
  }
}
declare module '../platform/jobs.ts' {
  interface JobMap {
    'silence.window_over': { id: string };
  }
}

export type {};
