import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import chromium from '@sparticuz/chromium';
import type { Result } from 'axe-core';
import { type Browser, type BrowserContext, type Page, chromium as playwright } from 'playwright-core';
import { afterEach, expect } from 'vitest';
import { aPerson, letIn, signedIn as signIn } from '../browser-like.ts';
import { origins, scripts, type startServer } from '../harness.ts';

type Server = Awaited<ReturnType<typeof startServer>>;
export type SignedIn = { name: string; value: string; url: string }[];

const SHOTS = new URL('../../test-results/screens/', import.meta.url).pathname;

/** The two sizes each screen is looked at in. */
const WIDTHS = [1280, 390] as const;
type Width = (typeof WIDTHS)[number];
const sizeOf = (width: Width) => ({ width, height: width < 720 ? 844 : 800 });

let browser: Promise<Browser> | undefined;
type Opened = { context: BrowserContext; page: Page; width: Width; origin: string; own: boolean };
const opened: Opened[] = [];
/**
 * Pages of earlier tests, as new. Their process has the scripts compiled: opening one takes 0.3 s of processor, a new one 0.85.
 * They wait on a file of the product, since a page that was elsewhere meanwhile gets a new process.
 */
const spare: Opened[] = [];
/** What the pages of a test complained of: an error in the console, a refusal by the CSP, an exception. */
const complaints: string[] = [];

/** Makes a page as new for the next test; one that cannot be made so is closed. */
const leave = async (one: Opened): Promise<void> => {
  const { context, page, width, origin, own } = one;
  if (own) return context.close();
  try {
    page.removeAllListeners();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await context.setOffline(false);
    await page.goto(`${origin}/manifest.webmanifest`);
    await context.clearCookies();
    await page.evaluate('sessionStorage.clear(); localStorage.clear()');
    await page.setViewportSize(sizeOf(width));
    await page.emulateMedia({ colorScheme: 'light' });
    spare.push(one);
  } catch {
    await context.close();
  }
};

/** As people have it: nothing of its security is turned off. */
const launchBrowser = async (): Promise<Browser> => {
  await mkdir(SHOTS, { recursive: true });
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none'],
    headless: true,
    handleSIGTERM: false,
  });
};

const begin = (): Promise<Browser> => {
  spare.splice(0);
  return launchBrowser();
};
/** One for all the files of a process; it ends with the process. One that broke, or never began, is begun anew. */
export const theBrowser = (): Promise<Browser> => {
  browser = browser ? browser.then((known) => (known.isConnected() ? known : begin()), begin) : begin();
  return browser;
};
process.once('SIGTERM', async () => {
  await (await browser?.catch(() => undefined))?.close();
  process.exit();
});

/** Call once at the top of a test file. */
export const useBrowser = (): void => {
  afterEach(async () => {
    for (const one of opened.splice(0)) await leave(one);
    expect(complaints.splice(0), 'complaints of the browser').toEqual([]);
  });
};

const sessions = new WeakMap<Server, Map<string, SignedIn>>();

/** The session of somebody of this role, made for the purpose unless she is there: who opens a page. One for each person of a world. */
export const signedIn = async (world: Server, name = 'ana', role = 'administrator'): Promise<SignedIn> => {
  const known = sessions.get(world) ?? new Map<string, SignedIn>();
  sessions.set(world, known);
  const session = known.get(name) ?? (await newSession(world, name, role));
  known.set(name, session);
  return session;
};

const newSession = async (world: Server, name: string, role: string): Promise<SignedIn> => {
  const { items } = await world.call<{ items: { name: string; state: string }[] }>('GET', '/api/access');
  const known = items.find((one) => one.name === name);
  if (!known) await aPerson(world, name, role);
  else if (known.state !== 'active') await letIn(world, name);
  const { jar } = await signIn(world, name);
  return [...jar].map(([cookie, value]) => ({ name: cookie, value, url: world.url }));
};

type Options = {
  width?: Width;
  /** `await signedIn(world, 'ana', 'responder')`, or nothing for a stranger. */
  as?: SignedIn;
  /** With the service worker, which else would come between the page and the routes of a test. */
  worker?: boolean;
  /** In a context of its own, which ends with the test: for what is done to one that cannot be undone. */
  own?: boolean;
  /** Complaints that the test brings about, such as a failing request. */
  expected?: RegExp;
};

const freshPage = async (width: Width, worker: boolean) => {
  const context = await (await theBrowser()).newContext({
    viewport: sizeOf(width),
    colorScheme: 'light',
    reducedMotion: 'reduce',
    hasTouch: width < 720,
    locale: 'en-GB',
    timezoneId: 'Europe/Amsterdam',
    serviceWorkers: worker ? 'allow' : 'block',
  });
  context.setDefaultTimeout(20_000);
  return { context, page: await context.newPage() };
};

const clocks = new WeakMap<Page, AsyncDisposable>();
/**
 * Its `Date` stands at this moment, in this document and the next ones: all that the console reads the time from. Playwright's
 * clock says all it was told again in each document, which a page of thirty tests feels, and has timers of its own.
 */
