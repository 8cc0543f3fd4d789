import { expect, test } from 'vitest';
import { aTeam } from '../scenarios/world.ts';
import { look, openPage, signedIn, useBrowser } from './browser.ts';

useBrowser();

test('from a page at night to the schedule as it stood, and that version put back; a policy that is gone is still read', async () => {
  const w = await aTeam(
    { mira: { by: ['ntfy'] }, kofi: { by: ['ntfy'] }, sanne: { by: ['ntfy'] } },
    { at: '2026-11-09T07:00:00Z' },
  );
  const turns = (title: string, participants: string[], time_zone = 'Europe/Amsterdam') =>
    w.call('PUT', '/api/schedules/commerce', {
      title,
      time_zone,
      layers: [{ name: 'weekly', rotation: { unit: 'week' }, starts: '2026-11-09T09:00', participants }],
    });
  const later = async (at: string) => {
    await w.clock.setTime(Temporal.Instant.from(at).epochMilliseconds);
    await w.settle();
  };
  await turns('Commerce', ['mira', 'kofi']);
  await w.savePolicy('turns', { steps: [{ targets: [{ schedule: 'commerce' }] }] });
  await w.savePolicy('old', { title: 'Old way', steps: [{ targets: [{ person: 'kofi' }] }] });
  await later('2026-11-10T02:10:00Z');
  await w.alertFires('disk');
  await w.does('resolve');
  await later('2026-11-11T09:00:00Z');
  await turns('Commerce', ['sanne', 'kofi', 'mira'], 'Europe/Lisbon');
  await w.call('DELETE', '/api/escalation-policies/old');
  await later('2026-11-12T09:00:00Z');
  w.ignoreMessages();

  const as = await signedIn(w);
  const page = await openPage(w, '/incidents/INC-2026-0001', { as });
  await page.getByRole('link', { name: 'Schedule commerce as it stood then' }).first().click();
  await page.getByText(/As it stood on Tue.* 03:10/).waitFor();
  const then = page.getByRole('list', { name: 'On call then' });
  await then.getByText('Mira').waitFor();
  const changes = page.getByRole('list', { name: 'Changes' });
  await changes.getByText('Layer weekly: sanne in; turns are now sanne, kofi, mira.').waitFor();
  await look(page, 'schedule-history');
  await changes.getByRole('button', { name: /^Saved/ }).click();
  await then.getByText('Sanne').waitFor();
  await page.getByText('This version is in force').waitFor();
  await changes.getByRole('button', { name: /^Made/ }).click();
  await page.getByRole('button', { name: 'Put this version back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Put this version back' }).click();
  await page.getByRole('heading', { name: 'Commerce', exact: true }).waitFor();
  expect(await w.call('GET', '/api/schedules/commerce')).toMatchObject({ time_zone: 'Europe/Amsterdam' });

  await page.goto(`${w.url}/escalation/old/history?at=2026-11-10T02:10:00Z`);
  await page.getByText('Removed').first().waitFor();
  await page.getByRole('listitem', { name: 'Step 1' }).getByText('Kofi').waitFor();
  await look(page, 'policy-history');
  // It is the audit log's to say what else became of it.
  await page.getByRole('link', { name: 'Audit log' }).click();
  await page.getByText('Escalation policy old was removed').first().waitFor();
});
