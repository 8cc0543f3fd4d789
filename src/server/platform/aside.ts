import { Worker } from 'node:worker_threads';
import { AppError } from './errors.ts';

/** Enough for the largest library that is used this way, holidays of every country. */
const MEMORY_MB = 192;

/**
 * The answer of a module that runs in a thread of its own, reads `workerData` and posts one message: for work that is too long, too
 * large or, by what strangers send, too unsure to hold up the pages of this process. Throws AppError `unavailable` when there is no
 * answer in time or in memory.
 */
export const aside = <T>(module: URL, data: unknown, timeoutMs: number): Promise<T> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(module, { workerData: data, resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB } });
    const end = (settle: () => void) => {
      clearTimeout(timer);
      settle();
      void worker.terminate();
    };
    const fail = (why: string) => end(() => reject(new AppError('unavailable', why)));
    const timer = setTimeout(() => fail(`it takes longer than ${timeoutMs / 1000} s`), timeoutMs);
    worker.once('message', (answer: T) => end(() => resolve(answer)));
    worker.once('error', (error) => fail(error instanceof Error ? error.message : 'it failed'));
    worker.once('exit', () => fail('it ended without an answer'));
  });
