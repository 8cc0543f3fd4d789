import { expect, test } from 'vitest';
import { startWebhook } from '../fakes/webhook.ts';
import { aTeam } from './world.ts';

const SMS = { by: ['sms' as const] };

test('an open incident without a step to come gets one, and its timeline says that it was repaired', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS });
  await w.alertFires('down');
  w.expectSms('ana');
  // What no action does: the run is gone.
  await w.system((ctx) => ctx.tx.deleteFrom('escalation_runs').execute());
  await w.fastForward('2m');
  w.expectSms('ana');
  expect((await w.timeline()).filter((entry) => entry.type === 'escalation.started').at(-1)?.text).toMatch(
    /the auditor found it open with no step to come/,
  );
  await w.fastForward('5m');
  w.expectSms('ben');
});

test('a step whose timer was lost begins all the same', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS });
  await w.alertFires('down');
  w.expectSms('ana');
  await w.app.jobs.boss.deleteAllJobs('timers');
  await w.fastForward('7m');
  w.expectSms('ben');
  expect(await w.story()).toContain('escalation.repaired');
});

test('a snooze or a reminder whose timer was lost ends all the same', async () => {
  const w = await aTeam({ ana: SMS }, { service: { grouping: { window_seconds: 0 }, acknowledge_timeout_seconds: 600 } });
  await w.alertFires('snoozed');
  w.expectSms('ana');
  await w.does('snooze', { seconds: 600 });
  await w.alertFires('forgotten');
  w.expectSms('ana');
  await w.does('acknowledge');
  await w.app.jobs.boss.deleteAllJobs('timers');
  await w.fastForward('9m');
  w.expectNothing();
  await w.fastForward('3m');
  w.expectSms('ana', /snoozed/);
  w.expectSms('ana', /forgotten/);
});

test('a message whose job was lost, or died with its worker, goes all the same', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS }, { steps: [{ targets: [{ person: 'ana' }, { person: 'ben' }] }] });
  await w.request('POST', '/hooks/generic/key-of-db', { summary: 'down', severity: 'critical', key: 'down' });
  await w.app.jobs.boss.deleteAllJobs('deliveries');
  const [one] = await w.system((ctx) => ctx.tx.selectFrom('deliveries').select('id').execute());
  await w.system((ctx) =>
    ctx.tx
      .updateTable('deliveries')
      .set({ status: 'sending', attempt: 1, sending_since: ctx.now })
      .where('id', '=', one?.id ?? '')
      .execute(),
  );
  await w.fastForward('2m');
  w.expectSms('ana');
  w.expectSms('ben');
  // While nothing had left, the policy was asked again.
  w.ignoreMessages();
});

test('the dead-man address is pinged each minute while the pager is healthy, and not while a step is overdue', async () => {
  const watcher = await startWebhook();
  const w = await aTeam({ ana: SMS, ben: SMS }, { settings: { dead_man_url: `${watcher.url}/ping` } });
  try {
    await w.fastForward('3m');
    const healthy = watcher.received.length;
    expect(healthy).toBeGreaterThanOrEqual(3);
    await w.alertFires('down');
    w.expectSms('ana');
    // The workers stand still: time passes, nothing is done.
    await w.clock.setTime(w.now().add({ minutes: 9 }).epochMilliseconds);
    await w.app.runner.tick();
    expect(watcher.received, 'a step is four minutes late').toHaveLength(healthy);
    await w.fastForward('3m');
    w.expectSms('ben');
    expect(watcher.received.length).toBeGreaterThan(healthy);
  } finally {
    await watcher.stop();
  }
});

test('the dead-man address is not pinged while messages do not leave', async () => {
  const watcher = await startWebhook();
  const w = await aTeam(
    { ana: SMS },
    {
      settings: { dead_man_url: `${watcher.url}/ping` },
      steps: [{ targets: [{ person: 'ana' }], escalate_after_seconds: 86_400 }],
    },
  );
  try {
    await w.settle();
    await w.request('POST', '/hooks/generic/key-of-db', { summary: 'down', severity: 'critical', key: 'down' });
    const before = watcher.received.length;
    await w.clock.setTime(w.now().add({ minutes: 4 }).epochMilliseconds);
    await w.app.runner.tick();
    expect(watcher.received).toHaveLength(before);
    await w.fastForward('2m');
    w.expectSms('ana');
    expect(watcher.received.length).toBeGreaterThan(before);
    w.ignoreMessages();
  } finally {
    await watcher.stop();
  }
});

test('a watcher that does not answer stops nothing', async () => {
  const w = await aTeam({ ana: SMS }, { settings: { dead_man_url: 'http://127.0.0.1:1/ping' } });
  await w.alertFires('down');
  w.expectSms('ana');
  await w.fastForward('3m');
});

test('a page whose wait is over goes, even when what should have woken it was lost', async () => {
  const w = await aTeam({ ana: SMS }, { service: { grouping: { window_seconds: 0 } }, settings: { bundle_seconds: 60 } });
  await w.alertFires('first');
  w.expectSms('ana', /first/);
  await w.alertFires('second');
  w.expectNothing();
  await w.app.jobs.boss.deleteAllJobs('timers');
  await w.fastForward('3m');
  w.expectSms('ana', /second/);
});
