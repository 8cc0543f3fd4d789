import { describe, expect, test } from 'vitest';
import { oneWorld } from '../harness.ts';
import { aTeam } from '../scenarios/world.ts';
import {
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  glance,
  look,
  openPage,
  shoot,
  signedIn,
  stopClock,
  useBrowser,
} from './browser.ts';

useBrowser();

const TEAM = { mira: { by: ['ntfy', 'sms'] as ('ntfy' | 'sms')[] }, ines: { by: ['sms'] as 'sms'[] } };
const NIGHT = '2026-11-15T02:13:00Z';

/** Checkout burns for 25 minutes: Mira was paged, Ines is next; other incidents are over. */
const aNight = async () => {
  const w = await aTeam(TEAM, {
    at: '2026-11-12T09:00:00Z',
    steps: [
      { targets: [{ person: 'mira' }], escalate_after_seconds: 300 },
      { targets: [{ person: 'ines' }], escalate_after_seconds: 300 },
    ],
  });
  for (const [title, severity] of [
    ['Card payments declined at one bank', 'error'],
    ['Search misses new products', 'warning'],
    ['Slow admin login', 'info'],
  ]) {
    const made = await w.call<{ number: string }>('POST', '/api/incidents', { title, service: 'db', severity });
    await w.settle();
    await w.jump('4m');
    await w.call('POST', `/api/incidents/${made.number}/acknowledge`, {});
    await w.jump('31m');
    await w.call('POST', `/api/incidents/${made.number}/resolve`, {});
  }
  await w.call('POST', '/api/incidents', { title: 'Product photos slow in Portugal', service: 'db', severity: 'info' });
  await w.clock.setTime(Date.parse(NIGHT));
  await w.settle();
  await w.alertFires('checkout', {
    summary: 'Checkout API returning 5xx',
    labels: { instance: 'web1', release: '2026.11.14-3' },
  });
  await w.alertFires('pool', { summary: 'Pool wait p95 2.4 s', severity: 'warning' });
  await w.fastForward('3m');
  w.ignoreMessages();
  return w;
};

