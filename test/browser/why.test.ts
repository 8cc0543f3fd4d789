import { describe, expect, test } from 'vitest';
import { oneWorld } from '../harness.ts';
import { aTeam } from '../scenarios/world.ts';
import { glance, look, openPage, shoot, signedIn, useBrowser } from './browser.ts';

useBrowser();

const aNight = async () => {
  const w = await aTeam({ mira: { by: ['sms', 'ntfy'] }, ines: { by: ['ntfy'] } }, { at: '2026-11-15T02:09:00Z' });
  await w.call('PUT', '/api/routing', {
    items: [
      { name: 'no-debug', when: { name: 'env', value: 'test' }, drop: 'test environments page nobody' },
      { name: 'prod-is-urgent', when: { name: 'env', value: 'prod' }, set: { urgency: 'high' } },
    ],
  });
  await w.alertFires('pool', {
    summary: 'Checkout API returns 5xx',
    severity: 'critical',
    labels: { env: 'prod', host: 'db-1' },
  });
  const sms = w.expectSms('mira');
  await w.twilio.reportStatus(sms, 'delivered');
  await w.fastForward('3m');
  await w.alertFires('lag', { summary: 'Replica lag above 30 s', severity: 'warning', labels: { env: 'prod', host: 'db-2' } });
  await w.fastForward('3m');
  await w.does('acknowledge');
  await w.alertFires('noise', { summary: 'Test database is slow', severity: 'info', labels: { env: 'test' } });
  w.ignoreMessages();
  return w;
};

describe('one night', () => {
  const night = oneWorld(aNight);

  test('why it paged, and whether it would today', async () => {
    const w = night();
    const page = await openPage(w, `/why/incident/${(await w.incident()).number}`, {
      width: 390,
      as: await signedIn(w, 'kofi', 'responder'),
    });
    await page.getByRole('heading', { name: 'Why: Checkout API returns 5xx' }).waitFor();
    const path = page.getByRole('list', { name: 'Decisions in their order' });
    await path
      .getByText(/rule prod-is-urgent/i)
      .first()
      .waitFor();
    await path.getByText('Another alert').waitFor();
    await path.getByText(/Sent to Mira by sms/).waitFor();
    await look(page, 'why');
    await page.getByRole('button', { name: 'Run again with today’s rules' }).click();
    await page.getByText('Today Mira would be paged first.').waitFor();
    await page.getByText('Routing decides the same.').waitFor();
    await glance(page, 'why-again');
    w.ignoreMessages();
  }, 180_000);

  test('what a payload would do on Sunday at 03:10', async () => {
    const w = night();
    const page = await openPage(w, '/simulate', { as: await signedIn(w, 'kofi', 'responder') });
    await page.getByText('Ask before it happens').waitFor();
    await glance(page, 'simulate-start');
    await page.getByRole('button', { name: 'Simulate' }).click();
    await page.getByText('Paste what the tool would send.').waitFor();
    await page
      .getByRole('textbox', { name: 'Payload' })
      .fill('{"summary":"Disk full","severity":"critical","key":"disk","env":"prod"}');
    await page.getByRole('button', { name: 'At a time' }).click();
    await page.getByLabel('Moment').fill('2026-11-22T03:10');
    await page.getByRole('button', { name: 'Simulate' }).click();
    const path = page.getByRole('list', { name: 'Disk full' });
    await path.getByText('Pages Mira').waitFor();
    await path.getByText(/after 5 min/).waitFor();
    await path.getByText('1 rule passed over').click();
    await path.getByText('no-debug').waitFor();
    expect(new URL(page.url()).searchParams.get('at')).toBe('2026-11-22T02:10:00.000Z');
    await look(page, 'simulate');
    await page.getByRole('textbox', { name: 'Payload' }).fill('{"summary":"Disk full","key":"disk","env":"test"}');
    await page.getByText('Changed since. Simulate again.').waitFor();
    await page.getByRole('button', { name: 'Simulate' }).click();
    await path.getByText('Nobody would be paged').waitFor();
    await path.getByText('A rule drops it.').waitFor();
    expect((await w.alerts()).some((alert) => alert.summary === 'Disk full')).toBe(false);
    w.ignoreMessages();
  }, 180_000);

  test('an alert that paged nobody says why; from there to a simulation; the server’s refusal stands at its field', async () => {
    const w = night();
    const dropped = (await w.alerts()).find((alert) => alert.summary === 'Test database is slow');
    const page = await openPage(w, `/why/alert/${dropped?.id}`, {
      as: await signedIn(w, 'kofi', 'responder'),
      expected: /422|400|404|not found/,
    });
    await page.getByText(/Nobody was paged: dropped/).waitFor();
    await page.getByText('test environments page nobody').first().waitFor();
    await glance(page, 'why-nobody');
    await page.keyboard.press('t');
    await page.getByText('Today nobody would be paged.').waitFor();
    await page.getByRole('link', { name: 'Open as a simulation' }).click();
    await page.getByText('Nobody would be paged').waitFor();
    await page.goto(`${w.url}/simulate`);
    await page.getByRole('textbox', { name: 'Payload' }).fill('{}');
    await page.getByRole('button', { name: 'Simulate' }).click();
    await expect.poll(() => page.locator('textarea').getAttribute('aria-invalid')).toBe('true');
    await shoot(page, 'simulate-refused');
    const answered = ['incidents/counts', 'on-call', 'people'].map((path) => page.waitForResponse(`${w.url}/api/${path}`));
    await page.goto(`${w.url}/why/incident/INC-2026-9999`);
    await Promise.all(answered);
    await page
      .getByText(/not found/i)
      .first()
      .waitFor();
    w.ignoreMessages();
  }, 180_000);

  test('whoever may not simulate sees the trace without that', async () => {
    const w = night();
    const page = await openPage(w, `/why/incident/${(await w.incident()).number}`, { as: await signedIn(w, 'olga', 'observer') });
    await page
      .getByRole('list', { name: 'Decisions in their order' })
      .getByText(/Acknowledged by/)
      .waitFor();
    expect(await page.getByRole('button', { name: 'Run again with today’s rules' }).count()).toBe(0);
    w.ignoreMessages();
  }, 180_000);
});
