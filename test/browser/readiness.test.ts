import { expect, test } from 'vitest';
import { startServer } from '../harness.ts';
import { look, openPage, signedIn, useBrowser } from './browser.ts';

useBrowser();

test('who could be reached is seen with why, test pages are planned, and the digest is moved to another day', async () => {
  const world = await startServer();
  const methods = (channel: string, address: string) => [{ label: channel, channel, address, verified: true }];
  await world.call('PUT', '/api/settings', { channels: { email: { host: 'mail.test', from: 'a@allclear.test' }, ntfy: {} } });
  for (const name of ['ben', 'cem'])
    await world.call('PUT', `/api/people/${name}`, {
      display_name: `${name[0]?.toUpperCase()}${name.slice(1)}`,
      email: `${name}@allclear.test`,
      contact_methods:
        name === 'ben'
          ? methods('sms', '+31612345678')
          : [...methods('ntfy', 'cem-pager'), ...methods('email', 'cem@allclear.test')],
    });
  await world.call('PUT', '/api/escalation-policies/turns', {
    steps: [{ targets: [{ person: 'ben' }] }, { targets: [{ person: 'cem' }] }],
  });
  const page = await openPage(world, '/readiness', { width: 1280, as: await signedIn(world, 'ana', 'administrator') });
  await page.getByText('nothing reaches 1 of 2 people').waitFor();
  await page
    .getByText(/None of the channels of this person has a provider \(sms\)/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Plan test pages' }).click();
  await page.getByLabel('Name').fill('monthly');
  await look(page, 'readiness-plan');
  await page.getByLabel('Time').fill('10:00');
  await page.getByRole('button', { name: 'Save plan' }).click();
  await page.getByText('The first Monday of the month at 10:00').waitFor();
  await page.getByText(/^next Mon.*6/).waitFor();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByLabel('Time').fill('08:30');
  await page.getByRole('button', { name: 'Save digest' }).click();
  await page.getByText(/Each Monday at 08:30/).waitFor();
  await look(page, 'readiness');
  expect(await world.call('GET', '/api/readiness/digest')).toEqual({ enabled: true, day: 'mon', at: '08:30' });
}, 60_000);
