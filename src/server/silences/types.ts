declare module '../platform/events.ts' {
  interface EventMap {
    /** A silence ended or was changed: the open alerts it hid are looked at again. */
    'silence.over': { id: string };
  }
}
declare module '../platform/jobs.ts' {
  interface JobMap {
    'silence.window_over': { id: string };
  }
}

export type {};
