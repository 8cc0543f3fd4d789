import { expect, onTestFinished, test } from 'vitest';
import { startPushover } from '../fakes/pushover.ts';
import { aTeam } from './world.ts';

const TOKEN = 'azGDORePK8gMaC0QOYAMyEEuzJnyUi';
const KEY = 'uQiRzpo4DXghDmr9QzzfQu27cmVRsG';

const aPhone = async () => {
  const pushover = await startPushover(TOKEN);
  onTestFinished(pushover.stop);
  const team = await aTeam({ ana: {} });
  await team.settings({ channels: { pushover: { token: TOKEN, base_url: pushover.url } } });
  await team.call('PUT', '/api/people/ana/reach', {
    contact_methods: [{ label: 'phone', channel: 'pushover', address: KEY, verified: true }],
  });
  return { team, pushover };
};

test('a page rings until it is acknowledged on the phone, and that acknowledges the incident', async () => {
  const { team, pushover } = await aPhone();
  await team.alertFires('disk');
  const [page] = pushover.received;
  const { number } = await team.incident();
  expect(page).toMatchObject({
    user: KEY,
    title: `${number} disk is wrong`,
    priority: 2,
    ringing: true,
    url: expect.stringMatching('/p/'),
  });
  const forged = await team.request('POST', '/answer/pushover/AAAA', 'acknowledged=1');
  expect(forged.status).toBe(204);
  expect(await team.incident()).toMatchObject({ status: 'triage' });
  expect(await pushover.acknowledge(page!)).toBe(204);
  await team.settle();
  expect(await team.incident()).toMatchObject({ status: 'acknowledged', acknowledged_by: 'ana' });
});

test('what somebody else answered rings no more; a provider that is down meanwhile is asked again', async () => {
  const { team, pushover } = await aPhone();
  await team.alertFires('disk');
  pushover.mode('retryable');
  await team.does('acknowledge');
  expect(pushover.received[0]?.ringing).toBe(true);
  pushover.mode('ok');
  await team.fastForward('1m');
  expect(pushover.received[0]?.ringing).toBe(false);
});

test('a page of low urgency is an ordinary notification, a test rings once', async () => {
  const { team, pushover } = await aPhone();
  await team.saveService('db', { escalation_policy: 'turns', urgency: 'low' });
  await team.alertFires('disk');
  await team.call('POST', '/api/people/ana/test-page');
  await team.settle();
  expect(pushover.received.map((one) => one.priority)).toEqual([0, 1]);
  expect(pushover.received[0]?.callback).toBeNull();
});
