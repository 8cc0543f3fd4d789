import { randomUUIDv7 } from 'node:crypto';

/** UUIDv7: ids sort by the time they were made, and rows of one time lie together on disk. */
export const newId = (): string => randomUUIDv7();
