import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Connection } from './database.ts';
import { AppError, messageOf } from './errors.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';

/** One thing that happened, as a watcher is told. */
export type Change = { id: string; at: string; type: string; subject_type: string; subject_id: string; actor: string };
/** What became visible since a snapshot of the database, and the snapshot to go on from. */
export type Reading = { snapshot: string; changes: Change[] | 'too many' };

/** Who watches; `all` false: only what concerns incidents. */
export type Watching = {
  all: boolean;
  /** The last entry she saw, when she comes back. */
  after: string | undefined;
  /** Asked each minute: what she may see now, or undefined when she may no longer watch. */
  again: () => Promise<{ all: boolean } | undefined>;
  /** Breaks her connection off. */
  cut: () => void;
};

const CHANNEL = 'allclear_live';
/** What makes sure: a lost NOTIFY costs at most this. */
const POLL_MS = 1000;
/** At most so often the database is asked, or another node told, however much happens. */
const PAUSE_MS = 50;
const HEARTBEAT_MS = 15_000;
const RECHECK_MS = 60_000;
/** Bytes a client may be behind before it is cut off; it comes back and catches up. Chunks are shared, so a slow client costs their addresses. */
const MAX_BEHIND = 256 * 1024;

const encoder = new TextEncoder();
const event = (change: Change) => `event: change\nid: ${change.id}\ndata: ${JSON.stringify(change)}\n\n`;
const chunkOf = (changes: Change[]) => encoder.encode(changes.map(event).join(''));
const RESET = encoder.encode('event: reset\ndata: {}\n\n');
/** An event and no comment: a browser's EventSource tells of comments to nobody, and a dead connection looks like a quiet one. */
const HEARTBEAT = encoder.encode('event: beat\ndata: {}\n\n');

/** Runs `work` at once, or once more after the run under way and a pause: however often it is asked for, never twice at a time. */
const paced = (work: () => Promise<void>) => {
  let running: Promise<void> | undefined;
  let again = false;
  const run = (): void => {
    if (running) {
      again = true;
      return;
    }
    again = false;
    running = work()
      .then(() => delay(PAUSE_MS, undefined, { ref: false }))
      .finally(() => {
        running = undefined;
        if (again) run();
      });
  };
  return run;
};

type Watcher = {
  all: boolean;
  checkedAt: number;
  again: Watching['again'];
  send: (chunk: Uint8Array) => void;
  end: () => void;
};

export type Live = ReturnType<typeof createLive>;

/**
 * Tells watchers over server-sent events what happens. One reader a node follows the journal from snapshot to snapshot
 * and fans out in memory; it is woken by this node's commits and by NOTIFY of other nodes, and looks each second anyway.
 * NOTIFY is sent after the commit and not in it: inside, PostgreSQL lets only one notifying transaction commit at a time.
 */
