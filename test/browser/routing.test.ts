import { describe, expect, test } from 'vitest';
import { oneWorld } from '../harness.ts';
import { aTeam } from '../scenarios/world.ts';
import { expectNoAxeViolations, glance, look, openPage, signedIn, useBrowser } from './browser.ts';

useBrowser();

const RULES = [
  {
    name: 'search-alerts',
    when: {
      all: [
        { name: 'summary', op: '=~', value: 'Search.*' },
        {
          any: [
            { name: 'env', op: '=', value: 'production' },
            { name: 'env', op: '=', value: '' },
          ],
        },
      ],
    },
    set: { service: 'search' },
  },
  { name: 'tests-page-nobody', when: { name: 'env', op: '=', value: 'test' }, drop: 'Test systems page nobody', stop: true },
  { name: 'mild-disks', when: { not: { name: 'host', op: '=~', value: 'db-.*' } }, set: { labels: { tier: 'two' } } },
];
const aCompany = async () => {
  const w = await aTeam({ mira: { by: ['sms', 'mail'] } }, { at: '2026-11-14T02:13:00Z' });
  await w.saveService('search', { title: 'Search', escalation_policy: 'turns', grouping: { by: ['host'], window_seconds: 600 } });
  await w.call('PUT', '/api/routing', { items: RULES });
  await w.alertFires('5xx', { summary: 'Checkout API returning 5xx', labels: { env: 'production', host: 'web1' } });
  await w.jump('2h');
  await w.alertFires('disk', {
    summary: 'Disk full on search-2',
    severity: 'warning',
    labels: { env: 'production', host: 'search-2' },
  });
  w.ignoreMessages();
  return w;
};