describe('one night', () => {
  const night = oneWorld(aNight);

  test('who may only read sees no buttons; an incident that is not there says so', async () => {
    const w = night();
    const page = await openPage(w, '/incidents/INC-2026-0005', {
      as: await signedIn(w, 'omar', 'stakeholder'),
      expected: /404|not found/,
    });
    await page.getByRole('heading', { name: 'Checkout API returning 5xx' }).waitFor();
    await page.getByText('until Ines is paged').waitFor();
    expect(await page.getByRole('button', { name: /Acknowledge|Resolve|Add note|More actions/ }).count()).toBe(0);
    await expectNoAxeViolations(page);
    await page.goto(`${w.url}/incidents/INC-2026-9999`);
    await page.getByRole('heading', { name: 'This page failed' }).waitFor();
    await page.getByText(/Request [\w-]{20,}/).waitFor();
    await expectNoAxeViolations(page);
  }, 180_000);

  test('a session that ended is told above the page; whoever closes that is sent to sign in, and knows the way back', async () => {
    const w = night();
    const page = await openPage(w, '/incidents/INC-2026-0005', { as: await signedIn(w, 'kofi', 'responder'), expected: /401/ });
    await page.getByRole('button', { name: 'Acknowledge' }).waitFor();
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByRole('dialog', { name: 'Your session has ended' }).getByRole('button', { name: 'Close' }).click();
    await page.waitForURL(/\/sign-in\?return=%2Fincidents%2FINC-2026-0005/);
    expect((await w.incident('INC-2026-0005')).status).toBe('triage');
  }, 180_000);

  test('the list and one incident, from page to resolved', async () => {
    const w = night();
    const as = await signedIn(w, 'kofi', 'responder');
    const page = await openPage(w, '/incidents', { width: 390, as });
    await page.getByText('Checkout API returning 5xx').filter({ visible: true }).first().waitFor();
    await look(page, 'incidents');

    await page
      .getByRole('link', { name: /Checkout API returning 5xx/ })
      .filter({ visible: true })
      .click();
    await page.getByRole('heading', { name: 'Checkout API returning 5xx' }).waitFor();
    await page.getByText('until Ines is paged').filter({ visible: true }).first().waitFor();
    await page.getByRole('list', { name: 'Timeline' }).getByRole('listitem').first().waitFor();
    await look(page, 'incident-triage');
    const box = await page.getByRole('button', { name: 'Acknowledge' }).boundingBox();
    expect(box?.height).toBeGreaterThanOrEqual(56);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(844 - 56);
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText(/^Acknowledged INC-/).waitFor();
    await page.getByRole('button', { name: 'Resolve' }).filter({ visible: true }).waitFor();
    expect((await w.incident()).acknowledged_by).toBe('kofi');

    await page.getByRole('textbox', { name: 'Add note' }).fill('Rolled back to 2026.11.14-2.\nPool waits drop.');
    await page.getByRole('button', { name: 'Add note' }).click();
    await page.getByRole('list', { name: 'Timeline' }).getByText('Pool waits drop.').waitFor();
    await page.getByRole('tab', { name: 'Pages' }).click();
    await page.getByRole('list', { name: 'Pages' }).getByText('Mira').first().waitFor();
    await glance(page, 'incident-pages');
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await glance(page, 'incident-acknowledged');

    await page.getByRole('button', { name: 'Resolve' }).click();
    const dialog = page.getByRole('dialog', { name: /Resolve INC-/ });
    await dialog.waitFor();
    await glance(page, 'incident-resolve');
    await dialog.getByRole('textbox').fill('Rolled back');
    await dialog.getByRole('button', { name: 'Resolve' }).click();
    await page.getByText(/^Resolved INC-/).waitFor();
    await page.getByRole('button', { name: 'Close' }).waitFor();
    await glance(page, 'incident-resolved');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Acknowledge' }).waitFor();
    expect((await w.incident()).status).toBe('triage');
    w.ignoreMessages();
  }, 180_000);

  test('the list by keyboard: move, peek, select, acknowledge several, resolve with a way back; the address keeps the filters', async () => {
    const w = night();
    const page = await openPage(w, '/incidents', { as: await signedIn(w, 'kofi', 'responder') });
    await page.getByRole('link', { name: 'Checkout API returning 5xx' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Space');
    const peek = page.getByRole('complementary', { name: 'A look at the incident' });
    await peek.getByText('until Ines is paged').waitFor();
    expect(page.url()).toContain('peek=INC-2026-0005');
    await glance(page, 'incidents-peek');
    await page.keyboard.press('j');
    await peek.getByRole('heading', { name: 'Product photos slow in Portugal' }).waitFor();
    await page.keyboard.press('Escape');
    await peek.waitFor({ state: 'detached' });

    await page.keyboard.press('x');
    await page.keyboard.press('k');
    await page.keyboard.press('x');
    await page.getByText('2 selected').waitFor();
    await glance(page, 'incidents-selected');
    // The first answer is slow to come: what is asked for meanwhile is sent all the same.
    const sent: string[] = [];
    let both = () => {};
    const bothSent = new Promise<void>((resolve) => {
      both = resolve;
    });
    await page.route('**/acknowledge', async (route) => {
      if (sent.push(new URL(route.request().url()).pathname) === 2) both();
      await bothSent;
      await route.continue();
    });
    await page.keyboard.press('x');
    await page.keyboard.press('a');
    await page.getByText('1 selected').waitFor({ state: 'detached' });
    await page.keyboard.press('x');
    await page.keyboard.press('a');
    await page.getByText('Acknowledged INC-2026-0005').waitFor();
    expect(sent).toEqual(['/api/incidents/INC-2026-0004/acknowledge', '/api/incidents/INC-2026-0005/acknowledge']);
    await expect
      .poll(async () => (await w.incidents('?status=acknowledged')).map((one) => one.acknowledged_by))
      .toEqual(['kofi', 'kofi']);

    await page.keyboard.press('r');
    await page
      .getByRole('dialog', { name: /^Resolve INC/ })
      .getByRole('button', { name: 'Resolve' })
      .click();
    await page.getByText('Resolved INC-2026-0005').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Reopened INC-2026-0005').waitFor();
    expect((await w.incident('INC-2026-0005')).status).toBe('triage');

    await page.keyboard.press('/');
    await page.keyboard.type('photos');
    await page.getByRole('link', { name: 'Checkout API returning 5xx' }).first().waitFor({ state: 'detached' });
    await page.waitForURL(/q=photos/);
    await page.getByRole('button', { name: 'Severity', exact: true }).first().click();
    await page.getByRole('checkbox', { name: 'Critical' }).click();
    await page.keyboard.press('Escape');
    await page.getByText('No incidents match these filters').waitFor();
    await glance(page, 'incidents-filtered-empty');
    expect(new URL(page.url()).search).toContain('severity=critical');
    await page.reload();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('link', { name: 'Checkout API returning 5xx' }).waitFor();
    expect(new URL(page.url()).search).toBe('');
    await page.getByRole('button', { name: 'Severity', exact: true }).last().click();
    await page.waitForURL(/sort=-severity/);
    await page.goBack();
    w.ignoreMessages();
  }, 180_000);

  test('without the server: says so, keeps what it knows, sends nothing silently, and catches up', async () => {
    const w = night();
    const page = await openPage(w, '/incidents/INC-2026-0005', {
      as: await signedIn(w, 'kofi', 'responder'),
      expected: /ERR_INTERNET_DISCONNECTED|Failed to load resource/,
    });
    await page.getByText('until Ines is paged').waitFor();
    await page.context().setOffline(true);
    await page.getByText('Offline. You see what was last known; nothing you do now is sent.').waitFor();
    await page.getByRole('heading', { name: 'Checkout API returning 5xx' }).waitFor();
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('Not sent: “Acknowledge” did not reach the server.').waitFor();
    await glance(page, 'incident-offline');
    expect((await w.incident('INC-2026-0005')).status).toBe('triage');
    await w.does('notes', { text: 'Written meanwhile' }, 'INC-2026-0005');
    await page.context().setOffline(false);
    await page.getByText('Written meanwhile').waitFor();
    await page.getByText(/^Offline/).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText(/^Acknowledged INC-/).waitFor();

    // The connection stands and says nothing: after 30 s that is shown.
    await stopClock(page, w.now().add({ seconds: 40 }));
    await page.getByText(/^Last heard from the server 40 s ago/).waitFor();
    await glance(page, 'incident-stale');
    w.ignoreMessages();
  }, 180_000);

  test('two at once on one incident: each sees the act of the other, and who comes second is told', async () => {
    const w = night();
    await w.does('resolve', {}, 'INC-2026-0005');
    await w.does('reopen', {}, 'INC-2026-0005');
    const path = '/incidents/INC-2026-0005';
    const kofi = await openPage(w, path, { as: await signedIn(w, 'kofi', 'responder'), expected: /ERR_FAILED/ });
    const lena = await openPage(w, path, { as: await signedIn(w, 'lena', 'responder') });
    await kofi.getByRole('button', { name: 'Acknowledge' }).waitFor();
    await lena.getByRole('button', { name: 'Acknowledge' }).click();
    await kofi.getByText('Acknowledged by lena', { exact: true }).waitFor({ timeout: 3000 });
    await kofi.locator('[aria-current=step]').filter({ hasText: 'Acknowledged' }).waitFor({ timeout: 3000 });
    await kofi.getByRole('textbox', { name: 'Add note' }).fill('I look at the pool');
    await lena.getByRole('textbox', { name: 'Add note' }).fill('I roll back');
    await lena.getByRole('button', { name: 'Add note' }).click();
    // Kofi is typing: what is new waits and does not move the page under his hands.
    await kofi.getByRole('button', { name: '1 new' }).waitFor();
    expect(await kofi.getByRole('list', { name: 'Timeline' }).getByText('I roll back').count()).toBe(0);
    await kofi.getByRole('button', { name: '1 new' }).click();
    await kofi.getByRole('list', { name: 'Timeline' }).getByText('I roll back').waitFor();
    expect(await kofi.getByRole('textbox', { name: 'Add note' }).inputValue()).toBe('I look at the pool');

    // One whose screen has not heard yet joins and is told who has it.
    await w.does('resolve', {}, 'INC-2026-0005');
    await w.does('reopen', {}, 'INC-2026-0005');
    await kofi.getByRole('button', { name: 'Acknowledge' }).waitFor();
    await kofi.route('**/api/**', (route) => (route.request().method() === 'GET' ? route.abort() : route.continue()));
    await lena.getByRole('button', { name: 'Acknowledge' }).click();
    await lena
      .getByText(/^Acknowledged INC-/)
      .first()
      .waitFor();
    await kofi.getByRole('button', { name: 'Acknowledge' }).click();
    await kofi.getByText(/^lena acknowledged it at .* You joined\.$/).waitFor();
    const { assignees } = await w.incident('INC-2026-0005');
    expect(assignees.sort()).toEqual(['kofi', 'lena']);
    await kofi.unroute('**/api/**');
    w.ignoreMessages();
  }, 180_000);

  test('declared by hand: what is missing is said, then it pages and is opened', async () => {
    const w = night();
    const page = await openPage(w, '/incidents', { as: await signedIn(w, 'kofi', 'responder') });
    await page.getByRole('link', { name: 'Checkout API returning 5xx' }).waitFor();
    await page.keyboard.press('d');
    const dialog = page.getByRole('dialog', { name: 'Declare incident' });
    await dialog.getByRole('button', { name: 'Declare incident' }).click();
    await dialog.getByText('Say in a few words what is wrong.').waitFor();
    await dialog.getByText('Choose the service it is about.').waitFor();
    await expectNoAxeViolations(page);
    await dialog.getByRole('textbox', { name: 'What is wrong' }).fill('Nobody can pay in Spain');
    await dialog.getByRole('combobox', { name: 'Service', exact: true }).click();
    await page.getByRole('option', { name: 'db' }).click();
    await dialog.getByText('Pages by the escalation policy turns.').waitFor();
    await shoot(page, 'incident-declare');
    await dialog.getByRole('button', { name: 'Declare incident' }).click();
    await page.getByRole('heading', { name: 'Nobody can pay in Spain' }).waitFor();
    await w.settle();
    w.ignoreMessages();
  }, 180_000);
});

test('on a slow network: the shape of the page at once, no act is sent twice, and what is late is told', async () => {
  const w = await aTeam(TEAM, { at: NIGHT });
  await w.alertFires('checkout', { summary: 'Checkout API returning 5xx' });
  w.ignoreMessages();
  const page = await openPage(w, '/incidents', { own: true, as: await signedIn(w, 'kofi', 'responder') });
  await page.getByRole('link', { name: 'Checkout API returning 5xx' }).waitFor();
  const network = await page.context().newCDPSession(page);
  const be = (latency: number, throughput: number) =>
    network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency,
      downloadThroughput: throughput,
      uploadThroughput: throughput,
    });
  await be(400, 50 * 1024);
  /** Keeps requests waiting until it is called. */
  const hold = async (pattern: string | RegExp): Promise<() => void> => {
    let go = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    await page.route(pattern, (route) => held.then(() => route.continue()));
    return go;
  };
  const sent: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && sent.push(new URL(request.url()).pathname));
  const tell = await hold('**/timeline?*');
  const forecast = await hold('**/next');
  await page.getByRole('link', { name: 'Checkout API returning 5xx' }).click();
  // What the list knew is there at once, and the shape of the rest.
  await page.getByRole('status', { name: 'Loading' }).first().waitFor();
  await page.getByRole('heading', { name: 'Checkout API returning 5xx' }).waitFor();
  expect(await page.getByText('Nobody is paged next').count(), 'what is not known is not told as nothing').toBe(0);
  await shoot(page, 'incident-slow');
  tell();
  forecast();
  await page.getByRole('list', { name: 'Timeline' }).getByRole('listitem').first().waitFor();
  const acknowledge = await hold('**/acknowledge');
  await page.getByRole('button', { name: 'Acknowledge' }).click();
  await page.keyboard.press('a');
  const sending = page.getByRole('button', { name: 'Sending' });
  await sending.waitFor();
  expect(await sending.isDisabled()).toBe(true);
  await page.keyboard.press('a');
  acknowledge();
  await page.getByText(/^Acknowledged INC-/).waitFor();
  expect(sent).toEqual(['/api/incidents/INC-2026-0001/acknowledge']);

  const answer = await hold('**/notes');
  await page.getByRole('textbox', { name: 'Add note' }).fill('From the train');
  await page.getByRole('button', { name: 'Add note' }).click();
  await page.getByText(/^The server takes long to answer\./).waitFor();
  expect(await page.getByRole('button', { name: 'Add note' }).isDisabled()).toBe(true);
  await glance(page, 'incident-late');
  answer();
  await page.getByRole('list', { name: 'Timeline' }).getByText('From the train').waitFor();
  await page.getByText(/^The server takes long to answer\./).waitFor({ state: 'detached' });

  // Before the scripts are there the page is not white.
  await be(0, -1);
  const scripts = await hold(/\/assets\/index-[^/]+\.js/);
  await page.reload({ waitUntil: 'commit' });
  await page.locator('#root > [aria-hidden=true]').waitFor();
  await shoot(page, 'loading');
  scripts();
  await page.getByRole('heading', { name: 'Checkout API returning 5xx' }).waitFor();
  w.ignoreMessages();
}, 180_000);

