import { test } from 'vitest';
import { aTeam } from '../scenarios/world.ts';
import { glance, look, openPage, signedIn, useBrowser } from './browser.ts';

useBrowser();

test('a new colleague is put in training on the schedule’s page, asked first, and signed off', async () => {
  const person = { by: ['sms' as const], time_zone: 'Europe/Amsterdam' };
  const w = await aTeam({ mira: person, tomas: person, nia: person }, { at: '2026-11-18T10:00:00Z' });
  await w.call('PUT', '/api/schedules/commerce', {
    title: 'Commerce primary',
    time_zone: 'Europe/Amsterdam',
    layers: [{ name: 'weeks', rotation: { unit: 'week' }, starts: '2026-11-02T09:00', participants: ['mira', 'tomas'] }],
  });
  const boss = await openPage(w, '/schedules/commerce', { width: 1280, as: await signedIn(w, 'boss') });
  await boss.getByRole('button', { name: 'Put in training' }).click();
  await boss.getByRole('combobox', { name: 'Who learns' }).click();
  await boss.getByRole('option', { name: 'Nia' }).click();
  await boss.getByRole('combobox', { name: 'Mentor' }).click();
  await boss.getByRole('option', { name: 'Mira' }).click();
  await glance(boss, 'training-begin');
  await boss.getByRole('button', { name: 'Save' }).click();
  await boss.getByText('with Mira, 0 of 2 turns shadowed, 0 of 2 asked first').waitFor();
  await boss.getByRole('button', { name: 'More for Nia' }).click();
  await boss.getByRole('menuitem', { name: 'Ask first from now on' }).click();
  await boss.getByText('Asked first', { exact: true }).waitFor();
  await look(boss, 'training-schedule');
  await boss.getByRole('button', { name: 'More for Nia' }).click();
  await boss.getByRole('menuitem', { name: 'Ready for solo…' }).click();
  await boss.getByLabel('What it rests on').fill('Calm in two nights.');
  await boss.getByRole('button', { name: 'Sign' }).click();
  await boss.getByText('Signed by boss').waitFor();
  await boss.goto(`${w.url}/people/nia`);
  await boss.getByText('Calm in two nights.').waitFor();
  await look(boss, 'training-person');
}, 120_000);
