import { describe, expect, test } from 'vitest';
import { oneWorld, startServer } from '../harness.ts';
import { expectNoAxeViolations, glance, look, openPage, shoot, signedIn, useBrowser } from './browser.ts';

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

describe('one company', () => {
  const company = oneWorld(tidewell);

  test('the list, one schedule, an override by form and its removal', async () => {
    const w = company();
    const page = await openPage(w, '/schedules', { width: 390, as: await signedIn(w, 'kofi', 'responder') });
    await page.getByText('Commerce primary').filter({ visible: true }).first().waitFor();
    await page.getByText('Mira').filter({ visible: true }).first().waitFor();
    await page
      .getByText(/1 gap|Gap /)
      .filter({ visible: true })
      .first()
      .waitFor();
    await look(page, 'schedules');

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
    await look(page, 'schedule');

    await page.getByRole('button', { name: 'Cover it' }).click();
    await page.getByRole('combobox', { name: /Who comes on call/ }).click();
    await page.getByRole('option', { name: /Ines/ }).click();
    await page.getByText('Fixed').waitFor();
    await page.getByText('No policy').or(page.getByText('Too')).first().waitFor();
    await look(page, 'schedule-override');
    await page.getByRole('button', { name: 'Save override' }).click();
    await page.getByText(/^Saved: Ines joins/).waitFor();
    await page.getByText('Nobody is on call for 15 h').waitFor({ state: 'detached' });
    const list = page.getByRole('list', { name: 'Overrides' }).last();
    await list.getByText('Ines joins').waitFor();
    await list.getByRole('button', { name: /Remove override: Ines joins/ }).click();
    await page.getByText('Override removed').waitFor();
    await page.getByText('Nobody is on call for 15 h').waitFor();
    await shoot(page, 'schedule-after');
  }, 180_000);

  test('schedules side by side, of a team', async () => {
    const w = company();
    const page = await openPage(w, '/schedules?show=timeline&team=commerce', {
      as: await signedIn(w, 'kofi', 'responder'),
    });
    await page.getByText('Platform').filter({ visible: true }).first().waitFor();
    await page.getByText('Mira').filter({ visible: true }).first().waitFor();
    await look(page, 'schedules-timeline');
  }, 180_000);

  test('days on which the clocks change are as long as they are, in each zone', async () => {
    const w = company();
    const as = await signedIn(w, 'kofi', 'responder');
    const page = await openPage(w, '/schedules/commerce?view=day&date=2026-10-25', { as });
    const chart = page.getByRole('figure');
    await chart.waitFor();
    expect(await chart.getByText('02:00', { exact: true }).count()).toBe(2);
    await chart.getByText('25 h, clocks go back').waitFor();
    await shoot(page, 'schedule-dst');
    await page.goto(`${w.url}/schedules/commerce?view=week&date=2026-03-25`);
    await chart.getByText('23 h, clocks go forward').waitFor();
    const widthOf = async (text: string) => (await chart.getByText(text).locator('..').boundingBox())?.width ?? 0;
    expect((await widthOf('Sun 29')) / (await widthOf('Sat 28'))).toBeCloseTo(23 / 24, 2);
    await shoot(page, 'schedule-dst-week');
    // In UTC no day is short.
    await page.getByRole('combobox', { name: /Times in/ }).click();
    await page.getByRole('option', { name: 'UTC', exact: true }).click();
    await page.waitForURL(/zone=utc/);
    await chart.getByText('23 h, clocks go forward').waitFor({ state: 'detached' });
  }, 180_000);

  test('who may only read is offered nothing that she may not do', async () => {
    const w = company();
    const page = await openPage(w, '/schedules/commerce?edit=schedule', { as: await signedIn(w, 'olga', 'observer') });
    await page.getByText('Hours in view').waitFor();
    await page.getByText('Tomás off call', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: /Override|Edit|Cover|Remove|Save|Discard/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Subscribe' }).click();
    await page.getByText(/\/calendar\/cal_.*\.ics/).waitFor();
    await glance(page, 'schedule-reader');
    // A manager of another team reads this one too, and may stand in, but not change it.
    await w.call('PUT', '/api/teams/search', { title: 'Search', members: [] });
    await signedIn(w, 'max', 'manager');
    const other = await openPage(w, '/schedules/commerce', { as: await signedIn(w, 'max', 'manager') });
    await other.getByRole('button', { name: /Override/ }).waitFor();
    expect(await other.getByRole('button', { name: 'Edit schedule' }).count()).toBe(0);
  }, 180_000);

  test('dragging on the final row drafts an override at round hours; Escape takes the drag back', async () => {
    const w = company();
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

  test('an override by the keyboard alone, and the way through the list', async () => {
    const w = company();
    const page = await openPage(w, '/schedules', { as: await signedIn(w, 'kofi', 'responder') });
    await page.getByRole('row', { name: /Commerce primary/ }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/schedules\/commerce$/);
    await page.getByText('Hours in view').waitFor();
    await page.keyboard.press('o');
    const who = page.getByRole('combobox', { name: /Who comes on call/ });
    await who.waitFor();
    await expect.poll(() => page.evaluate('document.activeElement.getAttribute("role")')).toBe('combobox');
    await page.keyboard.press('Enter');
    // No hand is as quick as a test: the list is there before she types.
    await page.locator('[role=option][data-highlighted]').waitFor();
    await page.keyboard.type('In');
    await page.locator('[role=option][data-highlighted]').filter({ hasText: 'Ines' }).waitFor();
    await page.keyboard.press('Enter');
    await who.filter({ hasText: 'Ines' }).waitFor();
    await page.getByRole('button', { name: 'Save override' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(/^Saved: Ines stands in for primary/).waitFor();
  }, 180_000);

  test('layers are edited with what would change in view', async () => {
    const w = company();
    const as = await signedIn(w, 'ana');
    const page = await openPage(w, '/schedules/commerce?edit=schedule', { as, expected: /412/ });
    const weekend = page.getByRole('group', { name: 'Layer weekend' });
    await weekend.getByRole('combobox', { name: 'Turn 1' }).waitFor();
    await weekend.getByRole('button', { name: 'Remove Tomás' }).click();
    await weekend.getByRole('combobox', { name: 'Turn 1' }).fill('Ine');
    await page.getByRole('option', { name: 'Ines' }).click();
    await page.getByRole('heading', { name: 'Commerce primary' }).click();
    await page.getByText(/unsaved/).waitFor();
    await page.getByText('Ines, hours on call').waitFor();
    await page.getByText('Tomás, hours on call').waitFor();
    await look(page, 'schedule-edit');

    // Somebody else saves first: nothing typed is lost, and theirs can be seen before mine goes over it.
    const theirs = await w.call<Record<string, unknown>>('GET', '/api/schedules/commerce');
    const { name: _, ...body } = theirs;
    await w.call('PUT', '/api/schedules/commerce', { ...body, title: 'Commerce first' });
    await page.getByRole('button', { name: 'Save schedule' }).click();
    await page.getByText(/changed this .*What you typed is kept|Somebody else changed this/).waitFor();
    await page.getByRole('button', { name: 'See theirs' }).click();
    const dialog = page.getByRole('dialog', { name: 'What they changed' });
    await dialog.getByText('Commerce first').waitFor();
    await glance(page, 'schedule-theirs');
    await dialog.getByRole('button', { name: 'Put mine over theirs' }).click();
    await page.getByRole('button', { name: 'Save schedule' }).click();
    await page.getByText(/^Saved Commerce primary/).waitFor();
    const now = await w.call<{ title: string; layers: { participants: unknown[] }[] }>('GET', '/api/schedules/commerce');
    expect([now.title, now.layers[2]?.participants]).toEqual(['Commerce primary', ['ines', 'mira']]);
  }, 180_000);

  test('a schedule is made from a preset, with whose turn it would be in view', async () => {
    const w = company();
    const page = await openPage(w, '/schedules/new', { as: await signedIn(w, 'ana'), expected: /412/ });
    await page.getByRole('button', { name: 'Create schedule' }).click();
    await page.getByText('Give it a title.').waitFor();
    await page.getByText('Choose who takes turns.').waitFor();
    await page.getByLabel('Title').fill('Commerce');
    const people = page.getByRole('combobox', { name: 'People, in order of their turns' });
    for (const name of ['Kofi', 'Mira', 'Dara', 'Ines']) {
      await people.fill(name);
      await page.getByRole('option', { name }).click();
    }
    await page.getByRole('heading', { name: 'Hours in view' }).or(page.getByText('Mira').last()).first().waitFor();
    await page
      .getByRole('list', { name: 'On call, Primary' })
      .or(page.getByRole('region', { name: 'Shifts by day' }))
      .first()
      .waitFor();
    await look(page, 'schedule-new');
    // The name is another schedule's: nothing is put over it.
    await page.getByText('A schedule of this name exists.').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('commerce-backup');
    await page.getByRole('button', { name: 'Create schedule' }).click();
    await page.getByText('Saved Commerce').waitFor();
    await page.waitForURL(/\/schedules\/commerce-backup$/);
    await page.getByRole('heading', { name: 'Readiness' }).waitFor();
    const made = await w.call<{ layers: { role: string; participants: string[] }[] }>('GET', '/api/schedules/commerce-backup');
    expect(made.layers.map(({ role, participants }) => [role, participants])).toEqual([
      ['primary', ['kofi', 'mira', 'dara', 'ines']],
      ['secondary', ['mira', 'dara', 'ines', 'kofi']],
    ]);
  }, 120_000);

  test('the sun is followed and weekends are apart, without a gap', async () => {
    const w = company();
    const page = await openPage(w, '/schedules/new', { as: await signedIn(w, 'ana') });
    await page.getByLabel('Title').fill('Round the world');
    await page.getByRole('button', { name: 'Follow the sun' }).click();
    await page.getByRole('button', { name: 'Create schedule' }).click();
    await page.getByText('Give at least two sites their people and time zone.').waitFor();
    for (const [at, name] of ['Kofi', 'Mira', 'Dara'].entries()) {
      const box = page.getByRole('group', { name: `Site ${at + 1}` }).getByRole('combobox', { name: 'People' });
      await box.fill(name);
      await page.getByRole('option', { name }).click();
    }
    for (const [site, zone] of [
      ['Site 1', 'Australia/Sydney'],
      ['Site 3', 'America/Denver'],
    ] as const) {
      await page.getByRole('group', { name: site }).getByRole('combobox', { name: 'Time zone' }).click();
      await page.getByRole('option', { name: zone }).click();
    }
    await page.getByRole('group', { name: 'Site 1' }).getByLabel('Name').fill('Sydney');
    await page.getByRole('row', { name: /^sydney .* 0 h$/ }).waitFor();
    await page.getByText('Covered around the clock for a year').scrollIntoViewIfNeeded();
    await page.getByText('No gaps').waitFor();
    await look(page, 'schedule-new-sun');
    await page.getByRole('button', { name: 'Create schedule' }).click();
    await page.waitForURL(/\/schedules\/round-the-world$/);
    await page.getByText('Too few people').first().waitFor();
    const { gaps } = await w.call<{ gaps: unknown[] }>('GET', '/api/schedules/round-the-world/shifts');
    expect(gaps).toEqual([]);

    // Two at once, and the policy that asks them in turn, in one step.
    await page.getByRole('link', { name: 'Schedules' }).first().click();
    await page.getByRole('button', { name: 'New schedule' }).click();
    await page.getByLabel('Title').fill('Depot');
    await page.getByRole('button', { name: 'Tiers and their policy' }).click();
    const people = page.getByRole('combobox', { name: 'People, in order of their turns' });
    for (const name of ['Kofi', 'Mira']) {
      await people.fill(name);
      await page.getByRole('option', { name }).click();
    }
    await page.getByText('The escalation policy depot is made with it').waitFor();
    await page.getByRole('list', { name: 'On call, Secondary' }).waitFor();
    await glance(page, 'schedule-new-tiers');
    await page.getByRole('button', { name: 'Create schedule' }).click();
    await page.waitForURL(/\/schedules\/depot$/);
    expect(await w.call('GET', '/api/escalation-policies/depot')).toMatchObject({
      steps: [{ targets: [{ schedule: 'depot', role: 'primary' }] }, { targets: [{ schedule: 'depot', role: 'secondary' }] }],
    });
  }, 180_000);
});

test('without schedules, without one of the name, without the server', async () => {
  const w = await startServer({ at: '2026-11-15T02:38:00Z' });
  const as = await signedIn(w, 'ana');
  const page = await openPage(w, '/schedules', { width: 390, as, expected: /404|500|ERR_/ });
  await page.getByText('No schedules yet').waitFor();
  await glance(page, 'schedules-empty');
  await page.goto(`${w.url}/schedules/nothing`);
  await page.getByText('This does not exist, or you may not see it.').waitFor();
  await expectNoAxeViolations(page);
  await page.route('**/api/schedules', (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      body: '{"detail":"The database is away","request_id":"r1"}',
    }),
  );
  await page.goto(`${w.url}/schedules`);
  await page.getByText('The database is away').waitFor();
  await glance(page, 'schedules-failed');
}, 180_000);
