import { expect, test } from 'vitest';
import { startServer } from '../harness.ts';
import { expectNoAxeViolations, expectNoSidewaysScroll, LOOKS, openPage, shoot, signedIn, useBrowser } from './browser.ts';

useBrowser();

const PEOPLE = ['mira', 'ines', 'tomas', 'dara', 'kofi'];
const CALLED: Record<string, string> = { tomas: 'Tomás' };
type Server = Awaited<ReturnType<typeof startServer>>;

/** Sunday 15 November 2026, 03:38 in Amsterdam: Mira has the weekend, and next Saturday nobody has the night. */
const tidewell = async (): Promise<Server> => {
  const w = await startServer({ at: '2026-11-15T02:38:00Z' });
  for (const name of PEOPLE)
    await w.call('PUT', `/api/people/${name}`, {
      display_name: CALLED[name] ?? `${name[0]?.toUpperCase()}${name.slice(1)}`,
      email: `${name}@tidewell.example`,
      time_zone: 'Europe/Amsterdam',
    });
  await w.call('PUT', '/api/teams/commerce', { title: 'Commerce', lead: 'kofi', members: PEOPLE });
  await w.call('PUT', '/api/schedules/commerce', {
    title: 'Commerce primary',
    team: 'commerce',
    time_zone: 'Europe/Amsterdam',
    layers: [
      {
        name: 'weekdays',
        rotation: { unit: 'week' },
        starts: '2026-11-02T09:00',
        participants: ['dara', 'ines'],
        restrictions: [{ from: '09:00', to: '18:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'] }],
      },
      {
        name: 'weeknights',
        rotation: { unit: 'week' },
        starts: '2026-11-02T18:00',
        participants: ['kofi', 'tomas'],
        restrictions: [{ from: '18:00', to: '09:00', days: ['mon', 'tue', 'wed', 'thu'] }],
      },
      {
        name: 'weekend',
        rotation: { unit: 'week' },
        starts: '2026-11-06T18:00',
        participants: ['tomas', 'mira'],
        restrictions: [{ from: 'fri 18:00', to: 'mon 09:00' }],
      },
    ],
  });
  const over = (body: object) => w.call('POST', '/api/schedules/commerce/overrides', body);
  await over({
    kind: 'replace',
    person: 'mira',
    replaces: 'tomas',
    starts: '2026-11-12T17:00:00Z',
    ends: '2026-11-13T08:00:00Z',
  });
  await over({ kind: 'remove', replaces: 'tomas', starts: '2026-11-21T17:00:00Z', ends: '2026-11-22T08:00:00Z' });
  await w.call('PUT', '/api/schedules/platform', {
    title: 'Platform',
    time_zone: 'America/New_York',
    layers: [
      { name: 'first', rotation: { unit: 'week' }, starts: '2026-11-02T09:00', participants: ['ines', 'dara'] },
      {
        name: 'second',
        role: 'secondary',
        rotation: { unit: 'week' },
        starts: '2026-11-02T09:00',
        participants: ['dara', 'ines'],
      },
    ],
  });
  await w.call('PUT', '/api/escalation-policies/commerce', {
    steps: [{ targets: [{ schedule: 'commerce' }], escalate_after_seconds: 300 }],
    repeat: 1,
  });
  await w.call('PUT', '/api/services/checkout', { escalation_policy: 'commerce', team: 'commerce' });
  return w;
};

for (const { width, theme } of LOOKS)
  test(`the list, one schedule, an override by form and its removal, at ${width} px, ${theme}`, async () => {
    const w = await tidewell();
    const page = await openPage(w, '/schedules', { width, theme, as: await signedIn(w, 'kofi', 'responder') });
    await page.getByText('Commerce primary').filter({ visible: true }).first().waitFor();
    await page.getByText('Mira').filter({ visible: true }).first().waitFor();
    await page
      .getByText(/1 gap|Gap /)
      .filter({ visible: true })
      .first()
      .waitFor();
    await shoot(page, 'schedules');
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);

    await page
      .getByRole('link', { name: /Commerce primary/ })
      .filter({ visible: true })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Commerce primary' }).waitFor();
    await page.getByText('Nobody is on call for 15 h').waitFor();
    await page.getByText('Hours in view').waitFor();
    await page
      .getByText(/^\d+(\.\d)? h$/)
      .first()
      .waitFor();
    await shoot(page, 'schedule');
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);

    await page.getByRole('button', { name: 'Cover it' }).click();
    await page.getByRole('combobox', { name: /Who comes on call/ }).click();
    await page.getByRole('option', { name: /Ines/ }).click();
    await page.getByText('Fixed').waitFor();
    await page.getByText('No policy').or(page.getByText('Too')).first().waitFor();
    await shoot(page, 'schedule-override');
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
    await page.getByRole('button', { name: 'Save override' }).click();
    await page.getByText(/^Saved: Ines joins/).waitFor();
    await page.getByText('Nobody is on call for 15 h').waitFor({ state: 'detached' });
    const list = page.getByRole('list', { name: 'Overrides' }).last();
    await list.getByText('Ines joins').waitFor();
    await list.getByRole('button', { name: /Remove override: Ines joins/ }).click();
    await page.getByText('Override removed').waitFor();
    await page.getByText('Nobody is on call for 15 h').waitFor();
    await shoot(page, 'schedule-after');
  }, 60_000);

