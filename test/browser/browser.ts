import { mkdir } from 'node:fs/promises';
import chromium from '@sparticuz/chromium';
import axe from 'axe-core';
import { type Browser, type BrowserContext, type Page, chromium as playwright } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { aPerson, letIn, signedIn as signIn } from '../browser-like.ts';
import type { startServer } from '../harness.ts';

type Server = Awaited<ReturnType<typeof startServer>>;
export type SignedIn = { name: string; value: string; url: string }[];
type Theme = 'light' | 'dark';

const SHOTS = new URL('../../test-results/screens/', import.meta.url).pathname;

/** The two sizes and two themes each screen is looked at in. */
export const LOOKS = ([1280, 390] as const).flatMap((width) => (['light', 'dark'] as const).map((theme) => ({ width, theme })));

let browser: Browser;
const contexts: BrowserContext[] = [];
/** What the pages of a test complained of: an error in the console, a refusal by the CSP, an exception. */
const complaints: string[] = [];

/** Call once at the top of a test file: one browser for all its tests. */
export const useBrowser = (): void => {
  beforeAll(async () => {
    await mkdir(SHOTS, { recursive: true });
    browser = await playwright.launch({
      executablePath: await chromium.executablePath(),
      args: [...chromium.args.filter((arg) => arg !== '--single-process'), '--no-sandbox'],
      headless: true,
    });
  }, 60_000);
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
    expect(complaints.splice(0), 'complaints of the browser').toEqual([]);
  });
  afterAll(() => browser?.close());
};

/** The session of somebody of this role, made for the purpose unless she is there: who opens a page. */
export const signedIn = async (world: Server, name = 'ana', role = 'administrator'): Promise<SignedIn> => {
  const { items } = await world.call<{ items: { name: string; state: string }[] }>('GET', '/api/access');
  const known = items.find((one) => one.name === name);
  if (!known) await aPerson(world, name, role);
  else if (known.state !== 'active') await letIn(world, name);
  const { jar } = await signIn(world, name);
  return [...jar].map(([cookie, value]) => ({ name: cookie, value, url: world.url }));
};

type Options = {
  width?: number;
  theme?: Theme;
  /** `await signedIn(world, 'ana', 'responder')`, or nothing for a stranger. */
  as?: SignedIn;
  /** With the service worker, which else would come between the page and the routes of a test. */
  worker?: boolean;
  /** Complaints that the test brings about, such as a failing request. */
  expected?: RegExp;
};

/** A page at 1280×800 or 390×844. Every complaint of the browser fails the test. */
export const openPage = async (world: Server, path: string, options: Options = {}): Promise<Page> => {
  const { width = 1280, theme = 'light', as = [], expected, worker = false } = options;
  const context = await browser.newContext({
    viewport: { width, height: width < 720 ? 844 : 800 },
    colorScheme: theme,
    reducedMotion: 'reduce',
    hasTouch: width < 720,
    locale: 'en-GB',
    timezoneId: 'Europe/Amsterdam',
    serviceWorkers: worker ? 'allow' : 'block',
  });
  contexts.push(context);
  context.setDefaultTimeout(20_000);
  await context.addCookies(as);
  const page = await context.newPage();
  const complain = (text: string) => {
    if (!expected?.test(text)) complaints.push(`${path}: ${text}`);
  };
  page.on('console', (message) => message.type() === 'error' && complain(`${message.text()} ${message.location().url}`));
  page.on('pageerror', (error) => complain(error.stack ?? error.message));
  await page.clock.setFixedTime(new Date(world.now().epochMilliseconds));
  await page.goto(`${world.url}${path}`);
  return page;
};

/** WCAG 2.2 AA and axe's best practices. */
export const expectNoAxeViolations = async (page: Page, what = page.url()): Promise<void> => {
  await page.evaluate(axe.source);
  const found = (await page.evaluate(
    'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })',
  )) as axe.AxeResults;
  const told = found.violations.map(
    (violation) =>
      `${violation.id}: ${violation.help} (${violation.nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`).join(', ')})`,
  );
  expect(told, what).toEqual([]);
};

/** Kept as an artifact: `test-results/screens/<name>-<width>-<theme>.png`. */
export const shoot = async (page: Page, name: string): Promise<void> => {
  const theme = await page.evaluate('matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"');
  await page.screenshot({ path: `${SHOTS}${name}-${page.viewportSize()?.width}-${theme}.png` });
};

/** Nothing on a phone scrolls sideways. */
export const expectNoSidewaysScroll = async (page: Page): Promise<void> => {
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'scrolls sideways').toBe(true);
};
