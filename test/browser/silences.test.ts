import { expect, test } from 'vitest';
import { aTeam } from '../scenarios/world.ts';
import { expectNoAxeViolations, glance, look, openPage, signedIn, useBrowser } from './browser.ts';

useBrowser();

const NIGHT = '2026-11-15T02:13:00Z';
/** Checkout burns, a nightly maintenance is planned, the disks are silenced, one silence is over. */
const aNight = async () => {
  const w = await aTeam({ mira: { by: ['sms'] } }, { at: '2026-11-14T09:00:00Z' });
  await w.saveService('search', { title: 'Search' });
  await w.call('PUT', '/api/silences/ledger-upgrade', {
    kind: 'maintenance',
    comment: 'Ledger version upgrade',
    services: ['db'],
    recurs: { time_zone: 'Europe/Amsterdam', days: ['tue', 'sun'], from: '23:00', to: '02:00' },
  });
  await w.call('POST', '/api/silences', {
    comment: 'Old disk alerts',
    services: ['search'],
    matchers: [{ name: 'host', op: '=~', value: 'db-.*' }],
    ends_at: '2026-11-14T18:00:00Z',
  });
  await w.clock.setTime(Date.parse(NIGHT));
  await w.settle();
  await w.call('POST', '/api/silences', {
    comment: 'Disk of search-2 is being moved',
    services: ['search'],
    matchers: [{ name: 'host', op: '=', value: 'search-2' }],
    ends_at: '2026-11-15T08:00:00Z',
  });
  await w.alertFires('checkout', {
    summary: 'Checkout API returning 5xx',
    labels: { alertname: 'High5xx', host: 'web1', value: '7.1' },
  });
  await w.alertFires('pool', {
    summary: 'Pool wait p95 2.4 s',
    severity: 'warning',
    labels: { alertname: 'PoolWait', host: 'web1' },
  });
  w.ignoreMessages();
  return w;
};

test('the list, one silence, the week and the form', async () => {
  const w = await aNight();
  const page = await openPage(w, '/silences', { width: 390, as: await signedIn(w, 'kofi', 'responder') });
  await page.getByText('Disk of search-2 is being moved').filter({ visible: true }).first().waitFor();
  await page.getByText('1 active, 1 upcoming').waitFor();
  await look(page, 'silences');

  await page.getByText('Disk of search-2 is being moved').filter({ visible: true }).first().click();
  await page.getByRole('button', { name: 'End now' }).waitFor();
  await page.getByText(/^None of the 2 open alerts/).waitFor();
  await glance(page, 'silences-peek');

  await page.getByRole('button', { name: 'End now' }).click();
  await page.getByText('Ended: Disk of search-2 is being moved').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('It is in force again').waitFor();
  await page.goto(`${w.url}/silences?view=week`);
  await page
    .getByRole('button', { name: /Ledger version upgrade/ })
    .first()
    .waitFor();
  await look(page, 'silences-week');

  const alert = (await w.alerts()).find((one) => one.dedup_key === 'checkout');
  await page.goto(`${w.url}/silences/new?alert=${alert?.id}`);
  await page.getByText('1 of 2 open alerts', { exact: true }).waitFor();
  await look(page, 'silence-new');
  await page.getByRole('button', { name: 'Silence for 2 h' }).click();
  await page.getByText('Silenced', { exact: true }).waitFor();
  await page.getByText('Known: Checkout API returning 5xx').filter({ visible: true }).first().waitFor();
  const made = await w.call<{ items: { comment: string; matchers: unknown[] }[] }>('GET', '/api/silences?state=active');
  expect(made.items[0]).toMatchObject({
    comment: 'Known: Checkout API returning 5xx',
    services: ['db'],
    matchers: [
      { name: 'alertname', op: '=', value: 'High5xx' },
      { name: 'host', op: '=', value: 'web1' },
    ],
  });
  w.ignoreMessages();
}, 180_000);

