import { mkdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gonePage } from '../../src/server/incidents/answer-layout.ts';
import { type AnswerView, answerPage } from '../../src/server/incidents/answer-page.ts';
import { expectNoAxeViolations, expectNoSidewaysScroll, theBrowser } from './browser.ts';

const SHOTS = new URL('../../test-results/answer-page/', import.meta.url).pathname;

let page: Page;
beforeAll(async () => {
  await mkdir(SHOTS, { recursive: true });
  page = await (await theBrowser()).newPage();
});
afterAll(() => page?.close());

const now = Temporal.Instant.from('2026-11-15T02:38:00Z');
const open: AnswerView = {
  token: 't',
  expired: false,
  now,
  timeZone: 'Europe/Amsterdam',
  me: { id: 'kofi', name: 'Kofi' },
  page: { status: 'paging', shadow: false, reason: 'primary on call in commerce', since: now.subtract({ minutes: 3 }) },
  incident: {
    number: 'INC-2026-0042',
    title: 'Checkout API returning 5xx',
    status: 'triage',
    severity: 'critical',
    service: 'Checkout',
    openedAt: now.subtract({ minutes: 25 }),
    alerts: 7,
    openAlerts: 5,
    acknowledgedBy: undefined,
    resolvedAt: null,
    labels: [['instance', 'web1']],
    links: [{ href: 'https://runbooks.example.com/checkout-5xx', text: 'Runbook' }],
  },
  others: ['Mira', 'Jonas'],
  nextAt: now.add({ minutes: 2 }),
  channels: ['sms', 'email'],
};
const withIncident = (change: Partial<AnswerView['incident']>): AnswerView => ({
  ...open,
  incident: { ...open.incident, ...change },
});
const views: Record<string, AnswerView> = {
  open,
  mine: withIncident({ status: 'acknowledged', acknowledgedBy: { id: 'kofi', name: 'Kofi', at: now } }),
  taken: withIncident({ status: 'acknowledged', acknowledgedBy: { id: 'ines', name: 'Ines', at: now } }),
  resolved: withIncident({ status: 'resolved', resolvedAt: now }),
  expired: { ...open, expired: true },
  long: withIncident({
    severity: 'medium',
    title: `Disk of ${'db-eu-west-1a.'.repeat(6)}internal is almost full and grows by 3 GB an hour since the nightly export began`,
  }),
};

for (const scheme of ['light', 'dark'] as const)
  for (const width of [390, 1280])
    test(`every state reads well at ${width} px, ${scheme}`, async () => {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 800 });
      await page.emulateMedia({ colorScheme: scheme });
      const shows = async (name: string, html: string) => {
        await page.setContent(html);
        await page.screenshot({ path: `${SHOTS}${name}-${scheme}-${width}.png` });
        await expectNoAxeViolations(page, name);
        await expectNoSidewaysScroll(page);
      };
      for (const [name, view] of Object.entries(views)) await shows(name, await answerPage(view));
      await shows('gone', await gonePage());
    });

test('Acknowledge is the first button the keyboard reaches, in sight without scrolling, and big enough for a thumb', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setContent(await answerPage(open));
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.tagName'), 'the runbook').toBe('A');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Acknowledge');
  expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
  const box = await page.getByRole('button', { name: 'Acknowledge' }).boundingBox();
  expect(box?.height).toBeGreaterThanOrEqual(56);
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(844);
});
