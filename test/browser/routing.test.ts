import { expect, test } from 'vitest';
import { aTeam } from '../scenarios/world.ts';
import { expectNoAxeViolations, expectNoSidewaysScroll, LOOKS, openPage, shoot, signedIn, useBrowser } from './browser.ts';

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

for (const { width, theme } of LOOKS)
  test(`a rule is added, tested, back-tested and saved, at ${width} px, ${theme}`, async () => {
    const w = await aCompany();
    const page = await openPage(w, '/routing', { width, theme, as: await signedIn(w, 'ana', 'administrator') });
    await page.getByText('3 rules, asked in order').waitFor();
    await page.getByRole('list', { name: 'Rules', exact: true }).getByText('search-alerts').waitFor();
    await shoot(page, 'routing');
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);

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
    await shoot(page, 'routing-rule');
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);

    await page.getByRole('button', { name: 'Save rules' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save these rules?' });
    await dialog.getByText('This change would have added 0 pages and removed 1.').waitFor();
    await dialog.getByText('Disk full on search-2').waitFor();
    await shoot(page, 'routing-back-test');
    await expectNoAxeViolations(page);
    await dialog.getByRole('button', { name: 'Save rules' }).click();
    await page.getByText('Rules saved').waitFor();
    const saved = await w.call<{ items: { name: string }[] }>('GET', '/api/routing');
    expect(saved.items[3]).toMatchObject({
      name: 'disks-are-dropped',
      when: { all: [{ name: 'summary', op: '=~', value: 'Disk full.*' }] },
      drop: 'Looked at each morning',
    });
    w.ignoreMessages();
  }, 90_000);
