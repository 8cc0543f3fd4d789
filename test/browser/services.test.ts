import { expect, test } from 'vitest';
import { aTeam } from '../scenarios/world.ts';
import { expectNoAxeViolations, expectNoSidewaysScroll, LOOKS, openPage, shoot, signedIn, useBrowser } from './browser.ts';

useBrowser();

/** Checkout burns; search is calm; a third pages nobody; one sender has a wrong key. */
const aCompany = async () => {
  const w = await aTeam({ mira: { by: ['sms', 'mail'] }, ines: { by: ['sms', 'mail'] } }, { at: '2026-11-15T02:13:00Z' });
  await w.call('PUT', '/api/teams/commerce', { title: 'Commerce', lead: 'mira', members: ['mira', 'ines'] });
  await w.saveService('checkout-api', { title: 'Checkout API', team: 'commerce', escalation_policy: 'turns' });
  await w.saveService('search', { title: 'Search', escalation_policy: 'turns' });
  await w.call('PUT', '/api/services/legacy-crm', { title: 'Old CRM' });
  await w.call('PUT', '/api/heartbeats/nightly-backup', { integration: 'checkout-api-monitor', interval_seconds: 86_400 });
  await w.alertFires('5xx', { service: 'checkout-api', summary: 'Checkout API returning 5xx', labels: { cluster: 'eu-1' } });
  await w.fastForward('20s');
  await w.alertFires('pool', {
    service: 'checkout-api',
    summary: 'Pool wait p95 2.4 s',
    severity: 'warning',
    labels: { cluster: 'eu-2' },
  });
  await w.request('POST', '/hooks/generic/a-key-nobody-has', { summary: 'Disk full on db7' });
  await w.request('POST', '/hooks/grafana/key-of-checkout-api', 'this is not an alert');
  await w.settle();
  w.ignoreMessages();
  return w;
};

for (const { width, theme } of LOOKS)
  test(`services, one service, its grouping tested, at ${width} px, ${theme}`, async () => {
    const w = await aCompany();
    const page = await openPage(w, '/services', { width, theme, as: await signedIn(w, 'ana', 'administrator') });
    await page.getByText('Old CRM').filter({ visible: true }).first().waitFor();
    await page.getByText(/^A request came with a key that no integration has/).waitFor();
    await page.getByText('1 critical').filter({ visible: true }).first().waitFor();
    await shoot(page, 'services');
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);

    await page.getByRole('button', { name: 'Look' }).click();
    await page.getByText('/hooks/generic/').filter({ visible: true }).first().waitFor();
    if (width < 720) await page.getByRole('list', { name: 'Refused requests, newest first' }).getByRole('button').first().click();
    await page.getByText('Disk full on db7').waitFor();
    await shoot(page, 'services-refused');
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
    await page.getByRole('tab', { name: 'Integrations' }).click();
    await page.getByText('checkout-api-monitor').filter({ visible: true }).first().waitFor();
    await shoot(page, 'services-integrations');
    await expectNoAxeViolations(page);
    await page.getByRole('tab', { name: 'Heartbeats' }).click();
    await page.getByText('nightly-backup').filter({ visible: true }).first().waitFor();
    await shoot(page, 'services-heartbeats');
    await expectNoAxeViolations(page);

    await page.goto(`${w.url}/services/checkout-api`);
    await page.getByRole('heading', { name: 'Checkout API' }).waitFor();
    await page.getByText('checkout-api-monitor').first().waitFor();
    await shoot(page, 'service');
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
    await page.getByRole('combobox', { name: 'Same values of these labels' }).click();
    await page.getByRole('option', { name: 'cluster' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Test on the last 30 days' }).click();
    await page.getByText('This change would have added 1 page and removed 0.').waitFor();
    await page.getByText('This change would have added').scrollIntoViewIfNeeded();
    await shoot(page, 'service-back-test');
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
    await page.getByRole('textbox', { name: 'Title' }).fill('Checkout');
    await page.getByText(/unsaved changes$/).waitFor();
    await page.getByRole('button', { name: 'Save service' }).click();
    await page.getByText('Service saved').waitFor();
    expect(await w.call('GET', '/api/services/checkout-api')).toMatchObject({
      title: 'Checkout',
      team: 'commerce',
      grouping: { by: ['cluster'] },
    });
    w.ignoreMessages();
  }, 90_000);
