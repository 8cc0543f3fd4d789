declare module '../../platform/jobs.ts' {
  interface JobMap {
    /** The calendar that a layer takes its turns from is to be read. */
    'schedules.read_calendar': { schedule_id: string; layer: string };
  }
}

/** Somebody's turn, between two instants. */
export type CalendarTurn = { person: string; starts: Temporal.Instant; ends: Temporal.Instant };
/** An event of which somebody is not known; times are ISO instants. */
export type Finding = { starts: string; ends: string; title: string; problem: string };