test('by keyboard and form: maintenance each week is planned, changed and stands in the week', async () => {
  const w = await aNight();
  const page = await openPage(w, '/silences', { as: await signedIn(w, 'kofi', 'responder') });
  await page.getByText('Disk of search-2 is being moved').first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Space');
  await page.getByRole('complementary').getByText('Kept in a process file as ledger-upgrade.').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await page.getByRole('heading', { name: 'New silence' }).waitFor();
  await page.getByRole('button', { name: 'Silence for 2 h' }).click();
  await page.getByText('Say why, for whoever wonders.').waitFor();
  await page.getByText('Too broad').waitFor();
  await page.getByRole('combobox', { name: 'Services' }).click();
  await page.getByRole('option', { name: 'Search' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Each week' }).click();
  await page.getByRole('button', { name: 'Maintenance', exact: true }).click();
  await page.getByRole('checkbox', { name: 'Mon' }).click();
  await page.getByRole('checkbox', { name: 'Sun' }).click();
  await page.getByRole('textbox', { name: 'Why' }).fill('Index is rebuilt');
  await page.getByRole('list', { name: 'When it is active' }).getByText('Mon').first().waitFor();
  await glance(page, 'silence-weekly');
  await page.getByRole('button', { name: 'Plan maintenance' }).click();
  await page.getByText('Maintenance is planned').waitFor();
  await page
    .getByRole('complementary')
    .getByText(/^Mon, Sun, 02:00 to 04:00/)
    .waitFor();

  await page.getByRole('link', { name: 'Change' }).click();
  await page.getByRole('heading', { name: 'Change silence' }).waitFor();
  await page.getByLabel('To', { exact: true }).fill('05:30');
  await page.getByRole('button', { name: 'Save change' }).click();
  await page
    .getByRole('complementary')
    .getByText(/^Mon, Sun, 02:00 to 05:30/)
    .waitFor();
  await page.goto(`${w.url}/silences?view=week&week=2026-11-16`);
  await page
    .getByRole('button', { name: /Index is rebuilt/ })
    .first()
    .waitFor();
  expect(await page.getByRole('button', { name: /Index is rebuilt/ }).count()).toBe(2);
  await page.getByRole('button', { name: 'This week' }).click();
  await page
    .getByText(/^(Nov 9|9 Nov)/)
    .first()
    .waitFor();
  w.ignoreMessages();
}, 180_000);

test('an observer reads and changes nothing; none at all; an alert that is gone; the server refuses', async () => {
  const w = await aTeam({ mira: { by: ['sms'] } }, { at: NIGHT });
  const page = await openPage(w, '/silences', { as: await signedIn(w, 'omar', 'observer'), expected: /503|404/ });
  await page.getByText('No silences', { exact: true }).waitFor();
  expect(await page.getByRole('button', { name: /New silence/ }).count()).toBe(0);
  await glance(page, 'silences-empty');
  await page.goto(`${w.url}/silences?view=week`);
  await page.getByText('Nothing is planned this week.').waitFor();
  await expectNoAxeViolations(page);

  const kofi = await openPage(w, '/silences/new?alert=01900000-0000-7000-8000-000000000000', {
    as: await signedIn(w, 'kofi', 'responder'),
    expected: /404|503/,
  });
  await kofi.getByRole('alert').waitFor();
  await expectNoAxeViolations(kofi);
  await kofi.route('**/api/silences', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({ status: 503, json: { detail: 'The database is away', request_id: 'r-9' } })
      : route.continue(),
  );
  await kofi.goto(`${w.url}/silences/new?service=db`);
  await kofi.getByRole('textbox', { name: 'Why' }).fill('Known');
  await kofi.getByRole('button', { name: 'Silence for 2 h' }).click();
  await kofi.getByText(/The database is away/).waitFor();
  expect(await kofi.getByRole('textbox', { name: 'Why' }).inputValue()).toBe('Known');
  await glance(kofi, 'silence-refused');
}, 180_000);