export const stopClock = async (page: Page, { epochMilliseconds: now }: Temporal.Instant): Promise<void> => {
  const content = `globalThis.RealDate ??= Date; globalThis.Date = class extends RealDate {
    constructor(...of) { super(...(of.length ? of : [${now}])); }
    static now() { return ${now}; }
  };`;
  const before = clocks.get(page);
  clocks.set(page, await page.addInitScript({ content }));
  await before?.[Symbol.asyncDispose]();
  await page.evaluate(content);
};

/** A page at 1280×800 or 390×844: the size that most of those who come here have. Every complaint of the browser fails the test. */
export const openPage = async (world: Pick<Server, 'url' | 'now'>, path: string, options: Options = {}): Promise<Page> => {
  const { width = 1280, as = [], expected, worker = false, own = worker } = options;
  const at = own ? -1 : spare.findIndex((one) => one.width === width);
  const { context, page } = at < 0 ? await freshPage(width, worker) : (spare.splice(at, 1)[0] as Opened);
  opened.push({ context, page, width, origin: world.url, own });
  await context.addCookies(as);
  const complain = (text: string) => {
    if (!expected?.test(text)) complaints.push(`${path}: ${text}`);
  };
  page.on('console', (message) => message.type() === 'error' && complain(`${message.text()} ${message.location().url}`));
  page.on('pageerror', (error) => complain(error.stack ?? error.message));
  await stopClock(page, world.now());
  await page.goto(`${world.url}${path}`);
  return page;
};

type Theme = 'light' | 'dark';

/** Does it in the light and in the dark. */
const inBothThemes = async (page: Page, work: (theme: Theme) => Promise<void>): Promise<void> => {
  await work('light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await work('dark');
  await page.emulateMedia({ colorScheme: 'light' });
};

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const AXE = '/axe-core.js';
scripts.set(AXE, axe);
/** From the page's own server, for the browser to keep as it keeps the product's: read anew it takes a tenth of a second. */
const readAxe = async (page: Page): Promise<void> => {
  if (await page.evaluate('"axe" in window')) return;
  const served = origins.has(new URL(page.url()).origin) && (await page.addScriptTag({ url: AXE }).catch(() => undefined));
  if (!served) await page.evaluate(axe);
};

const expectNoViolations = async (page: Page, what: string): Promise<void> => {
  await readAxe(page);
  // Nothing of these rules reads style sheets: preload would fetch them again.
  const options = JSON.stringify({ runOnly: RULES, resultTypes: ['violations'], preload: false });
  // What passed stays in the page: carrying it over takes longer than finding it.
  const found = (await page.evaluate(`axe.run(document, ${options}).then((found) => found.violations)`)) as Result[];
  const told = found.map(
    (violation) =>
      `${violation.id}: ${violation.help} (${violation.nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`).join(', ')})`,
  );
  expect(told, what).toEqual([]);
};

const takeShot = async (page: Page, name: string, theme: Theme): Promise<void> => {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'png', optimizeForSpeed: true });
  await session.detach();
  await writeFile(`${SHOTS}${name}-${page.viewportSize()?.width}-${theme}.png`, data, 'base64');
};

/** WCAG 2.2 AA and axe's best practices, in the light: what the dark changes is seen by `look`, and on the page of all components. */
export const expectNoAxeViolations = (page: Page, what = page.url()): Promise<void> => expectNoViolations(page, what);

/** Kept as an artifact, in both themes: `test-results/screens/<name>-<width>-<theme>.png`. */
export const shoot = (page: Page, name: string): Promise<void> => inBothThemes(page, (theme) => takeShot(page, name, theme));

/** What is true of a screen in any state, at the size it is walked in: kept in the light, no violation, nothing scrolls sideways. */
export const glance = async (page: Page, name: string): Promise<void> => {
  await takeShot(page, name, 'light');
  await expectNoViolations(page, name);
  await expectNoSidewaysScroll(page);
};

/**
 * For each screen in its usual state, whatever size it is walked in: kept at both sizes in both themes, no violation in the
 * light at this size and in the dark at the other (a third of the browsers' time is axe's), nothing scrolls sideways at either.
 */
export const look = async (page: Page, name: string): Promise<void> => {
  const walked = page.viewportSize();
  for (const width of WIDTHS) {
    await page.setViewportSize(sizeOf(width));
    await inBothThemes(page, async (theme) => {
      await takeShot(page, name, theme);
      if ((theme === 'light') === (width === walked?.width)) await expectNoViolations(page, `${name}, ${width}, ${theme}`);
    });
    await expectNoSidewaysScroll(page);
  }
  if (walked) await page.setViewportSize(walked);
};

/** Nothing on a phone scrolls sideways. */
export const expectNoSidewaysScroll = async (page: Page): Promise<void> => {
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'scrolls sideways').toBe(true);
};
