import { receive, recordChanges } from '../alerts/actions.ts';
import type { Outcome } from '../alerts/types.ts';
import type { Ctx } from '../platform/ctx.ts';
import { isDatabaseDown } from '../platform/database.ts';
import { AppError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { Runner } from '../platform/runner.ts';
import { rememberKeys } from './keys.ts';
import * as store from './store.ts';
import type { Intake, Known, Work } from './types.ts';

export type { Intake } from './types.ts';

type Item = { work: Work; resolve: (outcomes: Outcome[]) => void; reject: (reason: unknown) => void };

/**
 * Two batches at most are being written while the next gathers: one waits for the disk while the other is computed. The second
 * begins only when it is worth a transaction of its own, or the first is slow: many small batches cost more than they hurry.
 */
const IN_FLIGHT = 2;
const WORTH_ANOTHER_SIGNALS = 256;
const SLOW_BATCH_MS = 25;
/** A batch of this many requests comes from senders that keep on sending. */
const CROWD = 8;
const GATHER_MS = 2;
/** Larger batches are hardly cheaper a signal and make everybody in them wait. */
const BATCH = { requests: 500, signals: 2000, bytes: 8 * 1024 * 1024 };
const QUEUED_BYTES = 128 * 1024 * 1024;
const READING_BYTES = 256 * 1024 * 1024;
/** `last_event_at` is for people: to ten seconds. */
const SEEN_EVERY_MS = 10_000;
const PRUNE_EVERY_MS = 60_000;

const KEY = /^[A-Za-z0-9_-]{8,64}$/;

const actorOf = (integration: Known, by?: string) => ({
  kind: 'integration' as const,
  id: integration.id,
  name: by ?? integration.name,
});

const busy = (why: string) => new AppError('overloaded', `${why}; send this again`);

/**
 * Group commit: requests that come while a batch is being written become the next one, in one transaction.
 * A request is answered only once it is on disk. When a batch fails its requests are tried one by one, so that
 * a bad one fails alone. Holds at most `maxQueued` requests, half of them with one key.
 */
export const createIntake = (parts: {
  runner: Runner;
  metrics: Metrics;
  log: Logger;
  maxQueued: number;
  mailDomain?: string | undefined;
}): Intake => {
  const { runner, metrics, log, maxQueued } = parts;
  const keys = rememberKeys((key) =>
    runner.transaction({ kind: 'system', name: 'intake' }, 'intake', (ctx) => store.byKey(ctx, key)),
  );
  const queue: Item[] = [];
  const shares = new Map<string, number>();
  const seenAt = new Map<string, number>();
  let prunedAt = 0;
  let queuedBytes = 0;
  let waitingSignals = 0;
  let readingBytes = 0;
  let writing = 0;
  let woken = false;
  let slow: NodeJS.Timeout | undefined;
  let gathering: NodeJS.Timeout | undefined;
  let expected = 0;

  const share = (work: Work, change: number): number => {
    const id = work.integration?.id ?? '';
    const count = (shares.get(id) ?? 0) + change;
    if (count > 0) shares.set(id, count);
    else shares.delete(id);
    queuedBytes += change * work.bytes;
    return count;
  };

  /** Writes a batch; safe to run again after a rollback, because it changes nothing here. */
  const write = async (ctx: Ctx, batch: Item[]): Promise<{ outcomes: Outcome[][]; seen: string[]; pruned: boolean }> => {
    const outcomes = batch.map((): Outcome[] => []);
    const groups = Map.groupBy(batch.keys(), (index) => batch[index]?.work.integration);
    // The services' groups are locked in one order, so that two batches never wait for each other.
    const order = [...groups].sort(([a], [b]) => `${a?.service_id} ${a?.id}`.localeCompare(`${b?.service_id} ${b?.id}`));
    for (const [integration, indexes] of order) {
      if (!integration) continue;
      const as: Ctx = { ...ctx, actor: actorOf(integration), source: integration.kind };
      const works = indexes.map((index) => batch[index]?.work);
      const results = await receive(
        as,
        works.flatMap((work) => work?.signals ?? []),
      );
      let from = 0;
      for (const index of indexes) {
        const count = batch[index]?.work.signals?.length ?? 0;
        outcomes[index] = results.slice(from, from + count);
        from += count;
      }
      const changes = works.flatMap((work) => work?.changes ?? []);
      if (changes.length > 0) await recordChanges(as, changes);
    }
    const requests = batch.flatMap(({ work }, index) => (work.request ? [work.request(outcomes[index] ?? [])] : []));
    await store.addRequests(ctx, requests);
    const pruned = requests.length > 0 && ctx.now.epochMilliseconds - prunedAt >= PRUNE_EVERY_MS;
    if (pruned) await store.pruneRequests(ctx);
    const refusals = batch.flatMap(({ work }) => (work.refusal ? [work.refusal] : []));
    if (refusals.length > 0) await store.refuse(ctx, refusals);
    const seen = order.flatMap(([integration, indexes]) => {
      if (!integration || ctx.now.epochMilliseconds - (seenAt.get(integration.id) ?? 0) < SEEN_EVERY_MS) return [];
      return indexes.some((index) => batch[index]?.work.signals || batch[index]?.work.changes) ? [integration.id] : [];
    });
    if (seen.length > 0) await store.seen(ctx, seen);
    return { outcomes, seen, pruned };
  };

  const commit = async (batch: Item[]): Promise<void> => {
    let now = 0;
    const written = await runner.transaction({ kind: 'system', name: 'intake' }, 'intake', (ctx) => {
      now = ctx.now.epochMilliseconds;
      return write(ctx, batch);
    });
    if (written.pruned) prunedAt = now;
    if (seenAt.size > 10_000) seenAt.clear();
    for (const id of written.seen) seenAt.set(id, now);
    for (const [index, item] of batch.entries()) {
      const { integration, signals } = item.work;
      if (integration && signals?.length) metrics.accepted.inc({ kind: integration.kind }, signals.length);
      item.resolve(written.outcomes[index] ?? []);
    }
  };

  const commitOrSplit = async (batch: Item[]): Promise<void> => {
    try {
      await commit(batch);
    } catch (thrown) {
      if (isDatabaseDown(thrown)) {
        for (const item of batch) item.reject(busy('The database does not answer'));
        return;
      }
      if (batch.length === 1) {
        batch[0]?.reject(thrown);
        return;
      }
      log.warn({ err: thrown, requests: batch.length }, 'a batch failed; its requests are written one by one');
      for (const item of batch) await commitOrSplit([item]);
    }
  };

  const take = (): Item[] => {
    let requests = 0;
    let signals = 0;
    let bytes = 0;
    for (const { work } of queue) {
      signals += work.signals?.length ?? 0;
      bytes += work.bytes;
      if (requests > 0 && (requests >= BATCH.requests || signals > BATCH.signals || bytes > BATCH.bytes)) break;
      requests += 1;
    }
    const batch = queue.splice(0, requests);
    for (const { work } of batch) waitingSignals -= work.signals?.length ?? 0;
    return batch;
  };

  const pump = (): void => {
    woken = false;
    while (queue.length > 0 && mayBegin()) {
      const batch = take();
      writing += 1;
      clearTimeout(slow);
      slow = setTimeout(() => {
        slow = undefined;
        pump();
      }, SLOW_BATCH_MS);
      void commitOrSplit(batch).finally(() => {
        for (const { work } of batch) share(work, -1);
        writing -= 1;
        if (writing === 0) clearTimeout(slow);
        gather(batch.length);
      });
    }
  };
  const mayBegin = (): boolean =>
    writing === 0
      ? gathering === undefined || queue.length >= expected
      : writing < IN_FLIGHT && (slow === undefined || waitingSignals >= WORTH_ANOTHER_SIGNALS);

  /** Those who were just answered send again at once: a moment's wait makes one batch of them instead of two. */
  const gather = (answered: number): void => {
    clearTimeout(gathering);
    gathering = undefined;
    expected = answered / 2;
    if (answered >= CROWD && queue.length < expected)
      gathering = setTimeout(() => {
        gathering = undefined;
        pump();
      }, GATHER_MS);
    pump();
  };

  return {
    mailDomain: parts.mailDomain,
    now: runner.now,
    find: async (key) => {
      if (key === undefined || !KEY.test(key)) return undefined;
      try {
        return await keys.find(key);
      } catch (thrown) {
        throw isDatabaseDown(thrown) ? busy('The database does not answer') : thrown;
      }
    },
    accept: (work) =>
      new Promise((resolve, reject) => {
        if (queue.length >= maxQueued || queuedBytes + work.bytes > QUEUED_BYTES)
          return reject(busy('Too much is waiting to be written'));
        if (share(work, 1) > maxQueued / 2) {
          share(work, -1);
          return reject(new AppError('rate_limited', 'Too many requests at once with this key; send this again'));
        }
        queue.push({ work, resolve, reject });
        waitingSignals += work.signals?.length ?? 0;
        // What arrives in the same turn of the event loop goes together.
        if (!woken) {
          woken = true;
          setImmediate(pump);
        }
      }),
    act: async (integration, work, by) => {
      try {
        return await runner.transaction(actorOf(integration, by), integration.kind, work);
      } catch (thrown) {
        throw isDatabaseDown(thrown) ? busy('The database does not answer') : thrown;
      }
    },
    reserve: (bytes) => {
      if (readingBytes + bytes > READING_BYTES) throw busy('Too many large requests at once');
      readingBytes += bytes;
      return () => {
        readingBytes -= bytes;
      };
    },
    count: (reason) => metrics.refused.inc({ reason }),
    forget: keys.forget,
  };
};
