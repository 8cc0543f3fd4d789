import { expect, test } from 'vitest';
import { aTeam } from '../scenarios/world.ts';
import { glance, look, openPage, signedIn, useBrowser } from './browser.ts';

useBrowser();

/** Weeks of Mira, Tomás and Ines from Monday 09:00 in Amsterdam; it is Mira's. */
const aRota = async () => {
  const w = await aTeam({ mira: {}, tomas: {}, ines: {} }, { at: '2026-11-16T12:00:00Z' });
  await w.call('PUT', '/api/schedules/commerce', {
    title: 'Commerce primary',
    time_zone: 'Europe/Amsterdam',
    layers: [{ name: 'weeks', rotation: { unit: 'week' }, starts: '2026-11-16T09:00', participants: ['mira', 'tomas', 'ines'] }],
  });
  return w;
};

test('a swap is asked, seen on Home, accepted and taken back; a turn is taken over for two hours', async () => {
  const w = await aRota();
  const mira = await openPage(w, '/', { width: 390, as: await signedIn(w, 'mira', 'responder') });
  await mira.getByRole('link', { name: 'Ask for cover' }).click();
  await mira.getByRole('button', { name: 'Ask', exact: true }).click();
  await mira.getByText('Choose which turn.').waitFor();
  await mira.getByRole('combobox', { name: /Which turn/ }).click();
  await mira
    .getByRole('option', { name: /Commerce primary/ })
    .first()
    .click();
  await mira.getByLabel('From').fill('2026-11-19T18:00');
  await mira.getByLabel('To', { exact: true }).fill('2026-11-20T09:00');
  await mira.getByRole('list', { name: 'Fairest to ask' }).getByRole('button', { name: /Tomas/ }).click();
  await mira.getByRole('combobox', { name: /What you take in return/ }).click();
  await mira
    .getByRole('option', { name: /Commerce primary/ })
    .first()
    .click();
  await mira.getByLabel(/^Why/).fill('School play');
  await glance(mira, 'cover-ask');
  await mira.getByRole('button', { name: 'Ask', exact: true }).click();
  await mira.getByText('Waiting for an answer').waitFor();

  const tomas = await openPage(w, '/', { width: 390, as: await signedIn(w, 'tomas', 'responder') });
  await tomas.getByRole('link', { name: /^Answer: Commerce primary/ }).click();
  await tomas.getByRole('heading', { name: 'Mira asks to swap a turn' }).waitFor();
  await tomas.getByText('School play').waitFor();
  await look(tomas, 'cover');
  await tomas.getByRole('button', { name: 'Accept the swap' }).click();
  await tomas.getByText('Tomas has the turn').waitFor();
  // Whoever asked sees it without a word of theirs.
  await mira.getByText('Tomas has the turn').waitFor();
  const onCall = async (at: string) =>
    (await w.call<{ items: { person: string }[] }>('GET', `/api/on-call?at=${at}`)).items.map((one) => one.person);
  expect(await onCall('2026-11-19T20:00:00Z')).toEqual(['tomas']);
  await tomas.getByRole('button', { name: 'Take back' }).click();
  await tomas.getByText('Taken back').waitFor();
  expect(await onCall('2026-11-19T20:00:00Z')).toEqual(['mira']);

  await tomas.goto(`${w.url}/schedules/commerce`);
  await tomas.getByRole('button', { name: 'More actions' }).click();
  await tomas.getByRole('menuitem', { name: 'Take over for 2 h' }).click();
  await tomas.getByText('You are on call until 15:00').waitFor();
  expect(await onCall('2026-11-16T12:30:00Z')).toEqual(['tomas']);
  await tomas.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => onCall('2026-11-16T12:30:00Z')).toEqual(['mira']);
  await w.settle();
  w.ignoreMessages();
}, 180_000);
