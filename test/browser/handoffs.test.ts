import { expect, test } from 'vitest';
import { aTeam } from '../scenarios/world.ts';
import { glance, look, openPage, signedIn, useBrowser } from './browser.ts';

useBrowser();

/** Weeks of Mira and Tomás from Monday 09:00 in Amsterdam; it is Sunday night, and Tomás is next. */
const aRota = async () => {
  const w = await aTeam(
    { mira: { by: ['mail'] }, tomas: { by: ['mail', 'ntfy'] }, ines: {} },
    { at: '2026-11-22T22:00:00Z', steps: [{ targets: [{ person: 'mira' }] }], handoffs: true },
  );
  await w.call('PUT', '/api/schedules/commerce', {
    title: 'Commerce primary',
    time_zone: 'Europe/Amsterdam',
    layers: [{ name: 'weeks', rotation: { unit: 'week' }, starts: '2026-11-16T09:00', participants: ['mira', 'tomas'] }],
  });
  await w.savePolicy('turns', {
    steps: [
      { targets: [{ schedule: 'commerce' }], escalate_after_seconds: 600 },
      { targets: [{ person: 'ines' }], escalate_after_seconds: 300 },
    ],
  });
  await w.saveService('db', {
    title: 'Orders',
    escalation_policy: 'turns',
    description: 'Runbook: https://wiki.example.com/orders/disk',
  });
  await w.alertFires('Disk of orders-3 is full');
  await w.does('acknowledge');
  await w.call('POST', '/api/silences', {
    comment: 'Load test of the staging shop',
    services: ['db'],
    matchers: [{ name: 'env', value: 'staging' }],
    ends_at: '2026-11-25T00:00:00Z',
  });
  w.ignoreMessages();
  return w;
};

test('whoever goes writes what to watch, whoever comes sees to the shift and confirms it', async () => {
  const w = await aRota();
  const mira = await openPage(w, '/', { width: 390, as: await signedIn(w, 'mira', 'responder') });
  await mira.getByRole('link', { name: /^Write: Commerce primary/ }).click();
  await mira.getByRole('heading', { name: 'Handoff of Commerce primary' }).waitFor();
  await mira.getByLabel('To watch').fill('orders-3 fills at 03:00. The fix is in Tuesday’s release.');
  await mira.getByRole('button', { name: 'Save' }).click();
  await mira.getByText('Saved').first().waitFor();

  const tomas = await openPage(w, '/', { width: 390, as: await signedIn(w, 'tomas', 'responder') });
  await tomas.getByText('You take over Commerce primary').waitFor();
  await glance(tomas, 'handoff-home');
  await tomas.getByRole('link', { name: /^Confirm: Commerce primary/ }).click();
  await tomas.getByText('No test page was ever sent.').waitFor();
  await tomas.getByText('orders-3 fills at 03:00').waitFor();
  await look(tomas, 'handoff');
  const sent = tomas.waitForResponse((response) => response.request().method() === 'POST');
  await tomas.getByRole('button', { name: 'Send me a test page' }).click();
  await sent;
  await w.settle();
  await tomas.getByText(/A test page left on/).waitFor();
  await tomas.getByRole('link', { name: 'wiki.example.com/orders/disk' }).waitFor();
  await glance(tomas, 'handoff-checked');
  await tomas.getByRole('button', { name: 'I have it' }).click();
  // Whoever goes sees it without a word, and can write no more.
  await mira.getByText('Tomas has it').first().waitFor();
  expect(await mira.getByRole('textbox', { name: 'To watch' }).count()).toBe(0);
  await glance(tomas, 'handoff-confirmed');

  await tomas.goto(`${w.url}/schedules/commerce`);
  await tomas.getByRole('list', { name: 'Handoffs' }).getByText('Confirmed').waitFor();
  await tomas.goto(`${w.url}/me`);
  await tomas.getByRole('combobox', { name: 'When it comes, by' }).click();
  await tomas.getByRole('option', { name: 'ntfy' }).click();
  await tomas.getByLabel('Hours before').fill('48');
  await glance(tomas, 'handoff-notices');
  await tomas.getByRole('button', { name: 'Save' }).last().click();
  await expect
    .poll(() => w.call('GET', '/api/people/tomas/handoff-notices'))
    .toEqual({ lead_hours: 48, before_by: 'mail', change_by: { method: 'ntfy' } });
  await w.settle();
  w.ignoreMessages();
}, 120_000);
