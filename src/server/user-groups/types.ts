declare module '../platform/jobs.ts' {
  interface JobMap {
    /** All groups at once: several schedules may name the same. */
    'user_groups.mirror': { asked_at: string };
  }
}

export type {};
