import { parentPort, workerData } from 'node:worker_threads';
import { type Asked, readLeave } from './ical.ts';

parentPort?.postMessage(readLeave(workerData as Asked));
