import { expect, test } from 'vitest';
import { flow } from './flow.ts';
import { type JobType, queueOf } from './platform/jobs.ts';

test('what calls outside never stands before a timer', () => {
  const outside = Object.entries(flow.jobs).filter(([, job]) => 'outside' in job);
  expect(outside.length).toBeGreaterThan(5);
  expect(outside.map(([type]) => type).filter((type) => queueOf(type as JobType) === 'timers')).toEqual([]);
});