export const createLive = (parts: {
  connection: Connection;
  /** Tells other nodes, on a connection of the queue: no request waits for it. */
  notify: (channel: string, payload: string) => Promise<void>;
  log: Logger;
  metrics: Metrics;
  now: () => Temporal.Instant;
  /** What became visible since the snapshot; without one, only where we are now. */
  since: (snapshot: string | undefined) => Promise<Reading>;
  /** What a client that saw this entry last has missed; some of it she may have seen. */
  missed: (id: string) => Promise<Change[] | 'too many'>;
}) => {
  const { log } = parts;
  const watchers = new Set<Watcher>();
  const me = crypto.randomUUID();
  let snapshot: string | undefined;
  let following: { begun: Promise<void>; stop: () => void } | undefined;
  let closed = false;

  const tell = (changes: Change[] | 'too many'): void => {
    if (changes.length === 0) return;
    const everything = changes === 'too many' ? RESET : chunkOf(changes);
    const ofIncidents = changes === 'too many' ? RESET : chunkOf(changes.filter((one) => one.subject_type === 'incident'));
    for (const watcher of [...watchers]) {
      const chunk = watcher.all ? everything : ofIncidents;
      if (chunk.length > 0) watcher.send(chunk);
    }
  };
  const wake = paced(async () => {
    const mine = following;
    if (!mine || closed) return;
    try {
      await mine.begun;
      const reading = await parts.since(snapshot);
      if (following !== mine) return;
      snapshot = reading.snapshot;
      tell(reading.changes);
    } catch (thrown) {
      // The snapshot stays: the next look brings what this one missed.
      log.debug({ err: thrown }, 'live: the journal could not be read');
    }
  });
  const notify = paced(async () => {
    if (closed) return;
    await parts.notify(CHANNEL, me).catch((thrown: unknown) => log.debug({ err: thrown }, 'live: other nodes could not be told'));
  });

  /** Hears other nodes; a connection that breaks is opened anew at the next look. */
  const hear = () => {
    let client: pg.Client | undefined;
    const drop = (lost: pg.Client) => {
      if (client === lost) client = undefined;
      lost.end().catch(() => undefined);
    };
    const connect = async () => {
      if (client) return;
      const mine = new pg.Client({ ...parts.connection, application_name: 'allclear live' });
      client = mine;
      mine.on('error', () => drop(mine));
      mine.on('end', () => drop(mine));
      mine.on('notification', ({ payload }) => {
        if (payload !== me) wake();
      });
      try {
        await mine.connect();
        await mine.query(`listen ${CHANNEL}`);
      } catch (thrown) {
        log.debug({ err: messageOf(thrown) }, 'live: not listening, looking each second');
        drop(mine);
      }
    };
    return { connect, stop: () => client && drop(client) };
  };

  const follow = () => {
    const ear = hear();
    const poll = setInterval(() => {
      void ear.connect();
      wake();
    }, POLL_MS);
    const beat = setInterval(() => {
      for (const watcher of [...watchers]) watcher.send(HEARTBEAT);
      void check(RECHECK_MS);
    }, HEARTBEAT_MS);
    void ear.connect();
    const begun = parts.since(undefined).then((reading) => {
      snapshot = reading.snapshot;
    });
    return {
      begun,
      stop: () => {
        clearInterval(poll);
        clearInterval(beat);
        ear.stop();
      },
    };
  };

  let checking: Promise<void> | undefined;
  /** Asks for each who was not asked for so long whether she may still watch; one after another, to be no burst. */
  const check = (olderThanMs: number): Promise<void> => {
    checking ??= (async () => {
      const before = performance.now() - olderThanMs;
      for (const watcher of [...watchers]) {
        if (watcher.checkedAt > before) continue;
        watcher.checkedAt = performance.now();
        try {
          const may = await watcher.again();
          if (may) watcher.all = may.all;
          else watcher.end();
        } catch (thrown) {
          log.debug({ err: thrown }, 'live: a watcher could not be asked for; tried again in a minute');
        }
      }
    })().finally(() => {
      checking = undefined;
    });
    return checking;
  };

  const leave = (watcher: Watcher): void => {
    if (!watchers.delete(watcher)) return;
    parts.metrics.watchers.set(watchers.size);
    if (watchers.size > 0) return;
    following?.stop();
    following = undefined;
    snapshot = undefined;
  };

  /** The stream of one watcher: `hello`, what she missed or `reset`, then changes as they happen. */
  const open = async (watching: Watching): Promise<Response> => {
    if (closed) throw new AppError('overloaded', 'This server is stopping; connect again');
    let stream: ReadableStreamDefaultController<Uint8Array>;
    // What happens while she catches up comes after it.
    let held: Uint8Array[] | undefined = [];
    let heldBytes = 0;
    const watcher: Watcher = {
      all: watching.all,
      checkedAt: performance.now(),
      again: watching.again,
      send: (chunk) => {
        if (held) {
          held.push(chunk);
          heldBytes += chunk.length;
        }
        if (heldBytes > MAX_BEHIND || (!held && (stream.desiredSize ?? 0) <= 0)) {
          log.info('live: a client that read too slowly was cut off');
          parts.metrics.watchersCut.inc();
          leave(watcher);
          watching.cut();
          return stream.close();
        }
        if (!held) stream.enqueue(chunk);
      },
      end: () => {
        if (watchers.has(watcher)) stream.close();
        leave(watcher);
      },
    };
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          stream = controller;
        },
        cancel: () => leave(watcher),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MAX_BEHIND }),
    );
    watchers.add(watcher);
    parts.metrics.watchers.set(watchers.size);
    following ??= follow();
    try {
      await following.begun;
      const missed = watching.after === undefined ? [] : await parts.missed(watching.after);
      const seen =
        missed === 'too many' ? RESET : chunkOf(missed.filter((one) => watcher.all || one.subject_type === 'incident'));
      const waiting = held;
      held = undefined;
      heldBytes = 0;
      const hello = `retry: 2000\nevent: hello\ndata: ${JSON.stringify({ at: parts.now().toString() })}\n\n`;
      for (const chunk of [encoder.encode(hello), seen, ...waiting])
        if (chunk.length > 0 && watchers.has(watcher)) watcher.send(chunk);
    } catch (thrown) {
      leave(watcher);
      throw thrown;
    }
    return new Response(body, {
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache, no-transform',
        // nginx would hold events back.
        'x-accel-buffering': 'no',
      },
    });
  };

  return {
    open,
    check,
    /** A transaction that wrote to the journal has committed here. */
    committed: (): void => {
      if (closed) return;
      if (watchers.size > 0) wake();
      notify();
    },
    /** Ends every stream; clients connect again, to whoever serves then. */
    close: (): void => {
      closed = true;
      for (const watcher of [...watchers]) watcher.end();
    },
  };
};
