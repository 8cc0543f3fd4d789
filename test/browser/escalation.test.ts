import { describe, expect, test } from 'vitest';
import { oneWorld } from '../harness.ts';
import { aTeam } from '../scenarios/world.ts';
import { glance, look, openPage, shoot, signedIn, useBrowser } from './browser.ts';

useBrowser();

const AT = '2026-11-15T02:10:00Z';
type Policy = { title: string; repeat: number; steps: { targets: unknown[]; escalate_after_seconds: number }[] };

/** A schedule with somebody on call, one person who cannot be reached, and a policy that names both. */
const aHouse = async () => {
  const w = await aTeam({ mira: { by: ['ntfy', 'call'] }, kofi: { by: ['ntfy'] }, sanne: {} }, { at: AT });
  await w.call('PUT', '/api/schedules/commerce', {
    title: 'Commerce',
    time_zone: 'Europe/Amsterdam',
    layers: [
      { name: 'weekly', rotation: { unit: 'week', every: 1 }, starts: '2026-11-09T09:00', participants: ['mira', 'kofi'] },
    ],
  });
  await w.call('PUT', '/api/escalation-policies/critical', {
    title: 'Commerce critical',
    steps: [
      { targets: [{ schedule: 'commerce', role: 'primary' }], escalate_after_seconds: 300 },
      { targets: [{ person: 'kofi' }], escalate_after_seconds: 600, when: { urgency: 'high' } },
      { targets: [{ person: 'sanne' }], escalate_after_seconds: 900 },
    ],
    repeat: 1,
    fallback: { person: 'kofi' },
  });
  await w.call('PUT', '/api/services/checkout', { title: 'Checkout', escalation_policy: 'critical' });
  return w;
};

