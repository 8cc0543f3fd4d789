import { sql } from 'kysely';
import { type Clock, stopwatch } from './clock.ts';
import type { Actor, Ctx, Outside } from './ctx.ts';
import type { Database } from './database.ts';
import { AppError } from './errors.ts';
import type { EventMap } from './events.ts';
import type { JobMap, Jobs, JobType } from './jobs.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { inSpan } from './tracing.ts';

/** flow.ts in types: which actions answer an event, which action does a job, what runs by the clock. */
export type Flow = {
  on: { [T in keyof EventMap]: ((ctx: Ctx, data: EventMap[T]) => Promise<void>)[] };
  jobs: {
    [T in JobType]:
      | { inTransaction: (ctx: Ctx, data: JobMap[T]) => Promise<void> }
      | { outside: (outside: Outside, data: JobMap[T]) => Promise<void> };
  };
  every: Record<
    string,
    { seconds: number } & ({ inTransaction: (ctx: Ctx) => Promise<void> } | { outside: (outside: Outside) => Promise<void> })
  >;
};

type AnyJob =
  | { inTransaction: (ctx: Ctx, data: unknown) => Promise<void> }
  | { outside: (outside: Outside, data: unknown) => Promise<void> };

export type Runner = ReturnType<typeof createRunner>;

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';
const isRetryable = (thrown: unknown): boolean =>
  typeof thrown === 'object' &&
  thrown !== null &&
  'code' in thrown &&
  (thrown.code === SERIALIZATION_FAILURE || thrown.code === DEADLOCK);

/** So far ahead of ours, another clock is wrong. */
const AHEAD = { seconds: 60 };
const isDue = (last: Temporal.Instant | undefined, now: Temporal.Instant, seconds: number): boolean =>
  !last || Temporal.Instant.compare(last, now.subtract({ seconds })) <= 0 || Temporal.Instant.compare(last, now.add(AHEAD)) > 0;

const later = (a: Temporal.Instant, b: Temporal.Instant | undefined) => (b && Temporal.Instant.compare(b, a) > 0 ? b : a);

/**
 * The only maker of `Ctx`. An event runs its actions inside the transaction that emitted it, so an
 * acknowledgement and the stop of its paging are one commit (docs/adr/0001).
 */
