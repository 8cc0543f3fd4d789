import type { Transaction } from 'kysely';
import type { DB } from './database-types.ts';
import type { EventMap } from './events.ts';
import type { JobMap } from './jobs.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';

export type Tx = Transaction<DB>;

/** Who acts. `role` decides what is allowed; the rest is what the journal remembers. */
export type Actor =
  | ({ kind: 'person'; id: string; name: string; role: Role } & Limits)
  | ({ kind: 'token'; id: string; name: string; role: Role } & Limits)
  | { kind: 'integration'; id: string; name: string }
  | { kind: 'system'; name: string };

type Limits = {
  /** Her role in each team she belongs to or was given one in, by the team's name and by its id. Absent for a machine. */
  teams?: Record<string, Role>;
  /** The permissions a key is limited to; absent: all of its role. */
  scopes?: string[];
};

export type Role = 'administrator' | 'manager' | 'responder' | 'observer' | 'stakeholder';

/**
 * Everything an action may use. Made only by the HTTP runner and the job runner, one per
 * transaction: nobody else has a database handle, a clock or the environment.
 */
export type Ctx = {
  tx: Tx;
  actor: Actor;
  /** Where the act came from: `api`, `mail link`, `sms`, `timer`, `alertmanager` … */
  source: string;
  now: Temporal.Instant;
  log: Logger;
  metrics: Metrics;
  /** Public address of this installation, without a trailing slash. */
  publicUrl: string;
  /** Signs links; from the database, the same on every node. */
  secret: Buffer;
  /** Runs, in this transaction, the actions that flow.ts lists for the event. */
  emit<T extends keyof EventMap>(this: Ctx, type: T, data: EventMap[T]): Promise<void>;
  /** Once this transaction has committed, those who watch are told to look. */
  tellWatchers: () => void;
  /** Writes a job in this transaction; it runs, at least once, at `at` or at once after commit. */
  enqueue: <T extends keyof JobMap>(
    type: T,
    jobs: { data: JobMap[T]; at?: Temporal.Instant; priority?: number }[],
  ) => Promise<void>;
};

/** For work that must not hold a transaction, such as a network call: opens short ones around it. */
export type Outside = {
  transaction: <R>(work: (ctx: Ctx) => Promise<R>) => Promise<R>;
  log: Logger;
  metrics: Metrics;
  now: () => Temporal.Instant;
  /** Outgoing addresses that may be private: host names or CIDR ranges. */
  allowedHosts: string[];
  /** As of `Ctx`. */
  publicUrl: string;
  secret: Buffer;
};

export const SYSTEM = (name: string): Actor => ({ kind: 'system', name });
