import { type Clock as BossClock, fromKysely, PgBoss } from 'pg-boss';
import type { Tx } from './ctx.ts';
import type { Connection } from './database.ts';
import type { Logger } from './log.ts';

/**
 * Work that happens later or outside the transaction, by name. A module adds its own in its `types.ts`
 * (`declare module '../platform/jobs.ts' { interface JobMap { 'escalation.step_due': … } }`);
 * flow.ts must name the action that does it.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging in each module
export interface JobMap {}

export type JobType = keyof JobMap;
/** `at`: when it is for, if it was for later. */
export type Job = { id: string; type: JobType; data: JobMap[JobType]; at?: string | undefined };
type Written = { type: JobType; data: JobMap[JobType]; at?: string };

/** What calls a provider has a queue of its own, so that a slow one never delays a timer. */
const QUEUES = {
  timers: { workers: 3, batchSize: 20, expireInSeconds: 20, retryLimit: 12, retryDelay: 1, retryDelayMax: 30 },
  // A calendar may be slow for a whole minute: no page waits behind one.
  calendars: { workers: 2, batchSize: 1, expireInSeconds: 90, retryLimit: 3, retryDelay: 5, retryDelayMax: 60 },
  deliveries: { workers: 12, batchSize: 10, expireInSeconds: 20, retryLimit: 12, retryDelay: 1, retryDelayMax: 10 },
} as const;
/**
 * The database compares with the beginning of its own transaction, which is before our `now`; a job a millisecond ahead of it is
 * one to poll for and wakes nobody. Measured: without this, one page in four left half a second late.
 */
const CLOCK_MARGIN_MS = 1000;
type QueueName = keyof typeof QUEUES;
const CALLS_A_PROVIDER = new Set<JobType>([
  'paging.deliver',
  'paging.send_direct',
  'paging.send_test',
  'paging.send_invitation',
  'paging.send_notice',
  'paging.probe_now',
  'paging.silence',
  'cover.tell_chat',
  'escalation.tell_place',
  'incidents.show_place',
  'incidents.show_stand',
  'incidents.slack_envelope',
  'incidents.tell_slack',
]);
const IS_SLOW = new Set<JobType>(['absences.read_calendar', 'schedules.read_calendar', 'user_groups.mirror']);
export const queueOf = (type: JobType): QueueName =>
  IS_SLOW.has(type) ? 'calendars' : CALLS_A_PROVIDER.has(type) ? 'deliveries' : 'timers';

export type Jobs = ReturnType<typeof createJobs>;

/**
 * pg-boss behind three verbs. Jobs are rows written in the caller's transaction; NOTIFY wakes a worker
 * within milliseconds, polling twice a second makes it certain and finds deferred jobs.
 */
export const createJobs = (options: { connection: Connection; clock?: BossClock; poolSize: number; log: Logger }) => {
  const boss = new PgBoss({
    ...options.connection,
    ...(options.clock ? { clock: options.clock } : {}),
    application_name: 'allclear-jobs',
    max: options.poolSize,
    schema: 'jobs',
    schedule: false,
    useListenNotify: options.clock === undefined,
    supervise: options.clock === undefined,
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
    maintenanceIntervalSeconds: 300,
  });
  boss.on('error', (error) => options.log.warn({ err: error.message }, 'job queue'));
  boss.on('warning', (warning) => options.log.debug({ warning: warning.message }, 'job queue'));

  return {
    boss,
    /** Installs or upgrades the queue's own tables. Safe to run on every node. */
    start: async () => {
      await boss.start();
      for (const [name, { expireInSeconds, retryLimit, retryDelay, retryDelayMax }] of Object.entries(QUEUES)) {
        const settings = {
          expireInSeconds,
          retryLimit,
          retryDelay,
          retryDelayMax,
          retryBackoff: true,
          deleteAfterSeconds: 3600,
          retentionSeconds: 366 * 86_400,
        };
        if (!(await boss.getQueue(name))) await boss.createQueue(name, { ...settings, notify: true });
        else await boss.updateQueue(name, settings);
      }
    },
    /** Writes jobs in the transaction. `priority`: larger first among those due. */
    enqueue: async (
      tx: Tx,
      now: Temporal.Instant,
      type: JobType,
      jobs: { data: object; at?: Temporal.Instant; priority?: number }[],
    ) => {
      if (jobs.length === 0) return;
      const dueAtOnce = now.epochMilliseconds - CLOCK_MARGIN_MS;
      const rows = jobs.map((job) => ({
        data: { type, data: job.data, ...(job.at ? { at: job.at.toString() } : {}) },
        startAfter: new Date(job.at && Temporal.Instant.compare(job.at, now) > 0 ? job.at.epochMilliseconds : dueAtOnce),
        ...(job.priority ? { priority: job.priority } : {}),
      }));
      await boss.insert(queueOf(type), rows, { db: fromKysely(tx) });
    },
    /** Starts workers that call `run` for each job; a throw makes pg-boss retry with backoff. */
    work: async (run: (job: Job) => Promise<void>) => {
      for (const [name, { workers, batchSize }] of Object.entries(QUEUES)) {
        await boss.work<Written, unknown>(
          name,
          {
            batchSize,
            localConcurrency: workers,
            perJobResults: true,
            pollingIntervalSeconds: 0.5,
            notifyPollingIntervalSeconds: 0.5,
            burstWhenBatchFull: true,
          },
          (jobs) =>
            Promise.all(
              jobs.map(async (job) => {
                try {
                  await run({ id: job.id, type: job.data.type, data: job.data.data, at: job.data.at });
                  return { id: job.id, status: 'completed' as const };
                } catch (thrown) {
                  options.log.error(
                    { err: thrown, job: job.data.type, job_id: job.id, retry: job.retryCount },
                    'job failed, will be retried',
                  );
                  return { id: job.id, status: 'failed' as const, output: { message: String(thrown) } };
                }
              }),
            ),
        );
      }
    },
    /** Gives jobs of a dead process back at once; only for a start that is alone on its database. */
    requeueActive: async () => {
      await boss.getDb().executeSql(`update jobs.job set state = 'retry', start_after = now() where state = 'active'`);
    },
    /** NOTIFY at once, outside every transaction. */
    notify: async (channel: string, payload: string): Promise<void> => {
      await boss.getDb().executeSql('select pg_notify($1, $2)', [channel, payload]);
    },
    /** Stops taking jobs but keeps the queue open. */
    idle: async () => {
      for (const name of Object.keys(QUEUES)) await boss.offWork(name, { wait: false });
    },
    /** Fetches what is due now and runs it, one by one: how tests drive time. Returns how many ran; these may have made others due. */
    drain: async (run: (job: Job) => Promise<void>): Promise<number> => {
      let ran = 0;
      for (const name of Object.keys(QUEUES))
        for (const job of await boss.fetch<Written>(name, { batchSize: 50 })) {
          await run({ id: job.id, type: job.data.type, data: job.data.data, at: job.data.at });
          await boss.complete(name, job.id);
          ran += 1;
        }
      return ran;
    },
    /** Waits for running handlers, at most `seconds`, then closes. */
    stop: (seconds: number) => boss.stop({ graceful: true, timeout: seconds * 1000, close: true }),
  };
};
