import { describe, expect, test } from 'vitest';
import { oneWorld } from '../harness.ts';
import { aTeam } from '../scenarios/world.ts';
import { expectNoAxeViolations, glance, look, openPage, signedIn, useBrowser } from './browser.ts';

useBrowser();

const NIGHT = '2026-11-15T02:13:00Z';
/** Two services; one alert came before, one is silenced, one is over, the worst burns. */
const aNight = async () => {
  const w = await aTeam({ mira: { by: ['ntfy'] }, ines: { by: ['ntfy'] } }, { at: '2026-11-15T01:10:00Z' });
  await w.saveService('edge-router', { escalation_policy: 'turns' });
  await w.call('PUT', '/api/routing', {
    items: [{ name: 'no-debug', when: { name: 'env', value: 'test' }, drop: 'test environments page nobody' }],
  });
  await w.alertFires('lag', { summary: 'Replica lag above 30 s', severity: 'warning', labels: { env: 'prod', host: 'db-2' } });
  await w.alertResolves('lag');
  await w.clock.setTime(Date.parse('2026-11-15T02:01:00Z'));
  await w.call('POST', '/api/silences', {
    comment: 'Renewal is planned for Monday',
    services: ['edge-router'],
    matchers: [{ name: 'check', value: 'cert' }],
    ends_at: '2026-11-16T12:00:00Z',
  });
  await w.alertFires('cert', {
    service: 'edge-router',
    summary: 'Certificate expires in 13 days',
    severity: 'info',
    labels: { check: 'cert' },
  });
  await w.alertFires('noise', { summary: 'Test database is slow', severity: 'info', labels: { env: 'test' } });
  await w.alertFires('lag', { summary: 'Replica lag above 30 s', severity: 'warning', labels: { env: 'prod', host: 'db-2' } });
  for (let n = 0; n < 3; n++)
    await w.alertFires('pool', {
      summary: 'Connection pool exhausted, checkout returns 5xx',
      severity: 'critical',
      labels: { env: 'prod', host: 'db-1', 'team,owner': 'a,b' },
    });
  await w.clock.setTime(Date.parse(NIGHT));
  await w.settle();
  w.ignoreMessages();
  return w;
};

