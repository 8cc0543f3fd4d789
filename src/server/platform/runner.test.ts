import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { startWorld } from '../../../test/harness.ts';
import { createLogger } from './log.ts';
import { createRunner, type Flow } from './runner.ts';

/** Two nodes on one database, whose periodic work writes down what it did. */
const twoNodes = async () => {
  const world = await startWorld();
  const { database, jobs, metrics } = world.app;
  const done: string[] = [];
  const log: string[] = [];
  const clock = { at: world.now(), now: () => clock.at };
  let broken = false;
  const every = {
    often: { seconds: 60, inTransaction: async () => void done.push('often') },
    breaks: {
      seconds: 60,
      inTransaction: async () => {
        if (broken) throw new Error('out of paper');
        done.push('breaks');
      },
    },
    asks: { seconds: 60, outside: async () => void done.push('asks') },
    seldom: { seconds: 3600, inTransaction: async () => void done.push('seldom') },
  };
  const node = () =>
    createRunner({
      database,
      jobs,
      metrics,
      flow: { on: {}, jobs: {}, every } as unknown as Flow,
      clock,
      log: createLogger('error', { write: (line: string) => void log.push(line) }),
      publicUrl: () => 'http://allclear.test',
      secret: Buffer.alloc(32),
      allowedHosts: [],
      committed: () => {},
    });
  const nodes = [node(), node()];
  /** What both together do when they look in the same moment. */
  const turn = async (seconds = 0) => {
    clock.at = clock.at.add({ seconds });
    await Promise.all(nodes.map((one) => one.tick()));
    return done.splice(0).sort();
  };
  const breakDown = (now: boolean): void => {
    broken = now;
  };
  return { database, turn, log, breakDown };
};

test('periodic work is done by one of two nodes, when its time has come and not before', async () => {
  const { turn } = await twoNodes();
  expect(await turn()).toEqual(['asks', 'breaks', 'often', 'seldom']);
  expect(await turn(59)).toEqual([]);
  expect(await turn(1)).toEqual(['asks', 'breaks', 'often']);
  expect(await turn(3539)).toEqual(['asks', 'breaks', 'often']);
  expect(await turn(1)).toEqual(['seldom']);
});

test('what fails is logged, holds up nothing, and is tried at its next turn', async () => {
  const { turn, log, breakDown } = await twoNodes();
  breakDown(true);
  expect(await turn()).toEqual(['asks', 'often', 'seldom']);
  expect(log.map((line) => JSON.parse(line))).toMatchObject([{ tick: 'breaks', err: { message: 'out of paper' } }]);
  breakDown(false);
  expect(await turn(60)).toEqual(['asks', 'breaks', 'often']);
});

test('a clock that was set back holds up nothing for long', async () => {
  const { database, turn } = await twoNodes();
  await turn();
  await sql`update ticks set last_at = last_at + interval '1 day'`.execute(database.db);
  expect(await turn(1)).toEqual(['asks', 'breaks', 'often', 'seldom']);
  await sql`update ticks set last_at = last_at + interval '59 seconds'`.execute(database.db);
  expect(await turn(1), 'less than a minute ahead is no wrong clock').toEqual([]);
});