test('many incidents: twenty rows at 900 px, titles of any length, the rest by pages; nothing breaks at 2560 px', async () => {
  const w = await aTeam({ mira: {} }, { at: NIGHT });
  await w.call('PUT', '/api/services/quiet', {});
  for (let n = 1; n <= 60; n += 1)
    await w.call('POST', '/api/incidents', {
      title:
        n % 9 === 0
          ? `${'A disk of db-eu-west-1a is almost full and grows since the nightly export began; '.repeat(3)}${n}`
          : `Trouble ${n}`,
      service: 'quiet',
      severity: ['critical', 'error', 'warning', 'info'][n % 4],
    });
  const page = await openPage(w, '/incidents', { as: await signedIn(w, 'kofi', 'responder') });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('link', { name: 'Trouble 59' }).waitFor();
  const foot = (await page.getByText('50 shown').boundingBox())?.y ?? 0;
  const bottoms = (await page.evaluate(
    '[...document.querySelectorAll("tr[data-row]")].map((row) => row.getBoundingClientRect().bottom)',
  )) as number[];
  expect(bottoms.filter((bottom) => bottom <= foot).length).toBeGreaterThanOrEqual(20);
  await shoot(page, 'incidents-many');
  await page.getByRole('button', { name: 'Load more' }).click();
  await page.getByText('60 shown').waitFor();
  await page.setViewportSize({ width: 2560, height: 1300 });
  await expectNoSidewaysScroll(page);
  await shoot(page, 'incidents-many');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page);
  await shoot(page, 'incidents-many');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page
    .getByRole('link', { name: /^A disk/ })
    .first()
    .click();
  await page.getByRole('heading', { name: /^A disk/ }).waitFor();
  await glance(page, 'incident-long');
}, 180_000);
