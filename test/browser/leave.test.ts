import { expect, test } from 'vitest';
import { startServer } from '../harness.ts';
import { look, openPage, signedIn, useBrowser } from './browser.ts';

useBrowser();

test('leave is planned, the schedule warns, and the fairest are offered to cover it', async () => {
  const world = await startServer();
  for (const name of ['ana', 'ben', 'cem', 'dua'])
    await world.call('PUT', `/api/people/${name}`, {
      display_name: `${name[0]?.toUpperCase()}${name.slice(1)}`,
      email: `${name}@allclear.test`,
      time_zone: 'Europe/Amsterdam',
      ...(name === 'ana' ? { holidays: 'NL' } : {}),
    });
  await world.call('PUT', '/api/schedules/shop', {
    title: 'Shop',
    time_zone: 'Europe/Amsterdam',
    layers: [
      { name: 'weeks', rotation: { unit: 'week' }, starts: '2026-01-05T09:00', participants: ['ana', 'ben', 'cem', 'dua'] },
    ],
  });
  const page = await openPage(world, '/me?tab=leave', { width: 390, as: await signedIn(world, 'ana', 'responder') });
  await page.getByText('No leave is planned.').waitFor();
  await page.getByText(/King.s Day/).waitFor();
  await page.getByLabel('First day').fill('2026-03-03');
  await page.getByLabel('Last day').fill('2026-03-05');
  await page.getByLabel('Reason').fill('Moving house');
  await page.getByRole('button', { name: 'Add leave' }).click();
  await page.getByText('Moving house').waitFor();
  await page.getByText(/On call then: Shop/).waitFor();
  await look(page, 'leave');

  await page.goto(`${world.url}/schedules/shop`);
  await page.getByText('On call while away').first().waitFor();
  await page.getByRole('button', { name: 'Override' }).first().click();
  const offered = page.getByRole('list', { name: 'Fairest to ask' });
  await offered
    .getByText(/on call in the last 90 days/)
    .first()
    .waitFor();
  await look(page, 'cover-proposals');
  await offered
    .getByRole('button', { name: /^Choose / })
    .first()
    .click();
  await page.getByRole('button', { name: 'Save override' }).click();
  await page.getByText(/^Saved: /).waitFor();
  expect(await offered.count()).toBe(0);
}, 60_000);
