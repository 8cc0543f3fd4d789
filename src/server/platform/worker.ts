import type { Database } from './database.ts';
import { schemaIsNewer } from './database.ts';
import type { Jobs } from './jobs.ts';
import type { Logger } from './log.ts';
import type { Runner } from './runner.ts';

const TICK_MS = 1000;
const SCHEMA_LOOK_MS = 5000;

/**
 * Starts taking jobs and running what is due by the clock. Once a newer program has migrated the database
 * this worker goes idle: it holds nothing and breaks nothing until it is replaced. Returns how to stop.
 */
export const work = async (
  app: { jobs: Jobs; runner: Runner; database: Database },
  log: Logger,
): Promise<() => Promise<void>> => {
  await app.jobs.work(app.runner.runJob);
  let ticking: Promise<void> = Promise.resolve();
  let busy = false;
  const tick = setInterval(() => {
    if (busy) return;
    busy = true;
    ticking = app.runner.tick().finally(() => {
      busy = false;
    });
  }, TICK_MS);
  const look = setInterval(() => {
    schemaIsNewer(app.database).then(
      async (newer) => {
        if (!newer) return;
        log.warn('a newer Allclear has migrated the database: this worker takes no more work');
        clearInterval(tick);
        clearInterval(look);
        await app.jobs.idle();
      },
      (thrown: unknown) => log.debug({ err: thrown }, 'the schema could not be read'),
    );
  }, SCHEMA_LOOK_MS);
  return async () => {
    clearInterval(tick);
    clearInterval(look);
    await ticking;
  };
};