test('dragging on the final row drafts an override at round hours; Escape takes the drag back', async () => {
  const w = await tidewell();
  const page = await openPage(w, '/schedules/commerce', { as: await signedIn(w, 'kofi', 'responder') });
  const row = page.getByRole('list', { name: 'On call, Primary' });
  await row.waitFor();
  await page.getByText('Nobody is on call for 15 h').waitFor();
  const box = (await row.boundingBox())!;
  const xOf = (day: number, hour: number) => box.x + (box.width * (day * 24 + hour)) / (14 * 24);
  const y = box.y + box.height / 2;
  await page.mouse.move(xOf(10, 2.2), y);
  await page.mouse.down();
  await page.mouse.move(xOf(10, 20), y, { steps: 4 });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  expect(await page.getByRole('heading', { name: 'New override' }).count()).toBe(0);

  await page.mouse.move(xOf(10, 2.2), y);
  await page.mouse.down();
  await page.mouse.move(xOf(10, 12.1), y, { steps: 6 });
  await shoot(page, 'schedule-drag');
  await page.mouse.up();
  await page.getByRole('heading', { name: 'New override' }).waitFor();
  expect(await page.getByLabel('From').inputValue()).toBe('2026-11-19T02:00');
  expect(await page.getByLabel('To', { exact: true }).inputValue()).toBe('2026-11-19T12:00');
  await page.getByRole('combobox', { name: /Who comes on call/ }).click();
  await page.getByRole('option', { name: /Mira/ }).click();
  await page
    .getByRole('list', { name: 'After your change, Primary' })
    .getByText(/^New: Mira, Thu, Nov 19 02:00/)
    .waitFor({ state: 'attached' });
  await page.getByText('10 h more').waitFor();
  await shoot(page, 'schedule-dragged');
  await page.getByRole('button', { name: 'Save override' }).click();
  await page.getByText(/^Saved: Mira/).waitFor();
  const { items } = await w.call<{ items: { person?: string; starts: string; ends: string }[] }>(
    'GET',
    '/api/schedules/commerce/overrides?from=2026-11-18T00:00:00Z&to=2026-11-20T00:00:00Z',
  );
  expect(items).toEqual([
    expect.objectContaining({ person: 'mira', starts: '2026-11-19T01:00:00Z', ends: '2026-11-19T11:00:00Z' }),
  ]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect
    .poll(
      async () =>
        (
          await w.call<{ items: unknown[] }>(
            'GET',
            '/api/schedules/commerce/overrides?from=2026-11-18T00:00:00Z&to=2026-11-20T00:00:00Z',
          )
        ).items.length,
    )
    .toBe(0);
});

for (const { width, theme } of LOOKS)
  test(`layers are edited with what would change in view, at ${width} px, ${theme}`, async () => {
    const w = await tidewell();
    const as = await signedIn(w, 'ana');
    const page = await openPage(w, '/schedules/commerce?edit=schedule', { width, theme, as, expected: /412/ });
    const weekend = page.getByRole('group', { name: 'Layer weekend' });
    await weekend.getByRole('combobox', { name: 'Turn 1' }).waitFor();
    await weekend.getByRole('button', { name: 'Remove Tomás' }).click();
    await weekend.getByRole('combobox', { name: 'Turn 1' }).fill('Ine');
    await page.getByRole('option', { name: 'Ines' }).click();
    await page.getByRole('heading', { name: 'Commerce primary' }).click();
    await page.getByText(/unsaved/).waitFor();
    await page.getByText('Ines, hours on call').waitFor();
    await page.getByText('Tomás, hours on call').waitFor();
    await shoot(page, 'schedule-edit');
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);

    // Somebody else saves first: nothing typed is lost, and theirs can be seen before mine goes over it.
    const theirs = await w.call<Record<string, unknown>>('GET', '/api/schedules/commerce');
    const { name: _, ...body } = theirs;
    await w.call('PUT', '/api/schedules/commerce', { ...body, title: 'Commerce first' });
    await page.getByRole('button', { name: 'Save schedule' }).click();
    await page.getByText(/changed this .*What you typed is kept|Somebody else changed this/).waitFor();
    await page.getByRole('button', { name: 'See theirs' }).click();
    const dialog = page.getByRole('dialog', { name: 'What they changed' });
    await dialog.getByText('Commerce first').waitFor();
    await shoot(page, 'schedule-theirs');
    await expectNoAxeViolations(page);
    await dialog.getByRole('button', { name: 'Put mine over theirs' }).click();
    await page.getByRole('button', { name: 'Save schedule' }).click();
    await page.getByText(/^Saved Commerce primary/).waitFor();
    const now = await w.call<{ title: string; layers: { participants: unknown[] }[] }>('GET', '/api/schedules/commerce');
    expect([now.title, now.layers[2]?.participants]).toEqual(['Commerce primary', ['ines', 'mira']]);
  }, 60_000);
