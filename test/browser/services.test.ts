import { describe, expect, test } from 'vitest';
import { oneWorld, startServer } from '../harness.ts';
import { aTeam } from '../scenarios/world.ts';
import { expectNoAxeViolations, expectNoSidewaysScroll, glance, look, openPage, shoot, signedIn, useBrowser } from './browser.ts';

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

describe('one company', () => {
  const company = oneWorld(aCompany);

  test('services, one service, its grouping tested', async () => {
    const w = company();
    const page = await openPage(w, '/services', { width: 390, as: await signedIn(w, 'ana', 'administrator') });
    await page.getByText('Old CRM').filter({ visible: true }).first().waitFor();
    await page.getByText(/^A request came with a key that no integration has/).waitFor();
    await page.getByText('1 critical').filter({ visible: true }).first().waitFor();
    await look(page, 'services');

    await page.getByRole('button', { name: 'Look' }).click();
    await page.getByText('/hooks/generic/').filter({ visible: true }).first().waitFor();
    await page.getByRole('list', { name: 'Refused requests, newest first' }).getByRole('button').first().click();
    await page.getByText('Disk full on db7').waitFor();
    await glance(page, 'services-refused');
    await page.getByRole('tab', { name: 'Integrations' }).click();
    await page.getByText('checkout-api-monitor').filter({ visible: true }).first().waitFor();
    await look(page, 'services-integrations');
    await page.getByRole('tab', { name: 'Heartbeats' }).click();
    await page.getByText('nightly-backup').filter({ visible: true }).first().waitFor();
    await look(page, 'services-heartbeats');

    await page.goto(`${w.url}/services/checkout-api`);
    await page.getByRole('heading', { name: 'Checkout API' }).waitFor();
    await page.getByText('checkout-api-monitor').first().waitFor();
    await shoot(page, 'service');
    // Panes scroll, the page does not: not even by what is only read.
    expect(await page.evaluate('document.documentElement.scrollHeight <= innerHeight')).toBe(true);
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
    await page.getByRole('combobox', { name: 'Same values of these labels' }).click();
    await page.getByRole('option', { name: 'cluster' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Test on the last 30 days' }).click();
    await page.getByText('This change would have added 1 page and removed 0.').waitFor();
    await page.getByText('This change would have added').scrollIntoViewIfNeeded();
    await look(page, 'service-back-test');
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
  }, 180_000);

  test('an observer reads a service and its health and finds no button; a manager changes what is of her team only', async () => {
    const w = company();
    const page = await openPage(w, '/services/checkout-api', { as: await signedIn(w, 'omar', 'observer') });
    await page.getByText(/^You may look at this/).waitFor();
    await page.getByText('What becomes one incident').waitFor();
    expect(await page.getByRole('button', { name: /Save|Add|Remove|More actions|Test/ }).count()).toBe(0);
    await glance(page, 'service-reader');

    const manager = await openPage(w, '/services/checkout-api', { as: await signedIn(w, 'lena', 'manager') });
    await manager.getByText(/^You may look at this/).waitFor();
    await manager.goto(`${w.url}/services/legacy-crm`);
    await manager.getByRole('button', { name: 'Save service' }).waitFor();
    // She may make an integration, and sees its key that once.
    await manager.getByRole('button', { name: 'Add Add integration' }).click();
    await manager.getByRole('dialog').getByRole('button', { name: 'Add integration' }).click();
    await manager.getByText('The key is shown now and never again to you.').waitFor();
    const { key } = await w.call<{ key: string }>('GET', '/api/integrations/legacy-crm-alertmanager');
    await manager.getByText(`/hooks/alertmanager/${key}`).waitFor();
    await manager.reload();
    await manager.getByText(/^The key is hidden/).waitFor();
    expect(await manager.content()).not.toContain(key);
    w.ignoreMessages();
  }, 180_000);

  test('a service is made, has its support hours and heartbeat, and is removed; every field comes back as typed', async () => {
    const w = company();
    const page = await openPage(w, '/services', { as: await signedIn(w, 'ana', 'administrator'), expected: /status of 422/ });
    await page
      .getByRole('link', { name: /^Old CRM/ })
      .first()
      .waitFor();
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'New service' });
    await dialog.getByRole('button', { name: 'Add service' }).click();
    await dialog.getByText('Give it a name of lower-case letters, digits and dashes.').waitFor();
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Order Ledger');
    expect(await dialog.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('order-ledger');
    await glance(page, 'service-new');
    await dialog.getByRole('button', { name: 'Add service' }).click();
    await page.getByRole('heading', { name: 'Order Ledger' }).waitFor();
    await page.getByText('None yet: no alert can reach this service.').waitFor();

    await page.getByRole('switch', { name: 'Only urgent in support hours' }).click();
    await page.getByRole('button', { name: 'Add hours' }).click();
    const second = page.getByRole('group', { name: 'Hours 2' });
    await second.getByLabel('To').fill('10:00');
    await page.getByRole('button', { name: 'Save service' }).click();
    await second.getByText(/must differ/).waitFor();
    await second.getByLabel('To').fill('14:30');
    await page.getByRole('button', { name: 'Leave it open' }).click();
    await page.getByRole('spinbutton', { name: 'after', exact: true }).fill('2');
    await page.getByRole('combobox', { name: /^after: Unit/ }).click();
    await page.getByRole('option', { name: 'hours' }).click();
    await page.getByRole('textbox', { name: 'Description' }).fill('Runbook: wiki/ledger');
    await glance(page, 'service-hours');
    await page.getByRole('button', { name: 'Save service' }).click();
    await page.getByText('Service saved').waitFor();
    expect(await w.call('GET', '/api/services/order-ledger')).toMatchObject({
      description: 'Runbook: wiki/ledger',
      on_all_resolved: 'never',
      acknowledge_timeout_seconds: 7200,
      support_hours: {
        hours: [
          { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:30' },
          { days: ['sat', 'sun'], from: '10:00', to: '14:30' },
        ],
        urgency_outside: 'low',
      },
    });

    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Remove service' }).click();
    await page.getByRole('dialog', { name: 'Remove order-ledger?' }).getByRole('button', { name: 'Remove service' }).click();
    await page.getByText('Removed order-ledger').waitFor();
    await page.waitForURL(/\/services$/);

    await page.goto(`${w.url}/services/checkout-api`);
    await page.getByRole('button', { name: 'Add Add heartbeat' }).click();
    const beat = page.getByRole('dialog', { name: 'Add heartbeat' });
    await beat.getByRole('textbox', { name: 'Name' }).fill('ledger-export');
    await beat.getByText('/hooks/heartbeat/key-of-checkout-api/ledger-export').waitFor();
    await glance(page, 'heartbeat-new');
    await beat.getByRole('button', { name: 'Save heartbeat' }).click();
    await page.getByText('Heartbeat saved').waitFor();
    await w.request('POST', '/hooks/heartbeat/key-of-checkout-api/ledger-export', '');
    await page.getByRole('button', { name: 'ledger-export' }).click();
    await page.getByRole('dialog', { name: 'Change heartbeat' }).getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Removed ledger-export').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'ledger-export' }).waitFor();
    w.ignoreMessages();
  }, 180_000);

  test('two at once on one service: the second is told, sees theirs, and nothing typed is lost', async () => {
    const w = company();
    const page = await openPage(w, '/services/search', {
      as: await signedIn(w, 'ana', 'administrator'),
      expected: /status of 412/,
    });
    await page.getByRole('textbox', { name: 'Description' }).fill('Mine');
    await w.call('PUT', '/api/services/search', { title: 'Search of products', escalation_policy: 'turns' });
    await page.getByText(/What you typed is kept\.$/).waitFor();
    await page.getByRole('button', { name: 'See theirs' }).click();
    await page.getByRole('dialog').getByText('Search of products').waitFor();
    await glance(page, 'service-stale');
    await page.getByRole('dialog').getByRole('button', { name: 'Take theirs, drop mine' }).click();
    await page.getByRole('heading', { name: 'Search of products' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Description' }).inputValue()).toBe('');
    w.ignoreMessages();
  }, 180_000);
});

test('nothing set up yet: each list says what is missing and how to begin; the server refuses', async () => {
  const w = await startServer({ at: '2026-11-15T02:13:00Z' });
  const page = await openPage(w, '/services', { as: await signedIn(w, 'ana', 'administrator'), expected: /503/ });
  await page.getByText('No services yet').waitFor();
  await glance(page, 'services-empty');
  for (const [tab, text] of [
    ['Integrations', 'No integrations'],
    ['Heartbeats', 'No heartbeats'],
    ['Refused', 'Nothing was refused.'],
  ] as const) {
    await page.getByRole('tab', { name: tab }).click();
    await page.getByText(text).waitFor();
    await expectNoAxeViolations(page);
  }
  await page.route('**/api/services?**', (route) =>
    route.fulfill({ status: 503, json: { detail: 'The database is away', request_id: 'r-1' } }),
  );
  await page.goto(`${w.url}/services`);
  await page.getByText(/The database is away/).waitFor({ timeout: 30_000 });
  await expectNoAxeViolations(page);
}, 180_000);
