import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';
import { expect, test } from 'vitest';
import type { startServer } from '../harness.ts';
import { glance, openPage, useBrowser } from './browser.ts';

useBrowser();

test('the living page shows every component in both themes, and axe finds nothing', async () => {
  const outDir = await mkdtemp(join(tmpdir(), 'allclear-ui-'));
  const path = (name: string) => new URL(`../../${name}`, import.meta.url).pathname;
  const options = {
    configFile: path('vite.config.ts'),
    logLevel: 'error' as const,
    build: { outDir, emptyOutDir: true, rolldownOptions: { input: { ui: path('src/web/ui.html') } } },
  };
  await build(options);
  const server = await preview({ ...options, preview: { port: 0, host: '127.0.0.1' } });
  try {
    const url = `http://127.0.0.1:${(server.httpServer.address() as AddressInfo).port}`;
    const world = { url, now: () => Temporal.Instant.from('2026-11-15T02:38:00Z') } as Awaited<ReturnType<typeof startServer>>;
    const page = await openPage(world, '/ui.html');
    await page.getByRole('heading', { name: 'Dark' }).waitFor();
    await page.setViewportSize({ width: 1440, height: 2400 });
    await glance(page, 'design-system');
    expect(await page.getByRole('button', { name: 'Acknowledge' }).count()).toBe(2);
  } finally {
    await server.close();
    await rm(outDir, { recursive: true, force: true });
  }
}, 180_000);
