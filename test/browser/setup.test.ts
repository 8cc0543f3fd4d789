import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { freePort, launch } from '../crash/server-process.ts';
import { type FakeSmtp, startSmtp } from '../fakes/smtp.ts';
import { folderInMemory } from '../memory.ts';
import { glance, openPage, shoot, useBrowser } from './browser.ts';

useBrowser();

const walk = async (page: Page, smtp: FakeSmtp): Promise<void> => {
  const step = (title: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title }) });
  const isDone = (title: string) => page.getByRole('heading', { name: `${title} (done)` }).waitFor();

  await page.getByLabel('Your name').fill('Ana Souza');
  await page.getByLabel(/mail/i).first().fill('ana@example.com');
  await page.getByLabel('Choose a password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Create my account' }).click();

  await page.getByRole('heading', { name: 'Five steps until someone can be paged' }).waitFor();
  await isDone('Create the first account');
  await isDone('Check the address and the clock');

  // The mail server: what it says of a wrong port stands at the form, and the step says so too.
  const mail = page.getByRole('form', { name: 'Mail server' });
  await mail.getByLabel('Mail server').fill('127.0.0.1');
  await mail.getByLabel('Port').fill(String(await freePort()));
  await mail.getByRole('combobox', { name: 'Encryption' }).click();
  await page.getByRole('option', { name: /^None/ }).click();
  await mail.getByLabel('From').fill('Allclear <allclear@example.com>');
  await mail.getByRole('button', { name: 'Save and send a test' }).click();
  await mail.getByText(/^Not sent: /).waitFor();
  await page.getByRole('heading', { name: 'Send mail (not working)' }).waitFor();
  // All the parts of the screen are there: a form that was refused, steps of every state, the side, the list of the first weeks.
  await glance(page, 'setup-mail-fails');
  await mail.getByLabel('Port').fill(String(smtp.port));
  await mail.getByRole('button', { name: 'Save and send a test' }).click();
  await isDone('Send mail');
  expect(smtp.received.map((one) => one.to)).toEqual([['ana@example.com']]);

  const added = page.waitForRequest((request) => request.method() === 'PUT' && request.url().endsWith('/reach'));
  await page.getByRole('button', { name: 'Send a code to ana@example.com' }).click();
  expect((await added).headers()['if-match'], 'what somebody else changed meanwhile is not written over').toBeTruthy();
  await expect.poll(() => smtp.received.length, { timeout: 10_000 }).toBe(2);
  await page.getByLabel('Code').fill(/\d{6}/.exec(smtp.received[1]?.mail.subject ?? '')?.[0] ?? '');
  await page.getByRole('button', { name: 'Verify' }).click();
  await isDone('Prove that messages arrive');

  await page.getByLabel('What runs').fill('Checkout');
  await page.getByLabel('Who answers for it').fill('Commerce');
  await page.getByRole('button', { name: 'Add service' }).click();
  await isDone('Add a service and who is on call for it');
  await page.getByText('Checkout pages Ana Souza now.').waitFor();

  // The tool has its words to copy; a sample stands for its first alert, and pages.
  await page.getByRole('radio', { name: 'Grafana' }).click();
  await page.getByText('contactPoints:').waitFor();
  await page.getByRole('button', { name: 'Send a sample' }).click();
  await isDone('Connect an alert source');
  await step('Page yourself')
    .getByText(/Open its link and acknowledge INC-\d+-0001/)
    .waitFor();
  const delivered = smtp.received[2]?.mail.text ?? '';
  expect(delivered).toContain('Sample alert');

  const answer = await page.context().newPage();
  await answer.goto(/http\S+\/p\/\S+/.exec(delivered)?.[0] ?? '');
  await answer.getByRole('button', { name: 'Acknowledge' }).click();
  await answer
    .getByText(/You have it|acknowledged/i)
    .first()
    .waitFor();
  await answer.close();
  await isDone('Page yourself');
  await page.getByRole('heading', { name: 'Someone can be paged' }).waitFor();

  await page.getByRole('radio', { name: /SEV-1 to SEV-4/ }).check();
  await page.getByRole('button', { name: 'Use these levels' }).click();
  await isDone('Choose severity levels');
  await page.getByRole('checkbox', { name: 'Hold a tabletop exercise' }).click();
  await page.getByText(/Ticked by ana/).waitFor();
  await page.getByRole('heading', { level: 1 }).scrollIntoViewIfNeeded();
  await shoot(page, 'setup-done');

  // The other way to page oneself; and what breaks says so.
  await page.getByRole('button', { name: 'Show: Page yourself' }).click();
  await page.getByRole('button', { name: 'Resolve INC' }).click();
  await page.getByRole('button', { name: 'Send another' }).click();
  await expect.poll(() => smtp.received.length, { timeout: 15_000 }).toBe(4);
  expect(smtp.received[3]?.mail.subject).toMatch(/Test page/);
};

test('from an empty data folder to a page that was delivered and acknowledged, by what the screen offers', {
  timeout: 90_000,
}, async () => {
  const dataDir = mkdtempSync(join(folderInMemory(), 'allclear-setup-'));
  const smtp = await startSmtp();
  const server = launch({ ALLCLEAR_DATA: dataDir, ALLCLEAR_PORT: String(await freePort()) });
  let page: Page | undefined;
  try {
    await server.ready();
    const link = /http\S+\/first-run#\S+/;
    await expect.poll(() => link.test(server.output())).toBe(true);
    const { origin, pathname, hash } = new URL(link.exec(server.output())?.[0] ?? '');
    page = await openPage({ url: origin, now: () => Temporal.Now.instant() }, `${pathname}${hash}`, { own: true });
    await walk(page, smtp);
  } finally {
    // What is asked of a server that is about to end is taken back.
    await page?.goto('about:blank');
    await server.stop();
    await smtp.stop();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
});
