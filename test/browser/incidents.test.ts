import { expect, test } from 'vitest';
import { aTeam } from '../scenarios/world.ts';
import { expectNoAxeViolations, expectNoSidewaysScroll, LOOKS, openPage, shoot, signedIn, useBrowser } from './browser.ts';

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

for (const { width, theme } of LOOKS)
  test(`the list and one incident, from page to resolved, at ${width} px, ${theme}`, async () => {
    const w = await aNight();
    const as = await signedIn(w, 'kofi', 'responder');
    const page = await openPage(w, '/incidents', { width, theme, as });
    await page.getByText('Checkout API returning 5xx').filter({ visible: true }).first().waitFor();
    await shoot(page, 'incidents');
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);

    await page
      .getByRole('link', { name: /Checkout API returning 5xx/ })
      .filter({ visible: true })
      .click();
    await page.getByRole('heading', { name: 'Checkout API returning 5xx' }).waitFor();
    await page.getByText('until Ines is paged').filter({ visible: true }).first().waitFor();
    await page.getByRole('list', { name: 'Timeline' }).getByRole('listitem').first().waitFor();
    await shoot(page, 'incident-triage');
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
    if (width < 720) {
      const box = await page.getByRole('button', { name: 'Acknowledge' }).boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(56);
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(844 - 56);
    }
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText(/^Acknowledged INC-/).waitFor();
    await page.getByRole('button', { name: 'Resolve' }).filter({ visible: true }).waitFor();
    expect((await w.incident()).acknowledged_by).toBe('kofi');

    await page.getByRole('textbox', { name: 'Add note' }).fill('Rolled back to 2026.11.14-2.\nPool waits drop.');
    await page.getByRole('button', { name: 'Add note' }).click();
    await page.getByRole('list', { name: 'Timeline' }).getByText('Pool waits drop.').waitFor();
    if (width < 720) {
      await page.getByRole('tab', { name: 'Pages' }).click();
      await page.getByRole('list', { name: 'Pages' }).getByText('Mira').first().waitFor();
      await shoot(page, 'incident-pages');
      await expectNoAxeViolations(page);
      await page.getByRole('tab', { name: 'Timeline' }).click();
    }
    await shoot(page, 'incident-acknowledged');
    await expectNoAxeViolations(page);

    await page.getByRole('button', { name: 'Resolve' }).click();
    const dialog = page.getByRole('dialog', { name: /Resolve INC-/ });
    await dialog.waitFor();
    await shoot(page, 'incident-resolve');
    await expectNoAxeViolations(page);
    await dialog.getByRole('textbox').fill('Rolled back');
    await dialog.getByRole('button', { name: 'Resolve' }).click();
    await page.getByText(/^Resolved INC-/).waitFor();
    await page.getByRole('button', { name: 'Close' }).waitFor();
    await shoot(page, 'incident-resolved');
    await expectNoAxeViolations(page);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Acknowledge' }).waitFor();
    expect((await w.incident()).status).toBe('triage');
    w.ignoreMessages();
  }, 60_000);