describe('one night', () => {
  const night = oneWorld(aNight);

  test('the list with its counts, and one alert with what was decided', async () => {
    const w = night();
    const page = await openPage(w, '/alerts', { width: 390, as: await signedIn(w, 'kofi', 'responder') });
    const visible = (text: string | RegExp) => page.getByText(text).filter({ visible: true }).first();
    await visible('Connection pool exhausted').waitFor();
    await visible('Certificate expires in 13 days').waitFor();
    await page.getByRole('button', { name: 'Counts' }).click();
    await page.getByRole('button', { name: /^db/ }).waitFor();
    await glance(page, 'alerts-counts');
    await page.getByRole('button', { name: 'Show the list' }).click();
    await visible('Connection pool exhausted').waitFor();
    await look(page, 'alerts');

    await page
      .getByRole('link', { name: /Connection pool exhausted/ })
      .filter({ visible: true })
      .click();
    await page.getByRole('heading', { name: /Connection pool exhausted/ }).waitFor();
    const path = page.getByRole('list', { name: 'What was decided' });
    await path.getByText('no routing rule matched').waitFor();
    await path.getByText(/^(Opened|Joined) INC-/).waitFor();
    await page.getByText('It has not come before.').waitFor();
    await look(page, 'alert');
    w.ignoreMessages();
  }, 180_000);

  test('filters and counts narrow it and stand in the address; an alert that came before says so', async () => {
    const w = night();
    const page = await openPage(w, '/alerts', { as: await signedIn(w, 'kofi', 'responder') });
    const rows = page.getByRole('table', { name: 'Alerts' }).locator('[data-row]');
    await expect.poll(() => rows.count()).toBe(5);
    await page.getByRole('button', { name: /^edge-router/ }).click();
    await expect.poll(() => rows.count()).toBe(1);
    expect(new URL(page.url()).searchParams.get('service')).toBe('edge-router');
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await expect.poll(() => rows.count()).toBe(5);

    // A comma in a label's name or value is none between two of them.
    await page.getByRole('combobox', { name: /Count by/ }).click();
    await page.getByRole('option', { name: 'Label team,owner' }).click();
    await page.getByRole('button', { name: /^a,b/ }).click();
    await expect.poll(() => rows.count()).toBe(1);
    await page.reload();
    await expect.poll(() => rows.count()).toBe(1);
    await page.goto(`${w.url}/alerts?q=certificate`);
    await expect.poll(() => rows.count()).toBe(1);
    await page.goto(`${w.url}/alerts?q=certificate&severity=critical`);
    await page.getByText('No alerts match these filters').waitFor();
    await glance(page, 'alerts-filtered-empty');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(() => rows.count()).toBe(5);

    await page.goto(`${w.url}/alerts?sort=-severity`);
    await expect.poll(() => rows.first().textContent()).toContain('Connection pool exhausted');

    await page.goto(`${w.url}/alerts?q=replica&status=open`);
    await expect.poll(() => rows.count()).toBe(1);
    await rows.first().focus();
    await page.keyboard.press('Space');
    await page.getByRole('complementary', { name: 'A look at the alert' }).getByText('db-2').waitFor();
    await glance(page, 'alerts-peek');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Replica lag above 30 s' }).waitFor();
    await expect.poll(() => page.getByRole('list', { name: 'Same key before' }).getByRole('listitem').count()).toBe(1);
    await page.keyboard.press('i');
    await page.getByRole('heading', { name: /Replica lag|Connection pool/ }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/incidents\/INC-/);
    w.ignoreMessages();
  }, 180_000);

  test('from an alert to its silence in two clicks; who may not has no button; a refusal is told with its request', async () => {
    const w = night();
    const alert = (await w.alerts()).find((one) => one.summary === 'Connection pool exhausted, checkout returns 5xx');
    const page = await openPage(w, `/alerts/${alert?.id}`, { as: await signedIn(w, 'kofi', 'responder'), expected: /500/ });
    await page.getByRole('link', { name: 'Silence', exact: true }).click();
    await page.getByRole('button', { name: /^Silence for/ }).click();
    await page.waitForURL(/\/silences(\?|$)/);
    const { items } = await w.call<{ items: { services: string[]; created_by: string }[] }>('GET', '/api/silences?state=active');
    expect(items.some((one) => one.created_by === 'kofi' && one.services.includes('db'))).toBe(true);

    await page.route('**/api/alerts?*', (route) =>
      route.fulfill({
        status: 500,
        contentType: 'application/problem+json',
        body: JSON.stringify({ title: 'Failed', status: 500, detail: 'the database is away', request_id: 'req-1' }),
      }),
    );
    await page.goto(`${w.url}/alerts`);
    await page.getByText('the database is away').waitFor();
    await page.getByText('Request req-1').waitFor();
    expect(await page.getByText('No alerts yet').count()).toBe(0);
    await expectNoAxeViolations(page);

    const observer = await openPage(w, `/alerts/${alert?.id}`, { as: await signedIn(w, 'olga', 'observer') });
    await observer.getByRole('heading', { name: /Connection pool exhausted/ }).waitFor();
    await observer.getByRole('link', { name: 'Why', exact: true }).waitFor();
    expect(await observer.getByRole('link', { name: 'Silence', exact: true }).count()).toBe(0);
    w.ignoreMessages();
  }, 180_000);
});

test('no alert yet: it teaches; a role that may not read alerts is refused in words; an alert that is not there', async () => {
  const w = await aTeam({ ana: { by: ['ntfy'] } });
  const page = await openPage(w, '/alerts', { as: await signedIn(w, 'kofi', 'observer'), expected: /404|Alert not found/ });
  await page.getByText('No alerts yet').waitFor();
  await glance(page, 'alerts-empty');
  await page.goto(`${w.url}/alerts/0197f2b8-5c3e-7a41-9d2f-3b8e6c1a4f50`);
  await page.getByText('Alert not found').waitFor();
  const stakeholder = await openPage(w, '/alerts', { as: await signedIn(w, 'maud', 'stakeholder'), expected: /403|may not/ });
  await stakeholder
    .getByText(/Request /)
    .first()
    .waitFor();
  await expectNoAxeViolations(stakeholder);
}, 180_000);
