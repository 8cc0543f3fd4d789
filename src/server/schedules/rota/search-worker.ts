import { parentPort, workerData } from 'node:worker_threads';
import { search } from './search.ts';
import type { Problem } from './search-rules.ts';

parentPort?.postMessage(search(workerData as Problem));
