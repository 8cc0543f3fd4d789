declare module '../platform/events.ts' {
  interface EventMap {
    /** Someone is about to be deactivated: whoever counts on her throws, saying what. */
    'person.removing': { id: string; name: string };
    /** A link to choose a password is to be mailed. */
    'person.invited': { invitation_id: string };
    'team.removing': { name: string };
  }
}

export type {};
