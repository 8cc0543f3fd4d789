import { expect, onTestFinished, test } from 'vitest';
import { startWebhook } from '../fakes/webhook.ts';
import { aTeam } from '../scenarios/world.ts';
import { glance, look, openPage, signedIn, useBrowser } from './browser.ts';

useBrowser();

test('a layer is given a calendar in the editor; its turns, and an event nobody knows, are on the schedule’s page', async () => {
  const fake = await startWebhook();
  onTestFinished(fake.stop);
  const person = { by: ['sms' as const], time_zone: 'Europe/Amsterdam' };
  const w = await aTeam({ mira: person, tomas: person }, { at: '2026-11-18T10:00:00Z' });
  await w.call('PUT', '/api/schedules/commerce', {
    title: 'Commerce primary',
    time_zone: 'Europe/Amsterdam',
    layers: [{ name: 'weeks', rotation: { unit: 'week' }, starts: '2026-11-02T09:00', participants: ['mira', 'tomas'] }],
  });
  const event = (uid: number, title: string, day: number) =>
    `BEGIN:VEVENT\r\nUID:${uid}\r\nSUMMARY:${title}\r\nDTSTART;VALUE=DATE:202611${day}\r\nEND:VEVENT\r\n`;
  const body = `BEGIN:VCALENDAR\r\n${event(1, 'Mira', 18)}${event(2, 'T.', 19)}${event(3, 'Vendor desk', 20)}END:VCALENDAR`;
  fake.answerWith({ status: 200, body });
  const boss = await openPage(w, '/schedules/commerce?edit=schedule', {
    width: 1280,
    as: await signedIn(w, 'boss'),
    // A calendar half written is refused, where the preview is faster than the hand.
    expected: /status of 422 .*schedules\/preview/,
  });
  await boss.getByRole('button', { name: 'A calendar elsewhere' }).click();
  await boss.getByLabel('Address of the calendar (iCal)').fill(`${fake.url}/rota.ics`);
  await boss.getByRole('button', { name: 'Add a name' }).click();
  await boss.getByRole('textbox', { name: 'In the calendar' }).fill('T.');
  await boss.getByRole('combobox', { name: 'Is' }).click();
  await boss.getByRole('option', { name: 'Tomas' }).click();
  await glance(boss, 'layer-calendar-edit');
  const saved = boss.waitForResponse((response) => response.request().method() === 'PUT' && response.ok());
  await boss.getByRole('button', { name: 'Save schedule' }).click();
  await saved;
  await boss.getByText('Layer weeks').first().waitFor();
  await w.settle();
  await boss.reload();
  await boss.getByText('it names nobody who is known here').first().waitFor();
  fake.answerWith({ status: 503, body: 'down for maintenance' });
  await w.clock.setTime(w.clock.now() + 20 * 60_000);
  const asked = boss.waitForResponse((response) => response.url().endsWith('/read'));
  await boss.getByRole('button', { name: 'Read now' }).click();
  await asked;
  await w.settle();
  await boss.getByText('Cannot be read', { exact: true }).waitFor();
  await boss.getByText('it names nobody who is known here').first().scrollIntoViewIfNeeded();
  await look(boss, 'layer-calendar');
  // Its turns are the calendar's to share out.
  expect(await boss.getByRole('link', { name: 'Propose rota' }).count()).toBe(0);
}, 120_000);
