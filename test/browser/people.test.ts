import { describe, expect, test } from 'vitest';
import { oneWorld, startServer } from '../harness.ts';
import { expectNoAxeViolations, look, openPage, signedIn, useBrowser } from './browser.ts';

useBrowser();

const aHouse = async () => {
  const world = await startServer();
  const as = await signedIn(world, 'ana', 'administrator');
  for (const name of ['ben', 'carla'])
    await world.call('PUT', `/api/people/${name}`, {
      display_name: name === 'ben' ? 'Ben Okafor' : 'Carla Jensen',
      email: `${name}@allclear.test`,
      role: name === 'ben' ? 'responder' : 'manager',
      contact_methods: [{ label: 'push', channel: 'ntfy', address: `topic-${name}`, verified: true }],
    });
  await world.call('PUT', '/api/teams/payments', { title: 'Payments', members: ['ben', 'carla'], lead: 'carla' });
  await world.call('PUT', '/api/schedules/payments', {
    time_zone: 'UTC',
    layers: [{ name: 'weekly', rotation: { unit: 'week' }, starts: '2026-01-05T09:00', participants: ['ben', 'carla'] }],
  });
  return { world, as };
};

describe('one house', () => {
  const house = oneWorld(aHouse);

  test('people, a person, teams, a team', async () => {
    const { world, as } = house();
    const page = await openPage(world, '/people', { as });
    await page.getByText('Ben Okafor').filter({ visible: true }).first().waitFor();
    await look(page, 'people');
    await page
      .getByRole('main')
      .getByRole('link', { name: /Ben Okafor/ })
      .filter({ visible: true })
      .first()
      .click();
    await page.getByText('Schedule payments').waitFor();
    await page
      .getByRole('list', { name: 'Load' })
      .getByText(/ h, .* at night$/)
      .waitFor();
    await look(page, 'person');
    await page.goto(`${world.url}/teams`);
    await page
      .getByRole('link', { name: /Payments/ })
      .filter({ visible: true })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Roles within this team' }).waitFor();
    await look(page, 'team');
  }, 180_000);

  test('who may not change people sees them, and no button', async () => {
    const { world } = house();
    const page = await openPage(world, '/people', { as: await signedIn(world, 'olga', 'observer') });
    await page.getByText('Ben Okafor').first().waitFor();
    expect(await page.getByRole('button', { name: 'Add a person' }).count()).toBe(0);
    await page.goto(`${world.url}/people/ben`);
    await page.getByText('ben@allclear.test').waitFor();
    expect(await page.getByRole('button', { name: /Save|Deactivate|Invite/ }).count()).toBe(0);
    await expectNoAxeViolations(page);
  }, 180_000);

  test('two administrators at one team: the second is told who was first, and loses nothing', async () => {
    const { world, as } = house();
    const page = await openPage(world, '/teams/payments', { as });
    await page.getByLabel('Title').fill('Payments and refunds');
    await world.call('PUT', '/api/teams/payments', { title: 'Money', members: ['ben', 'carla'], lead: 'carla' });
    await page.getByText('Somebody else changed this after you opened it. What you typed is kept.').waitFor();
    await page.getByRole('button', { name: 'Put mine over theirs' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect(await world.call('GET', '/api/teams/payments')).toMatchObject({ title: 'Payments and refunds' });
  }, 180_000);

  test('a person is added and invited, changed, handed over and deactivated', async () => {
    const { world, as } = house();
    const page = await openPage(world, '/people', { as, expected: /422/ });
    await page.getByRole('button', { name: 'Add a person' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a person' });
    await dialog.getByLabel('Name', { exact: true }).fill('Dina Vale');
    await dialog.getByLabel('Mail address').fill('dina@allclear.test');
    await dialog.getByRole('button', { name: 'Add and invite' }).click();
    await page.getByText('Mail is not set up here. Hand over this link').waitFor();
    await page.getByText('Invited', { exact: true }).waitFor();
    await page.getByLabel('Time zone').fill('Mars/Olympus');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('[aria-invalid=true]').waitFor();
    await page.getByLabel('Time zone').fill('Europe/Vienna');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect(await world.call('GET', '/api/people/dina')).toMatchObject({ display_name: 'Dina Vale', time_zone: 'Europe/Vienna' });

    await page.goto(`${world.url}/people/ben`);
    await page.getByRole('button', { name: 'Deactivate' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByRole('combobox', { name: 'Who takes it over' }).click();
    await page.getByRole('option', { name: 'Carla Jensen' }).click();
    await page.getByRole('button', { name: 'Hand over' }).click();
    await page.getByText('Nothing counts on this person.').waitFor();
    await page.getByRole('button', { name: 'Deactivate' }).click();
    await page.getByText('Left', { exact: true }).first().waitFor();
    expect(await world.call('GET', '/api/people/ben')).toMatchObject({ active: false });
  }, 180_000);
});
