import { expect, test } from 'vitest';
import { aTeam } from './world.ts';

test('the first person is paged at once, the next when five minutes pass without an answer', async () => {
  const w = await aTeam({ ana: { by: ['sms'] }, ben: { by: ['call'] } });
  await w.alertFires('db-down');
  w.expectSms('ana', /INC-2026-0001 db: db-down is wrong/);
  await w.fastForward('4m');
  w.expectNothing();
  await w.fastForward('1m');
  w.expectCall('ben', /db-down/);
  expect((await w.incident()).status).toBe('triage');
});
