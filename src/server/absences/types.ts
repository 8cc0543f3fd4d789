declare module '../platform/jobs.ts' {
  interface JobMap {
    /** The calendar of somebody's leave is to be read. */
    'absences.read_calendar': { person_id: string };
  }
}

/** Milliseconds of Unix time, half-open. `name`: of a holiday. */
export type Absence = { kind: 'leave' | 'holiday'; start: number; end: number; name?: string };
/** By the person's name, in order of start. */
export type Absences = ReadonlyMap<string, readonly Absence[]>;
