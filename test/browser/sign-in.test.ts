import { expect, test } from 'vitest';
import { aPerson, PASSWORD, totp, signedIn as withCookies } from '../browser-like.ts';
import { startServer } from '../harness.ts';
import { expectNoAxeViolations, glance, look, openPage, signedIn, useBrowser } from './browser.ts';

useBrowser();

test('the first administrator is made by the address that the server printed, and is signed in', async () => {
  const world = await startServer();
  const page = await openPage(world, `/first-run#${world.token}`, { expected: /422/ });
  await page.getByLabel('Your name').waitFor();
  await look(page, 'first-run');
  expect(await page.getByLabel('Set-up token').inputValue()).toBe(world.token);
  await page.getByLabel('Your name').fill('Ana Souza');
  expect(await page.getByLabel('Short name').inputValue()).toBe('ana');
  await page.getByLabel('Mail address').fill('ana@allclear.test');
  await page.getByLabel('Choose a password').fill('aaaaaaaaaaaaaaa');
  await page.getByRole('button', { name: 'Create my account' }).click();
  await page.getByText('more than the same few characters').waitFor();
  await page.getByLabel('Choose a password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create my account' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/first-run'));
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  await page.goto(`${world.url}/first-run`);
  await page.getByText('This installation has been set up.').waitFor();
});

test('signing in leads back to where she was going, never to another site', async () => {
  const world = await startServer();
  await aPerson(world, 'ana', 'responder');
  const page = await openPage(world, '/incidents?status=resolved', { expected: /401/ });
  await page.waitForURL('**/sign-in?**');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await look(page, 'sign-in');
  await page.getByLabel('Mail address').fill('ana@allclear.test');
  await page.getByLabel('Password', { exact: true }).fill('not this one');
  await page.keyboard.press('Enter');
  await page.getByText('Mail address or password is not right.').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/incidents?status=resolved');
  for (const evil of ['https://evil.example/', '//evil.example/', '/\\evil.example']) {
    const other = await openPage(world, `/sign-in?return=${encodeURIComponent(evil)}`);
    await other.getByLabel('Mail address').fill('ana@allclear.test');
    await other.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await other.keyboard.press('Enter');
    await other.getByRole('navigation', { name: 'Main' }).waitFor();
    expect(new URL(other.url()).origin).toBe(new URL(world.url).origin);
  }
}, 180_000);

test('a second factor is asked for, by code or by recovery code', async () => {
  const world = await startServer();
  await aPerson(world, 'ana', 'responder');
  const her = await withCookies(world, 'ana');
  const { totpURI, backupCodes } = (await (
    await her.go('POST', '/api/auth/two-factor/enable', { password: PASSWORD })
  ).json()) as {
    totpURI: string;
    backupCodes: string[];
  };
  await her.go('POST', '/api/auth/two-factor/verify-totp', { code: totp(totpURI) });
  const page = await openPage(world, '/sign-in', { width: 390, expected: /401/ });
  await page.getByLabel('Mail address').fill('ana@allclear.test');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Second factor' }).waitFor();
  await glance(page, 'second-factor');
  await page.getByLabel('Code').fill('000000');
  await page.keyboard.press('Enter');
  await page.getByText('That code is not right').waitFor();
  await page.getByRole('button', { name: 'Use a recovery code instead' }).click();
  await page.getByLabel('Recovery code').fill(backupCodes[0] as string);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
});

test('an invitation is joined, a used one says so, a forgotten password has a way out', async () => {
  const world = await startServer();
  await world.call('PUT', '/api/people/ben', { display_name: 'Ben', email: 'ben@allclear.test' });
  const { url } = await world.call<{ url: string }>('POST', '/api/people/ben/invite', {});
  const path = new URL(url).pathname;
  const page = await openPage(world, path, { width: 390 });
  await page.getByRole('heading', { name: 'Welcome, Ben' }).waitFor();
  await glance(page, 'join');
  await page.getByLabel('Choose a password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${world.url}/`);
  const again = await openPage(world, path, { expected: /409/ });
  await again.getByText('This link has been used').waitFor();
  await expectNoAxeViolations(again);
  const forgot = await openPage(world, '/sign-in');
  await forgot.getByRole('link', { name: 'Forgotten password' }).click();
  await forgot.getByText('Mail is not set up here').waitFor();
  await expectNoAxeViolations(forgot);
});

test('a session that ends at work is begun again above the page, which keeps what was typed', async () => {
  const world = await startServer();
  const page = await openPage(world, '/settings/delivery', { as: await signedIn(world, 'ana'), expected: /401/ });
  await page.getByLabel('Dead-man address').fill('https://watch.example.com/mine');
  await world.call('DELETE', '/api/people/ana/sessions');
  await page.getByRole('button', { name: 'Save delivery' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.getByLabel('Mail address').fill('ana@allclear.test');
  await glance(page, 'sign-in-again');
  await dialog.getByLabel('Password', { exact: true }).fill('not this one');
  await page.keyboard.press('Enter');
  await dialog.getByText('Mail address or password is not right.').waitFor();
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  expect(new URL(page.url()).pathname).toBe('/settings/delivery');
  expect(await page.getByLabel('Dead-man address').inputValue()).toBe('https://watch.example.com/mine');
  await page.getByRole('button', { name: 'Save delivery' }).click();
  await page.getByText('Called each minute').waitFor();
  expect(await world.call('GET', '/api/settings')).toMatchObject({ dead_man_url: 'https://watch.example.com/mine' });
}, 180_000);
