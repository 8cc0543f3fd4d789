import { expect, test } from 'vitest';
import { allclear, words } from '../../src/cli/end-to-end/testing.ts';
import { aTeam } from '../scenarios/world.ts';
import { glance, look, openPage, signedIn, useBrowser } from './browser.ts';

useBrowser();

const weeks = (title: string, team: string | undefined, participants: string[], more: object = {}) => ({
  title,
  time_zone: 'Europe/Amsterdam',
  ...(team ? { team } : {}),
  layers: [{ name: 'weeks', rotation: { unit: 'week' }, starts: '2026-10-26T09:00', participants, ...more }],
});

/** Four teams’ worth of schedules in the last days of November: one with nobody now, one with a gap ahead. */
const aCompany = async () => {
  const w = await aTeam(
    { mira: { time_zone: 'Europe/Amsterdam' }, tomas: { time_zone: 'America/New_York' }, ines: {}, ben: {} },
    {
      at: '2026-10-26T08:00:00Z',
      settings: {
        compensation: {
          time_zone: 'Europe/Amsterdam',
          rates: [
            { per: 'hour', amount: 250 },
            { per: 'hour', class: 'weekend', role: 'primary', amount: 250, from: '2026-07-01' },
            { per: 'page', class: 'after_hours', amount: 2500 },
          ],
        },
      },
    },
  );
  await w.call('PUT', '/api/teams/shop', { title: 'Shop', members: ['mira', 'tomas'] });
  await w.call('PUT', '/api/teams/core', { title: 'Core platform', members: ['ines', 'ben'] });
  await w.call('PUT', '/api/schedules/commerce', weeks('Commerce primary', 'shop', ['mira', 'tomas']));
  await w.call('PUT', '/api/schedules/search', weeks('Search', 'shop', ['tomas', 'mira']));
  await w.call('PUT', '/api/schedules/platform', weeks('Platform', 'core', ['ines', 'ben'], { ends: '2026-12-03T09:00' }));
  await w.call(
    'PUT',
    '/api/schedules/office',
    weeks('Office hours', undefined, ['ben'], { restrictions: [{ from: '09:00', to: '12:00' }] }),
  );
  await w.savePolicy('shop', { title: 'Shop', steps: [{ targets: [{ schedule: 'commerce', role: 'primary' }] }] });
  await w.saveService('checkout', { title: 'Checkout', escalation_policy: 'shop' });
  await w.clock.setTime(Temporal.Instant.from('2026-11-26T20:00:00Z').epochMilliseconds);
  await w.settle();
  return w;
};

test('who is on call everywhere is found and paged; the month is read, by person, with its notes, as CSV', async () => {
  const w = await aCompany();
  const page = await openPage(w, '/on-call', { as: await signedIn(w), expected: /422 .*settings\/compensation/ });
  const list = page.getByRole('table', { name: 'On call' });
  await list.getByRole('row', { name: /Office hours.*Nobody/ }).waitFor();
  await list.getByRole('row', { name: /Platform.*Nobody (Dec 3|3 Dec) to/ }).waitFor();
  await look(page, 'on-call');
  await page.getByLabel('Person, team or service').fill('checkout');
  await expect.poll(() => list.getByRole('row').count()).toBe(3);
  await list.getByRole('link', { name: /^Page / }).click();
  await page.getByRole('dialog').waitFor();
  await page.goto(`${w.url}/on-call?show=policies`);
  await page.getByRole('row', { name: /Shop.*primary on call in commerce/ }).waitFor();
  await glance(page, 'on-call-policies');

  await page.goto(`${w.url}/compensation`);
  await page.getByText('November 2026').waitFor();
  await page
    .getByRole('table', { name: 'Compensation' })
    .getByRole('row', { name: /Platform/ })
    .first()
    .waitFor();
  await page.getByText(/what is planned: the range is not over/).waitFor();
  await look(page, 'compensation');
  await page.getByRole('button', { name: 'Month before' }).click();
  await page.getByText('October 2026').waitFor();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download as CSV' }).click()]);
  expect(file.suggestedFilename()).toBe('allclear-compensation-2026-10.csv');

  // The rates are changed: what last month would come to is seen first, a refusal stands at its field.
  await page.getByRole('link', { name: 'Change rates and rules' }).click();
  const first = page.getByRole('group', { name: 'Rate 1' });
  await first.getByLabel('Amount, EUR').fill('5');
  const was = page.getByRole('table').getByRole('row', { name: /^All / });
  await was.getByRole('cell').nth(1).waitFor();
  await expect
    .poll(() =>
      was
        .getByRole('cell')
        .allTextContents()
        .then(([now, then]) => now !== then),
    )
    .toBe(true);
  await page.getByRole('button', { name: 'Add a schedule' }).click();
  await page.getByLabel('Country, or region').fill('DE-XX');
  await page.getByRole('button', { name: 'Save rates and rules' }).click();
  await page
    .getByText(/no public holidays are known for DE-XX/)
    .first()
    .waitFor();
  await page.getByLabel('Country, or region').fill('NL');
  await first.scrollIntoViewIfNeeded();
  await look(page, 'compensation-rules');
  await page.getByRole('button', { name: 'Save rates and rules' }).click();
  await page.getByText('Rates and rules saved').waitFor();
  expect(await w.call('GET', '/api/settings/compensation')).toMatchObject({
    holidays: { commerce: 'NL' },
    rates: [{ amount: 500 }, { amount: 250 }, { amount: 2500 }],
  });

  const { out } = await allclear(w, words('oncall --all'));
  expect(out).toMatch(/shop +commerce +\w+ +2026-11-30 09:00 \w+ +- +checkout/);
  expect(out).toMatch(/- +office +nobody /);
  w.ignoreMessages();
}, 120_000);
