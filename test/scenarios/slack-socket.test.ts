import { expect, onTestFinished, test } from 'vitest';
import { slackSocket } from '../../src/server/incidents/slack-socket.ts';
import { createLogger } from '../../src/server/platform/log.ts';
import { APP_TOKEN } from '../fakes/slack.ts';
import { startSlackSocket } from '../fakes/slack-socket.ts';
import { aTeam } from './world.ts';

const bySlack = { by: ['slack' as const] };
const eventually = (work: () => unknown) => expect.poll(work, { timeout: 5_000, interval: 20 });

test('without an address that Slack reaches: one node connects, keeps what comes before it says so, and does it once', async () => {
  const w = await aTeam({ ana: bySlack, ben: bySlack, cleo: bySlack });
  const far = await startSlackSocket();
  const warnings: string[] = [];
  const log = createLogger('warn', { write: (line: string) => void warnings.push(line) });
  const [one, two] = [slackSocket(w.app.runner, log), slackSocket(w.app.runner, log)];
  onTestFinished(async () => {
    await one.stop();
    await two.stop();
    await far.stop();
  });
  const { signing_secret: _, ...app } = w.slack.app;
  const use = (app_token?: string) =>
    w.call('PUT', '/api/settings', {
      channels: { slack: { ...app, ...(app_token ? { app_token } : { signing_secret: 'x' }) } },
      bundle_seconds: 0,
    });
  type State = { channel: string; problem: string | null; connected_since: string | null };
  const state = async () =>
    (await w.call<{ items: State[] }>('GET', '/api/settings/channels')).items.find(({ channel }) => channel === 'slack') as State;

  await one.look();
  expect([far.connections(), (await state()).connected_since]).toEqual([0, null]);
  const refused = await w.request('PUT', '/api/settings', { channels: { slack: app } });
  expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('channels.slack.signing_secret')]);

  // Slack does not know the token, then does not connect; both are told, and asked again later and later.
  await use(APP_TOKEN);
  expect((await state()).problem).toContain('it is not connected yet');
  await one.look();
  expect((await state()).problem).toContain('does not accept the app-level token');
  const doctor = await w.call<{ problems: { problem: string }[] }>('GET', '/api/doctor');
  expect(JSON.stringify(doctor)).toContain('not connected by Socket Mode');
  w.slack.connectTo(far.ticket);
  await one.look();
  expect(far.connections()).toBe(0);
  await w.jump('6s');
  await Promise.all([one.look(), two.look()]);
  await two.look();
  expect([far.connections(), await state()]).toMatchObject([1, { problem: null, connected_since: w.now().toString() }]);
  expect(JSON.stringify(warnings)).not.toContain('xapp-');

  // A button, and what Slack sends twice.
  await w.alertFires('down');
  const page = w.expectSlack('ana');
  far.raw('no JSON');
  far.send({ type: 'events_api', envelope_id: 'x', payload: {} });
  let sent: [type: string, payload: object] = ['', {}];
  const over = (type: string, payload: object) => {
    sent = [type, payload];
    far.envelope(type, payload, { id: 'first' });
  };
  await w.slack.press(over, page, 'Escalate', { at: w.now() });
  await eventually(() => far.acknowledged).toEqual(['first']);
  far.envelope(...sent, { id: 'first' });
  far.envelope(...sent, { id: 'again' });
  await eventually(() => far.acknowledged.toSorted()).toEqual(['again', 'first', 'first']);
  await w.settle();
  w.expectSlack('ben');
  w.expectNothing();
  await w.slack.command((type, payload) => void far.envelope(type, payload), page.member, 'ack', { at: w.now() });
  await eventually(() => far.acknowledged.length).toBe(4);
  await w.settle();
  expect(await w.incident()).toMatchObject({ status: 'acknowledged', acknowledged_by: 'ana', acknowledged_via: 'slack' });
  expect(w.slack.responses).toMatchObject([{ response_type: 'ephemeral', text: 'INC-2026-0001 is acknowledged by Ana.' }]);

  // Slack is about to end it: another is open first, and what comes over the old one still counts.
  far.send({ type: 'disconnect', reason: 'refresh_requested' });
  far.ping();
  await eventually(() => far.acknowledged.at(-1)).toBe('pong');
  await one.look();
  expect(far.connections()).toBe(2);
  await w.slack.press((type, payload) => void far.envelope(type, payload, { id: 'old', on: 0 }), page, 'Resolve', {
    at: w.now(),
  });
  await eventually(() => far.acknowledged.at(-1)).toBe('old');
  await w.settle();
  expect((await w.incident()).status).toBe('resolved');

  // The network goes; then the node does, and the other takes over; then the other, without a word.
  far.cut();
  await eventually(() => far.connections()).toBe(0);
  await eventually(async () => {
    await one.look();
    return far.connections();
  }).toBe(1);
  await one.stop();
  await eventually(() => far.connections()).toBe(0);
  await two.look();
  expect(far.connections()).toBe(1);
  await one.look();
  expect(far.connections()).toBe(1);
  await w.jump('21s');
  expect((await state()).problem).toContain('not connected by Socket Mode');
  await one.look();
  expect((await state()).problem).toBeNull();
  await two.look();
  await eventually(() => far.connections()).toBe(1);

  // HTTP again: nothing is connected.
  await use();
  await one.look();
  await eventually(() => far.connections()).toBe(0);
  expect(await state()).toMatchObject({ connected_since: null });
  w.ignoreMessages();
});
