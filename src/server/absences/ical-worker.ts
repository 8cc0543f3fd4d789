import { parentPort, workerData } from 'node:worker_threads';
import { type Asked, readEvents } from './ical.ts';

parentPort?.postMessage(readEvents(workerData as Asked));
