import { expect, test } from 'vitest';
import { startOidc } from '../fakes/oidc.ts';
import { startServer } from '../harness.ts';
import { look, openPage, signedIn, useBrowser } from './browser.ts';

useBrowser();

test('a provider is set up, tested, offered at the sign-in page, and lets a person in', async () => {
  const world = await startServer();
  const oidc = await startOidc(() => [`${world.url}/api/auth/sso/callback/tidewell`]);
  try {
    const as = await signedIn(world, 'ana', 'administrator');
    await world.call('PUT', '/api/people/ben', { display_name: 'Ben', email: 'ben@allclear.test', role: 'responder' });
    oidc.people.set('ben', { email: 'ben@allclear.test', email_verified: true, name: 'Ben' });
    const page = await openPage(world, '/settings/sign-on', { as });
    await page.getByText('No provider yet').waitFor();
    await page.getByRole('button', { name: 'Add a provider' }).click();
    await page.getByLabel('Short name').fill('tidewell');
    await page.getByLabel('Name on the button').fill('Tidewell');
    await page.getByLabel('Issuer').fill(oidc.issuer);
    await page.getByLabel('Client id').fill('allclear');
    await page.getByLabel('Client secret').fill('a-secret-of-the-client');
    await page.getByRole('button', { name: 'Save provider' }).click();
    await page.getByText('Saved Tidewell').waitFor();
    await page.getByText(`${world.url}/api/auth/sso/callback/tidewell`).waitFor();
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText('The provider answers as it should.').waitFor();
    await page.getByRole('button', { name: 'Edit' }).click();
    expect(await page.getByLabel('Client secret').inputValue(), 'a secret is never shown').toBe('…');
    await page.getByRole('button', { name: 'Make a key for the directory' }).click();
    await page.getByLabel('Name of the key').fill('okta');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const key = (await page.getByRole('region', { name: 'okta' }).textContent()) ?? '';
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('not used yet').waitFor();
    const bring = (path: string, body: object) =>
      world.request('POST', `/scim/v2/${path}`, body, { authorization: `Bearer ${key.trim()}` });
    const { id } = (await (await bring('Users', { userName: 'zoe@allclear.test' })).json()) as { id: string };
    await bring('Groups', { displayName: 'On call', members: [{ value: id }] });
    expect((await bring('Users', { userName: 'zoe@allclear.test' })).status).toBe(409);
    await page.reload();
    await page.getByText(`${world.url}/scim/v2`, { exact: true }).waitFor();
    await page.getByText(/409, okta: userName: zoe@allclear.test is taken/).waitFor();
    await page.getByRole('button', { name: 'Map On call' }).click();
    await page.getByRole('button', { name: 'Save what groups give' }).click();
    await page.getByText('Saved what groups give').waitFor();
    expect((await world.call<{ role: string }>('GET', '/api/people/zoe')).role).toBe('responder');
    await look(page, 'settings-sign-on');
    await page.goto(`${world.url}/people/zoe`);
    await page.getByText('Comes from the directory').waitFor();

    const his = await openPage(world, '/sign-in?return=%2Fincidents', { expected: /fonts/ });
    await his.getByRole('button', { name: 'Sign in with Tidewell' }).click();
    await his.waitForURL(`${oidc.issuer}/**`);
    await his.locator('input[name=login]').fill('ben');
    await his.locator('input[name=password]').fill('any');
    await his.keyboard.press('Enter');
    await his.getByRole('button', { name: /continue/i }).click();
    await his.waitForURL(`${world.url}/incidents`);
    await his.getByRole('navigation', { name: 'Main' }).waitFor();
    const refused = await openPage(world, '/sign-in?error=not_admitted');
    await refused.getByText('You are not known here.').waitFor();
  } finally {
    await oidc.stop();
  }
}, 180_000);
