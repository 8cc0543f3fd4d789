/** What a command may use of the machine. Made once by main.ts; tests give their own. */
export type Terminal = {
  env: Record<string, string | undefined>;
  home: string;
  /** IANA zone in which times are shown and local times without a zone are read. */
  timeZone: string;
  now: () => Temporal.Instant;
  sleep: (ms: number) => Promise<void>;
  /** Writes to standard output: results only, so that they can be piped. */
  out: (text: string) => void;
  /** Writes to standard error: errors, warnings, progress. */
  err: (text: string) => void;
  /** Standard output for bytes. */
  outBytes: NodeJS.WritableStream;
  readInput: () => Promise<string>;
  /** Standard output is a terminal. */
  outIsTerminal: boolean;
  /** Standard error is a terminal: progress may be drawn there. */
  errIsTerminal: boolean;
  /** Standard output shows colours. */
  colours: boolean;
  /** Standard error shows colours. */
  errColours: boolean;
  /** What the process ends with when nothing threw. */
  exitCode: number;
};

/** What the process ends with; docs/cli.md lists them. */
export const EXIT = { done: 0, failed: 1, changes: 2, unreachable: 3, usage: 64 } as const;

/** Ends a command with exit code 1 and one line of explanation. */
export class Failure extends Error {}
