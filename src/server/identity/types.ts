declare module '../platform/events.ts' {
  interface EventMap {
    /** Someone is about to be deactivated: whoever counts on her throws, saying what. */
    'person.removing': { id: string; name: string };
    /**
     * Someone was deactivated whatever counts on her, because a directory or an administrator said so. Emitted once she is: her
     * pages go on to others at once, and incidents that only she has are paged again. `keys`: names of those that worked until now.
     * Safe to repeat.
     */
    'person.left': { id: string; name: string; keys: string[] };
    /** Someone who was deactivated is active again, with the turns she had. */
    'person.returned': { id: string; name: string; left_at: Temporal.Instant | null };
    /** Somebody else, perhaps, gets the place of a person who left: what reached that one must not reach this one. */
    'person.replaced': { id: string; name: string };
    /** A link to choose a password is to be mailed. */
    'person.invited': { invitation_id: string };
    'team.removing': { name: string };
  }
}

export type {};