describe('one company', () => {
  const company = oneWorld(aCompany);

  test('a rule is added, tested, back-tested and saved', async () => {
    const w = company();
    // A rule that is half written is asked about as it stands, and refused.
    const page = await openPage(w, '/routing', {
      as: await signedIn(w, 'ana', 'administrator'),
      expected: /status of 422 .*routing\/test/,
    });
    await page.getByText('3 rules, asked in order').waitFor();
    await page.getByRole('list', { name: 'Rules', exact: true }).getByText('search-alerts').waitFor();
    await look(page, 'routing');
    // At rest, nothing is waited for over and over: what was tried is tried once.
    const waits = `new Promise((done) => {
      const real = window.setTimeout;
      let begun = 0;
      window.setTimeout = (work, ms, ...rest) => {
        if (ms === 300) begun += 1;
        return real(work, ms, ...rest);
      };
      real(() => { window.setTimeout = real; done(begun); }, 1000);
    })`;
    expect(await page.evaluate(waits)).toBe(0);

    await page.getByRole('button', { name: 'Add rule' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('disks-are-dropped');
    await page.getByRole('button', { name: 'Add a test' }).click();
    await page.getByRole('combobox', { name: 'Label or field' }).fill('summary');
    await page.getByRole('combobox', { name: /^Test/ }).click();
    await page.getByRole('option', { name: 'matches' }).click();
    await page.getByRole('combobox', { name: 'Value' }).fill('Disk full.*');
    await page.getByRole('switch', { name: /^Drop it/ }).click();
    await page.getByRole('textbox', { name: 'Why' }).fill('Looked at each morning');
    await page.getByRole('complementary', { name: 'Try the rules' }).getByText('Dropped').first().waitFor();
    await glance(page, 'routing-rule');

    await page.getByRole('button', { name: 'Save rules' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save these rules?' });
    await dialog.getByText('This change would have added 0 pages and removed 1.').waitFor();
    await dialog.getByText('Disk full on search-2').waitFor();
    await glance(page, 'routing-back-test');
    await dialog.getByRole('button', { name: 'Save rules' }).click();
    await page.getByText('Rules saved').waitFor();
    const saved = await w.call<{ items: { name: string }[] }>('GET', '/api/routing');
    expect(saved.items[3]).toMatchObject({
      name: 'disks-are-dropped',
      when: { all: [{ name: 'summary', op: '=~', value: 'Disk full.*' }] },
      drop: 'Looked at each morning',
    });
    w.ignoreMessages();
  }, 180_000);

  test('by keyboard: a rule is moved, its place is said, the order is saved; what is unsaved is guarded', async () => {
    const w = company();
    await w.call('PUT', '/api/routing', { items: RULES });
    const page = await openPage(w, '/routing', { as: await signedIn(w, 'ana', 'administrator') });
    const rules = page.getByRole('list', { name: 'Rules, in the order they are asked' });
    // Who may change them is known a moment after they are.
    await page.getByRole('button', { name: 'Add rule' }).waitFor();
    await rules.getByRole('button', { name: /^mild-disks/ }).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByText('mild-disks is now 2 of 3').waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByText('mild-disks is now 1 of 3').waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    expect(await page.evaluate('document.activeElement.textContent')).toContain('mild-disks');
    await rules.getByRole('button', { name: 'Remove rule tests-page-nobody' }).click();
    await page.getByText('2 rules, asked in order').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('3 rules, asked in order').waitFor();

    await page.getByRole('link', { name: 'Services', exact: true }).click();
    const leaving = page.getByRole('dialog', { name: 'Leave without saving?' });
    await leaving.waitFor();
    await expectNoAxeViolations(page);
    await leaving.getByRole('button', { name: 'Stay here' }).click();
    await page.getByRole('button', { name: 'Save rules' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save these rules?' });
    await dialog.getByText('This change would have paged the same.').waitFor();
    await dialog.getByRole('button', { name: 'Save rules' }).click();
    await page.getByText('Rules saved').waitFor();
    const saved = await w.call<{ items: { name: string }[] }>('GET', '/api/routing');
    expect(saved.items.map((one) => one.name)).toEqual(['mild-disks', 'search-alerts', 'tests-page-nobody']);
    w.ignoreMessages();
  }, 180_000);

  test('what the server refuses is said at the rule; somebody else was first: mine is kept and put over theirs', async () => {
    const w = company();
    await w.call('PUT', '/api/routing', { items: RULES });
    const page = await openPage(w, '/routing', { as: await signedIn(w, 'ana', 'administrator'), expected: /status of 4(12|22)/ });
    await page.getByRole('button', { name: /^tests-page-nobody/ }).click();
    await page.getByRole('combobox', { name: 'Value' }).fill('stag(ing');
    await page.getByRole('combobox', { name: /^Test is/ }).click();
    await page.getByRole('option', { name: 'matches' }).click();
    await page.getByRole('button', { name: 'Save rules' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: /expression|paren|missing/i })
      .first()
      .waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await glance(page, 'routing-refused');
    await page.getByRole('combobox', { name: 'Value' }).fill('staging|test');
    await w.call('PUT', '/api/routing', { items: RULES.slice(0, 2) });
    await page.getByRole('button', { name: 'Save rules' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save rules' }).click();
    await page.getByText(/after you opened it\. What you typed is kept\.$/).waitFor();
    await glance(page, 'routing-stale');
    await page.getByRole('button', { name: 'Put mine over theirs' }).click();
    await page.getByRole('button', { name: 'Save rules' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save rules' }).click();
    await page.getByText('Rules saved').waitFor();
    const saved = await w.call<{ items: { when: unknown }[] }>('GET', '/api/routing');
    expect(saved.items).toHaveLength(3);
    expect(saved.items[1]?.when).toEqual({ all: [{ name: 'env', op: '=~', value: 'staging|test' }] });
    w.ignoreMessages();
  }, 180_000);

  test('a responder reads and tests the rules and changes nothing; no rules yet; the server is away', async () => {
    const w = company();
    await w.call('PUT', '/api/routing', { items: RULES });
    const page = await openPage(w, '/routing', { as: await signedIn(w, 'kofi', 'responder'), expected: /503/ });
    await page.getByText(/^You may look at the rules and test them/).waitFor();
    await page.getByText('mild-disks').first().waitFor();
    expect(await page.getByRole('button', { name: /Save|Add rule|Remove|Move/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'A payload' }).click();
    await page
      .getByRole('textbox', { name: 'Payload' })
      .fill('{"summary":"Search is slow","severity":"critical","env":"production"}');
    await page.getByRole('heading', { name: 'Search is slow' }).waitFor();
    await page.getByRole('list', { name: 'Rules', exact: true }).getByText('Matched').first().waitFor();
    await glance(page, 'routing-reader');

    await w.call('PUT', '/api/routing', { items: [] });
    await page.getByText('No routing rules').waitFor();
    await expectNoAxeViolations(page);
    await page.route('**/api/routing', (route) =>
      route.fulfill({ status: 503, json: { detail: 'The database is away', request_id: 'r-1' } }),
    );
    await page.reload();
    await page.getByText(/The database is away/).waitFor({ timeout: 30_000 });
    await page.getByText(/r-1/).waitFor();
    await expectNoAxeViolations(page);
    w.ignoreMessages();
  }, 180_000);
});
