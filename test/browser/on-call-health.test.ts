import { test } from 'vitest';
import { aTeam } from '../scenarios/world.ts';
import { glance, look, openPage, signedIn, useBrowser } from './browser.ts';

useBrowser();

test('after a night: the morning is offered on Home and asked for; the lead sees each person, and an administrator sets the limits', async () => {
  const person = { by: ['sms' as const], time_zone: 'Europe/Amsterdam' };
  // Tuesday 01:10 in Amsterdam.
  const w = await aTeam(
    { mira: person, tomas: person, ines: person },
    { at: '2026-11-17T00:10:00Z', service: { grouping: { window_seconds: 0 } } },
  );
  await w.call('PUT', '/api/schedules/commerce', {
    title: 'Commerce primary',
    time_zone: 'Europe/Amsterdam',
    layers: [{ name: 'weeks', rotation: { unit: 'week' }, starts: '2026-11-16T09:00', participants: ['mira', 'ines'] }],
  });
  await w.savePolicy('turns', { steps: [{ targets: [{ schedule: 'commerce' }], escalate_after_seconds: 3600 }] });
  await w.call('PUT', '/api/teams/commerce', { title: 'Commerce', lead: 'tomas', members: ['mira', 'ines'] });
  for (const key of ['one', 'two', 'three']) {
    await w.alertFires(key);
    await w.alertResolves(key);
    await w.jump('45m');
  }
  w.ignoreMessages();

  const mira = await openPage(w, '/', { width: 1280, as: await signedIn(w, 'mira', 'responder') });
  await mira.getByText('You were paged at 01:10. Rest is owed from 06:00 to 13:00').waitFor();
  await glance(mira, 'health-home');
  await mira.goto(`${w.url}/me?tab=health`);
  await mira.getByText('3 pages, 2 h of sleep interrupted').waitFor();
  await glance(mira, 'health-me');
  await mira.getByRole('link', { name: 'Ask for cover: Commerce primary' }).click();
  await mira
    .getByRole('combobox', { name: /Which turn/ })
    .getByText('Commerce primary')
    .waitFor();
  await mira.getByRole('button', { name: 'Ask', exact: true }).click();
  await mira.getByText('Waiting for an answer').waitFor();
  await mira.getByText('7 h on call').waitFor();

  const tomas = await openPage(w, '/teams/commerce', { width: 1280, as: await signedIn(w, 'tomas', 'responder') });
  await tomas.getByText('3 pages, 3 at night, 2 h of sleep interrupted').waitFor();
  await look(tomas, 'health-team');
  const boss = await openPage(w, '/settings/health', { width: 1280, as: await signedIn(w, 'boss') });
  await boss.getByLabel('Pages a night, at most').fill('3');
  await look(boss, 'health-limits');
  await boss.getByRole('button', { name: 'Save' }).click();
  await boss.getByText('Limits saved').waitFor();
  await w.settle();
  w.ignoreMessages();
}, 120_000);
