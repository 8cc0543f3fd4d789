declare module '../platform/events.ts' {
  interface EventMap {
    /** Someone is about to be deactivated: whoever counts on her throws, saying what. */
    'person.removing': { id: string; name: string };
    'team.removing': { name: string };
  }
}

export type {};
