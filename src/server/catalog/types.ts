declare module '../platform/events.ts' {
  interface EventMap {
    /** Whoever refers to a service checks here: throws to refuse its removal. */
    'service.removing': { id: string; name: string };
    /** A service was saved and names this policy: escalation refuses one that is not there. */
    'service.saved': { id: string; name: string; escalation_policy: string | undefined };
  }
}

export type {};
