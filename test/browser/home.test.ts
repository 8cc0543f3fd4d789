import { expect, test } from 'vitest';
import { aTeam } from '../scenarios/world.ts';
import { expectNoAxeViolations, expectNoSidewaysScroll, LOOKS, openPage, shoot, signedIn, useBrowser } from './browser.ts';

useBrowser();

test('an empty house says so and teaches; it asks nothing of who may not', async () => {
  const w = await aTeam({ ana: { by: ['ntfy'] } });
  const page = await openPage(w, '/', { as: await signedIn(w, 'maud', 'stakeholder') });
  await page.getByText('Nothing is burning').waitFor();
  expect(await page.getByRole('heading', { name: 'Readiness' }).count()).toBe(0);
  await expectNoAxeViolations(page);
  await shoot(page, 'home-calm');
  w.ignoreMessages();
});

for (const look of LOOKS)
  test(`a page waits: it is above all else, and one press answers it (${look.width}, ${look.theme})`, async () => {
    const w = await aTeam({ kofi: { by: ['ntfy'] }, ines: { by: ['ntfy'] } });
    await w.alertFires('checkout-5xx', { summary: 'Checkout API returns 5xx', severity: 'critical' });
    const as = await signedIn(w, 'kofi');
    const page = await openPage(w, '/', { ...look, as });
    await page.getByText('A page is waiting for you').waitFor();
    await page.getByText('until Ines is paged').first().waitFor();
    await page.getByRole('heading', { name: 'Readiness' }).waitFor();
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
    await shoot(page, 'home-paged');
    await page.getByRole('button', { name: 'Acknowledge' }).last().click();
    await page.getByText('A page is waiting for you').waitFor({ state: 'detached' });
    const { items } = await w.call<{ items: { acknowledged_by: string }[] }>('GET', '/api/incidents');
    expect(items[0]?.acknowledged_by).toBe('kofi');
    w.ignoreMessages();
  }, 60_000);
