import { expect, test } from 'vitest';
import { firstLoad } from '../first-load.ts';
import { startServer } from '../harness.ts';
import { expectNoAxeViolations, look, openPage, signedIn, useBrowser } from './browser.ts';

useBrowser();

test('an address with nothing at it says so', async () => {
  const world = await startServer();
  const page = await openPage(world, '/nothing/here', { width: 390, as: await signedIn(world) });
  await page.getByRole('heading', { name: 'Nothing is here' }).waitFor();
  await look(page, 'not-found');
}, 180_000);

test('the theme is chosen once and is there before anything is painted', async () => {
  const world = await startServer();
  const page = await openPage(world, '/nothing', { own: true, as: await signedIn(world) });
  await page.getByRole('button', { name: /^Menu/ }).click();
  await page.getByRole('menuitem', { name: 'Dark' }).click();
  expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
  const colours: unknown[] = [];
  await page.exposeFunction('tell', (theme: unknown) => colours.push(theme));
  await page.addInitScript('addEventListener("DOMContentLoaded", () => tell(document.documentElement.dataset.theme))');
  await page.reload();
  await page.getByRole('heading', { name: 'Nothing is here' }).waitFor();
  expect(colours).toEqual(['dark']);
});

test('the keys: palette, help, jumps; none of them in a field, none once they are off', async () => {
  const world = await startServer();
  const page = await openPage(world, '/nothing', { as: await signedIn(world) });
  await page.getByRole('heading', { name: 'Nothing is here' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or run a command' }).waitFor();
  await page.keyboard.type('zzz?');
  await page.getByText('Nothing matches “zzz?”.').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await expectNoAxeViolations(page);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /^Menu/ }).click();
  await page.getByRole('menuitem', { name: 'Single-key shortcuts' }).click();
  await page.keyboard.press('?');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or run a command' }).waitFor();
  expect(await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).count()).toBe(0);
});

test('what the console is served with: policy, caching, compression; what does not exist is a problem below /api', async () => {
  const world = await startServer();
  const html = await world.request('GET', '/incidents', undefined, { accept: 'text/html' });
  expect(html.status).toBe(200);
  const policy = html.headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/script-src 'self';/);
  expect(policy).not.toMatch(/unsafe/);
  expect(policy).toMatch(/frame-ancestors 'none'/);
  expect(html.headers.get('cache-control')).toBe('no-cache');
  expect(html.headers.get('x-content-type-options')).toBe('nosniff');
  const text = await html.text();
  expect(text).not.toMatch(/<script(?![^>]*\bsrc=)/);
  const script = text.match(/src="(\/assets\/index-[^"]+\.js)"/)?.[1] as string;
  const asset = await world.request('GET', script, undefined, { 'accept-encoding': 'gzip, br' });
  expect(asset.headers.get('content-encoding')).toBe('br');
  expect(asset.headers.get('cache-control')).toMatch(/immutable/);
  expect((await world.request('GET', '/assets/gone.js', undefined, { accept: '*/*' })).status).toBe(404);
  const nothing = await world.request('GET', '/api/nothing', undefined, { accept: 'text/html' });
  expect([nothing.status, nothing.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  expect((await world.request('GET', '/nothing', undefined, { accept: 'application/json' })).status).toBe(404);
});

test('a part that cannot be fetched takes nothing along, is told, and is there when the page is loaded anew', async () => {
  const world = await startServer();
  const page = await openPage(world, '/sign-in', { as: await signedIn(world), expected: /ERR_FAILED/ });
  await page.route(/\/assets\/(shared|palette)-/, (route) => route.abort());
  await page.goto(`${world.url}/nothing`);
  const here = page.getByRole('heading', { name: 'Nothing is here' });
  await here.waitFor();
  await page.keyboard.press('Control+k');
  await page.getByText(/^A part of this page could not be fetched/).waitFor();
  await expectNoAxeViolations(page);
  await page.getByRole('button', { name: /^Menu/ }).click();
  await here.waitFor();
  await page.unroute(/\/assets\/(shared|palette)-/);
  await page.getByRole('button', { name: 'Load anew' }).click();
  await page.getByText(/^A part of this page could not be fetched/).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /^Menu/ }).click();
  await page.getByRole('menuitem', { name: 'Dark' }).waitFor();
}, 180_000);

test('the first load of scripts is at most 200 KB, compressed', async () => {
  expect(await firstLoad()).toBeLessThanOrEqual(200 * 1024);
});

test('installed, it opens without the server and says so; no answer of the API is kept on the device', async () => {
  const world = await startServer();
  const page = await openPage(world, '/incidents', {
    as: await signedIn(world),
    worker: true,
    expected: /ERR_INTERNET_DISCONNECTED|Failed to load resource/,
  });
  await page.getByRole('heading', { name: 'Incidents' }).waitFor();
  await page.evaluate('navigator.serviceWorker.ready');
  // What was loaded before the worker was there is kept at the next load.
  await page.reload();
  await page.getByRole('heading', { name: 'Incidents' }).waitFor();
  const kept = (await page.evaluate(
    'caches.open("allclear-shell").then((cache) => cache.keys()).then((keys) => keys.map((one) => new URL(one.url).pathname))',
  )) as string[];
  expect(kept.some((path) => path === '/')).toBe(true);
  expect(kept.filter((path) => path !== '/' && !path.startsWith('/assets/'))).toEqual([]);
  await page.context().setOffline(true);
  await page.reload();
  await page.getByText(/^The server cannot be reached|^Offline/).waitFor();
  await expectNoAxeViolations(page);
  const { icons } = (await (await world.request('GET', '/manifest.webmanifest')).json()) as { icons: { src: string }[] };
  for (const icon of icons) expect((await world.request('GET', icon.src)).status).toBe(200);
}, 180_000);
