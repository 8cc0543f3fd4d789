import { describe, expect, test } from 'vitest';
import { oneWorld } from '../harness.ts';
import { aTeam } from '../scenarios/world.ts';
import { glance, look, openPage, shoot, signedIn, useBrowser } from './browser.ts';

useBrowser();

/** Kofi is on call and paged; something else burns already; one alert is silenced; one service is calm. */
const aNight = async () => {
  const w = await aTeam({ kofi: { by: ['ntfy', 'sms'] }, ines: { by: ['ntfy'] }, mira: {} }, { at: '2026-11-15T01:00:00Z' });
  const layer = (name: string, participants: string[], role: string) => ({
    name,
    role,
    rotation: { unit: 'day' },
    starts: '2026-11-14T09:00',
    participants,
  });
  await w.call('PUT', '/api/schedules/commerce', {
    title: 'Commerce',
    time_zone: 'Europe/Amsterdam',
    layers: [layer('days', ['kofi', 'mira'], 'primary'), layer('seconds', ['ines'], 'secondary')],
  });
  await w.savePolicy('turns', {
    steps: [
      { targets: [{ schedule: 'commerce' }], escalate_after_seconds: 300 },
      { targets: [{ person: 'ines' }], escalate_after_seconds: 300 },
    ],
  });
  await w.saveService('edge-router', { escalation_policy: 'turns' });
  await w.saveService('warehouse', { escalation_policy: 'turns', acknowledge_timeout_seconds: 86_400 });
  await w.call('POST', '/api/silences', {
    comment: 'Renewal is planned for Monday',
    services: ['edge-router'],
    ends_at: '2026-11-16T12:00:00Z',
  });
  await w.call('POST', '/api/incidents', { title: 'Product photos slow in Portugal', service: 'warehouse', severity: 'warning' });
  await w.settle();
  await w.call('POST', '/api/incidents/INC-2026-0001/acknowledge', {});
  await w.alertFires('cert', { service: 'edge-router', summary: 'Certificate expires in 13 days', severity: 'info' });
  await w.jump('70m');
  await w.alertFires('checkout-5xx', { summary: 'Checkout API returns 5xx', severity: 'critical' });
  await w.fastForward('2m');
  w.ignoreMessages();
  return w;
};

describe('one night with two pages', () => {
  const night = oneWorld(aNight);

  test('two pages wait: each has its button', async () => {
    const w = night();
    await w.call('POST', '/api/incidents', { title: 'Slot reminders are late', service: 'warehouse', severity: 'critical' });
    await w.settle();
    const page = await openPage(w, '/', { as: await signedIn(w, 'kofi') });
    await page.getByText('2 pages are waiting for you').waitFor();
    await glance(page, 'home-two-pages');
    await page.getByRole('list', { name: 'Other pages that wait for you' }).getByRole('button').click();
    await page.getByText('A page is waiting for you').waitFor();
    w.ignoreMessages();
  }, 180_000);

  test('the key A answers; a refusal of one part leaves the rest', async () => {
    const w = night();
    const as = await signedIn(w, 'kofi');
    const page = await openPage(w, '/', { as, expected: /500/ });
    await page.getByText('A page is waiting for you').waitFor();
    await page.keyboard.press('a');
    await page.getByText('A page is waiting for you').waitFor({ state: 'detached' });
    await page.route('**/api/incidents?*', (route) =>
      route.fulfill({
        status: 500,
        contentType: 'application/problem+json',
        body: JSON.stringify({ title: 'Failed', status: 500, detail: 'the database is away', request_id: 'req-1' }),
      }),
    );
    await page.reload();
    await page.getByText('the database is away').waitFor();
    await page.getByText('Request req-1').waitFor();
    await page.getByRole('heading', { name: 'Readiness' }).waitFor();
    expect(await page.getByText('Nothing is burning').count()).toBe(0);
    await glance(page, 'home-refused');
    w.ignoreMessages();
  }, 180_000);
});

describe('one quiet house', () => {
  const house = oneWorld(() => aTeam({ ana: { by: ['ntfy'] } }));

  test('an empty house says so and teaches; it asks nothing of who may not', async () => {
    const w = house();
    const page = await openPage(w, '/', { as: await signedIn(w, 'maud', 'stakeholder') });
    await page.getByText('Nothing is burning').waitFor();
    expect(await page.getByRole('heading', { name: 'Readiness' }).count()).toBe(0);
    await glance(page, 'home-calm');
    w.ignoreMessages();
  }, 180_000);

  test('with nothing to watch it says how to begin; without a sender heard it says that', async () => {
    const w = house();
    const as = await signedIn(w, 'adele');
    const page = await openPage(w, '/', { as });
    await page.getByText('1 of 1 service has no open alert').waitFor();
    await page.getByText('No alert was ever received.').waitFor();
    await w.call('DELETE', '/api/integrations/db-monitor');
    await w.call('DELETE', '/api/services/db');
    await page.reload();
    await page.getByText('Nothing is watched yet').waitFor();
    await glance(page, 'home-begin');
    w.ignoreMessages();
  }, 180_000);
});

test('a page waits: it is above all else, and one press answers it', async () => {
  const w = await aNight();
  const page = await openPage(w, '/', { width: 390, as: await signedIn(w, 'kofi') });
  await page.getByText('A page is waiting for you').waitFor();
  await page.getByText('until Ines is paged').first().waitFor();
  await page.getByText('1 of 3 services have no open alert').waitFor();
  await page.getByText(/^Last alert received/).waitFor();
  await page.getByText('Certificate expires in 13 days').waitFor();
  await page
    .getByRole('link', { name: /^Fix: person Mira/ })
    .first()
    .waitFor();
  await page.getByText('Commerce, primary').waitFor();
  await look(page, 'home-paged');
  await page.getByRole('button', { name: 'Acknowledge' }).last().click();
  await page.getByText('A page is waiting for you').waitFor({ state: 'detached' });
  expect((await w.incident()).acknowledged_by).toBe('kofi');
  await shoot(page, 'home-answered');
  w.ignoreMessages();
}, 180_000);
