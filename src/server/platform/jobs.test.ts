import { expect, test } from 'vitest';
import { startWorld } from '../../../test/harness.ts';

test('jobs of a worker that was killed go to another after 20 seconds, also on a queue made with another limit', async () => {
  const { jobs } = (await startWorld()).app;
  const limits = async () =>
    Promise.all(['timers', 'deliveries'].map(async (name) => (await jobs.boss.getQueue(name))?.expireInSeconds));
  expect(await limits()).toEqual([20, 20]);
  await jobs.boss.updateQueue('timers', { expireInSeconds: 60 });
  await jobs.start();
  expect(await limits()).toEqual([20, 20]);
});
