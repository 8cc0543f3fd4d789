import { expect, test } from 'vitest';
import { startServer } from '../harness.ts';
import { glance, look, openPage, signedIn, useBrowser } from './browser.ts';

useBrowser();

test('a rota is proposed, reviewed with its reasons, put in force and undone; wishes are said on Me', async () => {
  const world = await startServer();
  for (const name of ['ana', 'ben', 'cem', 'dua'])
    await world.call('PUT', `/api/people/${name}`, {
      display_name: `${name[0]?.toUpperCase()}${name.slice(1)}`,
      email: `${name}@allclear.test`,
      ...(name === 'ana' ? { role: 'manager' } : {}),
      time_zone: 'Europe/Amsterdam',
    });
  await world.call('PUT', '/api/schedules/shop', {
    title: 'Shop',
    time_zone: 'Europe/Amsterdam',
    layers: [
      { name: 'weeks', rotation: { unit: 'week' }, starts: '2026-01-05T09:00', participants: ['ana', 'ben', 'cem', 'dua'] },
    ],
  });
  await world.call('POST', '/api/people/ben/leave', { first_day: '2026-03-10', last_day: '2026-03-12' });
  const page = await openPage(world, '/me?tab=leave', { width: 1280, as: await signedIn(world, 'ana', 'manager') });
  await page.getByRole('checkbox', { name: 'Fri' }).click();
  await page.getByLabel('Rather not on these dates').fill('2026-12-24');
  await page.getByRole('button', { name: 'Save wishes' }).click();
  await page.getByText('Wishes saved').waitFor();
  expect(await world.call('GET', '/api/people/ana/rota-preferences')).toEqual({
    avoid_weekdays: ['fri'],
    avoid_days: ['2026-12-24'],
    prefers_weekends: false,
  });
  await glance(page, 'rota-wishes');

  await page.goto(`${world.url}/schedules/shop`);
  await page.getByText(/ of 100$/).waitFor();
  await look(page, 'schedule-fairness');
  await page.getByRole('link', { name: 'Propose rota' }).click();
  await page.getByRole('button', { name: 'Propose', exact: true }).click();
  await page.getByRole('heading', { name: 'Turns' }).waitFor();
  await page.getByRole('button', { name: 'Why not the others' }).first().click();
  await page.getByText(/^Away Tue 10 Mar/).waitFor();
  await look(page, 'rota');
  await page.getByRole('button', { name: 'Put in force' }).click();
  await page.getByText('The rota is in force').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Taken back', { exact: true }).waitFor();
}, 60_000);