export const createRunner = (parts: {
  database: Database;
  jobs: Jobs;
  flow: Flow;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  publicUrl: () => string;
  secret: Buffer;
  allowedHosts: string[];
  /** A transaction that asked for it has committed. */
  committed: () => void;
}) => {
  const { database, jobs, flow, clock } = parts;

  /** `notBefore`: a job's own time. The queue goes by the database's clock, and may be ahead of ours. */
  const transaction = async <R>(
    actor: Actor,
    source: string,
    log: Logger,
    work: (ctx: Ctx) => Promise<R>,
    notBefore?: Temporal.Instant,
  ): Promise<R> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        let tell = false;
        const result = await database.db.transaction().execute((tx) => {
          const now = later(clock.now(), notBefore);
          const ctx: Ctx = {
            tx,
            actor,
            source,
            now,
            log,
            metrics: parts.metrics,
            publicUrl: parts.publicUrl(),
            secret: parts.secret,
            // `this`: an action that acts as someone else passes on who that is.
            async emit(type, data) {
              for (const answer of flow.on[type]) await answer(this, data);
            },
            tellWatchers: () => {
              tell = true;
            },
            enqueue: (type, list) => jobs.enqueue(tx, now, type, list),
          };
          return work(ctx);
        });
        if (tell) parts.committed();
        return result;
      } catch (thrown) {
        if (!isRetryable(thrown) || attempt === 5) throw thrown;
      }
    }
  };

  const outside = (name: string, notBefore?: Temporal.Instant): Outside => {
    const log = parts.log.child({ job: name });
    return {
      log,
      metrics: parts.metrics,
      now: clock.now,
      allowedHosts: parts.allowedHosts,
      publicUrl: parts.publicUrl(),
      secret: parts.secret,
      transaction: (work) => transaction({ kind: 'system', name }, 'timer', log, work, notBefore),
    };
  };

  const act = async (
    name: string,
    work: { inTransaction: (ctx: Ctx) => Promise<void> } | { outside: (outside: Outside) => Promise<void> },
    notBefore?: Temporal.Instant,
  ) => {
    if ('outside' in work) await work.outside(outside(name, notBefore));
    else await transaction({ kind: 'system', name }, 'timer', parts.log.child({ job: name }), work.inTransaction, notBefore);
  };

  const lastRuns = async (): Promise<Map<string, Temporal.Instant>> => {
    const { rows } = await sql<{ name: string; last_at: Temporal.Instant }>`select name, last_at from ticks`.execute(database.db);
    return new Map(rows.map((row) => [row.name, row.last_at]));
  };

  /** Of what is due, what this node is to do. */
  const claim = async (due: [string, { seconds: number }][]): Promise<Set<string>> => {
    if (due.length === 0) return new Set();
    const now = clock.now();
    const { rows } = await sql<{ name: string }>`
      insert into ticks (name, last_at) select name, ${now}::timestamptz from unnest(${due.map(([name]) => name)}::text[]) as name
      on conflict (name) do update set last_at = excluded.last_at
      where ticks.last_at > ${now.add(AHEAD)} or ticks.last_at <= ${now}::timestamptz - make_interval(secs =>
        (${JSON.stringify(Object.fromEntries(due.map(([name, { seconds }]) => [name, seconds])))}::jsonb ->> ticks.name)::float8)
      returning name`.execute(database.db);
    return new Set(rows.map(({ name }) => name));
  };

  return {
    now: clock.now,
    transaction: <R>(actor: Actor, source: string, work: (ctx: Ctx) => Promise<R>, log: Logger = parts.log) =>
      transaction(actor, source, log, work),
    /** For work of a request that must not hold a transaction: opens short ones, as whoever asked. */
    outsideAs: (actor: Actor, source: string, log: Logger): Outside => ({
      log,
      metrics: parts.metrics,
      now: clock.now,
      allowedHosts: parts.allowedHosts,
      publicUrl: parts.publicUrl(),
      secret: parts.secret,
      transaction: (work) => transaction(actor, source, log, work),
    }),
    runJob: async (job: { type: JobType; data: unknown; at?: string | undefined }) => {
      const entry = (flow.jobs as Record<string, AnyJob | undefined>)[job.type];
      if (!entry) throw new AppError('not_found', `No action does the job ${job.type}: a newer version wrote it`);
      const took = stopwatch();
      await inSpan(`job ${job.type}`, {}, async () => {
        const at = job.at ? Temporal.Instant.from(job.at) : undefined;
        if ('outside' in entry) await act(job.type, { outside: (held) => entry.outside(held, job.data) }, at);
        else await act(job.type, { inTransaction: (ctx) => entry.inTransaction(ctx, job.data) }, at);
      });
      parts.log.info({ job: job.type, ms: Math.round(took() * 10) / 10 }, 'job');
    },
    /**
     * Runs what is due by the clock. One node at a time does each: whoever moves the row `ticks.last_at`. What is due each
     * minute or sooner is claimed at once. What is seldom, or may wait for somebody outside, is claimed when its turn comes:
     * so a node that dies does not take it along, and another may do it meanwhile.
     * A failure is logged and tried again at the next turn. A row from the future is a clock that was set back, and holds up nobody.
     */
    tick: async () => {
      const failed = (tick: string, thrown: unknown): void =>
        parts.log.error({ err: thrown, tick }, 'periodic work failed, will be retried');
      const doThese = async (these: [string, Flow['every'][string]][]) => {
        const names = these.map(([name]) => name).join(', ');
        const mine = await claim(these).catch((thrown: unknown) => failed(names, thrown));
        for (const [name, entry] of these)
          if (mine?.has(name)) await act(name, entry).catch((thrown: unknown) => failed(name, thrown));
      };
      // Asked once for all: mostly nothing is due, and claiming a row writes to it even in vain.
      const ran = await lastRuns().catch((thrown: unknown) => failed('all', thrown));
      if (!ran) return;
      const due = Object.entries(flow.every).filter(([name, { seconds }]) => isDue(ran.get(name), clock.now(), seconds));
      const isQuick = ([, entry]: [string, Flow['every'][string]]) => entry.seconds <= 60 && !('outside' in entry);
      await doThese(due.filter(isQuick));
      for (const one of due.filter((each) => !isQuick(each))) await doThese([one]);
    },
  };
};
