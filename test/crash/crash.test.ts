import { expect, test } from 'vitest';
import { crash, failures, show } from './run.ts';

const KILLS = 30;

test('kill -9 of Node and PostgreSQL under load loses nothing', { timeout: 240_000 }, async () => {
  const seed = Number(process.env.CRASH_SEED ?? 20_261_121);
  const report = await crash({ kills: KILLS, seed });
  console.log(show(report));
  expect(failures(report)).toEqual([]);
  const { node, postgres, both } = report.kills;
  expect(Math.min(node, postgres, both)).toBeGreaterThan(0);
  // Enough came through between the kills for the counts to mean something.
  expect(report.alerts).toBeGreaterThan(KILLS);
  expect(report.messages).toBeGreaterThan(KILLS);
});