describe('one house', () => {
  const house = oneWorld(aHouse);

  test('who may only read gets sentences and the trial, no controls; leaving with changes asks first', async () => {
    const w = house();
    const reader = await openPage(w, '/escalation/critical', { as: await signedIn(w, 'rob', 'responder') });
    await reader.getByText('You may read this policy', { exact: false }).waitFor();
    await reader.getByText('would page Mira', { exact: false }).waitFor();
    expect(await reader.getByRole('button', { name: /Save|Add step|Remove|5 min/ }).count()).toBe(0);
    await glance(reader, 'policy-reader');
    const page = await openPage(w, '/escalation/critical', { as: await signedIn(w) });
    await page.getByRole('button', { name: 'Remove step 3' }).click();
    await page.getByRole('link', { name: 'Escalation' }).first().click();
    await page.getByText('Leave without saving?').waitFor();
    w.ignoreMessages();
  }, 180_000);

  test('the list and a policy as sentences, tried at a moment', async () => {
    const w = house();
    const as = await signedIn(w);
    const list = await openPage(w, '/escalation', { as });
    await list.getByText('Commerce primary').filter({ visible: true }).first().waitFor();
    await look(list, 'escalation');
    const page = await openPage(w, '/escalation/critical', { as });
    await page
      .getByText(/Sun.* 03:10 would page Mira/)
      .first()
      .waitFor();
    expect(await page.getByText(', then Kofi at 03:15', { exact: false }).count()).toBeGreaterThan(0);
    await page.getByText('Used by 1 service').waitFor();
    // What would keep a page from arriving stands under its step.
    await page.getByRole('listitem', { name: 'Step 3' }).getByText(/sanne/i).nth(1).waitFor();
    await look(page, 'policy');
    await page.getByRole('listitem', { name: 'Step 2' }).getByRole('button', { name: '5 min' }).click();
    await page.getByRole('spinbutton', { name: 'Minutes' }).fill('2');
    await page.keyboard.press('Escape');
    await page.getByText(', then Kofi at 03:12', { exact: false }).waitFor();
    await page.getByText('1 unsaved change').waitFor();
    await glance(page, 'policy-changed');
    await page.getByRole('button', { name: 'Save policy' }).click();
    await page.getByText('1 unsaved change').waitFor({ state: 'detached' });
    const saved = await w.call<Policy>('GET', '/api/escalation-policies/critical');
    expect(saved.steps[0]?.escalate_after_seconds).toBe(120);
    w.ignoreMessages();
  }, 180_000);

  test('somebody else saved first: what was typed is kept, and put over theirs', async () => {
    const w = house();
    const page = await openPage(w, '/escalation/critical', { as: await signedIn(w), expected: /412/ });
    await page.getByRole('button', { name: 'twice' }).click();
    await page.getByRole('spinbutton', { name: 'Rounds' }).fill('4');
    await page.keyboard.press('Escape');
    const before = await w.call<Policy>('GET', '/api/escalation-policies/critical');
    const { title: _, ...rest } = before;
    await w.call('PUT', '/api/escalation-policies/critical', {
      ...Object.fromEntries(Object.entries(rest).filter(([key]) => key !== 'name')),
      title: 'Commerce, all',
    });
    await page.getByRole('button', { name: 'Save policy' }).click();
    await page.getByText('What you typed is kept', { exact: false }).first().waitFor();
    await shoot(page, 'policy-stale');
    await page.getByRole('button', { name: 'Put mine over theirs' }).click();
    await page.getByRole('button', { name: 'Save policy' }).click();
    await page.getByText('Policy saved', { exact: false }).waitFor();
    expect((await w.call<Policy>('GET', '/api/escalation-policies/critical')).repeat).toBe(3);
    w.ignoreMessages();
  }, 180_000);

  test('a step is added, moved and removed with the keyboard; its target is edited inside the sentence', async () => {
    const w = house();
    const page = await openPage(w, '/escalation/critical', { as: await signedIn(w) });
    await page.getByRole('button', { name: 'Add step' }).press('Enter');
    const fourth = page.getByRole('listitem', { name: 'Step 4' });
    await fourth.getByRole('button', { name: 'Commerce primary' }).press('Enter');
    await page.getByRole('combobox', { name: 'As what' }).click();
    await page.getByRole('option', { name: 'Everyone on call' }).click();
    await page.keyboard.press('Escape');
    await fourth.getByText('everyone on call in Commerce').waitFor();
    await shoot(page, 'policy-editing');
    await page.getByRole('button', { name: 'Move step 4 up' }).press('Enter');
    await page.getByRole('button', { name: 'Remove step 4' }).press('Enter');
    await page.getByRole('button', { name: 'Save policy' }).press('Enter');
    await page.getByText('Policy saved', { exact: false }).waitFor();
    const saved = await w.call<Policy>('GET', '/api/escalation-policies/critical');
    expect(saved.steps.map((one) => one.targets)).toEqual([
      [{ schedule: 'commerce', role: 'primary' }],
      [{ person: 'kofi' }],
      [{ schedule: 'commerce' }],
    ]);
    w.ignoreMessages();
  }, 180_000);

  test('a policy that is not there, and a server that fails, say so', async () => {
    const w = house();
    const as = await signedIn(w);
    const gone = await openPage(w, '/escalation/none', { as, expected: /404/ });
    await gone.getByText('This does not exist, or you may not see it.').waitFor();
    await gone.getByRole('link', { name: 'History' }).waitFor();
    const page = await openPage(w, '/', { as, expected: /500/ });
    await page.route('**/api/escalation-policies', (route) =>
      route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"detail":"The database is away"}' }),
    );
    await page.goto(`${w.url}/escalation`);
    await page.getByText('The database is away').waitFor();
    w.ignoreMessages();
  }, 180_000);
});

test('an empty house is told what a policy is for; the first one is made and opened', async () => {
  const w = await aTeam({ mira: { by: ['ntfy'] } }, { at: AT });
  await w.call('PUT', '/api/services/db', {});
  await w.call('DELETE', '/api/escalation-policies/turns');
  const page = await openPage(w, '/escalation', { as: await signedIn(w) });
  await page.getByText('No escalation policy yet').waitFor();
  await glance(page, 'escalation-empty');
  await page.getByRole('button', { name: 'Add policy' }).click();
  await page.getByRole('textbox', { name: 'What it is called' }).fill('Ärzte, Nacht');
  await glance(page, 'policy-new');
  await page.getByRole('button', { name: 'Create policy' }).click();
  await page.getByRole('heading', { name: 'Ärzte, Nacht' }).waitFor();
  expect(page.url()).toContain('/escalation/arzte-nacht');
  w.ignoreMessages();
}, 180_000);
