import { describe, expect, test } from 'vitest';
import { callBy } from '../fakes/phone-calls.ts';
import { oneWorld } from '../harness.ts';
import { aTeam } from '../scenarios/world.ts';
import { glance, look, openPage, signedIn, useBrowser } from './browser.ts';

useBrowser();

const aCompany = async () => {
  const w = await aTeam({ mira: { by: ['sms', 'mail'] } }, { at: '2026-11-15T02:13:00Z' });
  await w.saveService('checkout-api', { title: 'Checkout API', escalation_policy: 'turns' });
  return w;
};

describe('one company', () => {
  const company = oneWorld(aCompany);

  test('from a new integration to the first event', async () => {
    const w = company();
    const page = await openPage(w, '/services/checkout-api', { width: 390, as: await signedIn(w, 'ana', 'administrator') });
    await page.getByRole('button', { name: 'Add Add integration' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add integration' });
    await dialog.getByRole('combobox', { name: 'What will send' }).click();
    await page.getByRole('option', { name: 'Any tool' }).click();
    await dialog.getByRole('textbox', { name: 'Key' }).fill('key-of-the-old-pager');
    await glance(page, 'integration-new');
    await dialog.getByRole('button', { name: 'Add integration' }).click();
    await page.getByText('Waiting', { exact: true }).waitFor();
    await page.getByText('/hooks/generic/key-of-the-old-pager').first().waitFor();
    await look(page, 'integration-setup');
    await page.getByRole('combobox', { name: 'What sends' }).click();
    await page.getByRole('option', { name: /^Alertmanager/ }).click();
    await page.getByText('/hooks/alertmanager/key-of-the-old-pager').waitFor();

    // It is heard while one looks.
    const sent = { check: { id: 'c7', name: 'Disk full' }, host: 'db1', level: 'sev2', state: 'FAILING' };
    await w.request('POST', '/hooks/generic/key-of-the-old-pager', sent);
    await w.request('POST', '/hooks/grafana/key-of-the-old-pager', 'this is not an alert');
    await w.settle();
    await page.getByText('Waiting', { exact: true }).waitFor({ state: 'detached' });
    await page.getByText('1 new alert').waitFor();

    await page.getByRole('tab', { name: 'Came in' }).click();
    await page
      .getByRole('list', { name: /^What came in/ })
      .getByRole('button')
      .first()
      .click();
    await page.getByRole('region', { name: 'Latest payload' }).getByText('"id": "c7"').waitFor();
    await look(page, 'integration-events');
    await page.getByRole('button', { name: 'Replay' }).click();
    const replay = page.getByRole('dialog', { name: 'Replay' });
    await replay.getByText('Nothing has happened yet.').waitFor();
    await replay.getByRole('button', { name: 'Replay now' }).waitFor();
    await glance(page, 'integration-replay');
    await replay.getByRole('button', { name: 'Replay now' }).click();
    await replay.getByText('Replayed', { exact: true }).waitFor();
    await replay.getByText('Close', { exact: true }).click();

    await page.getByRole('tab', { name: 'Refused' }).click();
    await page
      .getByRole('list', { name: /^Refused requests/ })
      .getByRole('button')
      .first()
      .click();
    await page.getByText('this is not an alert').waitFor();
    await glance(page, 'integration-refused');

    await page.getByRole('tab', { name: 'Mapping' }).click();
    await page.getByRole('textbox', { name: 'Summary' }).fill('{$.check.name} on {$.host}');
    await page.getByText('Disk full on db1').waitFor();
    await page.getByRole('textbox', { name: 'Severity' }).fill('$.level');
    await page.getByRole('button', { name: 'Add a word' }).first().click();
    await page.getByRole('textbox', { name: 'Its word' }).fill('sev2');
    await page.getByRole('complementary', { name: 'Try it' }).getByText('Critical').waitFor();
    await look(page, 'integration-mapping');
    await page.getByRole('button', { name: 'Save integration' }).click();
    await page.getByText('Integration saved').waitFor();
    expect(await w.call('GET', '/api/integrations/checkout-api-generic')).toMatchObject({
      key: 'key-of-the-old-pager',
      mapping: { summary: '{$.check.name} on {$.host}', severity: '$.level', severity_map: { sev2: 'critical' } },
    });
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Remove integration' }).waitFor();
    await glance(page, 'integration-settings');
    w.ignoreMessages();
  }, 180_000);

  test('what the subjects of mails mean is set, tried and saved', async () => {
    const w = company();
    await w.call('PUT', '/api/integrations/shop-mail', { service: 'checkout-api', kind: 'email' });
    const page = await openPage(w, '/integrations/shop-mail?tab=mail', {
      width: 1280,
      as: await signedIn(w, 'ana', 'administrator'),
    });
    await page.getByRole('textbox', { name: 'Opens only when the subject matches' }).fill('^problem');
    await page.getByRole('textbox', { name: 'Told apart by a part of the subject' }).fill('host=(\\S+)');
    await page.getByRole('textbox', { name: 'Allowed senders' }).fill('example.com\nnagios@mon.example.net');
    await page.getByRole('textbox', { name: 'Subject', exact: true }).fill('RESOLVED: load host=db1');
    await page.getByText('db1', { exact: true }).waitFor();
    await look(page, 'integration-mail');
    await page.getByRole('button', { name: 'Save integration' }).click();
    await page.getByText('Integration saved').waitFor();
    expect(await w.call('GET', '/api/integrations/shop-mail')).toMatchObject({
      mail: { opens: '^problem', key_pattern: 'host=(\\S+)', allow_from: ['example.com', 'nagios@mon.example.net'] },
    });
  });
});

test('a phone line: its addresses, its calls', async () => {
  const w = await aTeam({ mira: { by: ['call'] } }, { at: '2026-11-15T02:13:00Z' });
  const number = '+31201230000';
  const page = await openPage(w, '/services/db', { width: 1280, as: await signedIn(w, 'ana', 'administrator') });
  await page.getByRole('button', { name: 'Add integration' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add integration' });
  await dialog.getByRole('combobox', { name: 'What will send' }).click();
  await page.getByRole('option', { name: 'Phone calls' }).click();
  await dialog.getByRole('textbox', { name: 'Number that people call' }).fill('+31 20 123 0000');
  await glance(page, 'phone-new');
  await dialog.getByRole('button', { name: 'Add integration' }).click();
  await page.getByText(/\/hooks\/phone\/\w+\/ended/).waitFor();
  await glance(page, 'phone-setup');

  const { addresses } = await w.call<{ addresses: Record<string, string> }>('GET', '/api/integrations/db-phone');
  const callFrom = callBy('twilio', w, { url: addresses.phone as string, ended: addresses.phone_ended as string, number });
  const message = await callFrom('+4915112345678');
  await message.nobodyAnswers();
  await message.leavesMessage(34);
  const taken = await callFrom('+266696687');
  await taken.isAnswered();
  await taken.presses('1');
  await w.settle();
  await page.getByRole('tab', { name: 'Calls' }).click();
  const calls = page.getByRole('list', { name: 'Calls, newest first' });
  await calls.getByText('Taken by mira').waitFor();
  await calls.getByRole('link', { name: 'Listen (34 s)' }).waitFor();
  await look(page, 'phone-calls');
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('textbox', { name: 'Greeting' }).fill('Acme, the database line.');
  await glance(page, 'phone-settings');
  await page.getByRole('button', { name: 'Save integration' }).click();
  await page.getByText('Integration saved').waitFor();
  expect(await w.call('GET', '/api/integrations/db-phone')).toMatchObject({
    phone: { number, greeting: 'Acme, the database line.' },
  });
  w.ignoreMessages();
}, 60_000);
