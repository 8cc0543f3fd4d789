import { describe, expect, test } from 'vitest';
import { startNtfy } from '../fakes/ntfy.ts';
import { startPlivo } from '../fakes/plivo.ts';
import { startTwilio } from '../fakes/twilio.ts';
import { oneWorld, startServer } from '../harness.ts';
import { expectNoAxeViolations, glance, look, openPage, shoot, signedIn, useBrowser } from './browser.ts';

useBrowser();

describe('one installation', () => {
  const installation = oneWorld(startServer);

  test('whoever was first is named, and what was typed is kept and may be put over it', async () => {
    const world = installation();
    const page = await openPage(world, '/settings/delivery', { as: await signedIn(world, 'ana'), expected: /412/ });
    await page.getByLabel('Dead-man address').fill('https://watch.example.com/mine');
    await world.call('PUT', '/api/settings', { bundle_seconds: 120 });
    await page.getByText('What you typed is kept').waitFor();
    await page.getByRole('button', { name: 'Save delivery' }).click();
    await page.getByText('What you typed is kept').waitFor();
    expect(await page.getByLabel('Dead-man address').inputValue()).toBe('https://watch.example.com/mine');
    await page.getByRole('button', { name: 'Put mine over theirs' }).click();
    await page.getByRole('button', { name: 'Save delivery' }).click();
    await page.getByText('Called each minute').waitFor();
    await page.getByLabel('Dead-man address').fill('https://elsewhere.example.com');
    await page.getByRole('tab', { name: 'Backup' }).click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Stay here' }).click();
    expect(await page.getByLabel('Dead-man address').inputValue()).toBe('https://elsewhere.example.com');
  }, 180_000);

  test('a message is worded otherwise, with what comes of it beside, refused without a way to answer, and back as usual', async () => {
    const world = installation();
    const page = await openPage(world, '/settings/wording', { as: await signedIn(world, 'ana') });
    const own = page.getByRole('textbox', { name: 'A page', exact: true });
    await page.getByText('INC-2026-0142 checkout-api: Error rate').waitFor();
    await own.fill('{service}: {title}');
    await page.getByText('Without {answers} or {link} the person could not answer').waitFor();
    await own.fill('{service}: {title}\n{answers}');
    await page.getByText('1 segment, 84 characters (GSM-7)').waitFor();
    await look(page, 'settings-wording');
    await page.getByRole('button', { name: 'Save wording' }).click();
    await page.getByText('Saved').waitFor();
    expect(await world.call('GET', '/api/settings')).toMatchObject({
      wording: { sms: { page: { en: '{service}: {title}\n{answers}' } } },
    });
    await page.getByRole('button', { name: 'Back to the default' }).click();
    await page.getByRole('button', { name: 'Save wording' }).click();
    await expect.poll(async () => (await world.call('GET', '/api/settings')).wording).toEqual({});
    await page.getByRole('button', { name: 'Chat', exact: true }).click();
    await page.getByText('INC-2026-0142 is acknowledged by Ana Berg.').waitFor();
    await glance(page, 'settings-wording-chat');
  }, 180_000);

  test('a key of a machine is made, shown once, works and is revoked', async () => {
    const world = installation();
    const page = await openPage(world, '/settings/keys', { as: await signedIn(world, 'ana'), expected: /422/ });
    await page.getByRole('button', { name: 'Make a key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What it is for').fill('CI deploys');
    await dialog.getByRole('button', { name: 'Make a key' }).click();
    await dialog.locator('[aria-invalid=true]').waitFor();
    await dialog.getByLabel('What it is for').fill('ci-deploys');
    await dialog.getByRole('button', { name: 'Make a key' }).click();
    const key = await dialog.getByText(/^alc_/).textContent();
    await expectNoAxeViolations(page);
    await dialog.getByRole('button', { name: 'Done' }).click();
    const ask = async () => (await world.request('GET', '/api/me', undefined, { authorization: `Bearer ${key}` })).status;
    expect(await ask()).toBe(200);
    await page.getByRole('button', { name: 'Revoke ci-deploys' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('ci-deploys was revoked').waitFor();
    expect(await ask()).toBe(401);
  }, 180_000);

  test('files are planned, refused with their line, applied, and shown as they are', async () => {
    const world = installation();
    const page = await openPage(world, '/settings/process', { as: await signedIn(world, 'ana') });
    const yaml = page.getByLabel('YAML');
    const plan = page.getByRole('button', { name: 'Show what would change' });
    await yaml.fill('teams:\n  - name: ops\n    members: [nobody-here]\n');
    await plan.click();
    await page.getByText('pasted.yaml, line 3').waitFor();
    expect(await page.getByRole('button', { name: /^Apply/ }).count()).toBe(0);
    await yaml.fill('teams:\n  - name: ops\n    title: Operations\n    members: [ana]\n');
    await page.getByText('The files were changed after this plan').waitFor();
    await plan.click();
    await page.getByText('1 to add').waitFor();
    await glance(page, 'settings-plan');
    await page.getByRole('button', { name: 'Apply 1 change' }).click();
    await page.getByText('1 change applied').waitFor();
    expect(await world.call('GET', '/api/teams/ops')).toMatchObject({ title: 'Operations', members: ['ana'] });
    await page.getByRole('button', { name: 'Show the file' }).click();
    await page.getByText(/title: Operations/).waitFor();
    await yaml.fill('services:\n  - name: shop\n');
    await plan.click();
    await page.getByText('These services would page nobody').waitFor();
    expect(await page.getByRole('button', { name: 'Apply 1 change' }).isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'I know, apply it all the same' }).click();
    await page.getByRole('button', { name: 'Apply 1 change' }).click();
    await page.getByText('1 change applied').last().waitFor();
    await expect.poll(async () => (await world.request('GET', '/api/services/shop')).status).toBe(200);
  }, 180_000);

  test('a backup is downloaded by whoever may, and noted', async () => {
    const world = installation();
    const page = await openPage(world, '/settings/backup', { as: await signedIn(world, 'ana') });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download a backup' }).click(),
    ]);
    const file = Buffer.concat(await (await download.createReadStream()).toArray());
    // What gzip begins with (RFC 1952).
    expect([...file.subarray(0, 2)]).toEqual([0x1f, 0x8b]);
    expect(download.suggestedFilename()).toBe('allclear.backup.gz');
    const { items } = await world.call<{ items: { type: string; actor: string }[] }>('GET', '/api/journal?type=backup');
    expect(items[0]).toMatchObject({ actor: 'ana' });
  }, 180_000);

  test('levels of severity begin with a preset, are changed and moved, and saved as one', async () => {
    const world = installation();
    const page = await openPage(world, '/settings/scheme', { as: await signedIn(world, 'ana'), expected: /422/ });
    await page.getByText('No levels are written down yet.').waitFor();
    await shoot(page, 'settings-scheme-empty');
    await page.getByRole('radio', { name: /^SEV-1 to SEV-4/ }).check();
    await page.getByRole('button', { name: 'Use these levels' }).click();
    await page.getByRole('button', { name: 'Move SEV-2 up' }).click();
    await page.getByRole('button', { name: 'Edit SEV-4' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Answered within').fill('2 days');
    await glance(page, 'settings-level');
    await dialog.getByLabel('Level').fill('SEV-1');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.getByText('Another one is called so.').waitFor();
    await dialog.getByLabel('Level').fill('SEV 4/b');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Save severities' }).click();
    await page.getByText('a short level such as SEV-1').waitFor();
    await page.getByRole('button', { name: 'Edit SEV 4/b' }).first().click();
    await dialog.getByLabel('Level').fill('SEV-4');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Save severities' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    const { items } = await world.call<{ items: { level: string; response_seconds?: number }[] }>('GET', '/api/severities');
    expect(items.map((one) => one.level)).toEqual(['SEV-2', 'SEV-1', 'SEV-3', 'SEV-4']);
    expect(items[0]?.response_seconds).toBe(900);
  }, 180_000);
});

test('each part of the settings', async () => {
  const world = await startServer();
  const as = await signedIn(world, 'ana');
  await world.call('PUT', '/api/settings', {
    channels: {
      email: {
        host: '127.0.0.1',
        port: 1,
        security: 'none',
        from: 'Allclear <pager@allclear.test>',
        username: 'u',
        password: 'hunter2',
      },
    },
  });
  await world.settle();
  await world.call('POST', '/api/tokens', { name: 'ci-deploys', role: 'responder', scopes: ['incident.read', 'alert.read'] });
  await world.call('PUT', '/api/severities', {
    items: [
      {
        level: 'SEV-1',
        name: 'Critical',
        description: 'Customers cannot buy.',
        response_time: '5 minutes',
        communication: 'Every 15 minutes',
      },
      { level: 'SEV-2', name: 'Major', response_time: '15 minutes' },
    ],
  });
  await world.call('PUT', '/api/incident-roles', {
    items: [{ name: 'scribe', title: 'Scribe', responsibilities: ['Writes down what was done'], must_not: ['Debug'] }],
  });
  await world.call('PUT', '/api/teams/ops', { members: ['ana'] });
  const page = await openPage(world, '/settings?edit=email', { as });
  for (const [tab, words] of [
    ['Channels', 'Provider cannot be reached'],
    ['Delivery', 'Nobody watches'],
    ['API keys', 'ci-deploys'],
    ['Severities and roles', 'SEV-1'],
    ['Audit log', 'Team ops was saved'],
    ['Process files', 'Show what would change'],
    ['Backup', 'Download a backup'],
  ] as const) {
    await page.getByRole('tab', { name: tab }).click();
    await page.getByText(words).filter({ visible: true }).first().waitFor();
    await look(page, `settings-${tab.toLowerCase().replaceAll(' ', '-')}`);
  }
  await page.goto(`${world.url}/settings/channels?edit=email`);
  await page.getByRole('textbox', { name: 'Mail server' }).waitFor();
  await look(page, 'settings-channel');
  await page.goto(`${world.url}/settings/channels?edit=slack`);
  await page.getByText('Manifest of the Slack app').click();
  await page.getByText(`request_url: ${world.url}/in/slack/interactive`).waitFor();
  await page.getByRole('textbox', { name: 'Bot token' }).scrollIntoViewIfNeeded();
  await glance(page, 'settings-slack');
}, 180_000);

test('a channel is set up, refused, corrected, tested and turned off; its secret is never shown', async () => {
  const world = await startServer();
  const ntfy = await startNtfy();
  try {
    const page = await openPage(world, '/settings', { as: await signedIn(world, 'ana'), expected: /422/ });
    await page.getByRole('button', { name: 'Set up: Push (ntfy)' }).click();
    const form = page.getByRole('form', { name: 'Push (ntfy)' });
    await form.getByLabel('Server').fill(ntfy.url);
    await form.getByLabel('User name').fill('pager');
    await form.getByRole('button', { name: 'Save channel' }).click();
    await page.getByText('Give both username and password').waitFor();
    expect(await form.getByLabel('Server').inputValue()).toBe(ntfy.url);
    await form.getByLabel('Password').fill('hunter2');
    await form.getByRole('button', { name: 'Save channel' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await world.settle();
    expect(await form.getByLabel('Password').inputValue()).toBe('');
    expect(await form.getByLabel('Password').getAttribute('placeholder')).toMatch(/Stored/);
    expect(await page.content()).not.toContain('hunter2');
    await page.getByLabel('Send a test to').fill('not a topic!');
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('Give a topic').waitFor();
    await page.getByLabel('Send a test to').fill('topic-of-ana');
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText(/^Sent in/).waitFor();
    expect(ntfy.received.at(-1)?.message).toMatch(/Nothing is wrong/);
    // A change of another field keeps the secret that is not shown.
    await form.getByLabel('Messages a minute, at most').fill('30');
    await form.getByRole('button', { name: 'Save channel' }).click();
    await expect
      .poll(async () => await world.call('GET', '/api/settings'))
      .toMatchObject({
        throttle: { ntfy: 30 },
        channels: { ntfy: { username: 'pager', password: '…' } },
      });
    await form.getByRole('button', { name: 'Turn off' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click();
    await page
      .getByRole('button', { name: 'Set up: Push (ntfy)' })
      .or(page.getByRole('button', { name: 'Close: Push (ntfy)' }))
      .waitFor();
    await expect.poll(async () => await world.call('GET', '/api/settings')).toMatchObject({ channels: {} });

    await page.getByRole('button', { name: 'Set up: Microsoft Teams' }).click();
    const teams = page.getByRole('form', { name: 'Microsoft Teams' });
    await teams.getByRole('button', { name: 'Add a webhook' }).click();
    await teams.getByRole('textbox', { name: 'Name' }).fill('ops');
    const address = teams.getByLabel('Address', { exact: true });
    await address.fill('https://evil.example/hook');
    await teams.getByRole('button', { name: 'Save channel' }).click();
    await page.getByText('evil.example is no host of Teams workflows').waitFor();
    await address.fill('https://prod-1.westeurope.logic.azure.com/workflows/1?sig=hunter3');
    await teams.getByRole('button', { name: 'Save channel' }).click();
    await teams.getByPlaceholder('Stored').waitFor();
    await teams.getByRole('button', { name: 'Add a webhook' }).click();
    await glance(page, 'settings-teams');
    expect(await page.content()).not.toContain('hunter3');
  } finally {
    await ntfy.stop();
  }
}, 180_000);

test('SMS by two vendors: the second is added, refused, corrected, put first, and each is tested', async () => {
  const world = await startServer();
  const [twilio, plivo] = await Promise.all([startTwilio(), startPlivo()]);
  try {
    const page = await openPage(world, '/settings', { as: await signedIn(world, 'ana'), expected: /422/ });
    await page.getByRole('button', { name: 'Set up: SMS' }).click();
    const form = page.getByRole('form', { name: 'SMS' });
    const save = form.getByRole('button', { name: 'Save channel' });
    const first = form.getByRole('group', { name: 'Twilio' });
    await first.getByLabel('Account SID').fill(twilio.account.sid);
    await first.getByLabel('Auth token').fill(twilio.account.authToken);
    await first.getByLabel('From').fill('+3197010000000');
    await first.getByLabel('API address').fill(twilio.url);
    await form.getByRole('button', { name: 'Add Plivo' }).click();
    const second = form.getByRole('group', { name: 'Plivo' });
    await second.getByLabel('Auth ID').fill(plivo.account.id);
    await second.getByLabel('Auth token').fill(plivo.account.authToken);
    await second.getByLabel('From').fill('a name that is far too long');
    await second.getByLabel('API address').fill(plivo.url);
    await save.click();
    await second.getByText('a name of at most 11 letters').waitFor();
    await second.getByLabel('From').fill('Allclear');
    await form.getByLabel('Failed when not delivered after, seconds').fill('90');
    await glance(page, 'settings-vendors');
    await save.click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await form.getByRole('button', { name: 'Try Plivo first' }).click();
    await save.click();
    await expect
      .poll(async () => world.call('GET', '/api/settings'))
      .toMatchObject({
        receipt_seconds: { sms: 90, voice: 75 },
        channels: { sms: { vendor: 'plivo', auth_token: '…', next: { account_sid: twilio.account.sid, auth_token: '…' } } },
      });
    await world.settle();
    await page.getByLabel('Send a test to').fill('+31612345678');
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('message(s) queued').waitFor();
    await page.getByRole('combobox', { name: 'By Plivo' }).click();
    await page.getByRole('option', { name: 'Twilio' }).click();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await expect.poll(() => [twilio.received.length, plivo.received.length]).toEqual([1, 1]);
    await form.getByRole('button', { name: 'Remove Twilio' }).click();
    await form.getByRole('button', { name: 'Add Twilio' }).waitFor();
  } finally {
    await Promise.all([twilio.stop(), plivo.stop()]);
  }
}, 180_000);

test('the audit log is searched, shows before and after, and is exported as it is filtered', async () => {
  const world = await startServer();
  const as = await signedIn(world, 'olga', 'observer');
  await world.call('PUT', '/api/people/ben', { display_name: 'Ben', email: 'ben@allclear.test', role: 'responder' });
  await world.call('PUT', '/api/people/ben', { display_name: 'Ben', email: 'ben@allclear.test', role: 'manager' });
  await world.call('PUT', '/api/teams/ops', { members: ['ben'] });
  const page = await openPage(world, '/settings', { as });
  // Only what she may do is there.
  await page.getByRole('tab', { name: 'Audit log' }).waitFor();
  expect(await page.getByRole('tab').allTextContents()).toEqual(['Severities and roles', 'Audit log']);
  expect(await page.getByRole('button', { name: 'Add a level' }).count()).toBe(0);
  await page.getByRole('tab', { name: 'Audit log' }).click();
  await page.getByText('Team ops was saved').filter({ visible: true }).first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('Ben was');
  await page.getByText('Team ops was saved').filter({ visible: true }).waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const pane = page.getByRole('complementary', { name: 'Entry' });
  await pane.getByText('manager', { exact: true }).waitFor();
  expect(await pane.locator('del').first().textContent()).toBe('responder');
  await glance(page, 'settings-audit-entry');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export what is filtered as CSV' }).click(),
  ]);
  const lines = (await (await download.createReadStream()).toArray()).join('');
  expect(lines).toMatch(/Ben was saved/);
  expect(lines).not.toMatch(/Team ops/);
  await page.getByLabel('Words in the sentence').fill('nobody wrote this');
  await page.getByText('No entry matches these filters').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByText('Team ops was saved').filter({ visible: true }).first().waitFor();
}, 180_000);
